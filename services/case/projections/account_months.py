"""Which bucket was each account in at a month end, and how did accounts roll from one bucket to another?

One row for every statement of every account, case or not (DESIGN.md 6), and one more for each correction: what was
said before stays beside it, so that a question about an earlier `known_at` is answered as it was then. The bucket is
that of the scheme of the policy that the statement was recorded under.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from services.case.domain.delinquency import days_past_due
from services.case.domain.events import StatementCorrected, StatementReported
from services.case.projections.policy_named import policy_named
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel import money

_META = sa.MetaData()
MONTHS = sa.Table(
    "case_account_months_v2",
    _META,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("as_of", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("months_past_due", sa.Integer, nullable=False),
    sa.Column("bucket", sa.Text, nullable=False),
    sa.Column("balance_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class BucketTotal:
    """Accounts in a bucket, and their balances summed as given (negatives included), in minor units."""

    bucket: str
    accounts: int
    balance_minor: int
    currency: str

    def as_json(self) -> dict[str, Any]:
        """A row of `report buckets --json`."""
        return {
            "bucket": self.bucket,
            "accounts": self.accounts,
            "balance": money.decimal(self.balance_minor, self.currency),
            "currency": self.currency,
        }


@dataclass(frozen=True, slots=True)
class Roll:
    """Accounts that were in `from_` and are in `to`, with their balances at the first date, in minor units."""

    from_: str
    to: str
    accounts: int
    balance_minor: int
    currency: str

    def as_json(self) -> dict[str, Any]:
        """A row of `report roll-rates --json`."""
        return {
            "from": self.from_,
            "to": self.to,
            "accounts": self.accounts,
            "balance": money.decimal(self.balance_minor, self.currency),
            "currency": self.currency,
        }


def apply(seen: Recorded[StatementReported | StatementCorrected | Erased], rows: Working) -> None:
    """One statement or correction, one row; what was erased is no longer counted."""
    event, row = seen.event, seen.row
    if isinstance(event, Erased):
        return
    policy = policy_named(row.policy)
    late = days_past_due(event.months_past_due, days_per_month=policy.days_per_month)
    account, balance = row.stream_id, event.balance
    rows.add(
        MONTHS,
        (
            account,
            event.as_of,
            row.version,
            row.recorded_at,
            row.lane,
            event.months_past_due,
            policy.scheme.stage_of(late),
            balance.minor,
            balance.currency,
        ),
    )


HALF = 1_000_000_000
VIEW = View(
    name="case.account_months",
    version=2,
    tables=(MONTHS,),
    apply=apply,
    streams=("account",),
    types=frozenset({"case.StatementReported", "case.StatementCorrected"}),
)


def buckets(connection: sa.Connection, *, as_of: date, known_at: datetime | None = None) -> list[BucketTotal]:
    """All accounts at their latest statement not after `as_of`, by bucket and currency; empty buckets are left out.

    `known_at`: what was recorded up to then (inclusive; None: all) counts, each statement as it was said then.
    """
    at = _latest(as_of, known_at, "at")
    query = (
        sa.select(at.c.bucket, at.c.currency, sa.func.count(), *_sums(at.c.balance_minor))
        .group_by(at.c.bucket, at.c.currency)
        .order_by(at.c.bucket, at.c.currency)
    )
    return [
        BucketTotal(bucket, accounts, _total(high, low), currency)
        for bucket, currency, accounts, high, low in connection.execute(query)
    ]


def roll_rates(
    connection: sa.Connection, *, from_: date, to: date, known_at: datetime | None = None
) -> list[Roll]:
    """Every pair of buckets that occurs between the two dates; accounts not yet known at `from_` are in none.

    `known_at`: as in `buckets`, for both dates.
    """
    was, became = _latest(from_, known_at, "was"), _latest(to, known_at, "became")
    query = (
        sa.select(was.c.bucket, became.c.bucket, was.c.currency, sa.func.count(), *_sums(was.c.balance_minor))
        .select_from(was.join(became, was.c.account_id == became.c.account_id))
        .group_by(was.c.bucket, became.c.bucket, was.c.currency)
        .order_by(was.c.bucket, became.c.bucket, was.c.currency)
    )
    return [
        Roll(before, after, accounts, _total(high, low), currency)
        for before, after, currency, accounts, high, low in connection.execute(query)
    ]


def _sums(minor: sa.ColumnElement[int]) -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """The sum in two parts: SQLite's own fails above 64 bits, which ten of the largest balances exceed."""
    return sa.func.sum(minor // HALF), sa.func.sum(minor % HALF)


def _total(high: int, low: int) -> int:
    """The sum of which `_sums` are the parts (a driver may give them as Decimal)."""
    return int(high) * HALF + int(low)


def _latest(day: date, known_at: datetime | None, name: str) -> sa.Subquery:
    """Each account's latest statement not after `day`, as it was last said by `known_at`."""
    newest = (
        sa.select(MONTHS.c.account_id, sa.func.max(MONTHS.c.as_of).label("as_of"))
        .where(MONTHS.c.as_of <= day, *_known(MONTHS, known_at))
        .group_by(MONTHS.c.account_id)
        .subquery()
    )
    later = MONTHS.alias()
    said_again = sa.exists().where(
        later.c.account_id == MONTHS.c.account_id,
        later.c.as_of == MONTHS.c.as_of,
        later.c.version > MONTHS.c.version,
        *_known(later, known_at),
    )
    return (
        sa.select(MONTHS)
        .join(newest, (MONTHS.c.account_id == newest.c.account_id) & (MONTHS.c.as_of == newest.c.as_of))
        .where(~said_again, *_known(MONTHS, known_at))
        .subquery(name)
    )


def _known(said: sa.FromClause, known_at: datetime | None) -> list[sa.ColumnElement[bool]]:
    return [] if known_at is None else [said.c.recorded_at <= known_at]
