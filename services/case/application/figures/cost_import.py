"""A file of costs taken in: each line once under its source's reference, rejected ones by number and reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.case.application.figures.desk import FigureDesk
from services.case.application.ports import CONFLICT, Reject, RejectSink
from services.case.application.sheet import CaseUnknown
from services.case.domain.figures.cost import BookCost, DuplicateCostRef
from shared.kernel import money

CASE_UNKNOWN, IN_THE_FUTURE = "case-unknown", "in-the-future"


@dataclass(slots=True)
class CostsTaken:
    """What one run added: `booked` + `unchanged` + `rejected` = `lines`; `amounts` in minor units by currency."""

    lines: int = 0
    booked: int = 0
    unchanged: int = 0
    rejected: int = 0
    amounts: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The document of `import costs --json`."""
        return {
            "lines": self.lines,
            "booked": self.booked,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "amounts": [
                {"amount": money.decimal(minor, currency), "currency": currency}
                for currency, minor in sorted(self.amounts.items())
            ],
        }


async def take_in(
    costs: Iterable[tuple[int, BookCost | Reject]],
    *,
    desk: FigureDesk,
    rejects: RejectSink,
    today: date,
    actor: str,
) -> CostsTaken:
    """Book what the lines say. A line on record adds nothing, so a run that was cut off is simply started again.

    Raises what the file and the ledger raise.
    """
    taken = CostsTaken()
    for line, said in costs:
        taken.lines += 1
        rejected = said if isinstance(said, Reject) else await _booked(said, taken, desk, today, actor)
        if rejected is not None:
            taken.rejected += 1
            rejects.put(line, rejected)
    return taken


async def _booked(
    cost: BookCost, taken: CostsTaken, desk: FigureDesk, today: date, actor: str
) -> Reject | None:
    """Book one; why it cannot be, None where it is."""
    if cost.on > today:
        return Reject(IN_THE_FUTURE, "on")
    try:
        added = await desk.take_in(cost, actor=actor)
    except DuplicateCostRef:
        return Reject(CONFLICT, "source_ref")
    except CaseUnknown:
        return Reject(CASE_UNKNOWN, "case")
    if not added:
        taken.unchanged += 1
        return None
    taken.booked += 1
    amount = cost.amount
    taken.amounts[amount.currency] = taken.amounts.get(amount.currency, 0) + amount.minor
    return None
