"""Chinese working days, make-up days included; a year nobody has announced is an answer of its own.

The State Council's General Office announces each year's holidays and make-up working days in the autumn
before. Until then the dates can only be guessed, and a deadline rolled over a guess is wrong in court: so
such a year answers `CalendarMissing`.

Source: gov.cn notices on 部分节假日安排 for each year, through the `holidays` library; the tests compare every day
of the announced years with `chinesecalendar`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import holidays

ANNOUNCED_YEARS = range(2008, 2027)
"""Years whose notice was out and in the library when this was pinned (2026-11-22; 2027 was in neither library)."""

DAYS_SPAN_MAX = 366 * 20
"""Bound on how far a roll or a count may walk."""

_CHINA = holidays.country_holidays("CN", years=list(ANNOUNCED_YEARS), expand=False)


@dataclass(frozen=True, slots=True)
class CalendarMissing:
    """The working days of `year` are not announced (or older than our tables): nothing can be said yet."""

    year: int


def is_working_day(day: date) -> bool | CalendarMissing:
    """Is `day` a working day in mainland China? A weekend day worked in exchange for a holiday is one."""
    if day.year not in ANNOUNCED_YEARS:
        return CalendarMissing(day.year)
    return _CHINA.is_working_day(day)


def next_working_day(day: date) -> date | CalendarMissing:
    """`day` itself if it is a working day, else the next one: how a deadline rolls (民法典 203)."""
    return add_working_days(day - timedelta(days=1), 1)


def add_working_days(day: date, count: int) -> date | CalendarMissing:
    """The `count`-th (>= 1) working day after `day`, which itself does not count.

    Raises: ValueError for a count below 1. CalendarMissing as soon as the walk enters a year not announced.
    """
    if count < 1:
        raise ValueError("count at least one working day")
    left = count
    for step in range(1, DAYS_SPAN_MAX + 1):
        at = day + timedelta(days=step)
        match is_working_day(at):
            case CalendarMissing() as missing:
                return missing
            case True:
                left -= 1
                if left == 0:
                    return at
            case _:
                pass
    raise ValueError(f"the walk is bounded at {DAYS_SPAN_MAX} days")
