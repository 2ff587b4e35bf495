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
from services.case.projections.bank import returns as payment_returns
from services.case.projections.book import accounts as book_accounts
from services.case.projections.book import parties as book_parties
from services.case.projections.figures import questions as figures
from services.case.projections.history import import_list
from services.case.projections.privacy import access_log, party_index, party_roles
from services.case.projections.privacy.party_index import Blind
from services.case.projections.staffing import assisting
from services.case.projections.staffing import directory as staff_directory
from services.case.projections.staffing import runs as allocation_runs
from services.case.projections.treatment import account_watch, segments
from shared.eventstore.projection.view import View

VIEWS: tuple[View, ...] = (
    account_months.VIEW,
    case_list.VIEW,
    case_timeline.VIEW,
    work_queue.VIEW,
    audit_trail.VIEW,
    access_log.VIEW,
    party_roles.VIEW,
    case_diary.VIEW,
    promise_book.VIEW,
    plan_calendar.VIEW,
    approvals.VIEW,
    complaint_book.VIEW,
    placement_book.VIEW,
    account_cases.VIEW,
    payments.VIEW,
    payment_returns.VIEW,
    dossier.VIEW,
    balances.VIEW,
    import_list.VIEW,
    staff_directory.VIEW,
    assisting.VIEW,
    allocation_runs.VIEW,
    book_accounts.VIEW,
    book_parties.VIEW,
    *figures.VIEWS,
    segments.VIEW,
    account_watch.VIEW,
)


def views_under(blind: Blind) -> tuple[View, ...]:
    """Every view, those included that make blind indexes, under the key in `blind`."""
    return (*VIEWS, party_index.view(blind))


def _no_key(kind: str, value: str) -> bytes:
    raise LookupError("these views are for their names and tables; they fold nothing")


SHAPES = views_under(_no_key)
"""Every view as to name, version and tables, where no key is at hand."""
