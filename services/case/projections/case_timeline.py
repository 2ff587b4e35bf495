"""What happened in a case, in order, in words a person reads?

Append-only: one row an event, with what it said as values. The words are made when they are read, in the reader's
language, so that a better sentence needs no rebuild.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, get_type_hints

import msgspec
import sqlalchemy as sa

from services.case.domain.events import CaseEvent, CaseOpened
from services.case.projections.timeline_words import title, words
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel import money
from shared.kernel.money import Money
from shared.kernel.section import FACTS
from shared.messaging.published import instant

_META = sa.MetaData()
TIMELINE = sa.Table(
    "case_timeline_v1",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
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

_encode = msgspec.json.Encoder().encode


def apply(seen: Recorded[CaseEvent | Erased], rows: Working) -> None:
    """One event, one row. `said` holds the facts as JSON, no identity, and is NULL once they are erased."""
    row, event = seen.row, seen.event
    said: str | None
    if isinstance(event, Erased):
        said = None
    elif isinstance(event, CaseOpened):
        said = _encode(_opened(event)).decode()
    else:
        said = _encode(_facts(event)).decode()
    rows.add(
        TIMELINE,
        (
            row.stream_id,
            row.version,
            row.lane,
            row.position,
            row.type,
            row.effective_at,
            row.recorded_at,
            row.actor,
            row.policy,
            said,
        ),
    )


def _opened(event: CaseOpened) -> dict[str, Any]:
    return {
        "episode": event.episode,
        "as_of": event.as_of,
        "arrears": event.arrears,
        "days_past_due": event.days_past_due,
    }


@cache
def _shown(kind: type[CaseEvent]) -> tuple[str, ...]:
    """The fields of a type that are facts: who did it and who it is about stay in the ledger."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(name for name, hint in hints.items() if FACTS in getattr(hint, "__metadata__", ()))


def _facts(event: CaseEvent) -> dict[str, Any]:
    """What the event says; what it leaves open is left out."""
    named = ((name, getattr(event, name)) for name in _shown(type(event)))
    return {name: value for name, value in named if value is not None}


VIEW = View(name="case.timeline", version=1, tables=(TIMELINE,), apply=apply, streams=("case",))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's timeline. `said` is None when the facts were erased."""

    version: int
    position: int
    type: str
    effective_at: datetime
    recorded_at: datetime
    actor: str
    policy: str | None
    said: dict[str, Any] | None

    def title(self, language: str) -> str:
        """What kind of thing happened, in the reader's language."""
        return title(self.type, language)

    def text(self, language: str) -> str:
        """The sentence, in the reader's language (`zh…` or English)."""
        return words(self.type, self.said, language)

    def as_json(self, language: str) -> dict[str, Any]:
        """How HTTP and the legal service are shown it, in the reader's language."""
        return {
            "version": self.version, "position": self.position, "type": self.type,
            "effective_at": instant(self.effective_at), "recorded_at": instant(self.recorded_at),
            "actor": self.actor, "policy": self.policy, "title": self.title(language),
            "text": self.text(language),
            "facts": None if self.said is None else {name: _wire(one) for name, one in self.said.items()},
        }  # fmt: skip


def _wire(value: Any) -> Any:
    """A stored value as answers have it: money, which is stored in minor units, as a decimal string."""
    if isinstance(value, dict) and set(value) == {"minor", "currency"}:
        return money.to_json(Money(value["minor"], value["currency"]))
    return value


def entries(
    connection: sa.Connection,
    case_id: str,
    *,
    after: int = 0,
    limit: int = PAGE_MAX,
    newest_first: bool = False,
    pin: Pin | None = None,
) -> list[Entry]:
    """A case's entries with version > after (< after, when `newest_first` and after > 0), at most PAGE_MAX.

    `pin`: only those recorded by then.
    """
    columns = ("version", "position", "type", "effective_at", "recorded_at", "actor", "policy", "said")
    query = sa.select(*(TIMELINE.c[name] for name in columns)).where(TIMELINE.c.case_id == case_id)
    if newest_first:
        query = query.order_by(TIMELINE.c.version.desc())
        query = query.where(TIMELINE.c.version < after) if after else query
    else:
        query = query.where(TIMELINE.c.version > after).order_by(TIMELINE.c.version)
    query = query.where(*within(pin, lane=TIMELINE.c.lane, position=TIMELINE.c.position))
    found = connection.execute(query.limit(min(limit, PAGE_MAX)))
    return [_entry(tuple(row)) for row in found]


def _entry(row: tuple[Any, ...]) -> Entry:
    version, position, type_, effective_at, recorded_at, actor, policy, said = row
    values = None if said is None else msgspec.json.decode(said)
    return Entry(version, position, type_, effective_at, recorded_at, actor, policy, values)
