"""Reading what people type: days, instants, places in a feed, persons and codes."""

import re
from datetime import date, datetime, timedelta

from services.main.usage import WrongUsage
from shared.kernel import clock

_MICROSECOND = timedelta(microseconds=1)


def day(text: str, *, option: str) -> date:
    """A date as YYYY-MM-DD. Raises WrongUsage."""
    try:
        if not _is_day(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(
            en=f"{option} takes a date as YYYY-MM-DD, such as 2005-09-30",
            zh=f"{option} 应为 YYYY-MM-DD 格式的日期，例如 2005-09-30",
        ) from None


def start(text: str | None, *, option: str, zone: str) -> datetime | None:
    """The instant at which a day begins in `zone`, or the instant itself. Raises WrongUsage."""
    if text is None:
        return None
    try:
        if _is_day(text):
            return clock.start_of_day(date.fromisoformat(text), zone)
        return clock.in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise _no_moment(option) from None


def moment(text: str | None, *, option: str, zone: str) -> datetime | None:
    """The last instant that counts: of a day its end in `zone`, or the instant itself. Raises WrongUsage."""
    if text is None:
        return None
    try:
        if _is_day(text):
            following = date.fromisoformat(text) + timedelta(days=1)
            return clock.start_of_day(following, zone) - _MICROSECOND
        return clock.in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise _no_moment(option) from None


def _is_day(text: str) -> bool:
    """YYYY-MM-DD and no other spelling of ISO 8601, such as 2005-W39-5."""
    return len(text) == len("2005-09-30") and text[4] == text[7] == "-"


def just_after(at: datetime | None) -> datetime | None:
    """The exclusive end of what counts up to and including `at`."""
    return None if at is None else at + _MICROSECOND


def _no_moment(option: str) -> WrongUsage:
    return WrongUsage(
        en=f"{option} takes a date (2005-09-30) or a time with its offset (2005-09-30T12:00:00+08:00)",
        zh=f"{option} 应为日期（2005-09-30）或带时区偏移的时间（2005-09-30T12:00:00+08:00）",
    )


def person(by: str) -> str:
    """Who decides, as kind:id. Raises WrongUsage."""
    if not re.fullmatch(r"[a-z]+:[A-Za-z0-9._@-]{1,100}", by):
        raise WrongUsage(
            en="--by names a person as kind:id, such as user:5b0e", zh="--by 应为 类别:编号，例如 user:5b0e"
        )
    return by


def code_of(reason: str) -> str:
    """Why, as a code in capitals. Raises WrongUsage."""
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,39}", reason):
        raise WrongUsage(
            en="--reason is a code such as TOO_STERN", zh="--reason 应为大写代码，例如 TOO_STERN"
        )
    return reason
