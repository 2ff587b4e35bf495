"""The floor as the views have it, brought up to the head before anybody looks."""

from datetime import date

import sqlalchemy as sa

from services.case.application.staffing.allocation_desk import CaseRow, Look, Wanted
from services.case.domain.staffing import sharing
from services.case.projections import account_cases, case_list, work_queue
from services.case.projections.book import accounts, parties
from services.case.projections.queue_row import QueueRow
from services.case.projections.staffing import directory, floor
from shared.eventstore.projection.projections import Projections
from shared.kernel.money import Money

_VIEWS = (work_queue.VIEW, directory.VIEW, case_list.VIEW, account_cases.VIEW, accounts.VIEW, parties.VIEW)
NO_CURRENCY = "XXX"


class ViewedFloor:
    """`application.staffing.allocation_desk.Floor` over the views of the service."""

    def __init__(self, projections: Projections) -> None:
        self._projections = projections

    async def look(self, wanted: Wanted, *, on: date) -> Look:
        """The floor on a day. Raises NotCaughtUp."""
        for view in _VIEWS:
            await self._projections.catch_up(view)
        return await self._projections.database.read(lambda connection: _look(connection, wanted, on))


def _look(connection: sa.Connection, wanted: Wanted, on: date) -> Look:
    members = directory.members(connection, on)
    if wanted.cases is None:
        elsewhere = [
            one.staff_ref
            for one in members
            if one.active and wanted.team is not None and one.team != wanted.team
        ]
        rows = floor.waiting(connection, queue=wanted.queue, elsewhere=elsewhere, limit=wanted.limit)
        missing: set[str] = set()
    else:
        rows = floor.these(connection, wanted.cases)
        missing = set(wanted.cases) - {row.case_id for row in rows}
    cases = [_row(one) for one in floor.known_of(connection, rows)]
    cases += [_unknown(case_id) for case_id in sorted(missing)]
    return Look(members, floor.held(connection), cases)


def _row(one: floor.OnFloor) -> CaseRow:
    row: QueueRow = one.row
    return CaseRow(
        case_id=row.case_id,
        stage=row.stage,
        arrears=Money(row.arrears_minor, row.currency),
        product=one.product,
        language=one.language,
        holder=row.assignee,
        since=row.allocated_on,
        last=one.last,
        retained_until=row.retained_until,
        refused=floor.REFUSED_IN.get(row.queue),
    )


def _unknown(case_id: str) -> CaseRow:
    nothing = Money(0, NO_CURRENCY)
    return CaseRow(case_id, "", nothing, None, None, None, None, None, None, sharing.UNKNOWN)
