"""Every view of the case service, for wiring, workers and `projection`."""

from services.case.projections import (
    account_cases,
    account_months,
    approvals,
    audit_trail,
    balances,
    case_diary,
    case_list,
    case_timeline,
    complaint_book,
    dossier,
    payments,
    placement_book,
    plan_calendar,
    promise_book,
    work_queue,
)
from shared.eventstore.projection.view import View

VIEWS: tuple[View, ...] = (
    account_months.VIEW,
    case_list.VIEW,
    case_timeline.VIEW,
    work_queue.VIEW,
    audit_trail.VIEW,
    case_diary.VIEW,
    promise_book.VIEW,
    plan_calendar.VIEW,
    approvals.VIEW,
    complaint_book.VIEW,
    placement_book.VIEW,
    account_cases.VIEW,
    payments.VIEW,
    dossier.VIEW,
    balances.VIEW,
)
