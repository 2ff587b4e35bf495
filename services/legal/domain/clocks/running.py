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
    UNDONE,
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
    """The raw last day of a clock that this fact starts, by the length in force then, or as it was agreed.

    An agreed end that is not later than the start counts as none (Civil Code art. 692).
    """
    if start.until is not None and start.until > start.on:
        return start.until
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


def _undone(fact: ClockFact, known: tuple[ClockFact, ...], clock: ClockRule) -> bool:
    """Was the procedure that this fact began taken back, or not taken up? An undoing without a name is of all."""
    return any(
        one.kind in clock.undoings and one.on >= fact.on and one.thing in (None, _name(fact)) for one in known
    )


def _name(fact: ClockFact) -> str:
    """What a beginning and its end share."""
    return fact.thing or fact.id or ""


def _term(clock: Term, known: tuple[ClockFact, ...], as_of: date) -> Reading:
    starts = [fact for fact in known if fact.kind in clock.starts]
    if not starts:
        return Reading(NOT_STARTED, None, None, ())
    start = starts[0] if clock.of_several == "earliest" else starts[-1]
    raw = end_of(clock, start)
    expires = raw if raw == start.until else last_day(clock, raw)
    chain = [Link(start, START, clock.article_of(start.kind), raw)]
    in_time = [f for f in known if f.kind in clock.ends and start.on <= f.on <= (expires or raw)]
    for fact in in_time:
        article = clock.article_of(fact.kind)
        if not _undone(fact, known, clock):
            return Reading(IN_PROCEDURE, raw, expires, (*chain, Link(fact, HELD, article, None)))
        chain.append(Link(fact, UNDONE, article, raw))
    return Reading(_running(raw, expires, as_of), raw, expires, tuple(chain))


def _running(raw: date, expires: date | None, as_of: date) -> str:
    if expires is None:
        return CALENDAR_MISSING
    return RUNNING if as_of <= expires else EXPIRED


@dataclass(slots=True)
class _Fold:
    """A restarting clock while its facts pass by, in the order of their days.

    `running` are the procedures that hold it, `obstacles` those that may suspend it, each by its name.
    """

    clock: Restarting
    as_of: date
    raw: date | None = None
    absolute: date | None = None
    waived: bool = False
    running: dict[str, ClockFact] = field(default_factory=dict)
    obstacles: dict[str, ClockFact] = field(default_factory=dict)
    chain: list[Link] = field(default_factory=list)

    def over(self, known: tuple[ClockFact, ...]) -> Reading:
        """The reading after all facts."""
        start = self._start_of(known)
        if start is None:
            return Reading(NOT_STARTED, None, None, ())
        # What ends on the day on which something begins ends after it: the clock does not run in between.
        ordered = sorted(known, key=lambda fact: (fact.on, fact.kind in self.clock.procedure_ends))
        for fact in ordered:
            if fact.on < start.on:
                self._before(fact, known)
        self._start(start)
        for fact in ordered:
            if fact.on >= start.on and fact.kind not in self.clock.starts:
                self._pass(fact, known)
        return self._reading()

    def _reading(self) -> Reading:
        assert self.raw is not None, "a clock that has started has an end"
        if self.running:
            return Reading(IN_PROCEDURE, None, None, tuple(self.chain))
        if self._suspended(self.as_of):
            return Reading(SUSPENDED, None, None, tuple(self.chain))
        expires = last_day(self.clock, self.raw)
        state = _running(self.raw, expires, self.as_of)
        return Reading(
            WAIVED if state == RUNNING and self.waived else state, self.raw, expires, tuple(self.chain)
        )

    def _start_of(self, known: tuple[ClockFact, ...]) -> ClockFact | None:
        """The latest start counts: a debt in instalments starts with its last one (art. 189).

        A kind of `starts_first` counts before the others: once all is due, later instalments start nothing.
        """
        starts = [fact for fact in known if fact.kind in self.clock.starts]
        first = [fact for fact in starts if fact.kind in self.clock.starts_first]
        among = first or starts
        return among[-1] if among else None

    def _before(self, fact: ClockFact, known: tuple[ClockFact, ...]) -> None:
        """What began before the clock did holds or suspends it if it is still there; the rest says nothing."""
        if fact.kind in self.clock.procedures:
            if not _undone(fact, known, self.clock):
                self.running[_name(fact)] = fact
        elif fact.kind in self.clock.procedure_ends:
            self._ended(fact, self.running)
        elif fact.kind in self.clock.obstacles:
            self.obstacles[_name(fact)] = fact
        elif fact.kind in self.clock.obstacle_ends:
            self._ended(fact, self.obstacles)

    def _start(self, fact: ClockFact) -> None:
        self.raw = end_of(self.clock, fact)
        if self.clock.absolute_years is not None:
            self.absolute = Span(years=self.clock.absolute_years).after(fact.on)
        began, self.running = self.running, {}
        self.chain = [self._link(fact, START)]
        self.running = began
        self.chain += [self._link(one, HELD) for one in began.values()]

    def _link(self, fact: ClockFact, effect: str) -> Link:
        return Link(fact, effect, self.clock.article_of(fact.kind), None if self.running else self.raw)

    def _pass(self, fact: ClockFact, known: tuple[ClockFact, ...]) -> None:
        clock = self.clock
        if fact.kind in clock.procedures:
            self._procedure(fact, known)
        elif fact.kind in clock.procedure_ends:
            if self._ended(fact, self.running) and not self.running:
                self._anew(fact, RUNS_AGAIN)
        elif fact.kind in clock.undoings:
            if any(link.effect == UNDONE and fact.thing in (None, _name(link.fact)) for link in self.chain):
                self.chain.append(self._link(fact, UNDONE))
        elif fact.kind in clock.obstacles:
            if self.running or self._in_time(fact.on):
                self.obstacles[_name(fact)] = fact
                self.chain.append(self._link(fact, SUSPENDS))
        elif fact.kind in clock.obstacle_ends:
            self._resume(fact)
        elif not self.running:  # while a procedure runs nothing else restarts the clock
            self._restart(fact)

    def _procedure(self, fact: ClockFact, known: tuple[ClockFact, ...]) -> None:
        if _undone(fact, known, self.clock):
            self.chain.append(self._link(fact, UNDONE))
        elif self.running or self._in_time(fact.on):
            self.running[_name(fact)] = fact
            self.chain.append(self._link(fact, HELD))
        else:
            self.chain.append(self._link(fact, TOO_LATE))

    def _restart(self, fact: ClockFact) -> None:
        if fact.kind not in (*self.clock.restarts, *self.clock.waivers):
            return
        if self._in_time(fact.on):
            self._anew(fact, RESTART)
        elif fact.kind in self.clock.waivers:
            self.waived = True
            if self.absolute is not None and fact.on > self.absolute:
                self.absolute = None
            self._anew(fact, WAIVES)
        else:
            self.chain.append(self._link(fact, TOO_LATE))

    @staticmethod
    def _ended(fact: ClockFact, under_way: dict[str, ClockFact]) -> tuple[ClockFact, ...]:
        """Those that this end ends, taken out: the one it names, or all."""
        ended = list(under_way) if fact.thing is None else [name for name in under_way if name == fact.thing]
        return tuple(under_way.pop(name) for name in ended)

    def _anew(self, fact: ClockFact, effect: str) -> None:
        self.raw = self._at_most(end_of(self.clock, fact))
        self.chain.append(self._link(fact, effect))

    def _at_most(self, end: date) -> date:
        return end if self.absolute is None else min(end, self.absolute)

    def _resume(self, fact: ClockFact) -> None:
        """The obstacle is gone: the period ends so many months later, where it would have ended before (art. 194)."""
        suspended = self._suspended(fact.on) and not self.running
        if not self._ended(fact, self.obstacles) or not suspended:
            return
        assert self.raw is not None, "a clock that has not started is not suspended"
        self.raw = max(self.raw, self._at_most(Span(months=self.clock.last_months).after(fact.on)))
        self.chain.append(self._link(fact, RESUMES))

    def _suspended(self, until: date) -> bool:
        """Is there an obstacle, and does it reach into the last months of the period?"""
        assert self.raw is not None, "a clock that has not started cannot be suspended"
        return bool(self.obstacles) and until > Span(months=-self.clock.last_months).after(self.raw)

    def _in_time(self, on: date) -> bool:
        """Is a day within the period? Where the roll cannot be told, the raw day is the last that is surely in time."""
        assert self.raw is not None, "a clock that has not started has no end"
        if on <= self.raw or self._suspended(on):
            return True
        return on <= (last_day(self.clock, self.raw) or self.raw)
