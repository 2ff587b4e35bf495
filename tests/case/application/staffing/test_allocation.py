"""Runs over a real ledger: planned and carried out, once however often, cut off and gone on with, two at once."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from services.case.application.staffing import allocation_desk
from services.case.application.staffing.allocation_desk import Wanted
from services.case.domain.case_commands import AssignCase, PlaceHold, PlaceWithAgency
from services.case.domain.facts.allocation import AllocationFinished, AllocationRun
from services.case.domain.money_commands import RecordPayment
from services.case.domain.staffing.directory import LeaveService, TakeLeave
from services.case.domain.staffing.sharing import share_out
from services.case.projections import work_queue
from services.case.projections.staffing import directory, floor, runs
from shared.eventstore.port import StreamWrite
from tests.case.application.staffing.service import TODAY, Staffed, staffed
from tests.kit.ledgers import backends
from tests.kit.life import ACCOUNT, cny

DAY = timedelta(days=1)


async def run(it: Staffed, name: str, *, rule: str | None = None, **wanted: object) -> dict[str, int]:
    """Share out, and how many came out how."""
    desk = it.case.staffing
    plan, _ = await desk.allocations.allocate(
        Wanted(**wanted),
        desk.rules.named(rule),
        run=f"alr_{name}",
        seed=None,
        actor="user:chief",  # type: ignore[arg-type]
    )
    return {outcome: count for outcome, count in plan.counts.items() if count}


async def whose(it: Staffed, cases: list[str]) -> list[str | None]:
    rows = {row.case_id: row.assignee for row in await it.ask(lambda c: floor.these(c, cases))}
    return [rows[case] for case in cases]


async def told(it: Staffed) -> list[str]:
    history = await it.case.ledger.whole_stream(it.case.staffing.allocations.stream)
    return [type(seen.event).__name__ for seen in history]


@backends
async def test_cases_go_round_evenly_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request, shards=2) as it:
        await it.hire("user:a", "user:b", "user:c")
        cases = [await it.open(f"D-{n}") for n in range(8)]
        assert await run(it, "1") == {"given": 8}
        got = Counter(await whose(it, cases))
        assert sorted(got.values()) == [2, 3, 3]
        assert await run(it, "2") == {"kept": 8}
        assert await told(it) == ["AllocationShared", "AllocationRun", "AllocationFinished"]
        allocated = (await it.case.clocks.case(cases[0], as_of=TODAY)).history[-1].event
        assert (allocated.run, allocated.previous, allocated.reason) == ("alr_1", None, "EVEN_COUNT")
        assert await run(it, "3", rule="deal-anew") in ({"given": 8}, {"given": 7, "kept": 1})
        allocated = (await it.case.clocks.case(cases[0], as_of=TODAY)).history[-1].event
        assert allocated.previous != allocated.collector
        await it.is_rebuilt_as_live(runs.VIEW, work_queue.VIEW, directory.VIEW)


@backends
async def test_anybody_can_work_the_shares_out_again(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:a", "user:b", cap=3)
        [await it.open(f"D-{n}", 100_000 * (n + 1)) for n in range(9)]
        assert await run(it, "1", rule="by-band") == {"given": 6, "left": 3}
        history = await it.case.ledger.whole_stream(it.case.staffing.allocations.stream)
        shared, begun = history[0].event, history[1].event
        assert isinstance(begun, AllocationRun)
        again = share_out(
            [item.seen for item in shared.items], begun.staff, begun.terms, seed=begun.seed, day=begun.on
        )
        assert again == shared.items


@backends
async def test_a_dry_run_is_the_run_without_the_record(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:a", "user:b", cap=2)
        cases = [await it.open(f"D-{n}") for n in range(5)]
        desk = it.case.staffing
        preview = await desk.allocations.plan(Wanted(), desk.rules.named(None), run="alr_1", seed=None)
        assert await told(it) == []
        assert await whose(it, cases) == [None] * 5
        plan, done = await desk.allocations.allocate(
            Wanted(), desk.rules.named(None), run="alr_1", seed=None, actor="user:chief"
        )
        assert plan == preview
        assert done is not None
        assert (done.given, done.refused) == (4, [])


@backends
async def test_what_cannot_be_given_says_why(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        closed, held, placed, late, free = [await it.open(f"D-{n}") for n in range(4)] + [
            await it.open("D-9", days=70)
        ]
        paid = RecordPayment(ref="pay_1", account=ACCOUNT, on=TODAY, amount=cny(100_000), channel="BANK")
        await it.do(closed, paid)
        hold = PlaceHold(
            ref="hld_1", kind="CEASE", on=TODAY, until=None, reason="ASKED", stops_interest=False
        )
        await it.do(held, hold)
        agency = PlaceWithAgency(
            ref="plc_1", agency="AG", on=TODAY, until=TODAY + 30 * DAY, evaluated_on=TODAY
        )
        await it.do(placed, agency)
        nobody = "case-00000000-0000-8000-8000-000000000000"
        wanted = (closed, held, placed, late, free, nobody)
        await it.hire("user:m1", stages=("M1",))
        await it.staff("user:m1", TakeLeave(leave="l", on=TODAY, until=TODAY + DAY, kind="SICK"))
        desk = it.case.staffing.allocations
        plan = await desk.plan(
            Wanted(cases=wanted), it.case.staffing.rules.named(None), run="alr_1", seed=None
        )
        assert {one.seen.case: (one.outcome, one.reason) for one in plan.shares} == {
            closed: ("REFUSED", "CLOSED"),
            held: ("REFUSED", "ON_HOLD"),
            placed: ("REFUSED", "AGENCY"),
            late: ("LEFT", "ON_LEAVE"),
            free: ("LEFT", "NO_SKILL"),
            nobody: ("REFUSED", "UNKNOWN"),
        }
        assert await run(it, "1", cases=wanted) == {"left": 2, "refused": 4}
        assert await told(it) == []


@backends
async def test_two_runs_at_once_give_no_room_twice(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:a", "user:b", cap=3)
        cases = [await it.open(f"D-{n}") for n in range(12)]
        await asyncio.gather(*(run(it, f"r{n}", cases=tuple(cases[n::2])) for n in range(2)))
        got = Counter(await whose(it, cases))
        assert {got["user:a"], got["user:b"]} == {3}
        assert got[None] == 6


@backends
async def test_a_run_that_is_cut_off_is_gone_on_with(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:a", "user:b")
        cases = [await it.open(f"D-{n}") for n in range(10)]
        desk = it.case.staffing.allocations
        monkeypatch.setattr(allocation_desk, "AT_ONCE", 2)

        def die(done: int) -> None:
            if done >= 4:
                raise RuntimeError("killed")

        plan = await desk.plan(Wanted(), it.case.staffing.rules.named(None), run="alr_1", seed="s")
        await desk._commit("begin", "alr_1", await desk.write(plan), actor="user:chief")
        with pytest.raises(RuntimeError):
            await desk.finish(die)
        assert Counter(await whose(it, cases))[None] == 6
        now = dict(zip(cases, await whose(it, cases), strict=True))
        given = next(case for case in cases if now[case] is not None)
        waiting = next(case for case in cases if now[case] is None)
        await it.do(given, AssignCase(ref="alc_hand", on=TODAY, collector="user:b", reason="SKILL"))
        await it.do(waiting, AssignCase(ref="alc_hand", on=TODAY, collector="user:b", reason="SKILL"))
        assert await run(it, "2") == {"kept": 10}
        history = await it.case.ledger.whole_stream(desk.stream)
        over = history[-1].event
        assert isinstance(over, AllocationFinished)
        assert (over.run, over.given) == ("alr_1", 9)
        assert over.refused == ((waiting, "allocation-overtaken"),)
        assert await desk.finish() is None


@backends
async def test_cases_of_who_left_go_to_others_and_caps_hold_for_all(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:a", "user:b", team="A", cap=4)
        await it.hire("user:c", team="B", cap=9)
        cases = [await it.open(f"D-{n}") for n in range(6)]
        assert await run(it, "1", team="A") == {"given": 6}
        await it.staff("user:a", LeaveService(on=TODAY, reason="LEFT"))
        assert await run(it, "2", team="A") == {"given": 1, "kept": 3, "left": 2}
        assert Counter(await whose(it, cases)) == {"user:b": 4, "user:a": 2}
        assert await run(it, "3", team="B") == {"given": 2}
        assert Counter(await whose(it, cases)) == {"user:b": 4, "user:c": 2}


async def test_a_case_rotates_after_its_month(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with staffed("sqlite", tmp_path, request) as it:
        await it.hire("user:a", "user:b")
        case = await it.open("D-1")
        assert await run(it, "1", rule="rotate-monthly") == {"given": 1}
        [first] = await whose(it, [case])
        it.clock.advance(29 * DAY)
        assert await run(it, "2", rule="rotate-monthly") == {"kept": 1}
        it.clock.advance(DAY)
        assert await run(it, "3", rule="rotate-monthly") == {"given": 1}
        [second] = await whose(it, [case])
        assert {first, second} == {"user:a", "user:b"}


async def test_a_large_run_is_told_in_several_commands_and_counts_once_it_begins(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allocation_desk, "PART_ITEMS", 1)
    async with staffed("sqlite", tmp_path, request) as it:
        await it.hire("user:a", "user:b")
        cases = [await it.open(f"D-{n}") for n in range(9)]
        desk, terms = it.case.staffing.allocations, it.case.staffing.rules.named(None)
        cut_off = await desk.plan(Wanted(), terms, run="alr_1", seed=None)
        await desk.write(cut_off)  # the first parts are told, and then somebody kills it
        assert await told(it) == ["AllocationShared"] * 6
        assert await desk.finish() is None
        assert await whose(it, cases) == [None] * 9
        assert await run(it, "1") == {"given": 9}
        assert await told(it) == ["AllocationShared"] * 15 + ["AllocationRun", "AllocationFinished"]
        found = await it.ask(lambda c: runs.items(c, "alr_1"))
        assert sorted(one.case_id for one in found) == sorted(cases)
        assert {one.outcome for one in found} == {"GIVEN"}


async def test_a_run_of_thousands_fits_into_what_the_ledger_takes(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """As large as a part, and a command of parts, can become: longest codes, a holder, a last one, retained."""
    async with staffed("sqlite", tmp_path, request) as it:
        await it.hire(*(f"user:{n:060}" for n in range(20)), products=["P" * 40], stages=("M1", "M2", "M3"))
        rows = [
            allocation_desk.CaseRow(
                f"case-6f1c0d1e-0000-8000-8000-{n:012x}", "M4+", cny(9 * 10**15), "Q" * 40, "zh-Hant-TW",
                f"user:{n % 20:060}", TODAY, f"user:{n % 20:060}", TODAY, None,
            )
            for n in range(4_000)
        ]  # fmt: skip
        desk = it.case.staffing.allocations
        look = await desk._floor.look(Wanted(), on=TODAY)

        class Crowded:
            async def look(self, wanted: Wanted, *, on: object) -> allocation_desk.Look:
                return allocation_desk.Look(look.members, {}, rows)

        desk._floor = Crowded()  # type: ignore[assignment]
        plan = await desk.plan(Wanted(), it.case.staffing.rules.named("deal-anew"), run="alr_1", seed=None)
        assert plan.counts["left"] == 4_000
        for start in range(0, len(plan.events), allocation_desk.PARTS_AT_ONCE):
            some = plan.events[start : start + allocation_desk.PARTS_AT_ONCE]
            write = StreamWrite(desk.stream, start, await desk._new(some))
            await desk._commit("tell", f"alr_1|{start}", (write,), actor="user:chief")
