"""All that a command of the legal service is judged by."""

from dataclasses import dataclass
from datetime import date, datetime

from services.legal.domain.facts.matter import MatterOpened
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import Matter
from services.legal.domain.refusals import LegalDayAhead, MatterIsClosed, MatterUnknown
from shared.kernel.clock import day_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`matter` is empty for a command about proofs. `others`: the case's other matters, where one (re)opens."""

    matter: Matter
    claims: Claims
    ground: Ground
    now: datetime
    others: tuple[Matter, ...] = ()

    @property
    def today(self) -> date:
        """The lender's day."""
        return day_in(self.now, self.ground.zone)

    @property
    def opened(self) -> MatterOpened:
        """How the matter began. Raises MatterUnknown."""
        found = self.matter.opened
        if found is None:
            raise MatterUnknown
        return found

    def open(self) -> MatterOpened:
        """As `opened`, of a matter that goes on. Raises MatterUnknown, MatterIsClosed."""
        found = self.opened
        if self.matter.closed is not None:
            raise MatterIsClosed
        return found

    def happened(self, on: date) -> None:
        """Raises LegalDayAhead for a day that is to come."""
        if on > self.today:
            raise LegalDayAhead
