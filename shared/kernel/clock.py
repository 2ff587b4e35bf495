"""Time as an argument. The one module that may read the system's clock."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.kernel.refusal import Refused


class UnknownZone(Refused):
    """The time zone is not a name of the IANA database, such as "Asia/Shanghai". Send one that is."""

    code = "unknown-zone"
    title_en = "The time zone is not known"
    title_zh = "时区名称无法识别"


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC, in microseconds."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is told to go on: for tests, demos and replays."""

    def __init__(self, at: datetime) -> None:
        self._at = in_utc(at)

    def now(self) -> datetime:
        """Where it stands."""
        return self._at

    def advance(self, by: timedelta) -> datetime:
        """Go on by `by` (negative: a clock set back) and tell the new time."""
        self._at += by
        return self._at

    def set(self, at: datetime) -> None:
        """Stand at another instant."""
        self._at = in_utc(at)


def in_utc(at: datetime) -> datetime:
    """The same instant in UTC. A naive time is a fault of ours: ValueError."""
    if at.tzinfo is None:
        raise ValueError("an instant carries its zone")
    return at.astimezone(UTC)


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone from None


@lru_cache(maxsize=4096)
def start_of_day(day: date, zone_name: str) -> datetime:
    """The instant, in UTC, at which `day` begins in a zone: what "effective on a date" means. Raises
    UnknownZone.

    Where a zone skips midnight that is the first instant after the gap; where it has two midnights, the
    first.
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone(zone_name)).astimezone(UTC)


def day_in(at: datetime, zone_name: str) -> date:
    """The date that a zone's calendar shows at an instant. Raises UnknownZone."""
    return in_utc(at).astimezone(zone(zone_name)).date()
