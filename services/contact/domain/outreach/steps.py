"""Which steps of the strategy are due about a case, and what is to be done with each now: taken, skipped, or waited.

A step comes due at most once in a stage (or for one due date). What was over before we heard of the stage was never
due; everything else ends as taken, as skipped with its reason, or waits with its reason: nothing is passed by in
silence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from services.contact.domain.facts.outreach import StepNamed
from services.contact.domain.outreach.outreach import Outreach
from services.contact.domain.outreach.standing import (
    DUE,
    ENDED,
    PAUSED,
    PROMISE,
    SOFTENED,
    Heard,
    Standing,
    Thing,
    Visit,
)
from services.contact.domain.outreach.strategy import (
    FROM_STAGE,
    PAID,
    PROMISED,
    Step,
    Strategy,
    StrategyBook,
    Window,
)  # fmt: skip
from shared.kernel.clock import day_in, in_utc, zone

TAKE: Final = "TAKE"
SKIP: Final = "SKIP"
WAIT: Final = "WAIT"
CASE_ENDED, STAGE_LEFT, NOT_DUE_ANY_MORE, NOT_TAKEN = (
    "CASE_ENDED",
    "STAGE_LEFT",
    "NOT_DUE_ANY_MORE",
    "NOT_TAKEN",
)
PROMISE_OPEN, HAS_PAID, HAS_PROMISED, OUT_OF_HOURS = (
    "PROMISE_OPEN",
    "HAS_PAID",
    "HAS_PROMISED",
    "OUT_OF_HOURS",
)
REFUSED, NO_POINT, NO_CONSENT, NO_TEMPLATE, NO_VALUES, CASE_OPEN = (
    "REFUSED", "NO_POINT", "NO_CONSENT", "NO_TEMPLATE", "NO_VALUES", "CASE_OPEN",
)  # fmt: skip
REASONS = (
    CASE_ENDED, STAGE_LEFT, NOT_DUE_ANY_MORE, NOT_TAKEN, PROMISE_OPEN, HAS_PAID, HAS_PROMISED, OUT_OF_HOURS, REFUSED,
    NO_POINT, NO_CONSENT, NO_TEMPLATE, NO_VALUES, CASE_OPEN,
)  # fmt: skip
"""Why a step is skipped or waits; beside these the reasons of a pause (standing.PAUSING, HOLD_…, MODE_…)."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time of one step: from `opens` up to and not including `ends`. `soft`: allowed while a promise is open.

    `first` and `until` bound the anchors by which it is known again; `over`: the day on which its stage was left, or
    the thing it is about ended.
    """

    of: StepNamed
    step: Step
    zone: str
    opens: datetime
    ends: datetime
    soft: bool
    first: date
    until: date | None
    over: date | None
    told_at: datetime

    @property
    def never_due(self) -> bool:
        """Was its time over when we heard of it?"""
        return self.ends <= self.told_at


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done with a step that is due: TAKE it, SKIP it for `reason`, or WAIT `until` then for `reason`."""

    occurrence: Occurrence
    act: Literal["TAKE", "SKIP", "WAIT"]
    reason: str | None = None
    until: datetime | None = None


def next_steps(state: Outreach, book: StrategyBook, now: datetime) -> tuple[Next, ...]:
    """Every step that is due and was neither taken nor skipped, in the order in which they came due."""
    heard = state.heard
    found = [
        _next(one, state, heard, now)
        for one in open_steps(state, book)
        if one.opens <= now and not one.never_due and not _left_before(one)
    ]
    return tuple(sorted(found, key=lambda one: (one.occurrence.opens, one.occurrence.of.step)))


def planned(state: Outreach, book: StrategyBook, now: datetime) -> tuple[Occurrence, ...]:
    """Steps that will come due if nothing changes."""
    found = [one for one in open_steps(state, book) if one.opens > now and one.over is None]
    return tuple(sorted(found, key=lambda one: (one.opens, one.of.step)))


def look_at(state: Outreach, book: StrategyBook, now: datetime) -> datetime | None:
    """The next instant at which something may have to be done although nothing new is heard; None: never."""
    times = [one.opens for one in planned(state, book, now)]
    for one in next_steps(state, book, now):
        times += [one.occurrence.ends] if one.until is None else [min(one.until, one.occurrence.ends)]
    times += state.tasks.values()
    strategy = book.for_day(now.date())
    if strategy is not None:
        today = day_in(now, strategy.zone)
        times += [_at(day, time(0, 0), strategy.zone) for day in state.heard.turns(today)]
    return min((one for one in times if one > now), default=None)


def open_steps(state: Outreach, book: StrategyBook) -> Iterator[Occurrence]:
    """Every time of every step of every stage and due date that was neither taken nor skipped."""
    for one in _all(state.heard, book):
        if not state.is_done(one.of.step, one.of.time, one.of.scope, one.first, one.until):
            yield one


def _all(heard: Heard, book: StrategyBook) -> Iterator[Occurrence]:
    for visit in heard.visits:
        strategy = book.for_day(visit.entered)
        if strategy is None:
            continue
        for step in strategy.steps_of(visit.stage):
            if step.anchor == FROM_STAGE:
                yield from _of_stage(step, visit, strategy)
            else:
                yield from _of_due(step, visit, strategy, heard)
    for thing in heard.of(PROMISE):
        strategy = book.for_day(thing.on)
        for step in strategy.written.promised if strategy is not None else ():
            one = None if strategy is None else _of_thing(step, thing, strategy, heard, soft=True)
            if one is not None:
                yield one


def _of_stage(step: Step, visit: Visit, strategy: Strategy) -> Iterator[Occurrence]:
    for number in range(step.times):
        day = visit.entered + timedelta(days=step.day + number * step.every)
        yield _occurrence(
            step, day, strategy, time_=number + 1, scope=visit.stage, anchor=visit.entered, soft=False,
            first=visit.entered, until=visit.left, over=visit.left, told_at=visit.told_at,
        )  # fmt: skip


def _of_due(step: Step, visit: Visit, strategy: Strategy, heard: Heard) -> Iterator[Occurrence]:
    """A step by a due date belongs to the stage that the case is in on the planned day."""
    for thing in heard.of(DUE):
        one = _of_thing(step, thing, strategy, heard, soft=False)
        if one is not None and visit.holds(day_in(one.opens, strategy.zone)):
            yield one


def _of_thing(step: Step, thing: Thing, strategy: Strategy, heard: Heard, *, soft: bool) -> Occurrence | None:
    if thing.due is None:
        return None
    over = min((day for day in (thing.ends, heard.ended_on) if day is not None), default=None)
    return _occurrence(
        step, thing.due + timedelta(days=step.day), strategy, time_=1, scope=thing.ref, anchor=thing.due,
        soft=soft, first=thing.due, until=thing.due + _DAY, over=over, told_at=thing.told_at,
    )  # fmt: skip


def _occurrence(
    step: Step,
    day: date,
    strategy: Strategy,
    *,
    time_: int,
    scope: str,
    anchor: date,
    soft: bool,
    first: date,
    until: date | None,
    over: date | None,
    told_at: datetime,
) -> Occurrence:
    last = day + timedelta(days=step.within)
    of = StepNamed(step=step.name, time=time_, scope=scope, anchor=anchor, strategy=strategy.version.id)
    return Occurrence(
        of=of, step=step, zone=strategy.zone, opens=_at(day, step.window.from_, strategy.zone),
        ends=_at(last, step.window.to, strategy.zone), soft=soft, first=first, until=until, over=over,
        told_at=told_at,
    )  # fmt: skip


def _left_before(one: Occurrence) -> bool:
    """Was the stage left, or the thing over, before the step came due? Then it never was due."""
    return one.over is not None and one.over <= day_in(one.opens, one.zone)


def _next(one: Occurrence, state: Outreach, heard: Heard, now: datetime) -> Next:
    today = day_in(now, one.zone)
    gone = _gone(one, heard, today)
    if gone is not None:
        return Next(one, SKIP, gone)
    held = _held(one, heard.standing(today))
    if now >= one.ends:
        return Next(one, SKIP, held or _unless(one, heard, today) or _waited_for(state, one) or NOT_TAKEN)
    if held is not None:
        return Next(one, WAIT, held)
    reason = _unless(one, heard, today)
    if reason is not None:
        return Next(one, SKIP, reason)
    waited = state.waiting.get(one.of)
    if waited is not None and now < waited.until:
        return Next(one, WAIT, waited.reason, waited.until)
    opens = _opens_again(one.step.window, one.zone, now)
    if opens is not None:
        return Next(one, WAIT, OUT_OF_HOURS, opens)
    return Next(one, TAKE)


def _gone(one: Occurrence, heard: Heard, today: date) -> str | None:
    """What it was about is no more."""
    if heard.standing(today).state == ENDED:
        return CASE_ENDED
    if one.over is not None and one.over <= today:
        return STAGE_LEFT if one.step.anchor == FROM_STAGE else NOT_DUE_ANY_MORE
    return None


def _held(one: Occurrence, standing: Standing) -> str | None:
    """Why it may not be taken although it is due."""
    if standing.state == PAUSED:
        return standing.because[0]
    return PROMISE_OPEN if standing.state == SOFTENED and not one.soft else None


def _waited_for(state: Outreach, one: Occurrence) -> str | None:
    waited = state.waiting.get(one.of)
    return None if waited is None else waited.reason


def _unless(one: Occurrence, heard: Heard, today: date) -> str | None:
    """Did the debtor pay or promise since the anchor, where the step is then not wanted?"""
    if PAID in one.step.unless and any(one.of.anchor <= day <= today for day in heard.paid_on):
        return HAS_PAID
    promised = any(one.of.anchor <= thing.on <= today for thing in heard.of(PROMISE))
    return HAS_PROMISED if PROMISED in one.step.unless and promised else None


def _opens_again(window: Window, zone_name: str, now: datetime) -> datetime | None:
    """The next opening of the window, None while it is open."""
    local = now.astimezone(zone(zone_name))
    if window.from_ <= local.time() < window.to:
        return None
    day = local.date() if local.time() < window.from_ else local.date() + _DAY
    return _at(day, window.from_, zone_name)


def _at(day: date, clock: time, zone_name: str) -> datetime:
    """That time of that day there, in UTC; the very last instant of a day is the next day's first."""
    if clock == time.max:
        day, clock = day + _DAY, time(0, 0)
    return in_utc(datetime.combine(day, clock, tzinfo=zone(zone_name)))
