"""From a lender's cell to our value, or the reason why not. Pure: nothing here knows a file.

Every function takes a cell as text, stripped and not blank, and raises Unreadable.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise

from services.case.application.book_reasons import (
    BAD_AMOUNT,
    BAD_DATE,
    BAD_EMAIL,
    BAD_NUMBER,
    BAD_TEXT,
    NEGATIVE_AMOUNT,
    TOO_LONG,
    UNKNOWN_CURRENCY,
    UNKNOWN_ZONE,
    UNMAPPED_CODE,
)
from shared.kernel import clock
from shared.kernel.clock import UnknownZone
from shared.kernel.currency import DIGITS
from shared.kernel.money import MalformedAmount, parse_minor

REFERENCE_LETTERS_MAX = 128
TEXT_LETTERS_MAX = 512
WORD = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}")
MINOR_END = 10**15
WHOLE_MAX = 99_999
RATE_PPM_MAX = 100_000_000
"""A hundred times the principal a year: a rate above it was read in the wrong unit."""
YEAR_MIN, YEAR_MAX = 1900, 2199
DATES_KEPT_MAX = 4096
RATE_UNITS = {"ppm": 0, "per_myriad": 2, "percent": 4, "fraction": 6}
"""How many decimal places each unit's point moves to the right on the way to parts per million."""

_JOINERS = str.maketrans("", "", "_.-")
_LONG_NUMBER = re.compile(r"[0-9]{7}")
_SPACES = str.maketrans({"\u3000": " ", "\u00a0": " "})
_REFUSED_LETTERS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,4})?")
_EMAIL = re.compile(r"[^@\s,;<>\"']{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


class Unreadable(Exception):
    """The cell cannot be read; `reason` is one of book_reasons, `field` is named where it is not the one being read."""

    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.field = reason, field


def text(cell: str, *, letters_max: int = TEXT_LETTERS_MAX) -> str:
    """A text in NFC. Letters of the private use area pass: lenders' rare characters stand there.

    Raises: Unreadable for control and invisible characters, and above `letters_max`.
    """
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell.translate(_SPACES)).strip()
    if not cell.isprintable() and any(unicodedata.category(letter) in _REFUSED_LETTERS for letter in cell):
        raise Unreadable(BAD_TEXT)
    if len(cell) > letters_max:
        raise Unreadable(TOO_LONG)
    return cell


def reference(cell: str) -> str:
    """The lender's word for a thing or a person."""
    return text(cell, letters_max=REFERENCE_LETTERS_MAX)


def word(cell: str, table: Mapping[str, str] | None, among: tuple[str, ...]) -> str:
    """One of our codes: by the mapping's table where there is one, else as it stands."""
    code = cell if table is None else table.get(cell)
    if code is None or (code not in among if among else not WORD.fullmatch(code)):
        raise Unreadable(UNMAPPED_CODE)
    return code


def label(cell: str) -> str:
    """A short name that tells things of one owner apart: an instalment's number, a telephone's label."""
    if not LABEL.fullmatch(cell):
        raise Unreadable(BAD_TEXT if len(cell) <= 40 else TOO_LONG)
    return cell


def point_label(cell: str) -> str:
    """The label of a contact point. It stands in clear in views and feed, so it may not hold a number of the person."""
    if _LONG_NUMBER.search(cell.translate(_JOINERS)):
        raise Unreadable(BAD_TEXT)
    return label(cell)


def currency(cell: str) -> str:
    """A code of ISO 4217."""
    if cell not in DIGITS:
        raise Unreadable(UNKNOWN_CURRENCY)
    return cell


@lru_cache(maxsize=1024)
def zone(cell: str) -> str:
    """A name of the IANA database."""
    try:
        clock.zone(cell)
    except UnknownZone:
        raise Unreadable(UNKNOWN_ZONE) from None
    return cell


def email(cell: str) -> str:
    """An address with one @ and a host that could be one; whether it exists nobody can tell from here."""
    if not _EMAIL.fullmatch(cell) or ".." in cell:
        raise Unreadable(BAD_EMAIL)
    return text(cell)


def amount(cell: str, places: int, *, minor_units: bool, thousands: bool) -> int:
    """Minor units. `minor_units`: the cell is in them already (fen), else in the currency's main unit (yuan).

    `thousands`: commas may group the digits. A whole number may stand with zeros behind its point.
    """
    if len(cell) <= 12 and cell.isascii() and cell.isdigit():
        return int(cell) if minor_units else int(cell) * int(10**places)
    if thousands and "," in cell and _THOUSANDS.fullmatch(cell):
        cell = cell.replace(",", "")
    if minor_units and "." in cell and not cell.partition(".")[2].strip("0"):
        cell = cell.partition(".")[0]
    elif not minor_units and "." in cell:
        cell = _without_surplus_zeros(cell, places)
    try:
        minor = parse_minor(cell, 0 if minor_units else places)
    except MalformedAmount:
        raise Unreadable(BAD_AMOUNT) from None
    if abs(minor) >= MINOR_END:
        raise Unreadable(BAD_AMOUNT)
    return minor


def _without_surplus_zeros(cell: str, places: int) -> str:
    """ "100.0000" of a currency with two places is 100.00; "100.001" stays as it is, and is refused."""
    whole, _, fraction = cell.partition(".")
    if len(fraction) <= places or fraction[places:].strip("0"):
        return cell
    return f"{whole}.{fraction[:places]}" if places else whole


def not_negative(minor: int) -> int:
    """The amount, if it is not below zero."""
    if minor < 0:
        raise Unreadable(NEGATIVE_AMOUNT)
    return minor


def whole(cell: str) -> int:
    """A whole number from 0 to WHOLE_MAX."""
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 6) or int(cell) > WHOLE_MAX:
        raise Unreadable(BAD_NUMBER)
    return int(cell)


def rate(cell: str, unit: str) -> int:
    """Parts per million of a rate in one of RATE_UNITS; a percent sign may follow a percentage."""
    if unit == "percent":
        cell = cell.removesuffix("%").rstrip()
    if not _DECIMAL.fullmatch(cell):
        raise Unreadable(BAD_NUMBER)
    before, _, after = cell.partition(".")
    moved = RATE_UNITS[unit]
    after = after.rstrip("0")
    if len(after) > moved:
        raise Unreadable(BAD_NUMBER)
    ppm = int(before + after.ljust(moved, "0"))
    if cell.startswith("-") or ppm > RATE_PPM_MAX:
        raise Unreadable(BAD_NUMBER)
    return ppm


def date_pattern(form: str) -> re.Pattern[str]:
    """How dates of a form such as `%Y-%m-%d` or `%Y年%m月%d日` look; one digit for a month or day where a sign follows.

    Raises: ValueError unless year, month and day occur once each, and no other directive.
    """
    parts = re.findall(r"%.|[^%]+|%", form)
    if sorted(part for part in parts if part.startswith("%")) != ["%Y", "%d", "%m"]:
        raise ValueError(form)
    signed = not any(a.startswith("%") and b.startswith("%") for a, b in pairwise(parts))
    digits = "[0-9]{1,2}" if signed else "[0-9]{2}"
    shapes = {"%Y": "(?P<Y>[0-9]{4})", "%m": f"(?P<m>{digits})", "%d": f"(?P<d>{digits})"}
    return re.compile("".join(shapes.get(part) or re.escape(part) for part in parts))


def dates(forms: tuple[str, ...]) -> Callable[[str], date]:
    """A reader of dates in any of the forms, the first that fits; it remembers what it read."""
    patterns = [date_pattern(form) for form in forms]
    known: dict[str, date] = {}

    def read(cell: str) -> date:
        if (found := known.get(cell)) is not None:
            return found
        for pattern in patterns:
            if match := pattern.fullmatch(cell):
                day = _day(int(match["Y"]), int(match["m"]), int(match["d"]))
                if len(known) < DATES_KEPT_MAX:
                    known[cell] = day
                return day
        raise Unreadable(BAD_DATE)

    return read


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise Unreadable(BAD_DATE) from None
    return in_range(found)


def in_range(day: date) -> date:
    """The day, unless it lies outside of what a lender's book can mean."""
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise Unreadable(BAD_DATE)
    return day
