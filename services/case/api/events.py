"""The raw stream of a case, event by event, as the ledger holds it; only facts are shown, the rest is masked."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import Field

from services.case.api.acting import CaseId
from services.case.api.desk import Desk, Office
from services.case.application.sheet import is_case_id
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import ERASED, Erased, Registry, Section
from shared.http.asked import CursorText, Limit
from shared.http.operations import reading, routes
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
    """An event of the case's stream with its envelope."""

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
    """A page of a case's stream, oldest first."""

    items: list[EventShown]
    page: PageLinks


_EVENT: dict[str, Any] = {
    "id": "6f1c0d1e-0000-8000-8000-0000000000aa",
    "version": 3,
    "position": 4711,
    "type": "case.ReliefDeclined",
    "schema_version": 1,
    "effective_at": "2026-11-19T16:00:00.000000Z",
    "recorded_at": "2026-11-20T02:15:00.000000Z",
    "actor": "crm/5b0e",
    "policy": "cn-retail/1",
    "causation_id": None,
    "correlation_id": "6f1c0d1e-0000-8000-8000-0000000000ab",
    "command_id": "6f1c0d1e-0000-8000-8000-0000000000ac",
    "sections": [
        {"name": "facts", "state": "shown", "said": {"on": "2026-11-20", "reason": "NOT_SHOWN"}},
        {"name": "staff:staff", "state": "masked", "said": None},
    ],
}


def router(office: Office) -> APIRouter:
    """GET /v1/cases/{case_id}/events."""
    found = routes("/v1/cases", tag="cases")

    @found.get(
        "/{case_id}/events",
        **reading(
            "showEvents",
            "The events of a case as the ledger holds them, personal parts masked",
            scope="case:read",
            problems=("not-found", "bad-cursor"),
            example={"items": [_EVENT], "page": {"next": None}},
        ),
    )
    async def show_events(case_id: CaseId, limit: Limit = None, cursor: CursorText = None) -> EventPage:
        desk = office.open_desk
        if not is_case_id(case_id):
            raise Problem("not-found")
        asked = await paging(
            desk, cursor_text=cursor, filters={"events_of": case_id}, kinds=(int,), limit=limit
        )
        lane = await desk.ledger.lane_of(case_id, tenant=desk.tenant)
        pin = asked.pin or {lane: await desk.ledger.head(lane)}
        after = int(asked.after[0] or 0) if asked.after else 0
        seen = await _behind(desk, case_id, after, asked.size + 1, pin.get(lane, 0))
        if not seen and not after:
            raise Problem("not-found")
        following = (seen[asked.size - 1].version,) if len(seen) > asked.size else None
        items = [shown(one, desk.ledger.registry) for one in seen[: asked.size]]
        return EventPage(items=items, page=PageLinks(next=asked.following(following, pin)))

    return found


async def _behind(desk: Desk, case_id: str, after: int, limit: int, until: int) -> list[Recorded[Any]]:
    """The stream's events behind a version, as far as they stood in the ledger at position `until`."""
    found = await desk.ledger.read_stream(case_id, after=after, limit=limit, tenant=desk.tenant)
    return [one for one in found if one.position <= until]


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
