"""Times of day: hours in which contact is open, times a person calls inconvenient, and rest days."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from services.contact.domain.asked import Past
from services.contact.domain.kinds.rule import From, Rule
from services.contact.domain.moment import Moment
from services.contact.domain.verdict import Finding
from shared.kernel.calendar import CalendarMissing, is_working_day

HORIZON_DAYS = 60
"""How far ahead an open moment is looked for."""


class Hours(From, frozen=True, kw_only=True):
    """Open from `open` up to and not including `close`, by the clock of every zone at once."""

    open: time
    close: time


class AllowedHours(Rule, frozen=True, kw_only=True, tag="allowed_hours"):
    """Contact only within the open hours of every plausible zone; `unless`: an agreement on file lifts it."""

    value: tuple[Hours, ...]
    unless: str | None = None

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails outside the hours in any zone."""
        if self.unless is not None and moment.proposal.exception == self.unless:
            return None
        if all(value.open <= moment.clock(zone) < value.close for zone in moment.zones):
            return None
        return self.fails(waits=True)


class RestDays(Rule, frozen=True, kw_only=True, tag="rest_days"):
    """No contact on statutory rest days; make-up working days are working days. An unannounced year refuses."""

    value: tuple[From, ...]

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails on a rest day in any zone, and for good where the calendar of the year is missing."""
        for zone in moment.zones:
            match is_working_day(moment.today(zone)):
                case CalendarMissing():
                    return self.fails(waits=False)
                case False:
                    return self.fails(waits=True)
        return None


class Inconvenient(Rule, frozen=True, kw_only=True, tag="inconvenient"):
    """Not at a time or a place that the person called inconvenient; one answer to a message of theirs is free.

    A place binds what reaches that place, whatever the time, unless a time was named with it.
    """

    value: tuple[From, ...]
    reply_once: bool = True
    place_only_channels: tuple[str, ...] = ("letter",)

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails at the time in any zone, or at the place."""
        if self.reply_once and moment.reply_is_free(moment.proposal.channel):
            return None
        waits, counted = True, []
        for said in moment.of("inconvenient"):
            if said.until is not None and moment.at >= said.until:
                continue
            if said.channel is not None and said.channel != moment.proposal.channel:
                continue
            if said.place is not None and said.place != moment.proposal.place:
                continue
            timed = bool(said.days) or said.from_ is not None or said.to is not None
            if said.place is None and moment.proposal.channel in self.place_only_channels:
                continue
            if timed and not any(_within(said, moment, zone) for zone in moment.zones):
                continue
            if not timed and said.place is None:
                continue
            waits = waits and (timed or said.until is not None)
            counted.append(said.ref)
        return self.fails(waits=waits, counted=tuple(counted)) if counted else None


def _within(said: Past, moment: Moment, zone: Any) -> bool:
    day, clock = moment.today(zone).weekday(), moment.clock(zone)
    from_, to = said.from_ or time.min, said.to
    if to is not None and to <= from_:  # over midnight: the evening of its day and the morning after
        after = (day - 1) % 7
        return (_on(said, day) and clock >= from_) or (_on(said, after) and clock < to)
    return _on(said, day) and clock >= from_ and (to is None or clock < to)


def _on(said: Past, weekday: int) -> bool:
    return not said.days or weekday in said.days


def openings(moment: Moment, rules: Sequence[tuple[Rule, From]]) -> Iterator[datetime]:
    """Instants after the moment at which something may open, in order, over HORIZON_DAYS: the only ones to look at.

    Midnights of every zone (days counted), opening hours, ends of inconvenient times, and every `until` on record.
    """
    found: set[datetime] = set()
    times = {time.min}
    times |= {value.open for _, value in rules if isinstance(value, Hours)}
    said = list(moment.of("inconvenient"))
    times |= {one.to for one in said if one.to is not None}
    for zone in moment.zones:
        first = moment.today(zone)
        for ahead in range(HORIZON_DAYS + 1):
            day = first + timedelta(days=ahead)
            found |= {instant_of(day, clock, zone) for clock in times}
    found |= {one.until for one in moment.question.history if one.until is not None}
    last = moment.at + timedelta(days=HORIZON_DAYS)
    return iter(sorted(at for at in found if moment.at < at <= last))


def closings(moment: Moment, rules: Sequence[tuple[Rule, From]]) -> Iterator[datetime]:
    """Instants after the moment at which something may close: midnights, closing hours, inconvenient times."""
    times = {time.min} | {value.close for _, value in rules if isinstance(value, Hours)}
    times |= {one.from_ for one in moment.of("inconvenient") if one.from_ is not None}
    found = {
        instant_of(moment.today(zone) + timedelta(days=ahead), clock, zone)
        for zone in moment.zones
        for ahead in (0, 1)
        for clock in times
    }
    found |= {one.until for one in moment.question.history if one.until is not None}
    return iter(sorted(at for at in found if at > moment.at))


def instant_of(day: date, clock: time, zone: Any) -> datetime:
    """The first instant of that wall-clock time; one that a clock change leaves out is the first one after it."""
    at = datetime.combine(day, clock, tzinfo=zone)
    return datetime.fromtimestamp(at.timestamp(), tz=zone)
