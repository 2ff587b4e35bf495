"""Every view of the case service, for wiring, workers and `projection`."""

from services.case.projections import account_months, audit_trail, case_list, case_timeline, work_queue
from shared.eventstore.projection.view import View

VIEWS: tuple[View, ...] = (
    account_months.VIEW,
    case_list.VIEW,
    case_timeline.VIEW,
    work_queue.VIEW,
    audit_trail.VIEW,
)
