"""An amount owed, by what it is for: costs, interest, penalty, principal."""

from collections.abc import Sequence

from msgspec import Struct

from shared.kernel.money import CurrencyMismatch, Money

NAMES = ("costs", "interest", "penalty", "principal")


class Parts(Struct, frozen=True, gc=False):
    """Minor units of `currency` for each part; a part may be negative where something is taken back.

    Raises: CurrencyMismatch when two currencies meet.
    """

    costs: int
    interest: int
    penalty: int
    principal: int
    currency: str

    def __add__(self, other: "Parts") -> "Parts":
        if other.currency != self.currency:
            raise CurrencyMismatch
        return of(
            [mine + theirs for mine, theirs in zip(self.minors, other.minors, strict=True)], self.currency
        )

    def __neg__(self) -> "Parts":
        return of([-minor for minor in self.minors], self.currency)

    def __sub__(self, other: "Parts") -> "Parts":
        return self + -other

    @property
    def minors(self) -> tuple[int, int, int, int]:
        """The four amounts, in the order of NAMES."""
        return self.costs, self.interest, self.penalty, self.principal

    @property
    def total(self) -> Money:
        """All parts together."""
        return Money(sum(self.minors), self.currency)


def of(minors: Sequence[int], currency: str) -> Parts:
    """Parts from four amounts in the order of NAMES."""
    costs, interest, penalty, principal = minors
    return Parts(costs, interest, penalty, principal, currency)


def principal(amount: Money) -> Parts:
    """An amount of principal alone: what a lender reports that knows no finer parts."""
    return Parts(0, 0, 0, amount.minor, amount.currency)


def nothing(currency: str) -> Parts:
    """No amount in any part."""
    return Parts(0, 0, 0, 0, currency)
