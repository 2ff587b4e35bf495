"""What happened in a matter, and what bears on the limitation of a case or debt, in order, in words a person reads?

Append-only: one row an event, with what it said as values, of matters and of streams of proofs. The words are made when
they are read, in the reader's language, so that a better sentence needs no rebuild.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
import sqlalchemy as sa

from services.legal.domain.events import LegalEvent
from services.legal.domain.thing_ids import MATTER, PROOFS
from services.legal.projections import stored_facts
from services.legal.projections.words.saying import title, words
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel import money
from shared.kernel.parts import NAMES

TIMELINE = sa.Table(
    "legal_timeline_v1",
    sa.MetaData(),
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("effective_at", Instant, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("policy", sa.Text),
    sa.Column("said", sa.Text),
)
PAGE_MAX = 1000
LegalSeen: TypeAlias = Recorded[LegalEvent | Erased]


def apply(seen: LegalSeen, rows: Working) -> None:
    """One event, one row. `said` holds the facts as JSON, no identity, and is NULL once they are erased."""
    row, event = seen.row, seen.event
    rows.add(
        TIMELINE,
        (
            row.stream_id, row.version, row.lane, row.position, row.type, row.effective_at, row.recorded_at,
            row.actor, row.policy, None if isinstance(event, Erased) else stored_facts.text(event),
        ),
    )  # fmt: skip


VIEW = View(name="legal.timeline", version=1, tables=(TIMELINE,), apply=apply, streams=(MATTER, PROOFS))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline. `said` is None when the facts were erased."""

    version: int
    position: int
    type: str
    effective_at: datetime
    recorded_at: datetime
    actor: str
    policy: str | None
    said: dict[str, Any] | None

    def as_json(self, language: str) -> dict[str, Any]:
        """How HTTP, the command line and the evidence pack show it, in the reader's language (`zh…` or English)."""
        return {
            "version": self.version,
            "position": self.position,
            "type": self.type,
            "effective_at": _instant(self.effective_at),
            "recorded_at": _instant(self.recorded_at),
            "actor": self.actor,
            "policy": self.policy,
            "title": title(self.type, language),
            "text": words(self.type, self.said, language),
            "facts": None if self.said is None else {name: shown(one) for name, one in self.said.items()},
        }


def shown(value: Any) -> Any:
    """A stored value as answers have it: an amount, stored in minor units, as a decimal string."""
    match value:
        case {"minor": minor, "currency": currency}:
            return {"amount": money.decimal(minor, currency), "currency": currency}
        case {"principal": _, "currency": currency}:
            return {name: money.decimal(value[name], currency) for name in NAMES} | {"currency": currency}
        case list():
            return [shown(one) for one in value]
        case _:
            return value


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def entries(
    connection: sa.Connection,
    stream: str,
    *,
    after: int = 0,
    limit: int = PAGE_MAX,
    pin: Pin | None = None,
) -> list[Entry]:
    """A stream's entries behind a version, oldest first, at most PAGE_MAX. `pin`: only those recorded by then."""
    columns = ("version", "position", "type", "effective_at", "recorded_at", "actor", "policy", "said")
    query = sa.select(*(TIMELINE.c[name] for name in columns))
    query = query.where(TIMELINE.c.stream == stream, TIMELINE.c.version > after).order_by(TIMELINE.c.version)
    query = query.where(*within(pin, lane=TIMELINE.c.lane, position=TIMELINE.c.position))
    found = connection.execute(query.limit(min(limit, PAGE_MAX)))
    return [_entry(tuple(row)) for row in found]


def _entry(row: tuple[Any, ...]) -> Entry:
    version, position, type_, effective_at, recorded_at, actor, policy, said = row
    values = None if said is None else msgspec.json.decode(said)
    return Entry(version, position, type_, effective_at, recorded_at, actor, policy, values)


def facts_of(connection: sa.Connection, streams: Sequence[str]) -> dict[str, list[Any | None]]:
    """Each stream's events as far as they are facts, oldest first; None for one that was erased."""
    found: dict[str, list[Any | None]] = {stream: [] for stream in streams}
    for part in (streams[at : at + 500] for at in range(0, len(streams), 500)):
        query = sa.select(TIMELINE.c.stream, TIMELINE.c.type, TIMELINE.c.said)
        query = query.where(TIMELINE.c.stream.in_(part)).order_by(TIMELINE.c.stream, TIMELINE.c.version)
        for stream, type_, said in connection.execute(query):
            event = None if said is None else stored_facts.event(type_.partition(".")[2], said)
            found[stream].append(event)
    return found
