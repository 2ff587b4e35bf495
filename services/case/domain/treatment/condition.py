"""Typed conditions over what is known of a case: what a segment's rule asks, and its answer.

What is unknown meets no condition: nobody is put into a segment by what nobody knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from shared.kernel.money import Money

STAGE, PRODUCT, REASON, ABILITY, WILLINGNESS, REACHED = (
    "stage", "product", "reason", "ability", "willingness", "reached",
)  # fmt: skip
DAYS, ARREARS, BROKEN, EPISODE = "days_past_due", "arrears", "broken_promises", "episode"
FIRST_PAYMENT_DEFAULT = "first_payment_default"
CODES = (STAGE, PRODUCT, REASON, ABILITY, WILLINGNESS, REACHED)
COUNTS = (DAYS, BROKEN, EPISODE)
TRUTHS = (FIRST_PAYMENT_DEFAULT,)
OF_ACCOUNTS = frozenset({PRODUCT, FIRST_PAYMENT_DEFAULT})
"""What only the accounts' own streams tell."""
NOT_TRIED, TRIED, RIGHT_PARTY = "NONE", "TRIED", "RIGHT_PARTY"
REACHES = (NOT_TRIED, TRIED, RIGHT_PARTY)
MISSING = "UNKNOWN"
"""The code that stands for what is not known of the debtor, for rules that ask for just that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What rules look at, as of a day. None: not known. `reached` is one of REACHES."""

    stage: str
    days_past_due: int
    arrears: Money
    products: tuple[str, ...]
    broken_promises: int
    reached: str
    episode: int
    first_payment_default: bool | None
    reason: str | None
    ability: str | None
    willingness: str | None

    def codes(self, field: str) -> tuple[str, ...]:
        """The codes that a field holds; MISSING alone where none is known."""
        if field == PRODUCT:
            return self.products or (MISSING,)
        code: str | None = getattr(self, field)
        return (MISSING,) if code is None else (code,)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The field holds one of these codes."""

    field: str
    codes: frozenset[str]

    def met(self, inputs: Inputs) -> bool:
        """Is it so?"""
        return not self.codes.isdisjoint(inputs.codes(self.field))


@dataclass(frozen=True, slots=True)
class Between:
    """The count is at least the one and below the other; None: no bound."""

    field: str
    at_least: int | None
    below: int | None

    def met(self, inputs: Inputs) -> bool:
        """Is it so?"""
        return _within(getattr(inputs, self.field), self.at_least, self.below)


@dataclass(frozen=True, slots=True)
class Amount:
    """The arrears are in this currency, at least the one and below the other (minor units)."""

    field: str
    currency: str
    at_least: int | None
    below: int | None

    def met(self, inputs: Inputs) -> bool:
        """Is it so?"""
        owed = inputs.arrears
        return owed.currency == self.currency and _within(owed.minor, self.at_least, self.below)


@dataclass(frozen=True, slots=True)
class Truth:
    """It is known to be so, or known not to be."""

    field: str
    wanted: bool

    def met(self, inputs: Inputs) -> bool:
        """Is it so?"""
        return getattr(inputs, self.field) is self.wanted


Condition: TypeAlias = AnyOf | Between | Amount | Truth


def all_met(conditions: Iterable[Condition], inputs: Inputs) -> bool:
    """Do all of them hold?"""
    return all(one.met(inputs) for one in conditions)


def day_thresholds(conditions: Iterable[Condition]) -> frozenset[int]:
    """The days past due at which the answer to one of them changes."""
    found = set()
    for one in conditions:
        if isinstance(one, Between) and one.field == DAYS:
            found |= {bound for bound in (one.at_least, one.below) if bound is not None}
    return frozenset(found)


def unmet(conditions: Iterable[Condition], inputs: Inputs) -> tuple[str, ...]:
    """The fields of those that do not hold, in order."""
    return tuple(one.field for one in conditions if not one.met(inputs))


def _within(value: int, at_least: int | None, below: int | None) -> bool:
    return (at_least is None or value >= at_least) and (below is None or value < below)
