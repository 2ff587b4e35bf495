"""The next day on which time alone may change what is said of a case: until then nobody needs to look.

Never too late, perhaps too early: whatever can fall due, lapse, end or age a case into another stage names its day
here. A law of the test suite judges every day in between and finds nothing to say.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain.case_facts import STATEMENT_FACTS, CaseFacts, day_of, key_of
from services.case.domain.events import CaseEvent
from services.case.domain.falling_due import duties
from services.case.domain.judge import Picture, ageing_day, judge, past_due_by_debt
from services.case.domain.policy import CasePolicy
from services.case.domain.state import CaseState, NoCase, OpenCase
from shared.kernel.period import month_of

NEVER = date.max
_DAY = timedelta(days=1)


def more_than_statements(event: CaseEvent) -> bool:
    """Is it a fact that makes a case one that time may change (`CaseFacts.plain` is then False)?"""
    if isinstance(event, STATEMENT_FACTS) or (isinstance(event, e.PaymentReceived) and not event.payment):
        return False
    return key_of(event) is not None


def next_day(case: CaseState, as_of: date, policy: CasePolicy) -> date:
    """The first day after `as_of` that may bring something, NEVER if only a new fact can.

    The case has been decided as of that day, or a newer one.
    """
    worked = None if isinstance(case, NoCase) else case if isinstance(case, OpenCase) else case.was
    if worked is None:
        return NEVER
    day = max(as_of, worked.judged.last)
    picture = judge(worked.facts, day, policy)
    days = [
        *_agreed(picture, policy),
        *_cared_for(worked.facts, picture),
        *_growing(worked.facts, picture, policy),
        *(duty.by for duty in duties(worked.facts, picture, policy)),
    ]
    return min((one for one in days if one > day), default=NEVER)


def _agreed(picture: Picture, policy: CasePolicy) -> Iterator[date]:
    """Promises, plans, settlements and placements."""
    grace, cure = timedelta(days=policy.life.plan_grace_days), timedelta(days=policy.life.plan_cure_days)
    for promise in picture.promises.values():
        yield promise.judged_on
    for plan in picture.plans.values():
        for one in plan.instalments:
            yield from (one.due + grace, one.due + grace + cure)
        if plan.cure_by is not None:
            yield plan.cure_by
    for settlement in picture.settlements.values():
        yield from (settlement.pay_by, settlement.pay_by + _DAY)
    for placement in picture.placements.values():
        yield placement.until


def _cared_for(facts: CaseFacts, picture: Picture) -> Iterator[date]:
    """What has a day of its own still to come: facts told ahead, holds, reliefs."""
    for fact in facts.by_key.values():
        yield day_of(fact)
    for placed in facts.all(e.HoldPlaced):
        if placed.until is not None:
            yield placed.until
    for relief in picture.reliefs.values():
        yield relief.until
    for retention in picture.retentions.values():
        yield retention.until
    for assistance in picture.assistances.values():
        yield assistance.until


def _growing(facts: CaseFacts, picture: Picture, policy: CasePolicy) -> Iterator[date]:
    """Days past due that reach the next stage, and penalty interest, written down at month ends."""
    sums, day = picture.balance, picture.as_of
    counted, tomorrow = ageing_day(picture.reliefs, day), ageing_day(picture.reliefs, day + _DAY)
    if tomorrow > counted:  # else they stand still until a relief ends, which has a day of its own
        told = facts.until(day)
        before = past_due_by_debt(told, picture.debts, sums, counted, policy)
        after = past_due_by_debt(told, picture.debts, sums, tomorrow, policy)
        for (days, oldest), (then, _) in zip(before, after, strict=True):
            if then > days or oldest is not None:
                ahead = [
                    one.from_dpd for one in policy.scheme.buckets if one.from_dpd > picture.days_past_due
                ]
                yield from (day + timedelta(days=threshold - days) for threshold in ahead)
    if sums.penalty.minor or any(facts.all(e.PenaltyTermsSet)):
        last = month_of(day).last
        yield last if last > day else month_of(last + _DAY).last
