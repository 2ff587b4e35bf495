"""What the service has to do with its staff, in one place: the directory, and how cases are shared out."""

from dataclasses import dataclass

from services.case.application.deciding import CaseDecisions
from services.case.application.staffing.staff_desk import StaffDesk
from shared.eventstore.ledger import Ledger


@dataclass(frozen=True, slots=True)
class StaffingRoom:
    """The desks of one tenant's staffing."""

    staff: StaffDesk


def staffing_room(*, ledger: Ledger, tenant: str, decisions: CaseDecisions) -> StaffingRoom:
    """The room of one tenant."""
    return StaffingRoom(staff=StaffDesk(ledger=ledger, tenant=tenant, decisions=decisions))
