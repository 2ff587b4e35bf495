"""Which payments have sources reported, and which of them does nobody know the case of?

One row an entry. No reference of the source or the lender is kept here: an entry's own page reads those from the
ledger. `entered_at`, `lane` and `made_at` (the position of the first event) never change and are the list's order.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain.events import (
    EntryEvent,
    PaymentEntered,
    PaymentEntryReversed,
    PaymentMatched,
    PaymentMismatchDiscovered,
    PaymentUnmatched,
)
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.entered import Place, entered
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

MATCHED, UNMATCHED, RETURNED = "matched", "unmatched", "returned"
STATUSES = (UNMATCHED, MATCHED, RETURNED)
"""In the pool, on a case, or in the pool with nothing left of it."""
_META = sa.MetaData()
PAYMENTS = sa.Table(
    "case_payments_v1",
    _META,
    sa.Column("entry", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("left_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("value_on", sa.Date, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("case_id", sa.Text),
    sa.Column("payment", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("case_payments_v1_order", "entered_at", "lane", "made_at"),
    sa.Index("case_payments_v1_status", "status", "entered_at", "lane", "made_at"),
    sa.Index("case_payments_v1_case", "case_id"),
)
EntrySeen: TypeAlias = Recorded[EntryEvent | Erased]


class PaymentRow(NamedTuple):
    """A row of the view. `left_minor`: what has not bounced while the entry was in the pool or through the source."""

    entry: str
    lane: int
    made_at: int
    entered_at: datetime
    source: str
    channel: str
    amount_minor: int
    left_minor: int
    currency: str
    value_on: date
    status: str
    reason: str | None
    case_id: str | None
    payment: str | None
    version: int

    @property
    def cursor(self) -> Place:
        """What `page(after=…)` takes to go on behind this row."""
        return self.entered_at, self.lane, self.made_at


def wants(seen: EntrySeen) -> Iterable[tuple[str, str]]:
    """The entry's row, which all events but the first change."""
    return () if isinstance(seen.event, PaymentEntered) else ((PAYMENTS.name, seen.row.stream_id),)


def apply(seen: EntrySeen, rows: Working) -> None:
    """The entry's row after one more event; there is none where the entry's facts were erased."""
    stored, event = seen.row, seen.event
    if isinstance(event, PaymentEntered):
        amount = event.amount
        row = PaymentRow(
            stored.stream_id, stored.lane, stored.position, stored.recorded_at, event.source, event.channel,
            amount.minor, amount.minor, amount.currency, event.on, UNMATCHED, None, None, None, 1,
        )  # fmt: skip
        rows.put(PAYMENTS, stored.stream_id, row)
        return
    found = rows.get(PAYMENTS, stored.stream_id)
    if found is None:
        return
    after = _after(PaymentRow(*found), event)
    rows.put(PAYMENTS, stored.stream_id, after._replace(version=stored.version))


def _after(row: PaymentRow, event: EntryEvent | Erased) -> PaymentRow:
    match event:
        case PaymentMatched():
            return row._replace(status=MATCHED, reason=None, case_id=event.case, payment=event.payment)
        case PaymentUnmatched():
            return row._replace(reason=event.reason)
        case PaymentMismatchDiscovered():
            return row._replace(
                status=UNMATCHED,
                reason=event.reason,
                case_id=None,
                payment=None,
                left_minor=event.amount.minor,
            )
        case PaymentEntryReversed():
            left = max(row.left_minor - event.amount.minor, 0)
            gone = row.status == UNMATCHED and left == 0
            return row._replace(left_minor=left, status=RETURNED if gone else row.status)
        case _:
            return row


VIEW = View(
    name="case.payments", version=1, tables=(PAYMENTS,), apply=apply, wants=wants, streams=("payment",)
)


def page(
    connection: sa.Connection,
    *,
    status: str | None = None,
    case_id: str | None = None,
    source: str | None = None,
    after: Place | None = None,
    pin: Pin | None = None,
    limit: int = 50,
) -> list[PaymentRow]:
    """Entries by (entered_at, lane, made_at), after the cursor and within the pin; see `entered`."""
    named = {"status": status, "case_id": case_id, "source": source}
    query = entered(PAYMENTS, named, after=after, pin=pin, limit=limit)
    return [PaymentRow(*row) for row in connection.execute(query)]
