"""One account of the book on two clocks: what was recorded by `known_at` of what held as of a day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.case.application.book.names import BookNames
from services.case.domain.book.account_record import AccountRecord, Due, Pledge, fold_record
from services.case.domain.book.overdue import Overdue, by_book, fallen_due, late_part, slack, unpaid
from services.case.domain.events import (
    AccountBooked,
    BalanceReported,
    StatementCorrected,
    StatementReported,
)
from services.case.domain.policy import CasePolicy
from shared.eventstore.ledger import Ledger
from shared.eventstore.registry import Erased
from shared.kernel.parts import Parts
from shared.kernel.policy import PolicyBook

PAID, OVERDUE, FALLEN_DUE, TO_COME = "PAID", "OVERDUE", "DUE", "TO_COME"
STANDINGS = (PAID, OVERDUE, FALLEN_DUE, TO_COME)
"""How an instalment stands: OVERDUE once the days of grace are over, DUE within them."""
_ID = re.compile(r"account-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class AccountUnknown(Exception):
    """No book had named the account by then."""


@dataclass(frozen=True, slots=True)
class InstalmentAsOf:
    """An instalment, how it stands as of the day, and what is left of it."""

    number: str
    due: Due
    standing: str
    left: Parts
    days_past_due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAsOf:
    """The answer. `overdue` None: neither instalments nor balances say. References are None once erased."""

    account: str
    account_ref: str | None
    debtor_ref: str | None
    as_of: date
    known_at: datetime | None
    version: int
    record: AccountRecord
    booked_on: date
    left_on: date | None
    overdue: Overdue | None
    schedule: tuple[InstalmentAsOf, ...]
    pledges: dict[str, Pledge]


class BookClocks:
    """Questions about the accounts of one tenant's books."""

    def __init__(self, *, ledger: Ledger, tenant: str, policies: PolicyBook[CasePolicy]) -> None:
        self._ledger, self._tenant, self._policies = ledger, tenant, policies
        self._names = BookNames(ledger, tenant)

    async def account_named(self, account_ref: str) -> str | None:
        """The stream of the account of this reference, None where no book has named it."""
        return (await self._names.homes([account_ref])).get(account_ref)

    async def account(self, account: str, *, as_of: date, known_at: datetime | None = None) -> AccountAsOf:
        """The account as of the end of a day, by what was recorded up to `known_at` (inclusive; None: all).

        Raises: AccountUnknown.
        """
        if not _ID.fullmatch(account):
            raise AccountUnknown
        history = await self._ledger.whole_stream(account, tenant=self._tenant)
        known = [
            seen
            for seen in history
            if (known_at is None or seen.recorded_at <= known_at) and _of_book(seen.event, as_of)
        ]
        record = fold_record(seen.event for seen in known)
        if record.terms is None:
            raise AccountUnknown
        policy = self._policies.in_force(tenant=self._tenant, on=as_of)
        booked = [seen.event for seen in known if isinstance(seen.event, AccountBooked)]
        return AccountAsOf(
            account=account,
            account_ref=_text(booked[-1].account_ref),
            debtor_ref=_text(record.debtor_ref),
            as_of=as_of,
            known_at=known_at,
            version=known[-1].version,
            record=record,
            booked_on=booked[0].on,
            left_on=record.latest if record.left else None,
            overdue=by_book(record, as_of, policy) if record.left is None else None,
            schedule=tuple(_stand(record, as_of, policy)),
            pledges={name: pledge for name, (pledge, _) in record.collateral.items()},
        )


def _of_book(event: Any, as_of: date) -> bool:
    if isinstance(event, Erased | StatementReported | StatementCorrected):
        return False
    day: date = event.as_of if isinstance(event, BalanceReported) else event.on
    return day <= as_of


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _stand(record: AccountRecord, as_of: date, policy: CasePolicy) -> Sequence[InstalmentAsOf]:
    """The schedule, by due date."""
    found = []
    for number, one in sorted(record.scheduled.items(), key=lambda item: (item[1].due, item[0])):
        left = unpaid(one, policy)
        late = late_part(left) > slack(policy, record.currency)
        if not any(left.minors):
            standing = PAID
        elif one.due >= as_of:
            standing = TO_COME
        else:
            standing = OVERDUE if late and fallen_due(one, as_of, policy) else FALLEN_DUE
        days = (as_of - one.due).days if standing == OVERDUE else 0
        found.append(InstalmentAsOf(number, one, standing, left, days))
    return found
