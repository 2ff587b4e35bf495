"""Pages, checkpoints, leases and fences, on both back ends."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.eventstore.projection import status as view_status
from shared.eventstore.projection.catchup import catch_up, prepare
from shared.eventstore.projection.port import LEASE_S, Fenced, NotCaughtUp
from shared.eventstore.projection.runner import Held, LaneRunner
from shared.eventstore.projection.view import View
from shared.kernel.clock import FixedClock
from tests.kit.ledgers import NOON, backends
from tests.shared.eventstore.projection.tallies import (
    LINE,
    SEEN,
    TALLY,
    Bench,
    a_view,
    bench,
    envelope_view,
    views_on,
)


async def _runner(it: Bench, views: list[View], *, owner: str = "me", page: int = 100) -> LaneRunner:
    await prepare(it.views, it.source, views)
    lane = (await it.source.lanes())[0].lane
    return LaneRunner(
        database=it.views, source=it.source, clock=it.clock, lane=lane, views=views, owner=owner, page=page
    )


@backends
async def test_every_page_size_gives_the_same_rows(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    digests = set()
    async with bench(backend, tmp_path, request) as it:
        await it.report_many(accounts=4, each=3)
        for page in (1, 2, 5, 100):
            runner = await _runner(it, [a_view()], page=page)
            await runner.acquire()
            while await runner.step():
                pass
            await runner.release()
            digests.add(await view_status.digest(it.views, a_view()))
            assert set((await it.tallies()).values()) == {3}
            async with it.views.transaction() as tx:
                await tx.forget("test.tally", 1)
        assert len(digests) == 1


@backends
async def test_views_at_different_positions_meet_and_go_on_together(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await it.report_many(accounts=5, each=1)
        await catch_up(it.views, it.source, it.clock, [a_view()])
        await it.report("B-1")
        runner = await _runner(it, [a_view(), envelope_view()], page=4)
        await runner.acquire()
        steps = [await runner.step() for _ in range(4)]
        # 4 of the 5 it lags, then the 1 that is left, then one page for both
        assert steps == [4, 1, 1, 0]
        assert {held.position for held in runner.held} == {6}
        assert len(await it.rows(SEEN)) == len(await it.rows(LINE)) == 6


@backends
async def test_a_lease_keeps_a_second_worker_out_until_it_runs_out(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with bench(backend, tmp_path, request, clock=clock) as it:
        await it.report("A-1")
        first, second = await _runner(it, [a_view()]), await _runner(it, [a_view()], owner="other")
        assert await first.acquire()
        assert not await second.acquire()
        clock.advance(timedelta(seconds=LEASE_S + 1))
        assert await second.acquire()
        with pytest.raises(Fenced):
            await first.step()
        assert first.held == []
        assert await it.rows(LINE) == []
        assert await second.step() == 1
        assert len(await it.rows(LINE)) == 1


@backends
async def test_a_worker_that_is_fenced_out_in_the_middle_of_a_page_writes_nothing(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await it.report_many(accounts=3, each=1)
        runner = await _runner(it, [a_view()], page=2)
        await runner.acquire()
        assert await runner.step() == 2
        before = await it.rows(TALLY), await it.rows(LINE)
        async with it.views.transaction() as tx:
            await tx.steal(("test.tally", 1), owner="thief", until=None)
        with pytest.raises(Fenced):
            await runner.step()
        assert (await it.rows(TALLY), await it.rows(LINE)) == before
        runner.held = [_held_again()]
        with pytest.raises(Fenced):  # an idle worker notices too
            await runner.renew()


def _held_again() -> Held:
    return Held(a_view(), "test.tally", {}, epoch=1, position=2)


@backends
async def test_catching_up_waits_for_a_worker_and_gives_up_on_a_dead_one(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with bench(backend, tmp_path, request, clock=clock) as it:
        await it.report("A-1")
        holder = await _runner(it, [a_view()], owner="holder")
        await holder.acquire()
        with pytest.raises(NotCaughtUp):
            await catch_up(it.views, it.source, it.clock, [a_view()], deadline_s=0.3)
        clock.advance(timedelta(seconds=LEASE_S + 1))
        await catch_up(it.views, it.source, it.clock, [a_view()], deadline_s=5)
        assert len(await it.rows(LINE)) == 1


@backends
async def test_status_says_how_far_behind_in_events_and_in_seconds(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with bench(backend, tmp_path, request, clock=clock) as it:
        await it.report("A-1")
        await catch_up(it.views, it.source, it.clock, [a_view()])
        await it.report("A-2")
        await it.report("A-3")
        clock.advance(timedelta(seconds=90))
        [found] = await view_status.status(it.views, it.source, clock, [a_view()])
        assert (found.position, found.lag, found.lag_s, found.parked) == (1, 2, 90.0, 0)
        await catch_up(it.views, it.source, it.clock, [a_view()])
        [found] = await view_status.status(it.views, it.source, clock, [a_view()])
        assert (found.position, found.lag, found.lag_s) == (3, 0, 0.0)


@backends
async def test_a_view_that_lost_a_table_or_its_checkpoint_starts_again_with_empty_tables(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await it.report_many(accounts=3, each=2)
        await catch_up(it.views, it.source, it.clock, [a_view()])
        whole = await view_status.digest(it.views, a_view())
        for loss in (
            "DROP TABLE test_tally_v1",
            "DELETE FROM projection_checkpoint",
            "DROP TABLE projection_checkpoint",
        ):
            async with it.views.transaction() as tx:
                await tx.execute(loss)
            assert await prepare(it.views, it.source, [a_view()]) == ["test.tally"]
            assert await it.rows(LINE) == []
            await catch_up(it.views, it.source, it.clock, [a_view()])
            assert await view_status.digest(it.views, a_view()) == whole
        assert await prepare(it.views, it.source, [a_view()]) == []


def test_a_table_must_carry_the_version_of_its_view() -> None:
    with pytest.raises(ValueError, match="version"):
        View(name="x", version=2, tables=(TALLY,), apply=lambda seen, rows: None)
    assert isinstance(a_view().shapes["test_tally_v1"].key, tuple)
    assert sa.inspect(TALLY) is not None


@backends
async def test_processes_that_start_at_once_make_the_tables_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await it.report("A-1")
        others = [views_on(backend, tmp_path, request) for _ in range(3)]
        for other in others:
            await other.open()
        started = await asyncio.gather(*(prepare(other, it.source, [a_view()]) for other in others))
        assert sorted(started) == [[], [], ["test.tally"]]
        for other in others:
            await other.close()


async def test_a_caller_who_gives_up_waiting_for_the_lock_leaves_the_connection_usable(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench("sqlite", tmp_path, request) as it:
        await prepare(it.views, it.source, [a_view()])
        holder = sqlite3.connect(tmp_path / "case.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")

        async def write() -> None:
            async with it.views.transaction() as tx:
                await tx.forget("nobody", 1)

        waiting = asyncio.create_task(write())
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.sleep(0.1)
        holder.execute("ROLLBACK")
        holder.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await write()
