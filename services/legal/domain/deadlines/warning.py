"""What has to be said of deadlines as a day ends: how near they are, each once for each end and threshold."""

from collections.abc import Iterable
from datetime import date, timedelta

from services.legal.domain.clocks.reading import CALENDAR_MISSING, EXPIRED, RUNNING, SUSPENDED, WAIVED
from services.legal.domain.deadlines.deadline import Deadline
from services.legal.domain.facts.matter import DeadlineNear
from services.legal.domain.facts.proofs import LimitationNear
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.limitation.reading import DebtReading
from services.legal.domain.matter import Matter

THRESHOLDS = (90, 30, 7, 0)
LIMITATION_THRESHOLDS = (180, 90, 30, 0)
"""Days left, widest first; 0: the last day is over."""
NEVER = date.max


def threshold(thresholds: Iterable[int], left: int) -> int | None:
    """The narrowest threshold that is reached with so many days left, None while all are far."""
    return min((one for one in thresholds if left <= one), default=None)


def next_threshold(thresholds: Iterable[int], ends: date, as_of: date) -> date:
    """The first day after `as_of` on which a narrower threshold is reached, NEVER where none is left."""
    days = (ends - timedelta(days=one) for one in thresholds)
    return min((day for day in days if day > as_of), default=NEVER)


def near(matter: Matter, deadline: Deadline, as_of: date) -> DeadlineNear | None:
    """That a deadline is near, or over, as of the end of a day; None where nothing is to be said, or it was said.

    Said late, only the narrowest threshold is; and once a narrower one was said of the same end, no wider one is.
    """
    within = threshold(THRESHOLDS, (deadline.ends_on - as_of).days)
    if within is None or not watched(deadline):
        return None
    about = (deadline.name, deadline.thing, deadline.begun_by, deadline.ends_on)
    for said in matter.all(DeadlineNear):
        same = (said.deadline, said.thing, said.begun_by, said.expires_on or said.raw_on) == about
        if same and said.within <= within:
            return None
    return DeadlineNear(
        deadline=deadline.name, thing=deadline.thing, begun_by=deadline.begun_by, within=within, as_of=as_of,
        raw_on=deadline.raw_on, expires_on=deadline.expires_on,
    )  # fmt: skip


def watched(deadline: Deadline) -> bool:
    """Is there anything to warn of? Not where it was met, nor while it stands still."""
    return deadline.open and deadline.state != SUSPENDED


def limitation_near(claims: Claims, one: DebtReading, as_of: date) -> LimitationNear | None:
    """The same of a claim's period: said on the case, for each debt, person, clock, end and threshold."""
    if not limits(one) or one.raw_on is None:
        return None
    ends = one.expires_on or one.raw_on
    within = threshold(LIMITATION_THRESHOLDS, (ends - as_of).days)
    if within is None:
        return None
    about = (one.debt, one.clock, one.person, ends)
    for said in claims.of_case.warned:
        same = (said.debt, said.clock, said.person, said.expires_on or said.raw_on) == about
        if same and said.within <= within:
            return None
    return LimitationNear(
        case=claims.case, debt=one.debt, clock=one.clock, person=one.person, within=within, as_of=as_of,
        raw_on=one.raw_on, expires_on=one.expires_on,
        weakest=None if one.weakest is None else one.weakest.fact.id,
    )  # fmt: skip


def limits(one: DebtReading) -> bool:
    """Does this reading decide, and does it run to an end? Not while a procedure holds it, nor before it begins."""
    return one.governs and one.raw_on is not None and one.state in _RUNS


_RUNS = frozenset({RUNNING, WAIVED, CALENDAR_MISSING, EXPIRED})
