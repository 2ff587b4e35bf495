"""Until when something could be done, by a clock of the law pack: what the guards of the tracks ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.clocks.running import end_of, last_day
from services.legal.domain.ground import Ground


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`raw_on` is its last day before rolling to a working day, `expires_on` after it.

    `expires_on` None: the working days of that year are not announced, or the end does not roll.
    """

    raw_on: date
    expires_on: date | None

    @property
    def last(self) -> date:
        """The last day in time; the raw day where it cannot be told whether that is a working day."""
        return self.expires_on or self.raw_on


def period(ground: Ground, clock: str, start: date) -> Period:
    """The period of a clock of the pack that begins with what happened on `start`."""
    rule = ground.law.named(clock)
    assert rule is not None, f"the law pack has no clock {clock}"
    raw = end_of(rule, ClockFact(kind=rule.starts[0], on=start))
    return Period(raw, last_day(rule, raw))


def longest(found: Iterable[Period | None]) -> Period | None:
    """The one that ends last; None where one of them has not begun, or there is none."""
    all_of = tuple(found)
    begun = [one for one in all_of if one is not None]
    return max(begun, key=lambda one: one.last) if begun and len(begun) == len(all_of) else None
