"""Rebuilding beside the live view, and the swap."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from shared.eventstore.projection import parked
from shared.eventstore.projection.catchup import catch_up, prepare
from shared.eventstore.projection.follower import Follower
from shared.eventstore.projection.port import LEASE_S, RebuildRunning
from shared.eventstore.projection.rebuild import Rebuild, RebuildProgress
from shared.eventstore.projection.status import digest, status
from shared.kernel.clock import FixedClock
from tests.kit.ledgers import NOON, backends
from tests.shared.eventstore.projection.tallies import (
    LINE,
    REFUSED_BY_VIEW,
    TALLY,
    Bench,
    a_view,
    bench,
    envelope_view,
)

VIEWS = [a_view(), envelope_view()]


def _rebuild(it: Bench, *, page: int = 1000, fails: bool = True) -> Rebuild:
    views = [a_view(fails=fails), envelope_view()]
    return Rebuild(database=it.views, source=it.source, clock=it.clock, views=views, page=page)


async def _digests(it: Bench) -> list[str]:
    return [await digest(it.views, view) for view in VIEWS]


@backends
async def test_rebuilt_equals_live_whatever_the_page(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request, shards=3) as it:
        await it.report_many(accounts=6, each=3)
        await it.report("A-1", months=REFUSED_BY_VIEW, expected=3)
        await it.report("A-1", expected=4)
        await catch_up(it.views, it.source, it.clock, VIEWS)
        live, stopped = await _digests(it), await parked.ls(it.views, VIEWS)
        for page in (1, 7, 1000):
            told: list[RebuildProgress] = []
            done = await _rebuild(it, page=page).run(told.append)
            assert (done.events, done.parked) == (20, 1)
            assert await _digests(it) == live
            assert told[-1].done == told[-1].total == 20
            assert [(p.position, p.stream) for p in await parked.ls(it.views, VIEWS)] == [
                (p.position, p.stream) for p in stopped
            ]
        states = await status(it.views, it.source, it.clock, VIEWS)
        assert [(s.lag, s.parked) for s in states] == [(0, 1), (0, 0)]


@backends
async def test_a_rebuild_with_mended_code_brings_parked_streams_back(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await it.report("A-1", months=REFUSED_BY_VIEW)
        await it.report("A-1", expected=1)
        await catch_up(it.views, it.source, it.clock, VIEWS)
        assert await it.tallies() == {}
        assert (await _rebuild(it, fails=False).run()).parked == 0
        assert await it.tallies() == {it.stream("A-1"): 2}
        assert await parked.ls(it.views, VIEWS) == []


@backends
async def test_readers_and_the_live_worker_go_on_while_it_rebuilds(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await it.report_many(accounts=5, each=4)
        await catch_up(it.views, it.source, it.clock, VIEWS)
        live = Follower(database=it.views, source=it.source, clock=it.clock, views=VIEWS)
        working = asyncio.create_task(live.run())
        rebuilding = asyncio.create_task(_rebuild(it, page=2).run())
        sizes = []
        for n in range(10):
            await it.report(f"B-{n}")
            sizes.append(len(await it.rows(LINE)))
        done = await rebuilding
        await it.report("C-1")
        async with asyncio.timeout(20):
            while len(await it.rows(LINE)) < 31:
                await asyncio.sleep(0.02)
        live.stop()
        await working
        assert sizes == sorted(sizes), "a reader saw the view shrink"
        assert sizes[0] >= 20
        assert done.events >= 20
        grown = await _digests(it)
        await _rebuild(it).run()
        assert await _digests(it) == grown


@backends
async def test_all_tables_dropped_and_everything_comes_back(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request, shards=2) as it:
        await it.report_many(accounts=4, each=2)
        await catch_up(it.views, it.source, it.clock, VIEWS)
        live = await _digests(it)
        async with it.views.transaction() as tx:
            for table in ("test_tally_v1", "test_line_v1", "test_seen_v1"):
                await tx.execute(f"DROP TABLE {table}")
            for table in ("projection_checkpoint", "projection_parked"):
                await tx.execute(f"DROP TABLE {table}")
        await _rebuild(it).run()
        assert await _digests(it) == live
        await it.report("A-0", expected=2)
        await catch_up(it.views, it.source, it.clock, VIEWS)
        assert len(await it.rows(LINE)) == 9


@backends
async def test_one_rebuild_of_a_view_at_a_time_and_a_dead_one_is_started_over(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with bench(backend, tmp_path, request, clock=clock) as it:
        await it.report_many(accounts=3, each=1)
        await catch_up(it.views, it.source, it.clock, VIEWS)
        live = await _digests(it)

        def die(progress: RebuildProgress) -> None:
            raise KeyboardInterrupt

        first = _rebuild(it, page=1)
        await prepare(it.views, it.source, VIEWS)
        await first._begin()
        await first._runners[1].step()
        with pytest.raises(RebuildRunning):
            await _rebuild(it).run()
        assert await _digests(it) == live
        clock.advance(timedelta(seconds=LEASE_S + 1))
        assert (await _rebuild(it).run()).events == 3
        assert await _digests(it) == live
        with pytest.raises(KeyboardInterrupt):
            await _rebuild(it, page=1).run(die)
        assert await _digests(it) == live
        assert (await _rebuild(it).run()).events == 3


@backends
async def test_the_index_of_a_rebuilt_table_is_there(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await it.report_many(accounts=3, each=1)
        for _ in range(2):
            await _rebuild(it).run()
        catalog = {
            "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = '{}'",
            "postgres": "SELECT count(*) FROM pg_indexes WHERE strpos(indexname, 'pkey') = 0 AND tablename = '{}'",
        }[backend]
        query = catalog.format(TALLY.name)
        found = await it.views.read(lambda c: c.exec_driver_sql(query).scalar_one())
        assert found == 1
