"""Telephone and identity numbers: read with kept libraries, checked, and kept apart from invented ones.

A book that its mapping calls `invented` may hold only what cannot be anybody's: telephone numbers of a range that no
operator was given, identity numbers of a place that does not exist (99), e-mail addresses of names that are
reserved (RFC 2606). In a real book the same are refused. So neither can be taken for the other, or mixed with it.
"""

from collections.abc import Callable

import phonenumbers
from phonenumbers import NumberParseException, ValidationResult
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.util import clean

from services.case.adapters.book import reading
from services.case.adapters.book.reading import Unreadable
from services.case.application.book_reasons import BAD_EMAIL, BAD_IDENTITY_NUMBER, BAD_PHONE

RIC, USCC = "CN_RIC", "CN_USCC"
"""Kinds of identity document whose numbers are checked; numbers of others are texts."""
NO_PLACE = "99"
"""Administrative divisions of GB/T 2260 begin with 11 to 82; GB 11643 and GB 32100 take their place digits from it."""
RESERVED_NAMES = ("invalid", "example", "test", "example.com", "example.net", "example.org")
IDENTITY_LETTERS_MAX = 64
SEPARATORS = " -"

Read = Callable[[str], str]


def identity(cell: str, kind: str | None, *, invented: bool) -> str:
    """The number in capitals without separators, if its check digit, birthday and place are right; other kinds as text.

    Raises: Unreadable, never with the number.
    """
    if kind == RIC:
        return _resident(cell, invented=invented)
    if kind == USCC:
        return _organisation(cell, invented=invented)
    return reading.text(cell, letters_max=IDENTITY_LETTERS_MAX)


def _resident(cell: str, *, invented: bool) -> str:
    number = ric.compact(clean(cell, SEPARATORS))
    try:
        if not invented:
            return ric.validate(number)
        well_formed = len(number) == 18 and number[:17].isascii() and number[:17].isdigit()
        if well_formed and number.startswith(NO_PLACE) and ric.calc_check_digit(number) == number[17]:
            ric.get_birth_date(number)
            return number
    except ValidationError:
        pass
    raise Unreadable(BAD_IDENTITY_NUMBER)


def _organisation(cell: str, *, invented: bool) -> str:
    try:
        number = uscc.validate(clean(cell, SEPARATORS))
    except ValidationError:
        raise Unreadable(BAD_IDENTITY_NUMBER) from None
    if number[2:].startswith(NO_PLACE) != invented:
        raise Unreadable(BAD_IDENTITY_NUMBER)
    return number


def phones(region: str, *, invented: bool) -> Read:
    """A reader of telephone numbers to E.164, `region` (ISO 3166) where no country code is given.

    A number with an extension is refused: E.164 has none, and without it somebody else is called.
    """

    def read(cell: str) -> str:
        try:
            number = phonenumbers.parse(cell, region)
        except NumberParseException:
            raise Unreadable(BAD_PHONE) from None
        possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
        if not possible or number.extension or phonenumbers.is_valid_number(number) == invented:
            raise Unreadable(BAD_PHONE)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    return read


def emails(*, invented: bool) -> Read:
    """A reader of e-mail addresses."""

    def read(cell: str) -> str:
        address = reading.email(cell)
        host = "." + address.rpartition("@")[2].lower()
        if any(host.endswith(f".{name}") for name in RESERVED_NAMES) != invented:
            raise Unreadable(BAD_EMAIL)
        return address

    return read


def zone_of(number: str) -> str | None:
    """The time zone of an E.164 number; None where it may be one of several, or nobody knows."""
    from phonenumbers import (
        timezone,
    )  # its table takes a moment to load; a book without telephones does not need it

    zones = timezone.time_zones_for_geographical_number(phonenumbers.parse(number))
    return zones[0] if len(zones) == 1 and zones[0] != timezone.UNKNOWN_TIMEZONE else None
