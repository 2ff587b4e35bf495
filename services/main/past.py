"""What `import history` tells the contact service: attempts for its caps, consents, opt-outs. Here both are known."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime
from typing import TYPE_CHECKING

from services.case.application.history.contact_port import ToldRow
from services.case.domain.history.import_run import REJECTED
from services.case.domain.history.rows import AttemptRow, ConsentRow
from services.case.domain.history.take_in import Outcome
from services.contact.application.past.taking_in import PastTaking
from services.contact.domain.past import rows as past
from shared.kernel.clock import start_of_day

if TYPE_CHECKING:
    from services.case.wiring import CaseService
    from services.main.session import Session


class TellsContact:
    """`case.application.history.contact_port.ContactHistory`, by a contact service that is open in this process."""

    def __init__(self, taking: PastTaking) -> None:
        self._taking = taking

    def unfit(self, row: ToldRow) -> Outcome | None:
        """The rejection of a row that contact could keep nothing of; None where it can."""
        why = self._taking.unfit(_row(row, "UTC"))
        return None if why is None else Outcome(REJECTED, *why)

    async def take(
        self, debtor_ref: str, rows: Sequence[ToldRow], *, zone: str, check: bool
    ) -> tuple[list[Outcome], int]:
        """What becomes of each row there, and how many events that is."""
        told = [_row(row, zone) for row in rows]
        found, events = await self._taking.take(debtor_ref, told, check=check)
        return [Outcome(*one) for one in found], events


async def reach_contact(opened: AsyncExitStack, session: "Session", case: "CaseService") -> None:
    """Open the contact service beside the case service, and let imports of history tell it. Makes its store."""
    from services.contact.wiring import open_contact

    contact = await opened.enter_async_context(
        open_contact(session.contact_settings, clock=session.clock, provision=True, views=False)
    )
    case.history.reach(TellsContact(contact.past))


def _row(row: ToldRow, zone: str) -> past.PastRow:
    match row:
        case AttemptRow():
            return past.PastAttempt(
                ref=row.ref, at=row.at, channel=row.channel, outcome=row.outcome, by=row.actor_kind,
                number=row.number, origin=row.origin,
            )  # fmt: skip
        case ConsentRow():
            return past.PastConsent(
                ref=row.ref, at=row.at, kind=row.kind, number=row.number, until=_begins(row.until, zone),
                revoked_at=_begins(row.revoked_on, zone), origin=row.origin,
            )  # fmt: skip
    return past.PastOptOut(ref=row.ref, at=row.at, channel=row.channel, number=row.number, origin=row.origin)


def _begins(day: date | None, zone: str) -> datetime | None:
    return None if day is None else start_of_day(day, zone)
