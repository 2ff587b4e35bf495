"""What a decision needs to know of an account and of a case, and how events make it.

Replay never fails: an event that makes no sense here is a fact we cannot use, not an error (it is found by
`quittance doctor`, not by refusing to load a debtor's file). Events whose facts were erased are left out by the
caller.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from typing import TypeAlias, assert_never

from services.case.domain.events import (
    AccountEvent,
    ArrearsReported,
    CaseClosed,
    CaseCured,
    CaseEvent,
    CaseOpened,
    PaymentReceived,
    StageEntered,
)
from shared.kernel.money import Money

CURED = "CURED"
CLOSING_REASONS = (CURED,)
"""Why a case may end in this release; later ones add PAID, SETTLED, WRITTEN_OFF and others (domain.md 4.3)."""


@dataclass(frozen=True, slots=True)
class NoAccount:
    """The lender has not reported this account."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account the lender reports: its newest statement, and the content hash of every statement by its day."""

    latest: date
    months_past_due: int
    currency: str
    contents: Mapping[date, str] = field(repr=False)


AccountState: TypeAlias = NoAccount | Account


@dataclass(frozen=True, slots=True)
class NoCase:
    """The debtor never had a case."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that is being worked: the debtor's `episode`-th.

    `held_open_by` names what keeps it from closing (a plan, a dispute, a suit); `cured` says that nothing was
    overdue at the last statement.
    """

    episode: int
    debts: tuple[str, ...]
    as_of: date
    days_past_due: int
    arrears: Money
    stage: str | None = None
    cured: bool = False
    held_open_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A case that ended. It stays closed; when the debtor falls behind again the next episode opens."""

    episode: int
    as_of: date
    reason: str


CaseState: TypeAlias = NoCase | OpenCase | ClosedCase

NO_ACCOUNT = NoAccount()
NO_CASE = NoCase()


def evolve_account(account: AccountState, event: AccountEvent) -> AccountState:
    """The account after one more statement."""
    seen = account.contents if isinstance(account, Account) else {}
    contents = {**seen, event.as_of: event.content}
    if isinstance(account, Account) and event.as_of < account.latest:
        return replace(account, contents=contents)
    return Account(event.as_of, event.months_past_due, event.balance.currency, contents)


def evolve_case(case: CaseState, event: CaseEvent) -> CaseState:
    """The case after one more event."""
    match event:
        case CaseOpened():
            return OpenCase(event.episode, event.debts, event.as_of, event.days_past_due, event.arrears)
        case ArrearsReported():
            if not isinstance(case, OpenCase):
                return case
            cured = case.cured and event.days_past_due == 0
            return replace(
                case, as_of=event.as_of, days_past_due=event.days_past_due, arrears=event.arrears, cured=cured
            )
        case StageEntered():
            return replace(case, stage=event.stage) if isinstance(case, OpenCase) else case
        case CaseCured():
            return replace(case, cured=True) if isinstance(case, OpenCase) else case
        case CaseClosed():
            return ClosedCase(case.episode, event.as_of, event.reason) if isinstance(case, OpenCase) else case
        case PaymentReceived():
            return case
        case _:
            assert_never(event)


def fold_account(events: Iterable[AccountEvent], start: AccountState = NO_ACCOUNT) -> AccountState:
    """The account that these events make of `start`."""
    return reduce(evolve_account, events, start)


def fold_case(events: Iterable[CaseEvent], start: CaseState = NO_CASE) -> CaseState:
    """The case that these events make of `start`."""
    return reduce(evolve_case, events, start)
