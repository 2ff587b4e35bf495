"""One spelling for each way to write the same phone number, identity number, address or name, to find people by.

Two spellings that mean the same give the same text here, and nothing else does: what is looked up is an HMAC of it.
"""

import re
import unicodedata

PHONE, IDENTITY, EMAIL, NAME, PARTY_REF, ACCOUNT_REF = (
    "PHONE", "IDENTITY_NO", "EMAIL", "NAME", "PARTY_REF", "ACCOUNT_REF",
)  # fmt: skip
KINDS = (PHONE, IDENTITY, EMAIL, NAME, PARTY_REF, ACCOUNT_REF)
"""What a person can be found by."""
REGION = "CN"
"""Where a number without a country code is dialled."""
MEDIUM_KINDS = {"PHONE": PHONE, "EMAIL": EMAIL}
"""Media whose points a person can be found by."""

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SEPARATORS = re.compile(r"[\s\-_./()·]+")
_DIGITS_MIN = 3


def spelt(kind: str, value: str) -> str | None:
    """The one spelling of a value of this kind; None where it holds nothing to look for."""
    match kind:
        case "PHONE":
            return phone(value)
        case "IDENTITY_NO":
            found = _SEPARATORS.sub("", unicodedata.normalize("NFKC", value)).upper()
            found = unicodedata.normalize("NFKC", found)  # a mark may have come next to its letter
        case "EMAIL":
            found = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).strip().casefold())
        case "NAME":
            found = unicodedata.normalize("NFC", value).strip()
        case _:
            found = value.strip()
    return found or None


def phone(value: str) -> str | None:
    """E.164 for what can be dialled, with or without its country code; else its digits; None without any."""
    if _E164.fullmatch(value):
        return value
    plain = unicodedata.normalize("NFKC", value).strip()
    return _dialled(plain) or _digits(plain)


def _digits(plain: str) -> str | None:
    found = "".join(letter for letter in plain if letter.isdecimal())
    return found if len(found) >= _DIGITS_MIN else None


def _dialled(plain: str) -> str | None:
    import phonenumbers  # its tables cost a tenth of a second, which most commands need not pay

    try:
        number = phonenumbers.parse(plain, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
