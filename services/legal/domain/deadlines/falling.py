"""What the passing of time leads to in a matter: the steps that nobody reports, each on the day it took effect.

Service by notice takes effect on the last day of its period; what falls because nobody acted in time falls on the day
after.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from services.legal.domain.clocks.counting import Span, rolled
from services.legal.domain.deadlines.deadline import Deadline
from services.legal.domain.facts import letter as ltr
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import preservation as v
from services.legal.domain.facts import suit as s
from services.legal.domain.ground import Ground
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.all_tracks import kind_of
from services.legal.domain.tracks.measures import measures
from services.legal.domain.tracks.payment_order import objection_period
from services.legal.domain.tracks.preservation import NO_SUIT, TERM, filed_in_time, suit_by
from services.legal.domain.tracks.suit_guards import force_begins_after, in_force_because
from shared.kernel.calendar import CalendarMissing

StepId = Callable[[str, str], str]
"""(track, what the step follows from) -> the id of the step: the same however often it is asked."""
_DAY = timedelta(days=1)


def fallen(
    matter: Matter, found: Iterable[Deadline], ground: Ground, *, as_of: date, step_id: StepId
) -> tuple[Any, ...]:
    """The steps that follow by the end of a day and are not on record. `found`: the matter's deadlines that day."""
    over = [one for one in found if one.open and one.expires_on is not None and one.expires_on <= as_of]
    steps = [
        *_of_each(matter, over, step_id),
        *(one for track in matter.tracks for one in _of_track(matter, track, ground, as_of, step_id)),
    ]
    return tuple(one for one in steps if _may_follow(matter, one))


def _may_follow(matter: Matter, step: Any) -> bool:
    """Does it follow from time where the track stands, and was it not taken back?"""
    machine = kind_of(matter, step.track)
    status = machine.status(matter.steps(step.track))
    follows = machine.goal(type(step), status) is not None and machine.comes_by_time(type(step), status)
    return step.step not in matter.retracted and follows


def _told(last: date, as_of: date) -> bool:
    """Is the last day over, and was it known whether it rolls to a working day?"""
    return last <= as_of and not isinstance(rolled(last), CalendarMissing)


# -- what follows from one deadline


def _of_each(matter: Matter, over: Iterable[Deadline], step_id: StepId) -> Iterator[Any]:
    for one in over:
        last, track = one.ends_on, one.thing
        begun = next((step for step in matter.steps(track) if step.step == one.begun_by), None)
        step = step_id(track, one.begun_by)
        if one.name == "SERVICE_BY_NOTICE" and isinstance(begun, s.ServiceNoticePublished):
            yield s.ServedByNotice(
                track=track, step=step, on=last, document=None, person=begun.person,
                published_on=begun.on,
            )  # fmt: skip
        elif one.name == "LETTER_ANSWER" and isinstance(begun, ltr.LetterDelivered):
            yield ltr.LetterDeadlinePassed(
                track=track,
                step=step,
                on=last + _DAY,
                answer_until=begun.answer_until,
            )


# -- what follows once all of a track's deadlines of a kind are over


def _of_track(matter: Matter, track: str, ground: Ground, as_of: date, step_id: StepId) -> Iterator[Any]:
    first = matter.steps(track)[0]
    if isinstance(first, s.SuitAssessed):
        yield from _in_force(matter, track, ground, as_of, step_id)
    elif isinstance(first, o.PaymentOrderAssessed):
        yield from _unopposed(matter, track, ground, as_of, step_id)
    elif isinstance(first, v.PreservationApplied):
        yield from _lapsed(matter, track, ground, as_of, step_id)


def _in_force(matter: Matter, track: str, ground: Ground, as_of: date, step_id: StepId) -> Iterator[Any]:
    """A judgment takes effect once nobody can appeal any more; it is performed in so many days from then."""
    judged = _newest(matter, track, s.JudgmentIssued)
    last = None if judged is None else force_begins_after(matter, track, ground)
    if judged is None or last is None or not _told(last, as_of):
        return
    until = Span(days=judged.perform_days).after(last + _DAY)
    working = rolled(until)
    if not isinstance(working, CalendarMissing):
        until = working
    yield s.JudgmentEffective(
        # a service whose day is corrected leads to another step than the one that was taken back
        track=track, step=step_id(track, f"{judged.step}|{last}"), on=last + _DAY, document=None,
        amount=judged.amount, perform_until=until, because=in_force_because(matter.steps(track)),
    )  # fmt: skip


def _unopposed(matter: Matter, track: str, ground: Ground, as_of: date, step_id: StepId) -> Iterator[Any]:
    """An order is enforceable once the time to object is over for everybody on whom it was to be served."""
    served = _newest(matter, track, o.PaymentOrderServed)
    found = objection_period(matter, track, matter.steps(track), ground)
    if served is None or found is None or not _told(found.last, as_of):
        return
    yield o.PaymentOrderUnopposed(
        track=track,
        step=step_id(track, served.step),
        on=found.last + _DAY,
        document=None,
        perform_until=found.last,
    )


def _lapsed(matter: Matter, track: str, ground: Ground, as_of: date, step_id: StepId) -> Iterator[Any]:
    """No suit in thirty days, or the last measure has ended unrenewed: whichever came first."""
    steps = matter.steps(track)
    held = [one for one in measures(steps) if one.over is None]
    if not held:
        return
    fell: list[tuple[date, str]] = []
    by = suit_by(steps, ground)
    if by is not None and _told(by.last, as_of) and not filed_in_time(matter, by):
        fell.append((by.last, NO_SUIT))
    if all(one.until <= as_of for one in held):
        fell.append((max(one.until for one in held), TERM))
    for last, reason in sorted(fell)[:1]:
        step = step_id(track, f"{held[0].begun_by}|{reason}")
        yield v.PreservationLapsed(track=track, step=step, on=last + _DAY, document=None, reason=reason)


def _newest(matter: Matter, track: str, kind: type) -> Any | None:
    return next((one for one in reversed(matter.steps(track)) if isinstance(one, kind)), None)
