"""The one form in which a number or address is looked up: the same point has the same pseudonym whoever told it.

A phone number is E.164 (`+8613912345678`); an e-mail address is in lower case with its domain as DNS knows it; post
and instant-messenger names are one line without blanks around.
"""

import re
import unicodedata

_NUMBER = re.compile(r"\+?[0-9 ().-]{3,40}")
_ADDRESS = re.compile(r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]{1,64}@[^\s@]{1,190}")
REGION = "CN"
"""Whose numbers may come without a country code where nobody says otherwise."""
_REGIONS = {"UK": "GB"}
"""Places as the packs name them, where the numbering plan has another name (ISO 3166-1)."""


def region_of(place: str) -> str:
    """The country whose numbers may come without a country code, of a place such as `US-MA`."""
    country = place.partition("-")[0]
    return _REGIONS.get(country, country)


def normal(medium: str, value: str, *, region: str = REGION) -> str | None:
    """The form of a value of a medium (phone, email, post, im); None for what can be none. `region`: ISO 3166-1."""
    plain = unicodedata.normalize("NFKC", value).strip()
    match medium:
        case "phone":
            return phone(plain, region=region)
        case "email":
            return _email(plain)
    line = " ".join(plain.split())
    return line or None


def phone(value: str, *, region: str) -> str | None:
    """The number in E.164, None for what can be no number. Raises nothing."""
    import phonenumbers  # its tables cost a tenth of a second, which most commands need not pay

    plain = unicodedata.normalize("NFKC", value).strip()
    if not _NUMBER.fullmatch(plain):  # the library would find a number in any text around it
        return None
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _email(value: str) -> str | None:
    if not _ADDRESS.fullmatch(value):
        return None
    local, _, domain = value.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    return f"{local.casefold()}@{ascii_domain}"
