"""All that a day's end leads to in a case: steps of its matters, and warnings of deadlines and of limitation."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from services.legal.domain import commands as c
from services.legal.domain.deadlines.falling import StepId, fallen
from services.legal.domain.deadlines.reading import deadlines
from services.legal.domain.deadlines.warning import (
    LIMITATION_THRESHOLDS,
    NEVER,
    THRESHOLDS,
    limitation_near,
    limits,
    near,
    next_threshold,
    watched,
)
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.limitation.reading import limitation
from services.legal.domain.matter import Matter

SWEEP = "system:sweep"
_DAY = timedelta(days=1)


def of_matter(
    matter: Matter, claims: Claims, ground: Ground, *, as_of: date, step_id: StepId
) -> tuple[c.TakeStep | c.WarnOfDeadline, ...]:
    """What is to be said of a matter as of the end of `as_of`: the steps first; while there are any, only these.

    What was reported on the day after already says that a deadline is met, so that nobody is warned of it.
    """
    found = deadlines(matter, claims, ground, as_of)
    steps = fallen(matter, found, ground, as_of=as_of, step_id=step_id)
    if steps:
        return tuple(c.TakeStep(step=one, by=SWEEP, by_time=True) for one in steps)
    still = {one.key for one in deadlines(matter, claims, ground, as_of + _DAY) if one.open}
    said = (near(matter, one, as_of) for one in found if one.key in still)
    return tuple(c.WarnOfDeadline(near=one) for one in said if one is not None)


def of_claims(claims: Claims, ground: Ground, *, as_of: date) -> tuple[c.WarnOfLimitation, ...]:
    """What is to be said of the limitation of a case's debts as of the end of `as_of`."""
    said = (limitation_near(claims, one, as_of) for one in limitation(claims, ground.law, as_of=as_of))
    return tuple(c.WarnOfLimitation(near=one) for one in said if one is not None)


def next_look(matters: Iterable[Matter], claims: Claims, ground: Ground, *, as_of: date) -> date:
    """The first day after `as_of` at whose end something may be said of the case by time alone; NEVER: none."""
    days = [
        *(day for matter in matters for day in _of_matter(matter, claims, ground, as_of)),
        *_of_claims(claims, ground, as_of),
    ]
    return min((day for day in days if day > as_of), default=NEVER)


def _of_matter(matter: Matter, claims: Claims, ground: Ground, as_of: date) -> Iterator[date]:
    for one in deadlines(matter, claims, ground, as_of + _DAY):
        if watched(one):
            yield next_threshold(THRESHOLDS, one.ends_on, as_of)
    yield from _to_come(matter.standing, as_of)


def _of_claims(claims: Claims, ground: Ground, as_of: date) -> Iterator[date]:
    for one in limitation(claims, ground.law, as_of=as_of):
        if limits(one) and one.raw_on is not None:
            yield next_threshold(LIMITATION_THRESHOLDS, one.expires_on or one.raw_on, as_of)
        if one.begins_on is not None:
            yield one.begins_on
    for stream in claims.streams.values():
        yield from _to_come((*stream.proofs.values(), *stream.debts, *stream.roles), as_of)


def _to_come(facts: Iterable[Any], as_of: date) -> Iterator[date]:
    """Days of facts that take effect later, such as the end of a period to perform."""
    return (one.on for one in facts if getattr(one, "on", as_of) > as_of)
