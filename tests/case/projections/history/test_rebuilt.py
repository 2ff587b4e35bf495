"""Every view over history: rebuilt it says what it said live, and what happened before go-live is told as past."""

from pathlib import Path

import pytest

from services.case.adapters.history.taking_in import HistoryTaking
from services.case.application.handle import CaseDesk
from services.case.application.history.import_runs import ImportRuns
from services.case.domain.policy import POLICIES
from services.case.projections import case_timeline, dossier
from shared.kernel.clock import SystemClock
from tests.case.projections.portfolio import desk, lines_of
from tests.kit.ledgers import backends
from tests.kit.past import MAPPING, delivery


@backends
async def test_every_view_is_the_same_rebuilt(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request, shards=2) as it:
        await it.take_in(lines_of(4))
        acts = CaseDesk(ledger=it.ledger, tenant="default", policies=POLICIES)
        taking = HistoryTaking(
            ledger=it.ledger, desk=acts, policies=POLICIES, tenant="default", clock=SystemClock(),
            runs=ImportRuns(ledger=it.ledger, tenant="default"),
        )  # fmt: skip
        done = await taking.take_in(delivery(tmp_path), MAPPING.encode(), rejects=tmp_path / "rejects.csv")
        assert (done.added, done.rejected) == (15, 0)
        await it.projections.catch_up()
        live = await it.digests()
        assert (await it.projections.rebuild(it.projections.views)).parked == 0
        assert await it.digests() == live
        case = acts.case_id("C-1", 1)
        entries = await it.projections.ask(
            lambda connection: case_timeline.entries(connection, case), case_timeline.VIEW
        )
        told = {entry.text("en") for entry in entries if entry.type == "case.HistoryTaken"}
        assert (
            "promise to pay of 2026-02-05, before go-live, as OLD_SYSTEM has it; evidence SYSTEM_LOG: "
            "the system in which it happened logged it at the time."
        ) in told
        chinese = {entry.text("zh-CN") for entry in entries}
        assert (
            "2026-02-05（上线前）：还款承诺，来源 OLD_SYSTEM；证据等级 SYSTEM_LOG：由当时的业务系统实时记录。"
            in chinese
        )
        await it.projections.catch_up(dossier.VIEW)
