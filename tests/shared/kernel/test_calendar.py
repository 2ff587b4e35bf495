"""Chinese working days, compared day by day with a library that nobody here wrote."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import calendar
from shared.kernel.calendar import ANNOUNCED_YEARS, CalendarMissing

announced = st.dates(date(ANNOUNCED_YEARS.start, 1, 1), date(ANNOUNCED_YEARS.stop - 1, 11, 30))


@pytest.mark.parametrize("year", ANNOUNCED_YEARS)
def test_every_day_of_an_announced_year_agrees_with_chinesecalendar(year: int) -> None:
    day, wrong = date(year, 1, 1), []
    while day.year == year:
        if calendar.is_working_day(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_a_weekend_worked_in_exchange_is_a_working_day() -> None:
    assert calendar.is_working_day(date(2026, 2, 14)) is True  # a Saturday before the Spring Festival
    assert calendar.is_working_day(date(2026, 10, 1)) is False  # National Day, a Thursday


@pytest.mark.parametrize("year", [2007, 2027, 1, 9999])
def test_a_year_not_announced_is_an_answer_of_its_own(year: int) -> None:
    assert calendar.is_working_day(date(year, 6, 1)) == CalendarMissing(year)
    assert calendar.next_working_day(date(year, 6, 1)) == CalendarMissing(year)
    assert calendar.add_working_days(date(year, 6, 1), 3) == CalendarMissing(year)


def test_a_deadline_rolls_over_the_national_holiday() -> None:
    assert calendar.next_working_day(date(2025, 10, 1)) == date(2025, 10, 9)
    assert calendar.next_working_day(date(2025, 10, 9)) == date(2025, 10, 9)


def test_a_roll_into_a_year_not_announced_is_missing_not_guessed() -> None:
    assert calendar.add_working_days(date(2026, 12, 31), 1) == CalendarMissing(2027)


def test_counting_starts_on_the_day_after() -> None:
    assert calendar.add_working_days(date(2025, 9, 30), 1) == date(2025, 10, 9)
    with pytest.raises(ValueError, match="at least one"):
        calendar.add_working_days(date(2025, 9, 30), 0)


@given(announced)
def test_rolling_twice_is_rolling_once(day: date) -> None:
    rolled = calendar.next_working_day(day)
    assert isinstance(rolled, date)
    assert rolled >= day
    assert calendar.is_working_day(rolled) is True
    assert calendar.next_working_day(rolled) == rolled


@given(announced.filter(lambda d: d.year < 2026), st.integers(1, 15), st.integers(1, 15))
def test_counting_in_two_goes_is_counting_in_one(day: date, first: int, second: int) -> None:
    halfway = calendar.add_working_days(day, first)
    assert isinstance(halfway, date)
    assert calendar.add_working_days(halfway, second) == calendar.add_working_days(day, first + second)
