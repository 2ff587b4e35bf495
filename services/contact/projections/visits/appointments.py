"""Which visits were agreed, which were called off, and which were made, by how many?"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.contact.domain.facts.visit import VisitAgreed, VisitCancelled, VisitEvent, VisitRecorded
from services.contact.projections.ledger_pages import SUBJECT, After, instant, kept, stored
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

AGREED, CANCELLED, MADE = "AGREED", "CANCELLED", "MADE"
STATUSES = (AGREED, CANCELLED, MADE)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("at", Instant, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("attempt", sa.Text),
        sa.Column("staff", sa.Integer),
        sa.Column("made_on", Instant),
    ]


VISITS = kept("contact_visit", 1, _columns)
Seen: TypeAlias = Recorded[VisitEvent | Erased]


class VisitRow(NamedTuple):
    """A visit agreed for `at`. `attempt`, `staff`, `made_on`: of one that was made, even one called off before."""

    thing: str
    lane: int
    made_at: int
    subject: str
    at: datetime
    person: str | None
    place: str
    status: str
    reason: str | None
    attempt: str | None
    staff: int | None
    made_on: datetime | None
    said_at: datetime | None = None
    version: int = 0

    @property
    def cursor(self) -> After:
        """What `page(after=…)` takes to go on behind this row."""
        return self.at, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.thing,
            "subject": self.subject,
            "on": instant(self.at),
            "person": self.person,
            "place": self.place,
            "status": self.status,
            "reason": self.reason,
            "attempt": self.attempt,
            "staff": self.staff,
            "made_at": instant(self.made_on),
        }


def wants(seen: Seen) -> Iterable[tuple[str, str]]:
    """The visit's row."""
    return () if isinstance(seen.event, Erased) else ((VISITS.now.name, seen.event.visit),)


def apply(seen: Seen, rows: Working) -> None:
    """The visit after one more fact; of one whose agreeing was erased nothing is shown."""
    event = seen.event
    if isinstance(event, Erased):
        return
    found = rows.get(VISITS.now, event.visit)
    row = _after(VisitRow(*found) if found else None, event, seen)
    if row is not None:
        VISITS.lay(rows, row[:-2], seen)


def _after(row: VisitRow | None, event: VisitEvent, seen: Seen) -> VisitRow | None:
    if row is None:
        if not isinstance(event, VisitAgreed):
            return None
        return VisitRow(
            event.visit, seen.lane, seen.position, seen.stream, event.on, event.person, event.place, AGREED,
            None, None, None, None,
        )  # fmt: skip
    match event:
        case VisitCancelled():
            return row._replace(status=CANCELLED, reason=event.reason)
        case VisitRecorded():
            return row._replace(status=MADE, attempt=event.attempt, staff=event.staff, made_on=event.at)
    return None


VIEW = View(
    name="contact.visits",
    version=1,
    tables=(VISITS.now, VISITS.before),
    apply=apply,
    wants=wants,
    streams=(SUBJECT,),
    types=stored(VisitAgreed, VisitCancelled, VisitRecorded),
)


def page(
    connection: sa.Connection,
    *,
    subject: str | None = None,
    status: str | None = None,
    from_: datetime | None = None,
    until: datetime | None = None,
    known_at: datetime | None = None,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[VisitRow]:
    """Visits by the time agreed, the latest first; `from_` up to and not including `until`."""
    rows = VISITS.page(
        connection, {"subject": subject, "status": status}, from_=from_, until=until, known_at=known_at,
        after=after, limit=limit, pin=pin,
    )  # fmt: skip
    return [VisitRow(*row) for row in rows]


def one(connection: sa.Connection, visit: str) -> VisitRow | None:
    """A visit, None where none of that id was agreed."""
    found = connection.execute(sa.select(VISITS.now).where(VISITS.now.c.thing == visit)).first()
    return None if found is None else VisitRow(*found)
