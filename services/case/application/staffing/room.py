"""What the service has to do with its staff, in one place: the directory, and how cases are shared out."""

from dataclasses import dataclass

from services.case.application.deciding import CaseDecisions
from services.case.application.handle import CaseDesk
from services.case.application.staffing.allocation_desk import AllocationDesk, Floor
from services.case.application.staffing.staff_desk import StaffDesk
from services.case.domain.staffing.rules import Rules
from shared.eventstore.ledger import Ledger


@dataclass(frozen=True, slots=True)
class StaffingRoom:
    """The desks of one tenant's staffing."""

    staff: StaffDesk
    allocations: AllocationDesk
    rules: Rules


def staffing_room(
    *, ledger: Ledger, tenant: str, desk: CaseDesk, decisions: CaseDecisions, floor: Floor, rules: Rules
) -> StaffingRoom:
    """The room of one tenant."""
    staff = StaffDesk(ledger=ledger, tenant=tenant, decisions=decisions)
    allocations = AllocationDesk(
        ledger=ledger, tenant=tenant, desk=desk, decisions=decisions, staff=staff, floor=floor
    )
    return StaffingRoom(staff=staff, allocations=allocations, rules=rules)
