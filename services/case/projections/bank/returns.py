"""What went back by a bank's word, and of which of it does nobody know the payment?

One row a return. No reference of a bank is kept here: a return's own page reads those from the ledger. `entered_at`,
`lane` and `made_at` (the position of the first event) never change and are the list's order.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain.events import ReturnEntered, ReturnEvent, ReturnMatched, ReturnUnmatched
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.entered import Place, entered
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

WAITING, MATCHED = "waiting", "matched"
STATUSES = (WAITING, MATCHED)
_META = sa.MetaData()
RETURNS = sa.Table(
    "case_payment_returns_v1",
    _META,
    sa.Column("entry", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("value_on", sa.Date, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("payment", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("case_payment_returns_v1_order", "entered_at", "lane", "made_at"),
    sa.Index("case_payment_returns_v1_status", "status", "entered_at", "lane", "made_at"),
    sa.Index("case_payment_returns_v1_payment", "payment"),
)
ReturnSeen: TypeAlias = Recorded[ReturnEvent | Erased]


class ReturnRow(NamedTuple):
    """A row of the view. `code` is the bank's of why it went back, `reason` ours of why it waits."""

    entry: str
    lane: int
    made_at: int
    entered_at: datetime
    source: str
    amount_minor: int
    currency: str
    value_on: date
    code: str
    status: str
    reason: str | None
    payment: str | None
    version: int

    @property
    def cursor(self) -> Place:
        """What `page(after=…)` takes to go on behind this row."""
        return self.entered_at, self.lane, self.made_at


def wants(seen: ReturnSeen) -> Iterable[tuple[str, str]]:
    """The return's row, which all events but the first change."""
    return () if isinstance(seen.event, ReturnEntered) else ((RETURNS.name, seen.row.stream_id),)


def apply(seen: ReturnSeen, rows: Working) -> None:
    """The return's row after one more event; there is none where its facts were erased."""
    stored, event = seen.row, seen.event
    if isinstance(event, ReturnEntered):
        amount = event.amount
        row = ReturnRow(
            stored.stream_id, stored.lane, stored.position, stored.recorded_at, event.source, amount.minor,
            amount.currency, event.on, event.reason, WAITING, None, None, 1,
        )  # fmt: skip
        rows.put(RETURNS, stored.stream_id, row)
        return
    found = rows.get(RETURNS, stored.stream_id)
    if found is None:
        return
    row = ReturnRow(*found)._replace(version=stored.version)
    match event:
        case ReturnMatched():
            row = row._replace(status=MATCHED, reason=None, payment=event.entry)
        case ReturnUnmatched():
            row = row._replace(reason=event.reason)
        case _:
            pass
    rows.put(RETURNS, stored.stream_id, row)


VIEW = View(
    name="case.payment_returns", version=1, tables=(RETURNS,), apply=apply, wants=wants, streams=("return",)
)


def page(
    connection: sa.Connection,
    *,
    status: str | None = None,
    payment: str | None = None,
    source: str | None = None,
    after: Place | None = None,
    pin: Pin | None = None,
    limit: int = 50,
) -> list[ReturnRow]:
    """Returns by (entered_at, lane, made_at), after the cursor and within the pin; see `entered`."""
    named = {"status": status, "payment": payment, "source": source}
    query = entered(RETURNS, named, after=after, pin=pin, limit=limit)
    return [ReturnRow(*row) for row in connection.execute(query)]
