"""The raw stream of one thing, event by event, as the ledger holds it; only facts are shown, the rest is masked."""

from typing import Any, Literal

from pydantic import Field

from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import ERASED, Erased, Registry, Section
from shared.http.asked import Readable
from shared.http.paging import paging
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire
from shared.messaging.published import FACTS, instant, uuid_text, wire


class SectionShown(Wire):
    """A part of a payload. What points to a person is masked here whoever asks; what was erased stays erased."""

    name: str = Field(examples=["facts"])
    state: Literal["shown", "masked", "erased"]
    said: dict[str, Any] | None = Field(description="Its fields; null unless shown.")


class EventShown(Wire):
    """An event of the stream with its envelope."""

    id: str
    version: int = Field(description="Its place in the stream, from 1.")
    position: int = Field(description="Its place in its lane of the ledger.")
    type: str = Field(examples=["case.PromiseToPay"])
    schema_version: int
    effective_at: str = Field(description="When it happened in the world.")
    recorded_at: str = Field(description="When we learnt it.")
    actor: str
    policy: str | None = Field(description="The version of the rules that decided it.")
    causation_id: str | None
    correlation_id: str | None
    command_id: str | None
    sections: list[SectionShown]


class EventPage(Wire):
    """A page of a stream, oldest first."""

    items: list[EventShown]
    page: PageLinks


def example(type_: str, said: dict[str, Any], policy: str) -> dict[str, Any]:
    """An event as the OpenAPI document shows it."""
    return {
        "id": "6f1c0d1e-0000-8000-8000-0000000000aa",
        "version": 3,
        "position": 4711,
        "type": type_,
        "schema_version": 1,
        "effective_at": "2026-11-19T16:00:00.000000Z",
        "recorded_at": "2026-11-20T02:15:00.000000Z",
        "actor": "crm/5b0e",
        "policy": policy,
        "causation_id": None,
        "correlation_id": "6f1c0d1e-0000-8000-8000-0000000000ab",
        "command_id": "6f1c0d1e-0000-8000-8000-0000000000ac",
        "sections": [
            {"name": "facts", "state": "shown", "said": said},
            {"name": "staff:staff", "state": "masked", "said": None},
        ],
    }


async def page_of(desk: Readable, stream: str, *, limit: int | None, cursor: str | None) -> EventPage:
    """A page of the stream, pinned to where it stood when the list was begun.

    Raises Problem `not-found` for a stream with nothing on it, `bad-cursor`.
    """
    asked = await paging(desk, cursor_text=cursor, filters={"events_of": stream}, kinds=(int,), limit=limit)
    lane = await desk.ledger.lane_of(stream, tenant=desk.tenant)
    pin = asked.pin or {lane: await desk.ledger.head(lane)}
    after = int(asked.after[0] or 0) if asked.after else 0
    read = await desk.ledger.read_stream(stream, after=after, limit=asked.size + 1, tenant=desk.tenant)
    seen = [one for one in read if one.position <= pin.get(lane, 0)]
    if not seen and not after:
        raise Problem("not-found")
    following = (seen[asked.size - 1].version,) if len(seen) > asked.size else None
    items = [shown(one, desk.ledger.registry) for one in seen[: asked.size]]
    return EventPage(items=items, page=PageLinks(next=asked.following(following, pin)))


def shown(seen: Recorded[Any], registry: Registry) -> EventShown:
    """A recorded event as it is shown."""
    row, event = seen.row, seen.event
    kind = registry.named(row.type, row.schema) if isinstance(event, Erased) else registry.of(event)
    return EventShown(
        id=str(seen.event_id),
        version=seen.version,
        position=seen.position,
        type=kind.type,
        schema_version=kind.schema,
        effective_at=instant(seen.effective_at),
        recorded_at=instant(seen.recorded_at),
        actor=row.actor,
        policy=row.policy,
        causation_id=uuid_text(row.causation_id),
        correlation_id=uuid_text(row.correlation_id),
        command_id=uuid_text(row.command_id),
        sections=[_section(part, event) for part in kind.sections],
    )


def _section(part: Section, event: Any) -> SectionShown:
    gone = isinstance(event, Erased) or all(getattr(event, name) is ERASED for name in part.fields)
    if gone:
        return SectionShown(name=part.name, state="erased", said=None)
    if part.key_class != FACTS:
        return SectionShown(name=part.name, state="masked", said=None)
    return SectionShown(
        name=part.name, state="shown", said={name: wire(getattr(event, name)) for name in part.fields}
    )
