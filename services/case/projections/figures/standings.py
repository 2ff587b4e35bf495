"""How did each account stand on a day, by statements or by the lender's book, on both clocks?

A row for every word of the lender: a statement or its correction, a balance of the book, an instalment, an account
that left or is named again. Days past due come from instalments where the book gives them, else as reported
(domain/book/overdue.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.case.domain import events as e
from services.case.domain.book.overdue import covered, late_part
from services.case.domain.delinquency import RETAIL, days_past_due
from services.case.domain.policy import DEFAULT_TENANT, POLICIES, LifePolicy
from services.case.projections.book_pages import stored
from services.case.projections.policy_named import policy_named
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()


def _named() -> list[sa.Column[Any]]:
    return [
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("lane", sa.SmallInteger, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
    ]


STANDINGS = sa.Table(
    "case_standing_v1",
    _META,
    *_named(),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("days_past_due", sa.Integer),
    sa.Column("balance_minor", sa.BigInteger, nullable=False),
    sa.Column("gone", sa.Text, nullable=False),
    sa.Index("case_standing_v1_day", "account_id", "as_of"),
)
INSTALMENTS = sa.Table(
    "case_instalment_said_v1",
    _META,
    *_named(),
    sa.Column("instalment", sa.Text, nullable=False),
    sa.Column("said_on", sa.Date, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("late_minor", sa.BigInteger, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Index("case_instalment_said_v1_one", "account_id", "instalment", "version"),
)
NEVER = date.max
_NAMED_AGAIN = "-"
"""In place of why an account left: the book names it again. No reason is written like this."""


class Standing(NamedTuple):
    """An account on a day. `days` None: nobody has said. `gone`: why it is in the book no longer, else empty."""

    as_of: date
    days: int | None
    balance: int
    currency: str
    gone: str

    @property
    def bucket(self) -> str:
        """Its bucket; an account of which nobody says that it is late is current."""
        return bucket_of(self.days or 0)


@cache
def bucket_of(days: int) -> str:
    """The bucket of so many days past due."""
    return RETAIL.stage_of(days)


@dataclass(frozen=True, slots=True)
class Word:
    """What one event says of an account's standing."""

    as_of: date
    days: int | None
    balance: int
    currency: str
    gone: str = ""


def apply(seen: Recorded[e.AccountEvent | Erased], rows: Working) -> None:
    """The row of one word."""
    event, stored_as = seen.event, seen.row
    if isinstance(event, Erased):
        return
    policy = policy_named(stored_as.policy)
    named = (
        stored_as.stream_id,
        stored_as.version,
        stored_as.lane,
        stored_as.recorded_at,
        stored_as.type,
    )
    match event:
        case e.InstalmentScheduled():
            amounts = event.amounts
            left = late_part(amounts - covered(amounts, event.paid.minor, policy.life.order))
            told = (amounts.currency, event.instalment, event.on, event.due, left, False)
            rows.add(INSTALMENTS, (*named, *told))
        case e.InstalmentWithdrawn():
            rows.add(INSTALMENTS, (*named, "", event.instalment, event.on, NEVER, 0, True))
        case e.AccountLeftBook():
            rows.add(STANDINGS, (*named, "", event.on, None, 0, event.reason))
        case e.AccountBooked() if event.revision:
            # It may have left before. Other terms say nothing of how it stands.
            rows.add(STANDINGS, (*named, event.currency, event.on, None, 0, _NAMED_AGAIN))
        case e.StatementReported() | e.StatementCorrected():
            days = days_past_due(event.months_past_due, days_per_month=policy.days_per_month)
            balance = event.balance
            rows.add(STANDINGS, (*named, balance.currency, event.as_of, days, balance.minor, ""))
        case e.BalanceReported():
            balance = event.balance
            told_of = (balance.currency, event.as_of, event.days_past_due, balance.minor, "")
            rows.add(STANDINGS, (*named, *told_of))
        case _:
            pass


VIEW = View(
    name="case.standings",
    version=1,
    tables=(STANDINGS, INSTALMENTS),
    apply=apply,
    streams=("account",),
    types=stored(
        e.StatementReported, e.StatementCorrected, e.BalanceReported, e.AccountLeftBook, e.InstalmentScheduled,
        e.InstalmentWithdrawn, e.AccountBooked,
    ),
)  # fmt: skip


def standings(connection: sa.Connection, day: date, *, known_at: datetime | None) -> dict[str, Standing]:
    """Account -> how it stood at the end of a day, by its latest word not after it and the policy of that day.

    An account of which the book gives instalments and no balance owes what of them is not paid.
    """
    life = POLICIES.in_force(tenant=DEFAULT_TENANT, on=day).life
    columns = STANDINGS.c
    known = [] if known_at is None else [columns.recorded_at <= known_at]
    known.append(columns.gone != _NAMED_AGAIN)
    newest = (
        sa.select(columns.account_id, sa.func.max(columns.as_of).label("as_of"))
        .where(columns.as_of <= day, *known)
        .group_by(columns.account_id)
        .subquery()
    )
    latest = (
        sa.select(
            columns.version, columns.account_id, columns.as_of, columns.days_past_due, columns.balance_minor,
            columns.currency, columns.gone,
        )
        .join(newest, (columns.account_id == newest.c.account_id) & (columns.as_of == newest.c.as_of))
        .where(*known)
    )  # fmt: skip
    found: dict[str, Standing] = {}
    versions: dict[str, int] = {}
    back: set[str] = set()
    for version, account, *said in in_parts(connection, latest):
        # Of several words about one day the last one recorded counts.
        if version >= versions.get(account, 0):
            versions[account], found[account] = version, Standing._make(said)
    for account, on, currency in _named_again(connection, day, known_at):
        if account in found and found[account].gone and on >= found[account].as_of:
            found[account] = Standing(on, None, 0, currency, "")
            back.add(account)
    owed: dict[str, int] | None = None
    for account, (oldest, currency) in _overdue(connection, day, known_at, life).items():
        days = 0 if oldest is None else (day - oldest).days
        reported = found.get(account)
        if reported is None or account in back:
            owed = _unpaid(connection, day, known_at) if owed is None else owed
            found[account] = Standing(day, days, owed.get(account, 0), currency, "")
        elif not reported.gone:
            found[account] = reported._replace(days=days)
    return found


def _named_again(
    connection: sa.Connection, day: date, known_at: datetime | None
) -> Iterator[tuple[str, date, str]]:
    """Accounts that the book named once more, the last time by that day, and in which currency."""
    columns = STANDINGS.c
    known = [] if known_at is None else [columns.recorded_at <= known_at]
    query = (
        sa.select(
            columns.account_id,
            sa.type_coerce(sa.func.max(columns.as_of), sa.Date),
            sa.func.max(columns.currency),
        )
        .where(columns.gone == _NAMED_AGAIN, columns.as_of <= day, *known)
        .group_by(columns.account_id)
    )
    yield from in_parts(connection, query)


def _overdue(
    connection: sa.Connection, day: date, known_at: datetime | None, life: LifePolicy
) -> dict[str, tuple[date | None, str]]:
    """Account that has instalments -> the day its oldest overdue one fell due (None: none is), and the currency."""
    columns = INSTALMENTS.c
    said = _said(columns, day, known_at)
    scheduled = sa.select(columns.account_id, sa.func.max(columns.currency)).where(*said)
    scheduled = scheduled.where(sa.not_(columns.withdrawn)).group_by(columns.account_id)
    found: dict[str, tuple[date | None, str]] = {
        account: (None, currency) for account, currency in in_parts(connection, scheduled)
    }
    for account in _all_withdrawn(connection, day, known_at):
        found.pop(account, None)
    graced = day - timedelta(days=life.instalment_grace_days)
    late = (
        sa.select(columns.account_id, sa.type_coerce(sa.func.min(columns.due), sa.Date))
        .where(*said, columns.late_minor > 0, columns.due < graced, ~_said_again(day, known_at))
        .group_by(columns.account_id)
    )
    for account, due in in_parts(connection, late):
        if account in found:
            found[account] = (due, found[account][1])
    return found


def _said_again(day: date, known_at: datetime | None) -> sa.ColumnElement[bool]:
    """Is there a later word about the instalment?"""
    columns, later = INSTALMENTS.c, INSTALMENTS.alias("later").c
    return sa.exists().where(
        later.account_id == columns.account_id,
        later.instalment == columns.instalment,
        later.version > columns.version,
        *_said(later, day, known_at),
    )


def _unpaid(connection: sa.Connection, day: date, known_at: datetime | None) -> dict[str, int]:
    """Account -> interest and principal of its instalments that is not paid, fallen due or not."""
    columns = INSTALMENTS.c
    some = sa.select(columns.account_id, columns.late_minor).where(
        *_said(columns, day, known_at), columns.late_minor > 0, ~_said_again(day, known_at)
    )
    found: dict[str, int] = {}
    for account, minor in in_parts(connection, some):
        found[account] = found.get(account, 0) + minor
    return found


def _all_withdrawn(connection: sa.Connection, day: date, known_at: datetime | None) -> list[str]:
    """The accounts all of whose instalments were taken out of the book again; few ever have one withdrawn."""
    columns = INSTALMENTS.c
    said = _said(columns, day, known_at)
    some = sa.select(columns.account_id).where(columns.withdrawn, *said).distinct()
    query = sa.select(columns.account_id, columns.instalment, columns.version, columns.withdrawn)
    newest: dict[tuple[str, str], tuple[int, bool]] = {}
    for account, instalment, version, withdrawn in in_parts(
        connection, query.where(columns.account_id.in_(some), *said)
    ):
        newest[account, instalment] = max(newest.get((account, instalment), (0, False)), (version, withdrawn))
    left = {account for (account, _), (_, withdrawn) in newest.items() if not withdrawn}
    return sorted({account for account, _ in newest} - left)


def _said(columns: Any, day: date, known_at: datetime | None) -> list[sa.ColumnElement[bool]]:
    known = [] if known_at is None else [columns.recorded_at <= known_at]
    return [columns.said_on <= day, *known]


ROWS_AT_ONCE = 1_000


def in_parts(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Any]:
    """The rows of a query, fetched many at once: one by one costs as much again as the query."""
    for part in connection.execute(query).partitions(ROWS_AT_ONCE):
        yield from part
