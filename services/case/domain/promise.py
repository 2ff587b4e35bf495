"""Promises to pay: taken, and judged by the cleared money that came between the promise and its day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from msgspec.structs import replace

from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts, day_of
from services.case.domain.money_commands import AmendPromise, CancelPromise, TakePromise
from services.case.domain.payment import Receipt, positive
from services.case.domain.policy import LifePolicy
from shared.kernel.calendar import CalendarMissing, add_working_days
from shared.kernel.money import Money
from shared.kernel.period import month_of
from shared.kernel.refusal import Refused

ACTIVE, KEPT, PARTLY_KEPT, BROKEN, CANCELLED = "ACTIVE", "KEPT", "PARTLY_KEPT", "BROKEN", "CANCELLED"


class PromiseAlreadyOpen(Refused):
    """The case has as many open promises as the policy allows; more would promise the same money twice.

    Wait until the open one is judged, or cancel it first.
    """

    code = "promise-already-open"
    title_en = "A promise is already open"
    title_zh = "已有未到期的还款承诺"


class PromiseTooFar(Refused):
    """The day lies before the promise, or further ahead than the policy allows. Agree a plan instead."""

    code = "promise-too-far"
    title_en = "The day is outside the range the policy allows for a promise"
    title_zh = "承诺日期超出政策允许的范围"


class PromiseTooLarge(Refused):
    """More would be promised than is owed, open promises included. Promise at most what is owed."""

    code = "promise-too-large"
    title_en = "More would be promised than is owed"
    title_zh = "承诺金额超过欠款"


class PromiseUnknown(Refused):
    """The case has no promise of that reference."""

    code = "promise-unknown"
    title_en = "The case has no such promise"
    title_zh = "该案件没有这项还款承诺"


class PromiseAlreadyJudged(Refused):
    """The promise was kept, broken or cancelled: what was judged is not taken back by hand."""

    code = "promise-already-judged"
    title_en = "The promise is not open any more"
    title_zh = "该还款承诺已有结论"


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A promise as of a day; judged at the end of `judged_on`, by the receipts that `because` names."""

    status: str
    amount: Money
    due: date
    judged_on: date
    appropriated: Money
    because: tuple[str, ...]


def deadline(due: date, policy: LifePolicy) -> date:
    """The last day on which money still keeps a promise: working days of grace after it was due.

    In years whose working days nobody has announced, calendar days are counted.
    """
    if not policy.promise_grace_days:
        return due
    rolled = add_working_days(due, policy.promise_grace_days)
    return due + timedelta(days=policy.promise_grace_days) if isinstance(rolled, CalendarMissing) else rolled


def views(
    facts: CaseFacts, receipts: Sequence[Receipt], *, as_of: date, policy: LifePolicy, by_month: bool
) -> dict[str, PromiseView]:
    """Every promise as of a day. One unit of money serves one promise, the one due first.

    `by_month`: payments are known by the month only, so a promise waits for the end of the month of its last day.
    """
    left = [receipt.amount for receipt in receipts]
    found: dict[str, PromiseView] = {}
    for promise in sorted(_promised(facts), key=lambda one: (one.due, one.on, one.promise)):
        last = deadline(promise.due, policy)
        judged_on = month_of(last).last if by_month else last
        if facts.one(e.PromiseCancelled, promise.promise):
            found[promise.promise] = PromiseView(
                CANCELLED, promise.amount, promise.due, judged_on, Money(0, promise.amount.currency), ()
            )
            continue
        got, because = 0, []
        for number, receipt in enumerate(receipts):
            take = min(left[number], promise.amount.minor - got)
            if take > 0 and receipt.first <= last and receipt.last >= promise.on:
                left[number] -= take
                got += take
                because.append(receipt.payment)
        status = _status(got, promise.amount.minor, late=as_of >= judged_on, policy=policy)
        appropriated = Money(got, promise.amount.currency)
        found[promise.promise] = PromiseView(
            status, promise.amount, promise.due, judged_on, appropriated, tuple(because)
        )
    return found


def told_on(facts: CaseFacts, view: PromiseView, as_of: date) -> date:
    """The day that a judgement of `as_of` bears: its last day; kept early, the day on which the money was there."""
    if view.status != KEPT:
        return view.judged_on
    days = {payment.payment: day_of(payment) for payment in facts.all(e.PaymentReceived)}
    # A statement's payment has no day of its own; what is kept early is not kept in the future.
    found = (days.get(name, view.judged_on) for name in view.because)
    return min(max(found, default=view.judged_on), as_of)


def _promised(facts: CaseFacts) -> Iterator[e.PromiseToPay]:
    """Every promise as it stands, with what was changed of it; of two changes the one effective later counts."""
    latest: dict[str, e.PromiseAmended] = {}
    for change in facts.all(e.PromiseAmended):
        known = latest.get(change.promise)
        if known is None or (known.on, known.revision) < (change.on, change.revision):
            latest[change.promise] = change
    for promise in facts.all(e.PromiseToPay):
        amended = latest.get(promise.promise)
        yield replace(promise, amount=amended.amount, due=amended.due) if amended else promise


def _status(got: int, promised: int, *, late: bool, policy: LifePolicy) -> str:
    if got * 10_000 >= promised * (10_000 - policy.promise_tolerance_bps):
        return KEPT
    if not late:
        return ACTIVE
    return PARTLY_KEPT if got else BROKEN


def take(
    facts: CaseFacts, promises: Mapping[str, PromiseView], owed: Money, ask: TakePromise, policy: LifePolicy
) -> tuple[e.CaseEvent, ...]:
    """A promise is taken.

    Raises, in this order: AmountNotPositive, PromiseTooFar, PromiseAlreadyOpen, PromiseTooLarge, CurrencyMismatch.
    """
    if facts.one(e.PromiseToPay, ask.ref):
        return ()
    positive(ask.amount, owed.currency)
    if not ask.on <= ask.due <= ask.on + timedelta(days=policy.promise_days_max):
        raise PromiseTooFar(days_max=policy.promise_days_max)
    active = [view for view in promises.values() if view.status == ACTIVE]
    if len(active) >= policy.promises_open_max:
        raise PromiseAlreadyOpen(open_max=policy.promises_open_max)
    if sum(view.amount.minor - view.appropriated.minor for view in active) + ask.amount.minor > owed.minor:
        raise PromiseTooLarge
    return (
        e.PromiseToPay(promise=ask.ref, on=ask.on, amount=ask.amount, due=ask.due, given_by=ask.given_by),
    )


def amend(
    facts: CaseFacts, promises: Mapping[str, PromiseView], owed: Money, ask: AmendPromise, policy: LifePolicy
) -> tuple[e.CaseEvent, ...]:
    """An open promise is changed; its day stays within the policy's days from when it was first given.

    Raises, in this order: PromiseUnknown, PromiseAlreadyJudged, AmountNotPositive, PromiseTooFar, PromiseTooLarge,
    CurrencyMismatch.
    """
    given, view = facts.one(e.PromiseToPay, ask.promise), promises.get(ask.promise)
    if given is None or view is None:
        raise PromiseUnknown
    if view.status != ACTIVE:
        raise PromiseAlreadyJudged
    positive(ask.amount, owed.currency)
    on = max(ask.on, given.on)
    if not on <= ask.due <= given.on + timedelta(days=policy.promise_days_max):
        raise PromiseTooFar(days_max=policy.promise_days_max)
    if (view.amount, view.due) == (ask.amount, ask.due):
        return ()
    others = [one for ref, one in promises.items() if ref != ask.promise and one.status == ACTIVE]
    open_minor = sum(one.amount.minor - one.appropriated.minor for one in others)
    if open_minor + ask.amount.minor - view.appropriated.minor > owed.minor:
        raise PromiseTooLarge
    changes = [one.revision for one in facts.all(e.PromiseAmended) if one.promise == ask.promise]
    return (
        e.PromiseAmended(
            promise=ask.promise,
            revision=max(changes, default=0) + 1,
            on=on,
            amount=ask.amount,
            due=ask.due,
        ),
    )


def cancel(promises: Mapping[str, PromiseView], ask: CancelPromise) -> tuple[e.CaseEvent, ...]:
    """An open promise is taken back. Raises PromiseUnknown, PromiseAlreadyJudged."""
    view = promises.get(ask.promise)
    if view is None:
        raise PromiseUnknown
    if view.status == CANCELLED:
        return ()
    if view.status != ACTIVE:
        raise PromiseAlreadyJudged
    return (e.PromiseCancelled(promise=ask.promise, on=ask.on, reason=ask.reason),)
