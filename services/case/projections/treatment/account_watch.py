"""What do statements and the lender's book say of each account, for the signs that it may fall behind?

Rows are only ever added: a statement, a correction, an instalment's newest terms, what the book says of the account.
Which of them count as of a day, and what they are signs of, is decided by the rules (domain/treatment/signs.py).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain import events as e
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel.money import Money
from shared.kernel.parts import Parts

_META = sa.MetaData()


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("lane", sa.SmallInteger, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
    ]


MONTHS = sa.Table(
    "case_watch_month_v1",
    _META,
    *_columns(),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("months_past_due", sa.Integer, nullable=False),
    sa.Column("balance_minor", sa.BigInteger, nullable=False),
    sa.Column("payment_minor", sa.BigInteger, nullable=False),
    sa.Column("limit_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Index("case_watch_month_v1_day", "as_of"),
)
ITEMS = sa.Table(
    "case_watch_item_v1",
    _META,
    *_columns(),
    sa.Column("instalment", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("due", sa.Date),
    sa.Column("total_minor", sa.BigInteger),
    sa.Column("paid_minor", sa.BigInteger),
    sa.Column("paid_on", sa.Date),
    sa.Column("currency", sa.Text),
)
BOOKED = sa.Table(
    "case_watch_account_v1",
    _META,
    *_columns(),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("opened_on", sa.Date),
    sa.Column("currency", sa.Text, nullable=False),
)
Event: TypeAlias = (
    e.StatementReported
    | e.StatementCorrected
    | e.InstalmentScheduled
    | e.InstalmentWithdrawn
    | e.AccountBooked
)


def apply(seen: Recorded[Event | Erased], rows: Working) -> None:
    """One event, one row."""
    event = seen.event
    place = (seen.stream, seen.version, seen.lane, seen.recorded_at)
    match event:
        case e.StatementReported() | e.StatementCorrected():
            revision = event.revision if isinstance(event, e.StatementCorrected) else 0
            figures = (
                event.balance.minor,
                event.payment.minor,
                event.credit_limit.minor,
                event.balance.currency,
            )
            rows.add(MONTHS, (*place, event.as_of, revision, event.months_past_due, *figures))
        case e.InstalmentScheduled():
            figures_ = (event.amounts.total.minor, event.paid.minor, event.paid_on, event.paid.currency)
            rows.add(ITEMS, (*place, event.on, event.instalment, event.revision, False, event.due, *figures_))
        case e.InstalmentWithdrawn():
            rows.add(ITEMS, (*place, event.on, event.instalment, 0, True, None, None, None, None, None))
        case e.AccountBooked():
            rows.add(BOOKED, (*place, event.on, event.product, event.opened_on, event.currency))


VIEW = View(
    name="case.account_watch",
    version=1,
    tables=(MONTHS, ITEMS, BOOKED),
    apply=apply,
    streams=("account",),
    types=frozenset(
        f"case.{kind.__name__}"
        for kind in (
            e.StatementReported, e.StatementCorrected, e.InstalmentScheduled, e.InstalmentWithdrawn, e.AccountBooked,
        )
    ),
)  # fmt: skip


class Watched(NamedTuple):
    """An account and what its stream says of it, in order."""

    account_id: str
    events: tuple[Any, ...]


def accounts(
    connection: sa.Connection,
    *,
    after: str = "",
    limit: int = 2_000,
    until: date,
    known_at: datetime | None = None,
) -> list[Watched]:
    """Accounts by id, those after the cursor, with all that was said of days up to `until`, as known by then."""
    ids = sorted(
        {
            account
            for table in (MONTHS, BOOKED, ITEMS)
            for (account,) in connection.execute(
                sa.select(table.c.account_id).where(table.c.account_id > after).distinct()
                .order_by(table.c.account_id).limit(limit)
            )
        }
    )[:limit]  # fmt: skip
    if not ids:
        return []
    found: dict[str, list[tuple[int, Any]]] = {account: [] for account in ids}
    for table, made in ((MONTHS, _statement), (ITEMS, _instalment), (BOOKED, _booked)):
        for row in connection.execute(_said(table, ids, until, known_at)):
            found[row.account_id].append((row.version, made(row)))
    return [
        Watched(account, tuple(event for _, event in sorted(events, key=lambda one: one[0])))
        for account, events in found.items()
    ]


def days(connection: sa.Connection, *, from_: date, to: date) -> list[date]:
    """The days between two, both included, for which statements were reported."""
    query = sa.select(MONTHS.c.as_of).where(MONTHS.c.as_of >= from_, MONTHS.c.as_of <= to).distinct()
    return [day for (day,) in connection.execute(query.order_by(MONTHS.c.as_of))]


def _said(table: sa.Table, ids: Sequence[str], until: date, known_at: datetime | None) -> sa.Select[Any]:
    query = sa.select(table).where(
        table.c.account_id >= ids[0], table.c.account_id <= ids[-1], table.c.as_of <= until
    )
    return query if known_at is None else query.where(table.c.recorded_at <= known_at)


def _statement(row: Any) -> Any:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    told = {
        "account_ref": "", "as_of": row.as_of, "months_past_due": row.months_past_due, "content": "",
        "balance": money(row.balance_minor), "payment": money(row.payment_minor),
        "credit_limit": money(row.limit_minor),
    }  # fmt: skip
    if row.revision:
        return e.StatementCorrected(**told, replaces="", revision=row.revision)
    return e.StatementReported(**told)


def _instalment(row: Any) -> Any:
    if row.withdrawn:
        return e.InstalmentWithdrawn(instalment=row.instalment, on=row.as_of)
    return e.InstalmentScheduled(
        instalment=row.instalment,
        revision=row.revision,
        on=row.as_of,
        due=row.due,
        amounts=Parts(0, 0, 0, row.total_minor, row.currency),
        fee=Money(0, row.currency),
        paid=Money(row.paid_minor, row.currency),
        paid_on=row.paid_on,
    )


def _booked(row: Any) -> Any:
    return e.AccountBooked(
        account_ref="", debtor_ref="", debtor="", product=row.product, currency=row.currency, on=row.as_of,
        revision=0, opened_on=row.opened_on, rate_ppm=None, penalty_ppm_per_day=None, lender=None, credit_limit=None,
    )  # fmt: skip
