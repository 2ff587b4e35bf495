"""Who is credited: the team of the day, and targets by team; what a match that was wrong changes."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from services.case.application.deciding import CaseDecisions
from services.case.application.figures.desk import FigureDesk
from services.case.application.handle import CaseDesk
from services.case.application.staffing.staff_desk import StaffDesk
from services.case.domain import money_commands as m
from services.case.domain.figures.cost import BookCost, ReverseCost
from services.case.domain.figures.target import SetTarget
from services.case.domain.policy import POLICIES
from services.case.domain.staffing.directory import ChangeStaff, RegisterStaff
from services.case.projections.figures import questions, standing
from shared.eventstore.port import Command
from shared.eventstore.projection.status import digest
from shared.kernel.clock import SystemClock
from tests.case.projections.figures.asking import Case, sides
from tests.case.projections.lives import cny, march
from tests.case.projections.portfolio import Desk, desk, lines_of
from tests.kit.ledgers import backends


def decisions(it: Desk) -> CaseDecisions:
    """The tenant's."""
    acts = CaseDesk(ledger=it.ledger, tenant="default", policies=POLICIES)
    return CaseDecisions(
        desk=acts, ledger=it.ledger, tenant="default", policies=POLICIES, clock=SystemClock()
    )


async def staffed(it: Desk) -> StaffDesk:
    """Two collectors; one changes the team in the middle of March."""
    staff = StaffDesk(ledger=it.ledger, tenant="default", decisions=decisions(it))
    for ref, team in (("user:li", "TEAM_A"), ("user:wu", "TEAM_B")):
        new = RegisterStaff(on=march(1), staff_ref=ref, name=None, role="COLLECTOR", team=team)
        await staff.do(staff.staff_id(ref), new, actor="user:chief")
    moved = ChangeStaff(on=march(16), team="TEAM_B")
    await staff.do(staff.staff_id("user:li"), moved, actor="user:chief")
    return staff


@backends
async def test_cash_goes_to_the_team_of_the_value_date(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await staffed(it)
        case = await Case(it.ledger, "TEAM").open(10_000)
        await case.give_to("user:li", march(3))
        await case.pay("pay-a", 1_000, march(10))
        await case.pay("pay-b", 500, march(20))
        loose = await Case(it.ledger, "LOOSE").open(10_000)
        await loose.pay("pay-a", 100, march(20))
        found = await sides(it, "recovery", from_=march(3), by="team")
        assert found["by_money", "TEAM_A", "CNY"] == (1_000, 0)
        assert found["by_money", "TEAM_B", "CNY"] == (500, 0)
        assert found["by_money", "CNY"] == (100, 20_000), "nobody held them when the period began"
        figures = FigureDesk(ledger=it.ledger, tenant="default", desk=case._desk, decisions=decisions(it))
        for number, (team, minor) in enumerate((("TEAM_A", 2_000), ("TEAM_B", 1_000), ("TEAM_A", 4_000))):
            ask = SetTarget(team=team, month=march(1), amount=cny(minor), on=march(2), by="user:chief")
            verdict = await figures.set_target(ask, actor="user:chief")
            key = it.ledger.command_id("test", "target", str(number))
            await it.ledger.commit(
                Command(
                    tenant="default", command_id=key, fingerprint=b"1", actor="user:chief",
                    writes=tuple(verdict.writes), policy=verdict.policy,
                )
            )  # fmt: skip
        await it.projections.catch_up()
        told = await it.projections.database.read(
            lambda connection: standing.standing(connection, march(1), standing.asked_of(march(16), None))
        )
        assert [(one.target.team, one.target.revision, one.recovered, one.expected) for one in told.teams] == [
            ("TEAM_A", 1, 1_000, 2_000), ("TEAM_B", 0, 0, 500),
        ]  # fmt: skip
        ahead = await it.projections.database.read(
            lambda connection: standing.standing(
                connection, march(1), standing.asked_of(date(2026, 2, 20), None)
            )
        )
        assert [(one.recovered, one.expected) for one in ahead.teams] == [(0, 0), (0, 0)]


@backends
async def test_a_match_that_was_wrong_takes_the_promise_back_from_the_value_date(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The money was never there: learnt on the 25th, and true since the 5th."""
    async with desk(backend, tmp_path, request) as it:
        case = await Case(it.ledger, "MISMATCH").open()
        await case.promise("prm-a", 5_000, march(6))
        await case.pay("pay-a", 5_000, march(5))
        await case.sweep(march(25))
        known = case.known[-1]
        back = m.RecordPaymentReturn(
            ref="ret-a", payment="pay-a", on=march(5), amount=None, reason="MISMATCH"
        )
        told = await case.do(back)
        assert {"PromiseReopened", "PromiseBroken"} <= set(told)
        before = await sides(it, "promise-kept", march(20), known_at=known)
        after = await sides(it, "promise-kept", march(20))
        assert (before["by_count",], after["by_count",]) == ((1, 1), (0, 1))
        early = await sides(it, "promise-kept", march(7))
        assert (early["by_count",], early["not_judged",]) == ((0, 1), (1, 1)), "its days of grace still ran"
        cash = await sides(it, "recovery", march(20), from_=march(3))
        assert cash["by_money", "CNY"] == (0, 100_000)


@backends
async def test_a_payment_learnt_of_late_keeps_the_promise_from_its_own_day(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Case(it.ledger, "LATE").open()
        await case.promise("prm-a", 5_000, march(6))
        await case.sweep(march(25))
        known = case.known[-1]
        assert (await sides(it, "promise-kept"))["by_count",] == (0, 1)
        assert "PromiseKept" in await case.pay("pay-a", 5_000, march(5))
        assert (await sides(it, "promise-kept", march(20)))["by_count",] == (1, 1)
        assert (await sides(it, "promise-kept", march(20), known_at=known))["by_count",] == (0, 1)


@backends
async def test_rebuilt_equals_live(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """With statements and a correction, a case, costs and what takes one back, and two versions of a target."""
    async with desk(backend, tmp_path, request, shards=2) as it:
        await it.take_in(lines_of(9))
        await it.projections.catch_up()
        case = await Case(it.ledger, "REBUILT").open(10_000)
        await case.promise("prm-a", 5_000, march(6))
        await case.pay("pay-a", 5_000, march(5))
        await case.bounce("pay-a", march(20))
        await it.projections.catch_up()
        figures = FigureDesk(ledger=it.ledger, tenant="default", desk=case._desk, decisions=decisions(it))
        cost = BookCost(
            source="COURT", source_ref="1", kind="LEGAL", amount=cny(1_000), on=march(5), case=case.case_id
        )
        assert await figures.take_in(cost, actor="system:test")
        first = SetTarget(team="TEAM_A", month=march(1), amount=cny(2_000), on=march(2), by="user:chief")
        for number, work in enumerate(
            (
                lambda: figures.reverse(figures.cost_id("COURT", "1"), ReverseCost(reason="WRONG"), actor="user:chief"),
                lambda: figures.set_target(first, actor="user:chief"),
                lambda: figures.set_target(replace(first, amount=cny(3_000)), actor="user:chief"),
            )
        ):  # fmt: skip
            verdict = await work()
            key = it.ledger.command_id("test", "rebuilt", str(number))
            await it.ledger.commit(
                Command(
                    tenant="default", command_id=key, fingerprint=b"1", actor="user:chief",
                    writes=tuple(verdict.writes), policy=verdict.policy,
                )
            )  # fmt: skip
            await it.projections.catch_up()
        live = [await digest(it.projections.database, view) for view in questions.VIEWS]
        assert (await it.projections.rebuild(questions.VIEWS)).parked == 0
        assert [await digest(it.projections.database, view) for view in questions.VIEWS] == live
        assert await sides(it, "cost", from_=march(1)) == {
            ("per_cash", "CNY"): (0, 0), ("per_account", "CNY"): (0, 1), ("by_kind", "LEGAL", "CNY"): (0, 0),
        }  # fmt: skip
