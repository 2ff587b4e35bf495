"""Which accounts are in the lender's book, under which terms, who has which role on them, and what secures them?

Nobody is named: a party is its stream. What is due when, and what of it was paid, is asked of the account's own stream
(application/book/account_asked.py), because it is asked as of a day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain import events as e
from services.case.projections.account_cases import key_of
from services.case.projections.book_pages import amount, day, stored
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
ACCOUNTS = sa.Table(
    "case_book_accounts_v1",
    _META,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("account_key", sa.Text, nullable=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("booked_on", sa.Date, nullable=False),
    sa.Column("debtor", sa.Text, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("lender", sa.Text),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("opened_on", sa.Date),
    sa.Column("rate_ppm", sa.Integer),
    sa.Column("penalty_ppm_per_day", sa.Integer),
    sa.Column("credit_limit_minor", sa.BigInteger),
    sa.Column("balance_minor", sa.BigInteger),
    sa.Column("balance_on", sa.Date),
    sa.Column("left_on", sa.Date),
    sa.Column("left_reason", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("case_book_accounts_v1_booked", "booked_on", "account_id"),
    sa.Index("case_book_accounts_v1_debtor", "debtor"),
    sa.Index("case_book_accounts_v1_key", "account_key"),
)
ROLES = sa.Table(
    "case_book_roles_v1",
    _META,
    sa.Column("role_id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("party", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("guarantee", sa.Text),
    sa.Column("from_", sa.Date),
    sa.Column("until", sa.Date),
    sa.Column("relation", sa.Text),
    sa.Column("since", sa.Date, nullable=False),
    sa.Index("case_book_roles_v1_account", "account_id"),
    sa.Index("case_book_roles_v1_party", "party"),
)
COLLATERAL = sa.Table(
    "case_book_collateral_v1",
    _META,
    sa.Column("collateral_id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("value_minor", sa.BigInteger),
    sa.Column("currency", sa.Text),
    sa.Column("valued_on", sa.Date),
    sa.Column("priority", sa.Integer),
    sa.Column("since", sa.Date, nullable=False),
    sa.Index("case_book_collateral_v1_account", "account_id"),
)
PAGE_MAX = 500
BookSeen: TypeAlias = Recorded[e.BookEvent | Erased]
TYPES = (
    e.AccountBooked, e.AccountLeftBook, e.BalanceReported, e.RoleLinked, e.RoleEnded, e.CollateralReferenced,
    e.CollateralReleased,
)  # fmt: skip


class AccountRow(NamedTuple):
    """A row of the book of accounts; `left_on` is None while it is in the book. Rates in parts per million."""

    account_id: str
    account_key: str
    lane: int
    made_at: int
    booked_on: date
    debtor: str
    product: str
    lender: str | None
    currency: str
    opened_on: date | None
    rate_ppm: int | None
    penalty_ppm_per_day: int | None
    credit_limit_minor: int | None
    balance_minor: int | None
    balance_on: date | None
    left_on: date | None
    left_reason: str | None
    version: int

    @property
    def cursor(self) -> tuple[date, str]:
        """Behind which the next page begins."""
        return self.booked_on, self.account_id

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.account_id,
            "debtor": self.debtor,
            "product": self.product,
            "lender": self.lender,
            "currency": self.currency,
            "opened_on": day(self.opened_on),
            "rate_ppm": self.rate_ppm,
            "penalty_ppm_per_day": self.penalty_ppm_per_day,
            "credit_limit": amount(self.credit_limit_minor, self.currency),
            "balance": amount(self.balance_minor, self.currency),
            "balance_on": day(self.balance_on),
            "booked_on": self.booked_on.isoformat(),
            "left_on": day(self.left_on),
            "left_reason": self.left_reason,
            "version": self.version,
        }


def wants(seen: BookSeen) -> Iterable[tuple[str, str]]:
    """The account's row, where the event changes one."""
    return ((ACCOUNTS.name, seen.row.stream_id),)


def apply(seen: BookSeen, rows: Working) -> None:
    """One more word of the book; what was erased of it is not shown."""
    event, stored_row = seen.event, seen.row
    found = rows.get(ACCOUNTS, stored_row.stream_id)
    account = AccountRow(*found) if found else None
    match event:
        case e.AccountBooked():
            account = _booked(event, seen, account)
        case e.AccountLeftBook() if account:
            account = account._replace(left_on=event.on, left_reason=event.reason)
        case e.BalanceReported() if account and event.as_of >= (account.balance_on or date.min):
            account = account._replace(balance_minor=event.balance.minor, balance_on=event.as_of)
        case e.RoleLinked() | e.RoleEnded() | e.CollateralReferenced() | e.CollateralReleased():
            _linked(event, stored_row.stream_id, rows)
        case _:
            pass
    if account:
        rows.put(ACCOUNTS, stored_row.stream_id, account._replace(version=stored_row.version))


def _booked(event: e.AccountBooked, seen: BookSeen, before: AccountRow | None) -> AccountRow:
    made = before.made_at if before else seen.row.position
    limit = event.credit_limit.minor if event.credit_limit else None
    return AccountRow(
        seen.row.stream_id, key_of(seen.row.stream_id), seen.row.lane, made,
        before.booked_on if before else event.on, event.debtor, event.product, event.lender, event.currency,
        event.opened_on, event.rate_ppm, event.penalty_ppm_per_day, limit,
        before.balance_minor if before else None, before.balance_on if before else None, None, None, 0,
    )  # fmt: skip


def _linked(
    event: e.RoleLinked | e.RoleEnded | e.CollateralReferenced | e.CollateralReleased,
    account: str,
    rows: Working,
) -> None:
    match event:
        case e.RoleLinked():
            role = (
                event.role, account, event.party, event.kind, event.guarantee, event.from_, event.until,
                event.relation, event.on,
            )  # fmt: skip
            rows.put(ROLES, event.role, role)
        case e.RoleEnded():
            rows.drop(ROLES, event.role)
        case e.CollateralReferenced():
            minor, currency = (event.value.minor, event.value.currency) if event.value else (None, None)
            pledge = (
                event.collateral, account, event.kind, minor, currency, event.valued_on, event.priority, event.on,
            )  # fmt: skip
            rows.put(COLLATERAL, event.collateral, pledge)
        case e.CollateralReleased():
            rows.drop(COLLATERAL, event.collateral)


VIEW = View(
    name="case.book_accounts",
    version=1,
    tables=(ACCOUNTS, ROLES, COLLATERAL),
    apply=apply,
    wants=wants,
    streams=("account",),
    types=stored(*TYPES),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which accounts: all that is given must hold. `party`: with any role, or as the debtor."""

    lender: str | None = None
    product: str | None = None
    party: str | None = None
    in_book: bool | None = None
    key: str | None = None

    @property
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """As the query takes them."""
        found: list[sa.ColumnElement[bool]] = []
        named = ((ACCOUNTS.c.lender, self.lender), (ACCOUNTS.c.product, self.product))
        found += [column == value for column, value in (*named, (ACCOUNTS.c.account_key, self.key)) if value]
        if self.in_book is not None:
            found.append(ACCOUNTS.c.left_on.is_(None) if self.in_book else ACCOUNTS.c.left_on.is_not(None))
        if self.party is not None:
            with_role = sa.select(ROLES.c.account_id).where(ROLES.c.party == self.party)
            found.append((ACCOUNTS.c.debtor == self.party) | ACCOUNTS.c.account_id.in_(with_role))
        return found


def page(
    connection: sa.Connection,
    wanted: Wanted,
    *,
    after: tuple[date, str] | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[AccountRow]:
    """Accounts by (booked_on, account_id), those behind the cursor and made within the pin, at most PAGE_MAX."""
    query = sa.select(ACCOUNTS).where(*wanted.conditions)
    if after is not None:
        on, last = after
        later = (ACCOUNTS.c.booked_on > on) | (ACCOUNTS.c.account_id > last)
        query = query.where(ACCOUNTS.c.booked_on >= on, later)
    query = query.where(*within(pin, lane=ACCOUNTS.c.lane, position=ACCOUNTS.c.made_at))
    query = query.order_by(ACCOUNTS.c.booked_on, ACCOUNTS.c.account_id).limit(min(limit, PAGE_MAX))
    return [AccountRow(*row) for row in connection.execute(query)]


def in_book(connection: sa.Connection, lender: str, *, after: str, limit: int = PAGE_MAX) -> Sequence[str]:
    """The streams of the lender's accounts that are in the book, by stream, those after one."""
    query = sa.select(ACCOUNTS.c.account_id).where(
        ACCOUNTS.c.lender == lender, ACCOUNTS.c.left_on.is_(None), ACCOUNTS.c.account_id > after
    )
    return list(connection.scalars(query.order_by(ACCOUNTS.c.account_id).limit(min(limit, PAGE_MAX))))
