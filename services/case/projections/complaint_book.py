"""Which complaints and disputes are there, by when must each be answered, and what was found?

One row each, whether or not its case is open: a closed case still takes both. `overdue` is no status: it follows from
the day that is asked for.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain import complaint, dispute
from services.case.domain.events import (
    CareEvent,
    ComplaintAnswered,
    ComplaintEscalated,
    ComplaintReceived,
    DisputeAcknowledged,
    DisputeFoundDuplicate,
    DisputePartlyUpheld,
    DisputeRaised,
    DisputeRejected,
    DisputeReopened,
    DisputeUpheld,
    DisputeWithdrawn,
)
from services.case.projections.book_pages import After, amount, day, placed, stored, thing, turned
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

STATUSES = (complaint.OPEN, complaint.ANSWERED, complaint.ESCALATED)
DISPUTE_STATUSES = (
    dispute.OPEN, dispute.UPHELD, dispute.PARTLY_UPHELD, dispute.REJECTED, dispute.DUPLICATE, dispute.WITHDRAWN,
)  # fmt: skip

_META = sa.MetaData()
COMPLAINTS = sa.Table(
    "case_complaint_v1",
    _META,
    *placed(),
    sa.Column("complaint", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("received_on", sa.Date, nullable=False),
    sa.Column("answer_by", sa.Date, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("answered_on", sa.Date),
    sa.Column("finding", sa.Text),
    sa.Column("redress_minor", sa.BigInteger),
    sa.Column("currency", sa.Text),
    sa.Column("escalated_on", sa.Date),
    sa.Column("escalated_to", sa.Text),
    sa.Index("case_complaint_v1_due", "answer_by", "thing"),
    sa.Index("case_complaint_v1_case", "case_id"),
)
DISPUTES = sa.Table(
    "case_dispute_v1",
    _META,
    *placed(),
    sa.Column("dispute", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger),
    sa.Column("currency", sa.Text),
    sa.Column("raised_on", sa.Date, nullable=False),
    sa.Column("answer_by", sa.Date, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("previous", sa.Text),
    sa.Column("acknowledged_on", sa.Date),
    sa.Column("decided_on", sa.Date),
    sa.Column("first", sa.Text),
    sa.Index("case_dispute_v1_due", "answer_by", "thing"),
    sa.Index("case_dispute_v1_case", "case_id"),
)

CareSeen: TypeAlias = Recorded[CareEvent | Erased]


class ComplaintRow(NamedTuple):
    """A complaint; an answer is due up to and including `answer_by`, whether or not it went to an ombudsman."""

    thing: str
    lane: int
    made_at: int
    case_id: str
    complaint: str
    kind: str
    received_on: date
    answer_by: date
    status: str
    answered_on: date | None = None
    finding: str | None = None
    redress_minor: int | None = None
    currency: str | None = None
    escalated_on: date | None = None
    escalated_to: str | None = None

    @property
    def cursor(self) -> After:
        """What `complaints(after=…)` takes to go on behind this row."""
        return self.answer_by, self.thing

    def as_json(self, *, today: date) -> dict[str, Any]:
        """How HTTP and the command line show it on a day."""
        return {
            "id": self.complaint,
            "case": self.case_id,
            "kind": self.kind,
            "received_on": day(self.received_on),
            "answer_by": day(self.answer_by),
            "overdue": self.answered_on is None and today > self.answer_by,
            "status": self.status,
            "answered_on": day(self.answered_on),
            "finding": self.finding,
            "redress": amount(self.redress_minor, self.currency or ""),
            "escalated_on": day(self.escalated_on),
            "escalated_to": self.escalated_to,
        }


class DisputeRow(NamedTuple):
    """A dispute; `amount_minor` is None where all of the debt is disputed.

    `previous` is the decided one that it goes on from, `first` the one that a duplicate repeats.
    """

    thing: str
    lane: int
    made_at: int
    case_id: str
    dispute: str
    scope: str
    amount_minor: int | None
    currency: str | None
    raised_on: date
    answer_by: date
    status: str
    previous: str | None = None
    acknowledged_on: date | None = None
    decided_on: date | None = None
    first: str | None = None

    @property
    def cursor(self) -> After:
        """What `disputes(after=…)` takes to go on behind this row."""
        return self.answer_by, self.thing

    def as_json(self, *, today: date) -> dict[str, Any]:
        """How HTTP and the command line show it on a day."""
        return {
            "id": self.dispute,
            "case": self.case_id,
            "scope": self.scope,
            "amount": amount(self.amount_minor, self.currency or ""),
            "raised_on": day(self.raised_on),
            "answer_by": day(self.answer_by),
            "overdue": self.decided_on is None and today > self.answer_by,
            "status": self.status,
            "previous": self.previous,
            "acknowledged_on": day(self.acknowledged_on),
            "decided_on": day(self.decided_on),
            "first": self.first,
        }


_DECISIONS: dict[type, str] = {
    DisputeUpheld: dispute.UPHELD,
    DisputePartlyUpheld: dispute.PARTLY_UPHELD,
    DisputeRejected: dispute.REJECTED,
    DisputeFoundDuplicate: dispute.DUPLICATE,
    DisputeWithdrawn: dispute.WITHDRAWN,
}


def wants(seen: CareSeen) -> Iterable[tuple[str, str]]:
    """The row of what the event is about."""
    match seen.event:
        case ComplaintReceived() | ComplaintAnswered() | ComplaintEscalated() as about:
            return ((COMPLAINTS.name, thing(seen.stream, about.complaint)),)
        case DisputeRaised() | DisputeReopened() | DisputeAcknowledged() as raised:
            return ((DISPUTES.name, thing(seen.stream, raised.dispute)),)
        case _ as event:
            decides = type(event) in _DECISIONS
            return ((DISPUTES.name, thing(seen.stream, _dispute(event))),) if decides else ()


def _dispute(decision: Any) -> str:
    return str(decision.dispute)


def apply(seen: CareSeen, rows: Working) -> None:
    """The complaint or dispute after one more event; one whose facts were erased is not shown."""
    match seen.event:
        case ComplaintReceived() | ComplaintAnswered() | ComplaintEscalated() as about:
            key = thing(seen.stream, about.complaint)
            found = rows.get(COMPLAINTS, key)
            row = _complaint(ComplaintRow(*found) if found else None, about, seen)
            if row is not None:
                rows.put(COMPLAINTS, key, row)
        case DisputeAcknowledged() as told:
            key = thing(seen.stream, told.dispute)
            found = rows.get(DISPUTES, key)
            if found is not None:
                rows.put(DISPUTES, key, DisputeRow(*found)._replace(acknowledged_on=told.on))
        case DisputeRaised() | DisputeReopened() as raised:
            key = thing(seen.stream, raised.dispute)
            if rows.get(DISPUTES, key) is None:
                rows.put(DISPUTES, key, _raised(key, seen, raised))
        case _ as event:
            if type(event) in _DECISIONS:
                key = thing(seen.stream, _dispute(event))
                found = rows.get(DISPUTES, key)
                if found is not None:
                    rows.put(DISPUTES, key, _decided(DisputeRow(*found), event))


def _complaint(
    row: ComplaintRow | None,
    event: ComplaintReceived | ComplaintAnswered | ComplaintEscalated,
    seen: CareSeen,
) -> ComplaintRow | None:
    if row is None:
        if not isinstance(event, ComplaintReceived):
            return None
        key = thing(seen.stream, event.complaint)
        return ComplaintRow(
            key, seen.lane, seen.position, seen.stream, event.complaint, event.kind, event.on, event.answer_by,
            complaint.OPEN,
        )  # fmt: skip
    match event:
        case ComplaintReceived():
            return None
        case ComplaintAnswered():
            redress = event.redress
            return row._replace(
                status=complaint.ESCALATED if row.escalated_on else complaint.ANSWERED,
                answered_on=event.on,
                finding=event.finding,
                redress_minor=redress.minor if redress else None,
                currency=redress.currency if redress else None,
            )
        case ComplaintEscalated():
            return row._replace(status=complaint.ESCALATED, escalated_on=event.on, escalated_to=event.to)


def _raised(key: str, seen: CareSeen, raised: DisputeRaised | DisputeReopened) -> DisputeRow:
    about = raised.amount
    return DisputeRow(
        key, seen.lane, seen.position, seen.stream, raised.dispute, raised.scope,
        about.minor if about else None, about.currency if about else None, raised.on, raised.answer_by, dispute.OPEN,
        raised.previous if isinstance(raised, DisputeReopened) else None,
    )  # fmt: skip


def _decided(row: DisputeRow, event: Any) -> DisputeRow:
    """Of two decisions about one dispute the earlier counts, as in domain/dispute.py."""
    status = _DECISIONS[type(event)]
    if row.decided_on is not None and (row.decided_on, row.status) <= (event.on, status):
        return row
    return row._replace(status=status, decided_on=event.on, first=getattr(event, "first", None))


VIEW = View(
    name="case.complaints",
    version=1,
    tables=(COMPLAINTS, DISPUTES),
    apply=apply,
    wants=wants,
    streams=("case",),
    types=stored(
        ComplaintReceived,
        ComplaintAnswered,
        ComplaintEscalated,
        DisputeRaised,
        DisputeReopened,
        DisputeAcknowledged,
        *_DECISIONS,
    ),
)


def complaints(
    connection: sa.Connection,
    *,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
    status: str | None = None,
    overdue_on: date | None = None,
    case_id: str | None = None,
) -> list[ComplaintRow]:
    """Complaints by (answer_by, thing), at most PAGE_MAX. `overdue_on`: those unanswered and late on that day."""
    columns = COMPLAINTS.c
    query = _filtered(sa.select(COMPLAINTS), columns, status=status, case_id=case_id)
    if overdue_on is not None:
        query = query.where(columns.answered_on.is_(None), columns.answer_by < overdue_on)
    query = turned(query, columns, "answer_by", after=after, limit=limit, pin=pin)
    return [ComplaintRow(*row) for row in connection.execute(query)]


def disputes(
    connection: sa.Connection,
    *,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
    status: str | None = None,
    overdue_on: date | None = None,
    case_id: str | None = None,
) -> list[DisputeRow]:
    """Disputes by (answer_by, thing), at most PAGE_MAX. `overdue_on`: those undecided and late on that day."""
    columns = DISPUTES.c
    query = _filtered(sa.select(DISPUTES), columns, status=status, case_id=case_id)
    if overdue_on is not None:
        query = query.where(columns.decided_on.is_(None), columns.answer_by < overdue_on)
    query = turned(query, columns, "answer_by", after=after, limit=limit, pin=pin)
    return [DisputeRow(*row) for row in connection.execute(query)]


def _filtered(query: sa.Select[Any], columns: Any, **wanted: str | None) -> sa.Select[Any]:
    return query.where(*(columns[name] == value for name, value in wanted.items() if value is not None))
