"""A case of several accounts is listed and queued with what is overdue on all of them together."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.case.projections import case_list, work_queue
from services.case.projections import dossier as dossiers
from tests.case.projections.portfolio import Desk, desk
from tests.kit.book import DAY, PlainBook, account, before, deliver, instalment, party, terms
from tests.kit.ledgers import backends


async def shown(it: Desk) -> tuple[int | None, int | None, int, int]:
    """Arrears and days past due, in the list and in the queue."""
    await it.projections.catch_up()
    [row] = await it.projections.database.read(case_list.page)
    queued = [
        found
        for queue in work_queue.QUEUES
        for found in await it.projections.database.read(lambda c, q=queue: work_queue.top(c, q, limit=5))  # type: ignore[misc]
    ]
    assert len(queued) == 1
    dossier = await it.projections.database.read(lambda c: dossiers.dossier(c, row.case_id))
    assert dossier is not None
    assert (dossier.arrears_minor, dossier.days_past_due) == (row.arrears_minor, row.days_past_due)
    return row.arrears_minor, row.days_past_due, queued[0].arrears_minor, queued[0].days_past_due


@backends
async def test_what_is_overdue_is_that_of_all_accounts(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first, second = instalment("A-1", 1, before(40)), instalment("A-2", 1, before(100))
    whose = [party("P-1"), account("A-1", "P-1"), account("A-2", "P-1")]
    async with desk(backend, tmp_path, request) as it:
        await deliver(it.ledger, PlainBook(terms(), [*whose, first]))
        assert await shown(it) == (105_000, 40, 105_000, 40)
        await deliver(it.ledger, PlainBook(terms(full=False), [second]))
        assert await shown(it) == (210_000, 100, 210_000, 100)
        paid = instalment("A-2", 1, before(100), paid=50_000)
        on = DAY + timedelta(days=1)
        await deliver(it.ledger, PlainBook(terms(full=False, as_of=on), [paid]))
        assert await shown(it) == (160_000, 101, 160_000, 101)
        gone = account("A-2", "P-1", dropped=True, drop_reason="SOLD")
        await deliver(it.ledger, PlainBook(terms(full=False, as_of=on), [gone]))
        arrears, days, queued, behind = await shown(it)
        assert (arrears, queued) == (105_000, 105_000)
        assert days == behind == 41
        live = await it.digests()
        await it.forget()
        await it.in_pages(3)
        assert await it.digests() == live
