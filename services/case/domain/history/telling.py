"""One row of history as facts of a case.

The rules that bind new acts (how far ahead a promise may lie, how many run at once, what today is) do not bind what
happened; what cannot have happened is refused.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from services.case.domain import conduct, hold, mode, person, plan
from services.case.domain import events as e
from services.case.domain.case_commands import RecordAttempt
from services.case.domain.case_facts import CaseFacts
from services.case.domain.facts.plan import Instalment
from services.case.domain.history import refusals as why
from services.case.domain.history import rows as r
from services.case.domain.history.refusals import HistoryRefused
from services.case.domain.policy import CasePolicy
from shared.kernel.money import Money
from shared.kernel.period import Period

NOT_ON_FILE = "NOT_ON_FILE"
"""Stands where our own acts name a paper, and history does not say which."""
ONE_DAY = timedelta(days=1)


class Told(NamedTuple):
    """A fact that a row tells: of what kind it is, which thing it is about, and the event."""

    what: str
    thing: str
    event: Any


class Teller(NamedTuple):
    """What telling needs: the case's facts and debts, how ids are made (`prm`, reference -> id), and the rules."""

    facts: CaseFacts
    debts: Sequence[str]
    currency: str
    named: Callable[[str, str], str]
    account: Callable[[str], str]
    policy: CasePolicy
    instalments: Callable[[str], Sequence[r.InstalmentRow]]


def told(row: r.HistoryRow, by: Teller) -> tuple[Told, ...]:
    """The facts of a row. Raises HistoryRefused."""
    match row:
        case r.AttemptRow():
            return _attempt(row, by)
        case r.PromiseRow():
            return _promise(row, by)
        case r.PlanRow():
            return _plan(row, by)
        case r.PlacementRow():
            return _placement(row, by)
        case r.PaymentRow():
            return _payment(row, by)
        case r.HoldRow():
            return _hold(row, by)
    raise AssertionError("cases and instalments are told elsewhere")


def days_of(row: r.HistoryRow) -> list[tuple[str, date]]:
    """The days of a row on which something happened, by field: all of them lie before go-live."""
    names = (
        "opened_on",
        "on",
        "cancelled_on",
        "ended_on",
        "recalled_on",
        "confirmed_on",
        "returned_on",
        "closed_on",
    )
    found = ((name, getattr(row, name, None)) for name in names)
    return [(name, day) for name, day in found if day is not None]


def in_order(row: r.HistoryRow) -> None:
    """Nothing goes on before it began. Raises HistoryRefused."""
    days = days_of(row)
    first = days[0][1] if days else date.min
    ends = (("due", 0), ("until", 1), ("first_due", 0))
    named = [(name, getattr(row, name), least) for name, least in ends if getattr(row, name, None)]
    for name, day, least in [*((name, day, 0) for name, day in days[1:]), *named]:
        if not isinstance(row, r.InstalmentRow) and (day - first).days < least:
            raise HistoryRefused(why.DATE_ORDER, name)


def money(minor: int, currency: str, by: Teller, field: str = "amount") -> Money:
    """An amount of the case's currency, above zero. Raises HistoryRefused."""
    if currency != by.currency:
        raise HistoryRefused(why.OTHER_CURRENCY, "currency")
    if minor <= 0:
        raise HistoryRefused(why.NO_AMOUNT, field)
    return Money(minor, currency)


def _attempt(row: r.AttemptRow, by: Teller) -> tuple[Told, ...]:
    ref = by.named("att", row.ref)
    known = by.facts.one(e.ContactAttempted, ref)
    ask = RecordAttempt(
        attempt_ref=ref, at=row.at, on=row.on, channel=row.channel, outcome=row.outcome,
        actor_kind=row.actor_kind, permit=None,
    )  # fmt: skip
    if known is not None:
        # What was held against it when it was recorded stays; holds may have been learnt of since.
        same = (known.at, known.channel, known.outcome, known.actor_kind) == (
            row.at, row.channel, row.outcome, row.actor_kind,
        )  # fmt: skip
        if not same:
            raise HistoryRefused(why.CONFLICT, "ref")
        return (Told("ATTEMPT", ref, known),)
    holds = conduct.forbidding(by.facts, row.on, by.policy) if _may_hold(by.facts) else ()
    [event] = person.attempt(by.facts, holds, ask)
    return (Told("ATTEMPT", ref, event),)


_HOLDING: tuple[type, ...] = (
    e.HoldPlaced, e.HardshipClaimed, e.DisputeRaised, e.PlanAgreed, e.ComplaintReceived, e.DeathReported,
    e.DeathConfirmed, e.IncapacityRecorded,
)  # fmt: skip
"""What brings a hold, at once or later: a case without any of it need not be judged for one."""


def _may_hold(facts: CaseFacts) -> bool:
    return any(next(iter(facts.all(kind)), None) is not None for kind in _HOLDING)


def _promise(row: r.PromiseRow, by: Teller) -> tuple[Told, ...]:
    ref = by.named("prm", row.ref)
    amount = money(row.amount, row.currency, by)
    taken = e.PromiseToPay(promise=ref, on=row.on, amount=amount, due=row.due, given_by=row.given_by)
    found = [Told("PROMISE", ref, taken)]
    if row.cancelled_on:
        reason = _reason(row.reason)
        found.append(
            Told("PROMISE", ref, e.PromiseCancelled(promise=ref, on=row.cancelled_on, reason=reason))
        )
    return tuple(found)


def _plan(row: r.PlanRow, by: Teller) -> tuple[Told, ...]:
    ref = by.named("pln", row.ref)
    total, parts = money(row.total, row.currency, by, "total"), by.instalments(row.ref)
    if parts:
        due = tuple(Instalment(one.number, one.due, Money(one.amount, row.currency)) for one in parts)
        if sum(one.amount.minor for one in due) != total.minor or any(one.amount.minor <= 0 for one in due):
            raise HistoryRefused(why.PLAN_SUM, "total")
    elif row.count and row.first_due and 1 <= row.count <= total.minor:
        due = plan.schedule(total, count=row.count, first_due=row.first_due)
    else:
        raise HistoryRefused(why.NO_INSTALMENTS, "count")
    agreed = e.PlanAgreed(
        plan=ref, quote=by.named("qte", row.ref), on=row.on, total=total, instalments=due,
        supplement=row.supplement or NOT_ON_FILE, affordability=NOT_ON_FILE,
    )  # fmt: skip
    found = [Told("PLAN", ref, agreed)]
    if row.ended_on:
        found.append(
            Told("PLAN", ref, e.PlanTerminated(plan=ref, on=row.ended_on, reason=_reason(row.reason)))
        )
    return tuple(found)


def _placement(row: r.PlacementRow, by: Teller) -> tuple[Told, ...]:
    ref = by.named("plc", row.ref)
    if row.evaluated_on > row.on:
        raise HistoryRefused(why.DATE_ORDER, "evaluated_on")
    until = min(row.until, row.recalled_on or row.until)
    others = [
        (one.from_, one.until)
        for name, one in mode.placements(by.facts, as_of=date.max).items()
        if name != ref
    ]
    others += [(one.from_, one.until or date.max) for one in mode.referrals(by.facts).values()]
    _apart(row.on, until, others)
    found = [
        Told("PLACEMENT", ref, e.DebtPlacedWithAgency(
            placement=ref, agency=row.agency, on=row.on, until=row.until, evaluated_on=row.evaluated_on,
        ))
    ]  # fmt: skip
    if row.recalled_on:
        reason = _reason(row.reason)
        found.append(
            Told("PLACEMENT", ref, e.RecallRequested(placement=ref, on=row.recalled_on, reason=reason))
        )
    if row.confirmed_on:
        found.append(Told("PLACEMENT", ref, e.RecallConfirmed(placement=ref, on=row.confirmed_on)))
    return tuple(found)


def _payment(row: r.PaymentRow, by: Teller) -> tuple[Told, ...]:
    ref = by.named("pay", row.ref)
    account = None if row.account_ref is None else by.account(row.account_ref)
    if account is not None and account not in by.debts:
        raise HistoryRefused(why.OTHER_ACCOUNT, "account_ref")
    amount = money(row.amount, row.currency, by)
    received = e.PaymentReceived(
        account=account, amount=amount, period_from=row.on, period_until=row.on + ONE_DAY, payment=ref,
        channel=row.channel,
    )  # fmt: skip
    found = [Told("PAYMENT", ref, received)]
    if row.returned_on:
        returned = e.PaymentReturned(
            returned=by.named("ret", row.ref), payment=ref, on=row.returned_on, amount=amount,
            reason=_reason(row.reason),
        )  # fmt: skip
        found.append(Told("PAYMENT", ref, returned))
    return tuple(found)


def _hold(row: r.HoldRow, by: Teller) -> tuple[Told, ...]:
    ref = by.named("hld", row.ref)
    others = [
        (one.from_, one.until or date.max)
        for name, one in hold.placed(by.facts).items()
        if one.kind == row.kind and name != ref
    ]
    _apart(row.on, row.until or date.max, others)
    placed = e.HoldPlaced(
        hold=ref,
        kind=row.kind,
        on=row.on,
        until=row.until,
        reason=row.reason,
        stops_interest=False,
        source="",
    )
    return (Told("HOLD", ref, placed),)


def _apart(first: date, end: date, others: Sequence[tuple[date, date]]) -> None:
    """Of two at once one would be wrong. Raises HistoryRefused."""
    if first < end and any(
        begins < ends and Period(begins, ends).overlaps(Period(first, end)) for begins, ends in others
    ):
        raise HistoryRefused(why.OVERLAPS, "on")


def _reason(reason: str | None) -> str:
    if reason is None:
        raise HistoryRefused(why.NO_REASON, "reason")
    return reason
