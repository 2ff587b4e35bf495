"""How a language writes a value: money, days, names; ours and fixed, so that the same text can be made again.

A value is a plain string of its kind: money "1234.50 CNY", date "2026-12-01", time "15:30", number "3", masked_account
the last four characters. What a library knows of calendars and numbers changes with its releases.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time

from shared.kernel import money
from shared.kernel.refusal import Refused

CHINESE, ENGLISH = "zh-CN", "en"
LANGUAGES = (CHINESE, ENGLISH)
NAME_CHARS_MAX = 60
_NAME_MARKS = frozenset(" ·•.'’-–,，()（）&/")
"""What stands in names of people and firms beside letters and digits."""
_WIDE_MARKS = str.maketrans("（），", "(),")
_MONEY = re.compile(r"(?P<amount>[0-9.]+) (?P<currency>[A-Z]{3})")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,5}")
_LAST_FOUR = re.compile(r"[0-9A-Z]{4}")
_PHONE = re.compile(r"\+?[0-9](?:[ -]?[0-9]){3,18}")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def _money(value: str, chinese: bool) -> str | None:
    parts = _MONEY.fullmatch(value)
    if parts is None:
        return None
    try:
        amount = money.parse(parts["amount"], parts["currency"])
    except Refused:
        return None
    whole, dot, fraction = amount.decimal().partition(".")
    grouped = f"{int(whole):,}{dot}{fraction}"
    if chinese:
        return f"人民币{grouped}元" if amount.currency == "CNY" else f"{amount.currency} {grouped}"
    return f"{amount.currency} {grouped}"


def _date(value: str, chinese: bool) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    if day.isoformat() != value:
        return None
    if chinese:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _time(value: str, chinese: bool) -> str | None:
    return time.fromisoformat(value).strftime("%H:%M") if _TIME.fullmatch(value) else None


def _number(value: str, chinese: bool) -> str | None:
    return value if _NUMBER.fullmatch(value) else None


def _name(value: str, chinese: bool) -> str | None:
    if not 1 <= len(value) <= NAME_CHARS_MAX or value != value.strip():
        return None
    plain = value.translate(_WIDE_MARKS)
    if unicodedata.normalize("NFKC", plain) != plain:
        return None
    fit = all(unicodedata.category(one)[0] in "LMN" or one in _NAME_MARKS for one in value)
    return value if fit else None


def _masked_account(value: str, chinese: bool) -> str | None:
    if not _LAST_FOUR.fullmatch(value):
        return None
    return f"尾号{value}" if chinese else f"ending in {value}"


def _phone(value: str, chinese: bool) -> str | None:
    return value if _PHONE.fullmatch(value) else None


WRITERS: Mapping[str, Callable[[str, bool], str | None]] = {
    "money": _money,
    "date": _date,
    "time": _time,
    "number": _number,
    "name": _name,
    "institution": _name,
    "masked_account": _masked_account,
    "phone": _phone,
}
"""Kind -> writes a value, in Chinese or not; None for what is no value of the kind."""
