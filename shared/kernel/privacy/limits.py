"""How often one person may look, and for how long what was revealed may stay in sight."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.kernel.refusal import Refused

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyLimits:
    """What the policy allows one person within any 60 minutes, and how many seconds an answer may be shown."""

    reveals_per_hour: int
    searches_per_hour: int
    shown_s: int

    def __post_init__(self) -> None:
        if min(self.reveals_per_hour, self.searches_per_hour, self.shown_s) < 1:
            raise ValueError("a limit is 1 or more")


RETAIL_PRIVACY = PrivacyLimits(reveals_per_hour=20, searches_per_hour=60, shown_s=60)


class ReadLimitReached(Refused):
    """You have looked at personal data as often within an hour as the policy allows; this is on record, too.

    Wait `retry_after_s` seconds. Context: the limit, and when to come again.
    """

    code = "quota-exceeded"
    title_en = "You have looked at personal data too often within an hour"
    title_zh = "一小时内查看个人信息的次数已达上限"


class LookOver(Refused):
    """The time for which this look was on record is over. To look again, ask again under a new key."""

    code = "look-over"
    title_en = "What was asked for under this key may no longer be shown"
    title_zh = "该幂等键对应的查看时间已过"


def wait_s(oldest: datetime | None, *, now: datetime) -> int:
    """Whole seconds until one may look again, where `oldest` is the read that must first be an hour old; 0: now."""
    if oldest is None or oldest + HOUR <= now:
        return 0
    return max(1, -int(-(oldest + HOUR - now).total_seconds() // 1))
