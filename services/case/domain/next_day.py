"""The next day on which time alone may change what is said of a case: until then nobody needs to look.

Never too late, perhaps too early: whatever can fall due, lapse, end or age a case into another stage names its day
here. A law of the test suite judges every day in between and finds nothing to say.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain.case_facts import STATEMENT_FACTS, CaseFacts, day_of, key_of
from services.case.domain.events import CaseEvent
from services.case.domain.judge import Picture, judge
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
    """What has a day of its own still to come: facts told ahead, holds, reliefs, answers that are due."""
    for fact in facts.by_key.values():
        yield day_of(fact)
    for placed in facts.all(e.HoldPlaced):
        if placed.until is not None:
            yield placed.until
    for relief in picture.reliefs.values():
        yield relief.until
    for dispute in picture.disputes.values():
        yield dispute.answer_by + _DAY
    for complaint in picture.complaints.values():
        yield complaint.answer_by + _DAY


def _growing(facts: CaseFacts, picture: Picture, policy: CasePolicy) -> Iterator[date]:
    """Days past due that reach the next stage, and penalty interest, written down at month ends."""
    sums = picture.balance
    ages = any(facts.all(e.InstalmentFellDue)) or bool(sums.bounced)
    ages = ages or any(report.ages for report in sums.reports.values())
    if ages and (picture.days_past_due or picture.oldest_due is not None):
        for bucket in policy.scheme.buckets:
            if bucket.from_dpd > picture.days_past_due:
                yield picture.as_of + timedelta(days=bucket.from_dpd - picture.days_past_due)
    if sums.penalty.minor or any(facts.all(e.PenaltyTermsSet)):
        last = month_of(picture.as_of).last
        yield last if last > picture.as_of else month_of(last + _DAY).last
