"""Time comes as an argument, aware and in UTC."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import clock
from shared.kernel.clock import FixedClock, SystemClock, UnknownZone


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_moves_only_when_told() -> None:
    fixed = FixedClock(datetime(2026, 11, 22, 8, tzinfo=timezone(timedelta(hours=8))))
    assert fixed.now() == fixed.now() == datetime(2026, 11, 22, tzinfo=UTC)
    assert fixed.advance(timedelta(days=-1)) == datetime(2026, 11, 21, tzinfo=UTC)
    fixed.set(datetime(2030, 1, 1, tzinfo=UTC))
    assert fixed.now() == datetime(2030, 1, 1, tzinfo=UTC)


def test_a_naive_time_is_our_own_fault() -> None:
    with pytest.raises(ValueError, match="zone"):
        FixedClock(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        (date(2005, 4, 30), "Asia/Shanghai", datetime(2005, 4, 29, 16, tzinfo=UTC)),
        # China had summer time from 1986 to 1991; on that day São Paulo had no midnight.
        (date(1988, 7, 1), "Asia/Shanghai", datetime(1988, 6, 30, 15, tzinfo=UTC)),
        (date(2018, 11, 4), "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_where_it_is(day: date, zone: str, instant: datetime) -> None:
    assert clock.start_of_day(day, zone) == instant


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Asia", "a\0b"])
def test_a_zone_outside_the_database_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        clock.start_of_day(date(2026, 1, 1), name)


ZONES = ["Asia/Shanghai", "Asia/Taipei", "America/New_York", "Europe/London", "Asia/Kolkata"]


@given(st.dates(date(1970, 1, 2), date(2100, 1, 1)), st.sampled_from(ZONES))
def test_a_day_starts_at_its_first_instant(day: date, zone: str) -> None:
    start = clock.start_of_day(day, zone)
    assert clock.day_in(start, zone) == day
    assert clock.day_in(start - timedelta(microseconds=1), zone) == day - timedelta(days=1)
