"""Which bucket was each account in at a month end, and how did accounts roll from one bucket to another?

One row for every statement of every account, case or not (DESIGN.md 6). The bucket is that of the scheme of the
policy that the statement was recorded under.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.case.domain.delinquency import days_past_due
from services.case.domain.events import StatementCorrected, StatementReported
from services.case.projections.policy_named import policy_named
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel import money

_META = sa.MetaData()
MONTHS = sa.Table(
    "case_account_months_v1",
    _META,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("as_of", sa.Date, primary_key=True),
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
    """One statement, one row, the last one said of a day; what was erased is no longer counted."""
    event, row = seen.event, seen.row
    if isinstance(event, Erased):
        return
    policy = policy_named(row.policy)
    late = days_past_due(event.months_past_due, days_per_month=policy.days_per_month)
    account, balance = row.stream_id, event.balance
    rows.put(
        MONTHS,
        (account, event.as_of),
        (
            account,
            event.as_of,
            row.lane,
            event.months_past_due,
            policy.scheme.stage_of(late),
            balance.minor,
            balance.currency,
        ),
    )


HALF = 1_000_000_000
VIEW = View(name="case.account_months", version=1, tables=(MONTHS,), apply=apply, streams=("account",))


def buckets(connection: sa.Connection, *, as_of: date) -> list[BucketTotal]:
    """All accounts at their latest statement not after `as_of`, by bucket and currency; empty buckets are left out."""
    at = _latest(as_of, "at")
    query = (
        sa.select(at.c.bucket, at.c.currency, sa.func.count(), *_sums(at.c.balance_minor))
        .group_by(at.c.bucket, at.c.currency)
        .order_by(at.c.bucket, at.c.currency)
    )
    return [
        BucketTotal(bucket, accounts, _total(high, low), currency)
        for bucket, currency, accounts, high, low in connection.execute(query)
    ]


def roll_rates(connection: sa.Connection, *, from_: date, to: date) -> list[Roll]:
    """Every pair of buckets that occurs between the two dates; accounts not yet known at `from_` are in none."""
    was, became = _latest(from_, "was"), _latest(to, "became")
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


def _latest(day: date, name: str) -> sa.Subquery:
    """Each account's row of its latest statement not after `day`."""
    newest = (
        sa.select(MONTHS.c.account_id, sa.func.max(MONTHS.c.as_of).label("as_of"))
        .where(MONTHS.c.as_of <= day)
        .group_by(MONTHS.c.account_id)
        .subquery()
    )
    return (
        sa.select(MONTHS)
        .join(newest, (MONTHS.c.account_id == newest.c.account_id) & (MONTHS.c.as_of == newest.c.as_of))
        .subquery(name)
    )
