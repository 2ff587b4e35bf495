"""What an import of payments says of itself."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from services.case.application.bank.rows import Warned
from shared.kernel import money
from shared.kernel.money import Money


@dataclass(slots=True)
class PaymentsResult:
    """What one run added. `imported` + `unchanged` + `rejected` + `ignored` = `rows`.

    `matched`, `unmatched`: of the payments imported; `returned`: returns put on their payment in this run, `waiting`:
    returns imported whose payment is not known yet. `paid` and `returned_minor`: minor units by currency.
    """

    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    rejected: int = 0
    matched: int = 0
    unmatched: int = 0
    returned: int = 0
    waiting: int = 0
    events: int = 0
    seconds: float = 0.0
    paid: Counter[str] = field(default_factory=Counter)
    gone_back: Counter[str] = field(default_factory=Counter)
    ignored_by: Counter[str] = field(default_factory=Counter)
    warnings: list[Warned] = field(default_factory=list)

    @property
    def ignored(self) -> int:
        """Rows that are no payment of a debtor."""
        return self.ignored_by.total()

    def add_paid(self, amount: Money, *, matched: bool) -> None:
        """Count a payment whose entry is in the ledger now."""
        self.imported += 1
        self.paid[amount.currency] += amount.minor
        if matched:
            self.matched += 1
        else:
            self.unmatched += 1

    def add_returned(self, amount: Money) -> None:
        """Count a return that was put on its payment."""
        self.returned += 1
        self.gone_back[amount.currency] += amount.minor

    def to_json(self) -> dict[str, Any]:
        """The document of `import payments --json`; an amount is a decimal, or an object by currency of several."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "ignored": self.ignored,
            "ignored_by": dict(sorted(self.ignored_by.items())),
            "matched": self.matched,
            "unmatched": self.unmatched,
            "amount": _amounts(self.paid),
            "returned": self.returned,
            "returned_amount": _amounts(self.gone_back),
            "waiting": self.waiting,
            "warnings": [{"statement": one.statement, "code": one.code} for one in self.warnings],
            "events": self.events,
            "seconds": round(self.seconds, 3),
        }


def _amounts(by_currency: Counter[str]) -> str | dict[str, str]:
    told = {currency: money.decimal(minor, currency) for currency, minor in sorted(by_currency.items())}
    return told if len(told) > 1 else next(iter(told.values()), "0")
