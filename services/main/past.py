"""What `import history` tells the other services: contact of attempts, consents and opt-outs, legal of demands and
filings. Here all are known.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime
from typing import TYPE_CHECKING

from services.case.application.history.contact_port import ToldRow
from services.case.application.history.legal_port import CaseAbout, LegalTold
from services.case.domain.history.import_run import REJECTED
from services.case.domain.history.rows import AttemptRow, ConsentRow, DemandRow
from services.case.domain.history.take_in import Outcome
from services.contact.application.past.taking_in import PastTaking
from services.contact.domain.past import rows as past
from services.legal.application.past.taking_in import PastProof, PastProofs
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


class TellsLegal:
    """`case.application.history.legal_port.LegalHistory`, by a legal service that is open in this process."""

    def __init__(self, taking: PastProofs) -> None:
        self._taking = taking

    async def take(
        self, about: CaseAbout, rows: Sequence[LegalTold], *, check: bool
    ) -> tuple[list[Outcome], int]:
        """What becomes of each row there, and how many events that is."""
        debts = dict.fromkeys(about.debts, about.opened_on)
        told = [_proof(one) for one in rows]
        found = await self._taking.take(about.case, told, debts=debts, check=check)
        return [Outcome(*one[:3]) for one in found], sum(one.events for one in found)


async def reach_legal(opened: AsyncExitStack, session: "Session", case: "CaseService") -> None:
    """Open the legal service beside the case service, and let imports of history tell it. Makes its store."""
    from services.legal.wiring import open_legal

    legal = await opened.enter_async_context(
        open_legal(session.legal_settings, clock=session.clock, provision=True, views=False)
    )
    case.history.reach_legal(TellsLegal(legal.past))


def _proof(told: LegalTold) -> PastProof:
    row = told.row
    if isinstance(row, DemandRow):
        return PastProof(
            ref=told.ref, kind="DEMAND", on=row.on, debts=told.debts, all_debts=told.all_debts, person=told.person,
            medium=row.medium, to=row.to, evidence=row.evidence, retracted_on=row.retracted_on, reason=row.reason,
        )  # fmt: skip
    return PastProof(
        ref=told.ref, kind=row.kind, on=row.on, debts=told.debts, all_debts=told.all_debts, person=told.person,
        medium=None, to=row.court, evidence=row.evidence, ended_on=row.ended_on, outcome=row.outcome,
    )  # fmt: skip


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
