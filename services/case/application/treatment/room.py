"""What the service has to do with treatment, in one place: the strategies, and what a case is treated by."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from services.case.application.asked_as_of import CaseAsOf, CaseClocks
from services.case.application.deciding import CaseDecisions
from services.case.application.treatment.strategies import StrategyDesk
from services.case.application.treatment.treatments import Treatments
from services.case.domain.state import CaseState
from services.case.domain.treatment.strategy import Strategy, StrategyBook
from services.case.domain.treatment.treating import Treating
from shared.eventstore.ledger import Ledger


@dataclass(frozen=True, slots=True)
class TreatmentRoom:
    """The treatment of one tenant's cases."""

    strategies: StrategyDesk
    treatments: Treatments
    clocks: CaseClocks
    decisions: CaseDecisions

    async def book(self) -> StrategyBook:
        """The strategies that decide."""
        return await self.strategies.book()

    async def rules_for(self, day: date) -> Strategy | None:
        """The version whose signs count as of a day: the one in force then; before the first, the first."""
        book = await self.book()
        return book.in_force(day) or next(iter(book.strategies), None)

    async def of(self, case_id: str, case: CaseState, book: StrategyBook, *, as_of: date) -> Treating:
        """All that one case is treated by as of a day."""
        return await self.treatments.of(case_id, case, book, as_of=as_of)

    async def seen(
        self, case_id: str, *, as_of: date, known_at: datetime | None = None
    ) -> tuple[CaseAsOf, Treating]:
        """A case on both clocks, and what it was treated by then. Raises CaseUnknown."""
        seen = await self.clocks.case(case_id, as_of=as_of, known_at=known_at)
        book = await self.book()
        treating = await self.treatments.of(case_id, seen.state, book, as_of=seen.as_of, known_at=known_at)
        return seen, treating


def treatment_room(
    *,
    ledger: Ledger,
    tenant: str,
    clocks: CaseClocks,
    decisions: CaseDecisions,
    shipped: tuple[Strategy, ...],
    last_swept: Callable[[], Awaitable[date | None]],
) -> TreatmentRoom:
    """The room of one tenant."""
    desk = StrategyDesk(
        ledger=ledger, tenant=tenant, decisions=decisions, shipped=shipped, last_swept=last_swept
    )
    return TreatmentRoom(desk, Treatments(ledger=ledger, tenant=tenant), clocks, decisions)
