"""What a decision needs to know of an account and of a case, and how events make it.

Replay never fails: an event that makes no sense here is a fact we cannot use, not an error (it is found by
`quittance doctor`, not by refusing to load a debtor's file). Events whose facts were erased are left out by the
caller.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from typing import TypeAlias

from services.case.domain.case_facts import BY_HAND, NO_FACTS, CaseFacts
from services.case.domain.events import (
    AccountEvent,
    ArrearsCorrected,
    ArrearsReported,
    CaseClosed,
    CaseCured,
    CaseEvent,
    CaseOpened,
    CaseReopened,
    DebtAttached,
    DebtDetached,
    StageEntered,
    StatementCorrected,
    StatementReported,
)
from services.case.domain.judged import NOTHING_JUDGED, Judged
from shared.kernel.money import Money

CURED = "CURED"
CLOSING_REASONS = (CURED, "SETTLED", "WRITTEN_OFF", *BY_HAND)
"""Why a case may end: the first three follow from the facts, the others a person decides (domain.md 4.3)."""


@dataclass(frozen=True, slots=True)
class NoAccount:
    """The lender has not reported this account."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account the lender reports: its newest statement, and the content hash of every statement by its day.

    `revisions` counts, for the days whose statement was corrected, how often.
    """

    latest: date
    months_past_due: int
    currency: str
    contents: Mapping[date, str] = field(repr=False)
    revisions: Mapping[date, int] = field(default_factory=dict, repr=False)


AccountState: TypeAlias = NoAccount | Account


@dataclass(frozen=True, slots=True)
class NoCase:
    """The debtor never had a case."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that is being worked: the debtor's `episode`-th.

    `held_open_by` names what keeps it from closing (a plan, a dispute, a suit); `cured` says that nothing was
    overdue at the last statement. `facts` is all we were told, `judged` what was decided about it; neither counts
    when two cases are compared.
    """

    episode: int
    debts: tuple[str, ...]
    as_of: date
    days_past_due: int
    arrears: Money
    stage: str | None = None
    cured: bool = False
    held_open_by: frozenset[str] = frozenset()
    facts: CaseFacts = field(default=NO_FACTS, compare=False, repr=False)
    judged: Judged = field(default=NOTHING_JUDGED, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A case that ended. When the debtor falls behind again the next episode opens.

    `was` is the case as it stood, which later facts (a payment that bounces) still change; they may open it again.
    """

    episode: int
    as_of: date
    reason: str
    was: OpenCase | None = field(default=None, compare=False, repr=False)


CaseState: TypeAlias = NoCase | OpenCase | ClosedCase

NO_ACCOUNT = NoAccount()
NO_CASE = NoCase()


def evolve_account(account: AccountState, event: AccountEvent) -> AccountState:
    """The account after one more statement; what a book says of it is folded elsewhere (domain/book)."""
    if not isinstance(event, StatementReported | StatementCorrected):
        return account
    contents: dict[date, str] = {}
    revisions: Mapping[date, int] = {}
    if isinstance(account, Account):
        contents.update(account.contents)
        revisions = account.revisions
    contents[event.as_of] = event.content
    if isinstance(event, StatementCorrected):
        revisions = {**revisions, event.as_of: event.revision}
    if isinstance(account, Account) and event.as_of < account.latest:
        return replace(account, contents=contents, revisions=revisions)
    return Account(event.as_of, event.months_past_due, event.balance.currency, contents, revisions)


def evolve_case(case: CaseState, event: CaseEvent) -> CaseState:
    """The case after one more event."""
    if isinstance(event, CaseOpened):
        facts = NO_FACTS.with_(event)
        return OpenCase(
            event.episode, event.debts, event.as_of, event.days_past_due, event.arrears, facts=facts
        )
    if isinstance(case, NoCase):
        return case
    if isinstance(case, ClosedCase):
        if case.was is None:
            return case
        if isinstance(event, CaseReopened):
            return _told(replace(case.was, cured=False), event)
        return replace(case, was=_figures(_told(case.was, event), event))
    told = _told(case, event)
    if isinstance(event, CaseClosed):
        return ClosedCase(case.episode, event.as_of, event.reason, told)
    return _figures(told, event)


def _told(case: OpenCase, event: CaseEvent) -> OpenCase:
    """The case with one more fact or judgement on record."""
    facts, judged = case.facts.with_(event), case.judged.with_(event)
    if facts is case.facts and judged is case.judged:
        return case
    return replace(case, facts=facts, judged=judged)


def _figures(case: OpenCase, event: CaseEvent) -> OpenCase:
    """The case with the figures that an event changes."""
    match event:
        case ArrearsCorrected() if event.as_of < case.as_of:
            return case
        case ArrearsReported() | ArrearsCorrected():
            cured = case.cured and event.days_past_due == 0
            return replace(
                case, as_of=event.as_of, days_past_due=event.days_past_due, arrears=event.arrears, cured=cured
            )
        case StageEntered():
            return replace(case, stage=event.stage, cured=case.cured and event.days_past_due == 0)
        case CaseCured():
            return replace(case, cured=True)
        case DebtAttached() if event.account not in case.debts:
            return replace(case, debts=(*case.debts, event.account))
        case DebtDetached():
            return replace(case, debts=tuple(one for one in case.debts if one != event.account))
        case _:
            return case


def fold_account(events: Iterable[AccountEvent], start: AccountState = NO_ACCOUNT) -> AccountState:
    """The account that these events make of `start`."""
    return reduce(evolve_account, events, start)


def fold_case(events: Iterable[CaseEvent], start: CaseState = NO_CASE) -> CaseState:
    """The case that these events make of `start`."""
    return reduce(evolve_case, events, start)
