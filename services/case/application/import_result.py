"""What an import says of itself: how far it is, and what it added."""

from dataclasses import dataclass, field
from typing import Any

from services.case.domain.events import CaseCured, CaseOpened, PaymentReceived
from services.case.domain.statement import Decision
from shared.kernel import money


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: lines judged, bytes of the file read, seconds since its start."""

    lines: int
    bytes_read: int
    bytes_total: int
    seconds: float

    @property
    def lines_per_second(self) -> float:
        """The rate since the start."""
        return self.lines / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take at this rate; None before anything was read, and while the size is unknown."""
        if not self.bytes_read or not self.bytes_total:
            return None
        return self.seconds * max(self.bytes_total - self.bytes_read, 0) / self.bytes_read


@dataclass(slots=True)
class ImportResult:
    """What one run added. `imported` + `unchanged` + `rejected` = `lines`; `paid` is minor units by currency."""

    lines: int = 0
    imported: int = 0
    unchanged: int = 0
    rejected: int = 0
    cases_opened: int = 0
    cases_cured: int = 0
    payments: int = 0
    events: int = 0
    seconds: float = 0.0
    paid: dict[str, int] = field(default_factory=dict)
    currencies: set[str] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        """The document of `import statements --json` (DESIGN.md 6).

        `events` counts what the lines added; what is on record of the run itself (ADR 0030) is not in it.
        `payments_amount` is a decimal string, or an object by currency where payments came in several.
        """
        amounts = {currency: money.decimal(minor, currency) for currency, minor in sorted(self.paid.items())}
        if not amounts and len(self.currencies) == 1:
            amounts = {currency: money.decimal(0, currency) for currency in self.currencies}
        return {
            "lines": self.lines,
            "imported": self.imported,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "cases_opened": self.cases_opened,
            "cases_cured": self.cases_cured,
            "payments": self.payments,
            "payments_amount": amounts if len(amounts) > 1 else next(iter(amounts.values()), "0"),
            "events": self.events,
            "seconds": round(self.seconds, 3),
        }

    def counts(self) -> dict[str, int]:
        """What goes on record of the run."""
        return {
            "rows": self.lines,
            "added": self.imported,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "events": self.events,
        }

    def add(self, decision: Decision) -> None:
        """Count a line whose events are in the ledger."""
        self.imported += 1
        self.events += len(decision.account) + len(decision.case)
        for event in decision.case:
            match event:
                case CaseOpened():
                    self.cases_opened += 1
                case CaseCured():
                    self.cases_cured += 1
                case PaymentReceived(amount=amount):
                    self.payments += 1
                    self.paid[amount.currency] = self.paid.get(amount.currency, 0) + amount.minor
                case _:
                    pass
