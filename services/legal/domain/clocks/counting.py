"""Counting periods: the first day is not counted, a month ends where it has no such day, rest days roll on.

Civil Code art. 201 to 203; Civil Procedure Law art. 85. Make-up working days are working days; a year whose calendar is
not announced is an answer of its own.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

from shared.kernel.calendar import CalendarMissing, next_working_day

_WEEKEND = 5


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: civil years, months and days, added in this order."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The last day of the span that begins the day after `day`; a missing day is its month's last (art. 202)."""
        months = day.month - 1 + 12 * self.years + self.months
        year, month = day.year + months // 12, months % 12 + 1
        landed = date(year, month, min(day.day, monthrange(year, month)[1]))
        return landed + timedelta(days=self.days)


def rolled(day: date) -> date | CalendarMissing:
    """The day itself if it is a working day in mainland China, else the next one (art. 203)."""
    return next_working_day(day)


def after_business_days(day: date, count: int) -> date:
    """The `count`-th US business day after `day`: no Saturday, Sunday or holiday of 5 U.S.C. 6103(a).

    A holiday that is observed on another day is left out on both: of two readings the later date
    (12 CFR 1006.34(b)(5)).
    """
    us = holidays.country_holidays("US", years=[day.year, day.year + 1], observed=True)
    at, left = day, count
    while left:
        at += timedelta(days=1)
        if at.weekday() < _WEEKEND and at not in us:
            left -= 1
    return at
