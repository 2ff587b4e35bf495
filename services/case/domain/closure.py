"""The case itself: opened, closed and opened again by a person, debts that join and leave, what falls due."""

from collections.abc import Collection
from datetime import date

from services.case.domain import events as e
from services.case.domain.case_commands import CloseCase, ReopenCase
from services.case.domain.case_facts import BY_HAND, CaseFacts
from services.case.domain.judge import Picture
from services.case.domain.money_commands import (
    AttachDebt,
    BookCharge,
    BookInstalment,
    DetachDebt,
    OpenCase,
    SetPenaltyTerms,
)
from services.case.domain.payment import AmountNotPositive, DebtNotInCase, of_case
from shared.kernel.money import CurrencyMismatch
from shared.kernel.refusal import Refused


class CaseNotOpen(Refused):
    """The case is closed; only facts such as a payment or a complaint are still taken. Reopen it first."""

    code = "case-not-open"
    title_en = "The case is not open"
    title_zh = "案件未处于开立状态"


class CaseAlreadyOpen(Refused):
    """The debtor has an open case: one at a time, with all debts in it. Attach the debt to that case."""

    code = "case-already-open"
    title_en = "The debtor has an open case already"
    title_zh = "该债务人已有开立中的案件"


class NothingOverdue(Refused):
    """A case needs at least one debt that is past due. Send its days past due, from 1."""

    code = "nothing-overdue"
    title_en = "Nothing is overdue"
    title_zh = "没有逾期欠款"


class ClosingReasonRefused(Refused):
    """The reason is none a person may give, or the facts do not bear it out.

    A case is cured, settled or written off by what happens, not by being closed; PAID needs a balance of nothing.
    """

    code = "closing-reason-refused"
    title_en = "The case cannot be closed for this reason"
    title_zh = "不能以该原因结案"


class CaseHeldOpen(Refused):
    """A running plan, an open dispute, a suit or an agreed settlement keeps the case open. End that first."""

    code = "case-held-open"
    title_en = "A plan, dispute, suit or settlement keeps the case open"
    title_zh = "分期计划、异议、诉讼或和解未结束，案件不能关闭"


class OpenedAgainThatDay(Refused):
    """A person opened the case again on that day; of the two decisions of one day that one counts.

    Close it from the next day on.
    """

    code = "opened-again-that-day"
    title_en = "The case was opened again on that day"
    title_zh = "该案件当日已重新开立"


class CaseStillOpen(Refused):
    """The case is open already, or the debtor's next case is: there is nothing to open again."""

    code = "case-still-open"
    title_en = "There is no closed case to open again"
    title_zh = "没有可重新开立的已结案件"


class DebtAlreadyInCase(Refused):
    """The account is one of the case's debts already."""

    code = "debt-already-in-case"
    title_en = "The account belongs to the case already"
    title_zh = "该账户已在案件中"


class DebtLeftThatDay(Refused):
    """The account left the case on that day, or later; of one day's two changes the leaving counts.

    Attach it as of a day after it left.
    """

    code = "debt-left-that-day"
    title_en = "The account left the case on that day or later"
    title_zh = "该账户在当日或之后已移出案件"


def open_(ask: OpenCase) -> tuple[e.CaseEvent, ...]:
    """A case that no statement opened. Raises NothingOverdue, AmountNotPositive."""
    if not ask.debts or ask.days_past_due < 1:
        raise NothingOverdue
    if ask.arrears.minor < 0:
        raise AmountNotPositive
    opened = e.CaseOpened(
        debtor_ref=ask.debtor_ref,
        episode=ask.episode,
        debts=ask.debts,
        as_of=ask.on,
        arrears=ask.arrears,
        days_past_due=ask.days_past_due,
    )
    attached = e.DebtAttached(
        account=ask.debts[0], on=ask.on, arrears=ask.arrears, days_past_due=ask.days_past_due
    )
    return opened, attached


def close(facts: CaseFacts, picture: Picture, ask: CloseCase) -> tuple[e.CaseEvent, ...]:
    """A person closes the case. Raises ClosingReasonRefused, CaseHeldOpen, OpenedAgainThatDay."""
    if ask.reason not in BY_HAND or (ask.reason == "PAID" and picture.owed.total.minor > 0):
        raise ClosingReasonRefused(reasons=BY_HAND)
    if picture.guards and ask.reason != "ENTERED_IN_ERROR":
        raise CaseHeldOpen(guards=tuple(sorted(picture.guards)))
    on = max(ask.on, picture.as_of)
    if any(again.as_of >= on for again in facts.all(e.CaseReopened)):
        raise OpenedAgainThatDay
    return (e.CaseClosed(as_of=on, reason=ask.reason),)


def reopen(ask: ReopenCase, as_of: date) -> tuple[e.CaseEvent, ...]:
    """A person opens a closed case again."""
    return (e.CaseReopened(as_of=max(ask.on, as_of), reason=ask.reason, because=()),)


def attach(
    facts: CaseFacts, debts: Collection[str], currency: str, ask: AttachDebt
) -> tuple[e.CaseEvent, ...]:
    """An account joins. Raises DebtAlreadyInCase, DebtLeftThatDay, CurrencyMismatch."""
    if ask.account in debts:
        raise DebtAlreadyInCase
    if any(left.account == ask.account and left.on >= ask.on for left in facts.all(e.DebtDetached)):
        raise DebtLeftThatDay
    _alike(ask.arrears.currency, currency)
    return (
        e.DebtAttached(
            account=ask.account, on=ask.on, arrears=ask.arrears.floored(), days_past_due=ask.days_past_due
        ),
    )


def detach(facts: CaseFacts, debts: Collection[str], ask: DetachDebt) -> tuple[e.CaseEvent, ...]:
    """An account leaves, no earlier than it joined. Raises DebtNotInCase."""
    if ask.account not in debts:
        raise DebtNotInCase
    joined = [one.on for one in facts.all(e.DebtAttached) if one.account == ask.account]
    return (e.DebtDetached(account=ask.account, on=max([ask.on, *joined]), reason=ask.reason),)


def _alike(theirs: str, ours: str) -> None:
    """A case has one currency. Raises CurrencyMismatch."""
    if theirs != ours:
        raise CurrencyMismatch


def instalment(
    facts: CaseFacts, debts: Collection[str], currency: str, ask: BookInstalment
) -> tuple[e.CaseEvent, ...]:
    """An instalment fell due. Raises DebtNotInCase, CurrencyMismatch, AmountNotPositive."""
    if facts.one(e.InstalmentFellDue, ask.ref):
        return ()
    of_case(ask.account, debts)
    _alike(ask.amounts.currency, currency)
    if min(ask.amounts.minors) < 0 or not any(ask.amounts.minors):
        raise AmountNotPositive
    return (e.InstalmentFellDue(item=ask.ref, account=ask.account, on=ask.on, amounts=ask.amounts),)


def charge(
    facts: CaseFacts, debts: Collection[str], currency: str, ask: BookCharge
) -> tuple[e.CaseEvent, ...]:
    """A charge, or one taken back. Raises DebtNotInCase, CurrencyMismatch."""
    if facts.one(e.ChargeBooked, ask.ref):
        return ()
    of_case(ask.account, debts)
    _alike(ask.amounts.currency, currency)
    return (
        e.ChargeBooked(
            charge=ask.ref, account=ask.account, on=ask.on, amounts=ask.amounts, reason=ask.reason
        ),
    )


def penalty_terms(facts: CaseFacts, debts: Collection[str], ask: SetPenaltyTerms) -> tuple[e.CaseEvent, ...]:
    """The contract's penalty interest; the law's cap is the policy's. Raises DebtNotInCase, AmountNotPositive."""
    if facts.one(e.PenaltyTermsSet, ask.ref):
        return ()
    of_case(ask.account, debts)
    if ask.ppm_per_day < 0:
        raise AmountNotPositive
    return (e.PenaltyTermsSet(terms=ask.ref, account=ask.account, on=ask.on, ppm_per_day=ask.ppm_per_day),)
