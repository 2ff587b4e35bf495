"""Money: whole minor units of one ISO 4217 currency; never a float.

On the wire it is `{"amount": "1234.50", "currency": "CNY"}`: a decimal string with exactly the currency's
places when we write it, with at most that many when we read it.
"""

import re
from collections.abc import Mapping

import msgspec

from shared.kernel.currency import DIGITS
from shared.kernel.refusal import Refused

DIGITS_MAX = 18
"""Most digits an amount may have, places included: every minor amount fits a signed 64-bit column."""

_POWERS = (1, 10, 100, 1_000, 10_000)
_SHAPES = {
    places: re.compile(
        rf"-?[0-9]{{1,{DIGITS_MAX - places}}}" + (rf"(?:\.[0-9]{{1,{places}}})?" if places else "")
    )
    for places in range(5)
}


class UnknownCurrency(Refused):
    """The currency is not a code of ISO 4217 in use. Send the three capital letters of one that is."""

    code = "unknown-currency"
    title_en = "The currency is not known"
    title_zh = "币种代码无法识别"


class MalformedAmount(Refused):
    """The amount is not a plain decimal of at most the currency's places and 18 digits in all.

    A sign is a leading minus; exponents, group separators, JSON numbers and surplus places are refused,
    because each has rounded or scaled somebody's debt somewhere. Send for instance "1234.50" for CNY and
    "1234" for JPY.
    """

    code = "malformed-amount"
    title_en = "The amount is not a valid decimal for its currency"
    title_zh = "金额格式与币种不符"


class CurrencyMismatch(Refused):
    """Two amounts of different currencies met in one sum or comparison. Convert before, under a stated rate."""

    code = "currency-mismatch"
    title_en = "The amounts are in different currencies"
    title_zh = "金额的币种不一致"


class Money(msgspec.Struct, frozen=True):
    """An amount: `minor` units (may be negative) of `currency`.

    Raises: CurrencyMismatch when two currencies meet in `+`, `-` or an order comparison; equality never
    raises.
    """

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._alike(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._alike(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._alike(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._alike(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._alike(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._alike(other)

    def __str__(self) -> str:
        return f"{self.decimal()} {self.currency}"

    def _alike(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch
        return other.minor

    def decimal(self) -> str:
        """The amount as a decimal string with exactly the currency's places: "1234.50", "-0.05", "7"."""
        return decimal(self.minor, self.currency)

    def floored(self) -> "Money":
        """This amount, or zero where it is negative (a credit balance is no arrears)."""
        return self if self.minor >= 0 else Money(0, self.currency)

    def split(self, parts: int) -> tuple["Money", ...]:
        """`parts` (>= 1) amounts that sum to this one; the first ones carry the remainder.

        100.00 in three is 33.34, 33.33, 33.33; -100.00 in three is the same with minus signs.
        """
        if parts < 1:
            raise ValueError("money is split into at least one part")
        sign = -1 if self.minor < 0 else 1
        share, rest = divmod(abs(self.minor), parts)
        return tuple(Money(sign * (share + (i < rest)), self.currency) for i in range(parts))


def digits(currency: str) -> int:
    """Decimal places of a currency's minor unit. Raises UnknownCurrency."""
    try:
        return DIGITS[currency]
    except (KeyError, TypeError):
        raise UnknownCurrency from None


def scale(currency: str) -> int:
    """Minor units in one major unit: 100 for CNY, 1 for JPY. Raises UnknownCurrency."""
    return _POWERS[digits(currency)]


def zero(currency: str) -> Money:
    """Nothing, in that currency. Raises UnknownCurrency."""
    digits(currency)
    return Money(0, currency)


def parse_minor(text: str, places: int) -> int:
    """Minor units of a strict decimal string with at most `places` (0..4) decimal places. Raises MalformedAmount."""
    if not _SHAPES[places].fullmatch(text):
        raise MalformedAmount(places_max=places, digits_max=DIGITS_MAX)
    whole, _, fraction = text.partition(".")
    if not fraction:
        return int(whole) * _POWERS[places]
    return int(whole + fraction) * _POWERS[places - len(fraction)]


def parse(text: str, currency: str) -> Money:
    """Money from a strict decimal string.

    Raises: UnknownCurrency, before MalformedAmount.
    """
    return Money(parse_minor(text, digits(currency)), currency)


def decimal(minor: int, currency: str) -> str:
    """The decimal string of a minor amount. Raises UnknownCurrency."""
    places = digits(currency)
    if not places:
        return str(minor)
    whole, fraction = divmod(abs(minor), _POWERS[places])
    return f"{'-' if minor < 0 else ''}{whole}.{fraction:0{places}d}"


def to_json(money: Money) -> dict[str, str]:
    """The wire shape, ready for any JSON encoder."""
    return {"amount": money.decimal(), "currency": money.currency}


def from_json(value: object) -> Money:
    """Money from the wire shape: an object with exactly the two strings `amount` and `currency`.

    Raises: MalformedAmount (also for another shape or a JSON number), UnknownCurrency.
    """
    if not isinstance(value, Mapping) or set(value) != {"amount", "currency"}:
        raise MalformedAmount
    amount, currency = value["amount"], value["currency"]
    if not isinstance(amount, str) or not isinstance(currency, str):
        raise MalformedAmount
    return parse(amount, currency)
