"""Strategies and the early-warning view through the open service, on both stores."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from services.case.application.treatment.early_warning import warning_list
from services.case.application.treatment.strategies import PUBLISHED, StrategyDesk, StrategyUnknown
from services.case.application.treatment.trying import attempt
from services.case.domain.treatment.strategy import (
    Strategy,
    StrategyBeginsTooEarly,
    StrategyVersionChanged,
    StrategyVersionsOverlap,
)
from services.case.projections.treatment import account_watch, segments
from shared.kernel.clock import FixedClock
from shared.kernel.four_eyes import MakerIsChecker
from tests.case.application.test_sweep import Branch, branch, place_of
from tests.case.application.treatment.test_treated_sweep import MONTH_END, month
from tests.kit.ledgers import backends
from tests.kit.treated import shipped_from, small

DECEMBER = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


async def published(desk: StrategyDesk, strategy: Strategy) -> None:
    await desk.do(lambda: desk.propose(strategy, actor="user:anna"), actor="user:anna")
    await desk.do(lambda: desk.publish(strategy.version.id, actor="user:ben"), actor="user:ben")


@backends
async def test_a_published_version_takes_the_place_of_the_shipped_one_from_its_day_on(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of(backend, tmp_path, request), tmp_path, FixedClock(DECEMBER)) as it:
        desk, begins = it.case.treatment.strategies, date(2026, 12, 10)
        mine = shipped_from(begins, "bank/1")
        await published(desk, mine)
        later = shipped_from(date(2027, 1, 1), "bank/2")
        await desk.do(lambda: desk.propose(later, actor="user:anna"), actor="user:anna")
        with pytest.raises(MakerIsChecker):
            await desk.publish("bank/2", actor="user:anna")
        with pytest.raises(StrategyVersionChanged):
            await desk.propose(shipped_from(date(2027, 5, 1), "bank/1"), actor="user:anna")
        with pytest.raises(StrategyVersionsOverlap):
            await desk.propose(shipped_from(date(2026, 12, 9), "other/1"), actor="user:anna")
        with pytest.raises(StrategyUnknown):
            await desk.publish("nobody/1", actor="user:ben")
        known = await desk.known()
        assert known.of("bank/1").status == PUBLISHED
        assert known.of("bank/1").strategy == mine
        book = known.book
        for day, version in ((begins - timedelta(days=1), "cn-retail-treatment/1"), (begins, "bank/1")):
            found = book.in_force(day)
            assert found is not None
            assert found.version.id == version
        assert await desk.do(lambda: desk.propose(mine, actor="user:anna"), actor="user:anna") == ()


async def test_no_version_begins_on_a_day_that_was_swept_and_a_new_one_is_looked_at_by_all(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of("sqlite", tmp_path, request), tmp_path, FixedClock(DECEMBER)) as it:
        await month(it, tmp_path, MONTH_END, [0, 1, 2, 1])
        it.go_on(1)
        [swept] = await it.sweep()
        desk = it.case.treatment.strategies
        with pytest.raises(StrategyBeginsTooEarly):
            await desk.propose(shipped_from(swept.as_of, "bank/1"), actor="user:anna")
        firm = small(version="bank/1", effective_from=swept.as_of + timedelta(days=1), adopt="AT_ONCE")
        await published(desk, firm)
        it.go_on(1)
        [after] = await it.sweep()
        assert (after.cases, after.changed) == (3, 3), "a new version is looked at once more by every case"
        counted = await it.case.projections.ask(
            lambda connection: segments.counts(connection, as_of=after.as_of), segments.VIEW
        )
        assert {one.segment: one.cases for one in counted} == {"ONE": 2, "TWO": 1}


async def test_trying_a_strategy_reads_only(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with branch(place_of("sqlite", tmp_path, request), tmp_path, FixedClock(DECEMBER)) as it:
        await month(it, tmp_path, MONTH_END, [0, 1, 2, 5])
        it.go_on(1)
        [swept] = await it.sweep()
        heads = [lane.head for lane in await it.case.ledger.lanes()]

        async def cases(after: str, limit: int) -> list[str]:
            rows = await it.case.projections.ask(
                lambda connection: segments.open_cases(
                    connection, as_of=swept.as_of, after=after, limit=limit
                ),
                segments.VIEW,
            )
            return [row.case_id for row in rows]

        same = await attempt(shipped_from(), room=it.case.treatment, as_of=swept.as_of, cases=cases)
        assert (same.cases, same.differences) == (3, [])
        other = await attempt(small(), room=it.case.treatment, as_of=swept.as_of, cases=cases)
        assert {
            (one.before.segment if one.before else None, one.after.segment) for one in other.differences
        } == {
            ("M1-SOFT", "ONE"),
            ("M2-STANDARD", "TWO"),
            ("M4-UNREACHED", "OTHER"),
        }
        assert [lane.head for lane in await it.case.ledger.lanes()] == heads


async def warned(it: Branch, day: date) -> dict[str, list[str]]:
    async def accounts(after: str, limit: int) -> list[account_watch.Watched]:
        return await it.case.projections.ask(
            lambda connection: account_watch.accounts(connection, after=after, limit=2, until=day),
            account_watch.VIEW,
        )

    found = await warning_list(shipped_from(), accounts, as_of=day)
    assert found.accounts == 4
    return {one.account_id: [sign.sign for sign in one.signs] for one in found.listed}


@backends
async def test_the_early_warning_view_is_the_same_when_it_is_built_anew(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of(backend, tmp_path, request), tmp_path, FixedClock(DECEMBER)) as it:
        await month(it, tmp_path, "2026-09-30", [0, 1, 2, 0])
        await month(it, tmp_path, "2026-10-31", [0, 0, 3, 1])
        await month(it, tmp_path, "2026-11-30", [0, 0, 4, 2])
        live = await warned(it, date(2026, 11, 30))
        before = await warned(it, date(2026, 10, 31))
        assert any("EARLIER_EPISODES" in signs for signs in live.values())
        assert any("JUST_IN" in signs for signs in before.values())
        await it.case.projections.rebuild([account_watch.VIEW])
        assert await warned(it, date(2026, 11, 30)) == live
        assert await warned(it, date(2026, 10, 31)) == before, (
            "what came later changes no list of an earlier day"
        )
