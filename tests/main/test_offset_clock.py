"""The test clock: it ticks on from where it was set, is shared through its file, and never goes back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.main.offset_clock import ClockFileUnreadable, ClockNeverGoesBack, OffsetClock
from shared.kernel.clock import FixedClock

REAL = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MAY = datetime(2027, 5, 22, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_it_shows_the_real_time_until_it_is_set(tmp_path: Path) -> None:
    clock = OffsetClock(tmp_path / "clock.json", real=FixedClock(REAL))
    assert (clock.is_set, clock.now()) == (False, REAL)


def test_it_goes_on_ticking_from_where_it_was_set(tmp_path: Path) -> None:
    real = FixedClock(REAL)
    clock = OffsetClock(tmp_path / "clock.json", real=real)
    assert clock.set(MAY) == MAY
    real.advance(timedelta(hours=3))
    assert clock.now() == MAY + timedelta(hours=3)
    assert clock.advance(DAY) == MAY + timedelta(hours=3) + DAY


def test_everybody_with_the_file_reads_the_same_time_at_once(tmp_path: Path) -> None:
    real = FixedClock(REAL)
    one, other = (OffsetClock(tmp_path / "clock.json", real=real) for _ in range(2))
    one.set(MAY)
    assert other.now() == MAY
    other.advance(DAY)
    assert one.now() == MAY + DAY
    assert OffsetClock(tmp_path / "clock.json", real=real).now() == MAY + DAY


def test_it_never_goes_back_once_it_is_set(tmp_path: Path) -> None:
    clock = OffsetClock(tmp_path / "clock.json", real=FixedClock(REAL))
    clock.set(MAY)
    with pytest.raises(ClockNeverGoesBack):
        clock.set(MAY - timedelta(seconds=1))
    with pytest.raises(ClockNeverGoesBack):
        clock.advance(-DAY)
    assert clock.now() == MAY


def test_its_first_setting_may_be_any_that_no_event_contradicts(tmp_path: Path) -> None:
    clock = OffsetClock(tmp_path / "clock.json", real=FixedClock(REAL))
    past = datetime(2005, 4, 30, tzinfo=UTC)
    with pytest.raises(ClockNeverGoesBack):
        clock.set(past, not_before=REAL)
    assert clock.set(past, not_before=past) == past


def test_a_file_that_is_no_clock_is_refused_at_the_start(tmp_path: Path) -> None:
    for content in ("", "{}", '{"set_to": "soon", "set_at": "now"}', '{"set_to": 1, "set_at": 2}', "[]"):
        (tmp_path / "clock.json").write_text(content)
        with pytest.raises(ClockFileUnreadable):
            OffsetClock(tmp_path / "clock.json")


def test_a_file_that_goes_or_breaks_meanwhile_leaves_the_clock_as_it_was(tmp_path: Path) -> None:
    clock = OffsetClock(tmp_path / "clock.json", real=FixedClock(REAL))
    clock.set(MAY)
    (tmp_path / "clock.json").write_text("broken")
    assert clock.now() == MAY
    (tmp_path / "clock.json").unlink()
    assert clock.now() == MAY
