"""Traps of figures about money, days and complaints; those about rolls, contacts and promises are in test_traps.py."""

from datetime import date
from pathlib import Path

import pytest

from services.case.application.deciding import CaseDecisions, Verdict
from services.case.application.figures.desk import FigureDesk
from services.case.application.handle import CaseDesk
from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.domain.figures.cost import BookCost, ReverseCost
from services.case.domain.policy import POLICIES
from services.case.projections.figures import course
from shared.eventstore.port import Command
from shared.kernel.clock import SystemClock
from shared.kernel.parts import Parts, of
from tests.case.projections.figures.asking import Case, answer, cases_of, sides, values
from tests.case.projections.lives import MAKER, cny, march, principal
from tests.case.projections.portfolio import Desk, desk
from tests.kit.ledgers import backends


@backends
async def test_waivers_write_offs_and_reageing_are_not_cash(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        paid, waived, fresh = [
            await Case(it.ledger, name, today=on).open(10_000)
            for name, on in (("PAID", march(1)), ("WAIVED", march(1)), ("FRESH", march(10)))
        ]
        await paid.pay("pay-a", 4_000, march(5))
        await paid.pay("pay-b", 3_000, march(6))
        await paid.bounce("pay-b", march(8))
        await waived.waive(9_000, march(5))
        await fresh.pay("pay-a", 5_000, march(12))
        found = await sides(it, "recovery", from_=march(2))
        assert found["by_money", "CNY"] == (4_000, 20_000), "what fell overdue later is not in it"
        assert found["by_count",] == (1, 2)
        by_channel = await sides(it, "recovery", from_=march(2), by="channel")
        assert by_channel["by_money", "CARD", "CNY"] == (4_000, 20_000)


@backends
async def test_liquidation_never_mixes_cohorts(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Cash of April for the cases of March does not count against what came in in April."""
    async with desk(backend, tmp_path, request) as it:
        older = await Case(it.ledger, "OLD").open(10_000, on=march(2))
        await older.pay("pay-a", 2_000, march(20))
        await older.pay("pay-b", 5_000, date(2026, 4, 10))
        await Case(it.ledger, "NEW").open(40_000, on=date(2026, 4, 2))
        figures = FigureDesk(ledger=it.ledger, tenant="default", desk=older._desk, decisions=_decisions(it))
        spent = BookCost(
            source="AGENCY", source_ref="1", kind="AGENCY_COMMISSION", amount=cny(500), on=march(25), case=older.case_id
        )  # fmt: skip
        assert await figures.take_in(spent, actor="system:test")
        found = await sides(it, "liquidation", date(2026, 5, 15))
        assert {key: value for key, value in found.items() if key[0] == "opened"} == {
            ("opened", "2026-03", "0", "CNY"): (2_000, 10_000),
            ("opened", "2026-03", "1", "CNY"): (7_000, 10_000),
            ("opened", "2026-03", "2", "CNY"): (7_000, 10_000),
            ("opened", "2026-04", "0", "CNY"): (0, 40_000),
            ("opened", "2026-04", "1", "CNY"): (0, 40_000),
        }
        assert found["opened_net", "2026-03", "1", "CNY"] == (6_500, 10_000)


@backends
async def test_cash_after_a_placement_counts_for_the_placement_while_it_lasts(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Case(it.ledger, "PLACED").open(10_000)
        await case.pay("pay-a", 1_000, march(4))
        placed = c.PlaceWithAgency(
            ref="plc-a", agency="AGENCY-1", on=march(5), until=march(25), evaluated_on=march(1)
        )
        await case.do(placed)
        await case.pay("pay-b", 2_000, march(20))
        await case.pay("pay-c", 4_000, march(26))
        found = await sides(it, "liquidation")
        assert found["placed", "2026-03", "0", "CNY"] == (2_000, 10_000)
        assert found["opened", "2026-03", "0", "CNY"] == (7_000, 10_000)


def _decisions(it: Desk) -> CaseDecisions:
    acts = CaseDesk(ledger=it.ledger, tenant="default", policies=POLICIES)
    return CaseDecisions(
        desk=acts, ledger=it.ledger, tenant="default", policies=POLICIES, clock=SystemClock()
    )


@backends
async def test_legal_cost_recovered_is_a_receipt_and_not_a_negative_cost(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Case(it.ledger, "SUED").open(10_000)
        figures = FigureDesk(ledger=it.ledger, tenant="default", desk=case._desk, decisions=_decisions(it))
        fee = BookCost(
            source="COURT", source_ref="1", kind="LEGAL", amount=cny(1_000), on=march(5), case=case.case_id
        )
        wrong = BookCost(source="COURT", source_ref="2", kind="LEGAL", amount=cny(9_000), on=march(5))
        assert [await figures.take_in(one, actor="system:test") for one in (fee, wrong, fee)] == [
            True, True, False,
        ]  # fmt: skip
        costs = principal(0)
        charged = m.BookCharge(
            ref="chg-a", account=case.account, on=march(6), amounts=costs + _costs(1_000), reason="COURT_FEE"
        )
        await case.do(charged)
        await case.pay("pay-a", 4_000, march(10))
        wrong_id = figures.cost_id("COURT", "2")
        taken_back = await figures.reverse(wrong_id, ReverseCost(reason="WRONG"), actor="system:test")
        assert (await sides(it, "cost"))["per_cash", "CNY"] == (10_000, 4_000)
        await _commit(it, taken_back, "reverse-2")
        found = await sides(it, "cost")
        assert found["per_cash", "CNY"] == (1_000, 4_000), "the fee that the debtor repaid is in the cash"
        assert found["per_account", "CNY"] == (1_000, 1)
        assert found["by_kind", "LEGAL", "CNY"] == (1_000, 4_000)


def _costs(minor: int) -> Parts:
    return of([minor, 0, 0, 0], "CNY")


async def _commit(it: Desk, verdict: Verdict, key: str) -> None:
    await it.ledger.commit(
        Command(
            tenant="default", command_id=it.ledger.command_id("test", "cost", key), fingerprint=b"1",
            actor="system:test", writes=tuple(verdict.writes), policy=verdict.policy,
        )
    )  # fmt: skip


@backends
async def test_days_of_a_forced_hold_are_no_days_in_collections_and_open_cases_count(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        held, running = [await Case(it.ledger, f"D-{n}").open(10_000) for n in range(2)]
        for ref, first, last in (("hld-a", 5, 10), ("hld-b", 8, 12)):
            placed = c.PlaceHold(
                ref=ref, kind="BANKRUPTCY" if ref == "hld-a" else "CEASE", on=march(first), until=march(last),
                reason="COURT", stops_interest=False,
            )  # fmt: skip
            await held.do(placed)
        plan = c.PlaceHold(
            ref="hld-c", kind="SYSTEM", on=march(13), until=march(15), reason="OURS", stops_interest=False
        )
        await held.do(plan)
        await held.pay("pay-a", 10_000, march(22))
        found = await values(it, "days")
        assert found["closed_mean",] == found["closed_median",] == 20 - 7, (
            "the 5th to the 11th, each day once"
        )
        assert found["all_median",] == 13
        known = await answer(it, "days")
        assert cases_of(known.items, "all_median")[running.case_id] == (29, 0), (
            "the open one is seen, and no end"
        )


def test_ranges_that_overlap_are_joined() -> None:
    spans = [(march(1), march(5)), (march(3), march(4)), (march(5), march(6)), (march(9), march(9))]
    assert course._joined(spans) == [(march(1), march(6))]
    assert course._overlap([(march(2), march(8))], [(march(1), march(6))]) == 4


@backends
async def test_complaints_are_counted_by_receipt_and_by_event(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Case(it.ledger, "LOUD").open(on=date(2026, 2, 10))
        await Case(it.ledger, "QUIET").open(on=date(2026, 2, 10))
        await case.attempt("att-1", date(2026, 2, 20), "RIGHT_PARTY")
        await case.attempt("att-2", march(2))
        logged = c.LogComplaint(ref="cmp-a", on=march(3), kind="CONDUCT", attempts=("att-1",))
        await case.do(logged)
        answered = c.AnswerComplaint(complaint="cmp-a", on=march(9), finding="BREACH", redress=None, by=MAKER)
        await case.do(answered)
        await case.do(c.LogComplaint(ref="cmp-b", on=march(20), kind="OTHER", attempts=()))
        found = await sides(it, "complaints")
        assert found["per_cases_by_receipt",] == (2, 2)
        assert found["per_cases_by_event",] == (1, 2)
        assert found["per_attempts_by_receipt",] == (2, 1)
        assert (found["upheld",], found["repeat",]) == ((1, 1), (1, 2))
        shown = await values(it, "complaints")
        assert (shown["per_cases_by_receipt",], shown["days_to_answer",]) == (1_000, 6)
        two_months = await sides(it, "complaints", from_=date(2026, 2, 1))
        assert two_months["per_cases_by_event",] == (2, 4), "of each month its active cases"


@backends
async def test_cash_and_promises_are_credited_to_who_held_the_case_on_the_value_date(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Case(it.ledger, "MOVED").open(10_000, on=date(2026, 2, 20))
        await case.give_to("user:li", date(2026, 2, 21))
        await case.promise("prm-a", 1_000, march(6))
        await case.pay("pay-a", 1_000, march(5))
        before = case.known[-1]
        await case.give_to("user:wu", march(10))
        await case.pay("pay-b", 2_000, march(12))
        found = await sides(it, "recovery", by="collector")
        assert found["by_money", "user:li", "CNY"] == (1_000, 10_000)
        assert found["by_money", "user:wu", "CNY"] == (2_000, 0), "nothing was with them when the month began"
        assert (await values(it, "recovery", by="collector"))["by_money", "user:wu", "CNY"] is None
        assert (await sides(it, "promise-kept", by="collector"))["by_count", "user:li"] == (1, 1)
        known = await sides(it, "recovery", by="collector", known_at=before)
        assert known["by_money", "user:li", "CNY"] == (1_000, 10_000)
        assert ("by_money", "user:wu", "CNY") not in known
