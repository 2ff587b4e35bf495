"""How a clock runs: a pure fold over the facts that stand, by the lengths in force on the day it starts."""

from dataclasses import dataclass, field
from datetime import date

from services.legal.domain.clocks.counting import Span, after_business_days, rolled
from services.legal.domain.clocks.facts import ClockFact, standing
from services.legal.domain.clocks.pack import AnyClock, ClockRule, Length, Restarting, Term
from services.legal.domain.clocks.reading import (
    CALENDAR_MISSING,
    EXPIRED,
    HELD,
    IN_PROCEDURE,
    NOT_STARTED,
    RESTART,
    RESUMES,
    RUNNING,
    RUNS_AGAIN,
    START,
    SUSPENDED,
    SUSPENDS,
    TOO_LATE,
    WAIVED,
    WAIVES,
    Link,
    Reading,
)
from shared.kernel.calendar import CalendarMissing


def read_clock(clock: AnyClock, facts: tuple[ClockFact, ...], as_of: date) -> Reading:
    """The clock as of the end of a day."""
    known = standing(facts, as_of)
    return _term(clock, known, as_of) if isinstance(clock, Term) else _Fold(clock, as_of).over(known)


def end_of(clock: ClockRule, start: ClockFact) -> date:
    """The raw last day of a clock that this fact starts, by the length in force then."""
    lengths = [one for one in clock.length if one.for_ is None or one.for_ == start.complexity]
    lengths = lengths or [clock.length[0]]
    held = [one for one in lengths if one.from_ <= start.on] or lengths[:1]
    end = _ends(held[-1], start.on)
    for later in lengths[lengths.index(held[-1]) + 1 :]:
        if later.transition == "shorter" and end >= later.from_:
            end = min(end, _ends(later, start.on))
    return end


def _ends(length: Length, start: date) -> date:
    return length.span.after(
        after_business_days(start, length.business_days) if length.business_days else start
    )


def last_day(clock: ClockRule, raw: date) -> date | None:
    """The last day in time, None while the calendar of its year is not announced."""
    if clock.rolls == "none":
        return raw
    found = rolled(raw)
    return None if isinstance(found, CalendarMissing) else found


def _term(clock: Term, known: tuple[ClockFact, ...], as_of: date) -> Reading:
    starts = [fact for fact in known if fact.kind in clock.starts]
    if not starts:
        return Reading(NOT_STARTED, None, None, ())
    start = starts[0] if clock.of_several == "earliest" else starts[-1]
    raw = end_of(clock, start)
    expires = last_day(clock, raw)
    chain = [Link(start, START, clock.source.article, raw)]
    kept = next((f for f in known if f.kind in clock.ends and start.on <= f.on <= (expires or raw)), None)
    if kept is not None:
        return Reading(IN_PROCEDURE, raw, expires, (*chain, Link(kept, HELD, clock.source.article, None)))
    return Reading(_running(raw, expires, as_of), raw, expires, tuple(chain))


def _running(raw: date, expires: date | None, as_of: date) -> str:
    if expires is None:
        return CALENDAR_MISSING
    return RUNNING if as_of <= expires else EXPIRED


@dataclass(slots=True)
class _Fold:
    """A restarting clock while its facts pass by, in the order of their days."""

    clock: Restarting
    as_of: date
    raw: date | None = None
    absolute: date | None = None
    held: bool = False
    obstacle: ClockFact | None = None
    waived: bool = False
    chain: list[Link] = field(default_factory=list)

    def over(self, known: tuple[ClockFact, ...]) -> Reading:
        """The reading after all facts."""
        for fact in (one for one in known if one.kind in self.clock.starts):
            self._start(fact)
        for fact in known:
            self._pass(fact)
        if self.raw is None:
            return Reading(NOT_STARTED, None, None, tuple(self.chain))
        if self.held:
            return Reading(IN_PROCEDURE, None, None, tuple(self.chain))
        if self.obstacle is not None and self._suspends(self.obstacle, self.as_of):
            return Reading(SUSPENDED, None, None, tuple(self.chain))
        expires = last_day(self.clock, self.raw)
        state = _running(self.raw, expires, self.as_of)
        return Reading(
            WAIVED if state == RUNNING and self.waived else state, self.raw, expires, tuple(self.chain)
        )

    def _start(self, fact: ClockFact) -> None:
        """The latest start counts: a debt in instalments starts with its last one (art. 189)."""
        self.raw = end_of(self.clock, fact)
        if self.clock.absolute_years is not None:
            self.absolute = Span(years=self.clock.absolute_years).after(fact.on)
        self.chain = [self._link(fact, START)]

    def _link(self, fact: ClockFact, effect: str) -> Link:
        article = self.clock.articles.get(fact.kind, self.clock.source.article)
        return Link(fact, effect, article, None if self.held else self.raw)

    def _pass(self, fact: ClockFact) -> None:
        clock, started = self.clock, self.chain[0].fact.on if self.chain else None
        if started is None or fact.on < started or fact.kind in clock.starts or self.raw is None:
            return
        if fact.kind in clock.procedure_ends:
            if self.held:
                self.held = False
                self._anew(fact, RUNS_AGAIN)
        elif self.held:
            return  # while a procedure runs nothing else restarts or ends the clock
        elif fact.kind in clock.obstacles:
            self.obstacle = fact
            self.chain.append(self._link(fact, SUSPENDS))
        elif fact.kind in clock.obstacle_ends:
            self._resume(fact)
        elif fact.kind in clock.waivers and not self._in_time(fact.on):
            self.waived = True
            self._anew(fact, WAIVES)
        elif fact.kind in (*clock.restarts, *clock.procedures, *clock.waivers):
            self._restart(fact)

    def _restart(self, fact: ClockFact) -> None:
        if not self._in_time(fact.on):
            self.chain.append(self._link(fact, TOO_LATE))
            return
        self.obstacle = None
        if fact.kind in self.clock.procedures:
            self.held = True
            self.chain.append(self._link(fact, HELD))
        else:
            self._anew(fact, RESTART)

    def _anew(self, fact: ClockFact, effect: str) -> None:
        again = end_of(self.clock, fact)
        self.raw = again if self.absolute is None or self.waived else min(again, self.absolute)
        self.chain.append(self._link(fact, effect))

    def _resume(self, fact: ClockFact) -> None:
        """The obstacle is gone: the period ends so many months later, where it would have ended before (art. 194)."""
        began, self.obstacle = self.obstacle, None
        if began is None or self.raw is None or not self._suspends(began, fact.on):
            return
        self.raw = max(self.raw, Span(months=self.clock.last_months).after(fact.on))
        self.chain.append(self._link(fact, RESUMES))

    def _suspends(self, began: ClockFact, until: date) -> bool:
        """Did the obstacle reach into the last months of the period, and begin before its end?"""
        assert self.raw is not None, "a clock that has not started cannot be suspended"
        opens = Span(months=-self.clock.last_months).after(self.raw)
        return began.on <= self.raw and until > opens

    def _in_time(self, on: date) -> bool:
        """Is a day within the period? Where the roll cannot be told, the raw day is the last that is surely in time."""
        assert self.raw is not None, "a clock that has not started has no end"
        if self.obstacle is not None and self._suspends(self.obstacle, on):
            return True
        return on <= (last_day(self.clock, self.raw) or self.raw)
