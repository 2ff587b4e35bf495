"""The next day on which a case's treatment may change by time alone: never too late, perhaps too early."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.case.domain.judge import Picture, judge
from services.case.domain.next_day import NEVER
from services.case.domain.policy import CasePolicy
from services.case.domain.state import CaseState, OpenCase
from services.case.domain.treatment import said
from services.case.domain.treatment.treat import planned_steps, version_for
from services.case.domain.treatment.treating import Treating

_DAY = timedelta(days=1)


def next_look(case: CaseState, as_of: date, policy: CasePolicy, treating: Treating) -> date:
    """The first day after `as_of` that may bring something; NEVER if only a fact can, or the case is over.

    The case was treated as of that day. The days that judgements of the case itself wait for are not in it.
    """
    if not isinstance(case, OpenCase):
        return NEVER
    day = max(as_of, case.judged.last)
    picture = judge(case.facts, day, policy)
    days = [
        *treating.book.begins_after(day),
        *_steps(case, day, picture, treating),
        *_segments(day, picture, treating),
    ]
    return min((one for one in days if one > day), default=NEVER)


def _steps(case: OpenCase, day: date, picture: Picture, treating: Treating) -> Iterator[date]:
    for one in said.open_steps(case.judged):
        yield one.said.until + _DAY
    pin, version = said.pin_said(case.judged), version_for(said.pin_said(case.judged), treating.book, picture)
    if pin is None or version is None:
        return
    for step, planned in planned_steps(pin, version, case):
        event = said.step_said(case.judged, said.step_ref(pin.visit, step.name))
        if said.status_of(event) in (None, said.WITHDRAWN):
            # One whose day has come waits for what is in its way to end, which may be tomorrow.
            yield planned if planned > day else day + _DAY


def _segments(day: date, picture: Picture, treating: Treating) -> Iterator[date]:
    """Days past due grow by one a day at most."""
    for version in treating.book.strategies:
        for threshold in version.thresholds:
            if threshold > picture.days_past_due:
                yield day + timedelta(days=threshold - picture.days_past_due)
