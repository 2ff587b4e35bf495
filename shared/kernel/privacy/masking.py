"""What is shown of personal data by default: enough to tell two apart, too little to use (`138****5678`, `张**`).

A mask never shows more than half of the letters, and of a short value none.
"""

import re

STARS = "**"
_CHINESE_NUMBER = re.compile(r"\+86([0-9]{5,12})")
_FOREIGN_NUMBER = re.compile(r"\+[0-9]{6,15}")


def name(value: str) -> str:
    """The first letter, however long the name is: `张**`."""
    return (value[:1] if len(value) > 1 else "") + STARS


def identity_no(value: str) -> str:
    """Four letters at either end of eighteen, fewer of a shorter number: `1101**********1234`."""
    shown = min(4, len(value) // 4)
    return _ends(value, shown, shown)


def phone(value: str) -> str:
    """As it is dialled at home: `138****5678`; of a foreign number, or a short one, only how it ends."""
    if found := _CHINESE_NUMBER.fullmatch(value):
        value = found[1]
    elif _FOREIGN_NUMBER.fullmatch(value):
        return "+" + _ends(value[1:], 0, 4)
    if len(value) >= 11:
        return _ends(value, 3, 4)
    return _ends(value, 0, 4 if len(value) >= 8 else 0)


def email(value: str) -> str:
    """The first letter on either side of the sign, and the last part of the domain: `z***@e***.com`."""
    local, _, domain = value.partition("@")
    host, dot, last = domain.rpartition(".")
    if not local or not host:
        return STARS
    return f"{_first(local)}***@{_first(host)}***{dot}{last}"


def address(value: str) -> str:
    """Where in the country, as far as its first letters say: `浙江省****`; of a short one nothing."""
    return value[:3] + "****" if len(value) > 8 and not value[:3].isascii() else "****"


def other(value: str) -> str:
    """The first letter, such as of the name of an account with a messenger."""
    return f"{_first(value)}***"


def birth_on(_: str) -> str:
    """Nothing of it."""
    return "****-**-**"


def _first(value: str) -> str:
    return value[:1] if len(value) > 2 else ""


def _ends(value: str, head: int, tail: int) -> str:
    hidden = len(value) - head - tail
    return value[:head] + "*" * max(hidden, 4) + (value[-tail:] if tail else "")
