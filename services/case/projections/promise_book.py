"""Which promises were made, what became of each, and what did we hold of it at an earlier time?

One row a promise, as the record has it now; what the record had before is kept beside it with the span in which it
stood, so that the book can be read as it was known at any time. What is true as of a day is not asked here: that is
judged from the facts of the one case (asked_as_of.py).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain import promise
from services.case.domain.events import (
    PromiseAmended,
    PromiseBroken,
    PromiseCancelled,
    PromiseEvent,
    PromiseKept,
    PromisePartlyKept,
    PromiseReopened,
    PromiseToPay,
)
from services.case.projections.book_pages import After, amount, day, placed, stored, thing, turned
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

REOPENED = "REOPENED"
"""Judged before, and running again: later facts took the judgement back."""
STATUSES = (
    promise.ACTIVE, promise.KEPT, promise.PARTLY_KEPT, promise.BROKEN, REOPENED, promise.CANCELLED,
)  # fmt: skip

_META = sa.MetaData()


def _columns() -> list[sa.Column[Any]]:
    return [
        *placed(),
        sa.Column("promise", sa.Text, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("taken_on", sa.Date, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("appropriated_minor", sa.BigInteger),
        sa.Column("judged_on", sa.Date),
        sa.Column("amended_on", sa.Date),
        sa.Column("said_at", Instant, nullable=False),
    ]


BOOK = sa.Table(
    "case_promise_v1",
    _META,
    *_columns(),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("case_promise_v1_due", "due", "thing"),
    sa.Index("case_promise_v1_status", "status", "due", "thing"),
    sa.Index("case_promise_v1_case", "case_id"),
)
BEFORE = sa.Table(
    "case_promise_before_v1",
    _META,
    *_columns(),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("until", Instant, nullable=False),
    sa.Column("until_made", sa.BigInteger, nullable=False),
    sa.Index("case_promise_before_v1_due", "due", "thing"),
    sa.Index("case_promise_before_v1_case", "case_id"),
)

PromiseSeen: TypeAlias = Recorded[PromiseEvent | Erased]


class PromiseRow(NamedTuple):
    """A promise as the record had it from `said_at` on, when the event at `made_at` was recorded.

    `judged_on` and the appropriated money: once it is judged. `amended_on`: since when its present terms hold.
    """

    thing: str
    lane: int
    made_at: int
    case_id: str
    promise: str
    amount_minor: int
    currency: str
    taken_on: date
    due: date
    given_by: str
    status: str
    appropriated_minor: int | None
    judged_on: date | None
    amended_on: date | None
    said_at: datetime
    version: int

    @property
    def cursor(self) -> After:
        """What `page(after=…)` takes to go on behind this row."""
        return self.due, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.promise,
            "case": self.case_id,
            "amount": amount(self.amount_minor, self.currency),
            "taken_on": day(self.taken_on),
            "due": day(self.due),
            "given_by": self.given_by,
            "status": self.status,
            "appropriated": amount(self.appropriated_minor, self.currency),
            "judged_on": day(self.judged_on),
            "amended_on": day(self.amended_on),
        }


def wants(seen: PromiseSeen) -> Iterable[tuple[str, str]]:
    """The promise's row, for what can only follow it."""
    event = seen.event
    return () if isinstance(event, Erased) else ((BOOK.name, thing(seen.stream, event.promise)),)


def apply(seen: PromiseSeen, rows: Working) -> None:
    """The promise after one more event; what was said of it until now is laid aside."""
    event = seen.event
    if isinstance(event, Erased):
        return
    key = thing(seen.stream, event.promise)
    found = rows.get(BOOK, key)
    before = PromiseRow(*found) if found else None
    after = _after(before, event, seen)
    if after is None:
        return
    if before is not None:
        rows.add(BEFORE, (*before, seen.recorded_at, seen.position))
    said = after._replace(made_at=seen.position, said_at=seen.recorded_at, version=seen.version)
    rows.put(BOOK, key, said)


def _after(row: PromiseRow | None, event: PromiseEvent, seen: PromiseSeen) -> PromiseRow | None:
    """The row to stand; None where the event says nothing new, or of a promise whose taking was erased."""
    if row is None:
        return _taken(event, seen) if isinstance(event, PromiseToPay) else None
    match event:
        case PromiseToPay():
            return None
        case PromiseAmended():
            if row.amended_on is not None and event.on < row.amended_on:
                return None
            return row._replace(amount_minor=event.amount.minor, due=event.due, amended_on=event.on)
        case PromiseKept() | PromisePartlyKept():
            status = promise.KEPT if isinstance(event, PromiseKept) else promise.PARTLY_KEPT
            return row._replace(
                status=status, appropriated_minor=event.appropriated.minor, judged_on=event.as_of
            )
        case PromiseBroken():
            return row._replace(status=promise.BROKEN, appropriated_minor=0, judged_on=event.as_of)
        case PromiseReopened():
            return row._replace(status=REOPENED, appropriated_minor=None, judged_on=None)
        case PromiseCancelled():
            return row._replace(status=promise.CANCELLED, appropriated_minor=None, judged_on=None)


def _taken(event: PromiseToPay, seen: PromiseSeen) -> PromiseRow:
    return PromiseRow(
        thing(seen.stream, event.promise), seen.lane, seen.position, seen.stream, event.promise,
        event.amount.minor, event.amount.currency,
        event.on, event.due, event.given_by, promise.ACTIVE, None, None, None, seen.recorded_at, seen.version,
    )  # fmt: skip


VIEW = View(
    name="case.promises",
    version=1,
    tables=(BOOK, BEFORE),
    apply=apply,
    wants=wants,
    streams=("case",),
    types=stored(
        PromiseToPay,
        PromiseAmended,
        PromiseKept,
        PromisePartlyKept,
        PromiseBroken,
        PromiseReopened,
        PromiseCancelled,
    ),
)


def page(
    connection: sa.Connection,
    *,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
    status: str | None = None,
    due_from: date | None = None,
    due_until: date | None = None,
    case_id: str | None = None,
    known_at: datetime | None = None,
) -> list[PromiseRow]:
    """Promises by (due, thing), at most PAGE_MAX. `due_until` belongs to the range no longer.

    `known_at`: as the record had them up to and including then; None for now. `pin`: as the view had them there.
    """
    then = known_at is not None or pin is not None
    selects = []
    for table in (BOOK, BEFORE) if then else (BOOK,):
        columns = table.c
        some = sa.select(*(columns[name] for name in PromiseRow._fields))
        for name, wanted in (("status", status), ("case_id", case_id)):
            some = some if wanted is None else some.where(columns[name] == wanted)
        some = some if due_from is None else some.where(columns.due >= due_from)
        some = some if due_until is None else some.where(columns.due < due_until)
        some = some if known_at is None else some.where(columns.said_at <= known_at)
        if table is BEFORE:
            some = some.where(sa.or_(*_stood(known_at, pin)))
        selects.append(some)
    if not then:
        query = turned(selects[0], BOOK.c, "due", after=after, limit=limit, pin=None)
    else:
        union = sa.union_all(*selects).subquery()
        query = turned(sa.select(union), union.c, "due", after=after, limit=limit, pin=pin)
    return [PromiseRow(*row) for row in connection.execute(query)]


def _stood(known_at: datetime | None, pin: Pin | None) -> list[sa.ColumnElement[bool]]:
    """What was said before stood then if the next was not recorded by `known_at`, or lies behind the pin."""
    found: list[sa.ColumnElement[bool]] = []
    if known_at is not None:
        found.append(BEFORE.c.until > known_at)
    if pin is not None:
        found.append(sa.not_(sa.and_(*within(pin, lane=BEFORE.c.lane, position=BEFORE.c.until_made))))
    return found
