"""Half-open periods of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.period import EmptyPeriod, Period, month_of

days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
periods = st.builds(lambda day, length: Period(day, day + timedelta(days=length)), days, st.integers(1, 400))


def test_the_end_does_not_belong() -> None:
    april = month_of(date(2005, 4, 30))
    assert april == Period(date(2005, 4, 1), date(2005, 5, 1))
    assert april.contains(date(2005, 4, 1))
    assert april.contains(date(2005, 4, 30))
    assert not april.contains(date(2005, 5, 1))
    assert (april.days, april.last) == (30, date(2005, 4, 30))


def test_december_ends_in_the_next_year() -> None:
    assert month_of(date(2024, 12, 31)) == Period(date(2024, 12, 1), date(2025, 1, 1))


@pytest.mark.parametrize("until", [date(2005, 4, 1), date(2005, 3, 1)])
def test_a_period_without_a_day_is_refused(until: date) -> None:
    with pytest.raises(EmptyPeriod):
        Period(date(2005, 4, 1), until)


def test_months_that_touch_do_not_overlap() -> None:
    assert not month_of(date(2005, 4, 1)).overlaps(month_of(date(2005, 5, 1)))


@given(days)
def test_a_day_lies_in_its_month_and_in_no_neighbour(day: date) -> None:
    month = month_of(day)
    assert month.contains(day)
    assert not month_of(month.until).contains(day)
    assert month_of(month.last) == month


@given(periods, periods)
def test_overlap_and_enclosure_agree_with_the_days_they_hold(one: Period, other: Period) -> None:
    mine = set(range(one.from_.toordinal(), one.until.toordinal()))
    theirs = set(range(other.from_.toordinal(), other.until.toordinal()))
    assert one.overlaps(other) == other.overlaps(one) == bool(mine & theirs)
    assert one.encloses(other) == (theirs <= mine)
