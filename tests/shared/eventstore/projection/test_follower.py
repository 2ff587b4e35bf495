"""The live worker: prompt, alone, hard to stop by accident and easy on purpose."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from shared.eventstore.projection.catchup import catch_up
from shared.eventstore.projection.follower import Follower
from shared.eventstore.projection.status import digest, status
from tests.kit.ledgers import backends
from tests.shared.eventstore.projection.tallies import LINE, Bench, a_view, bench, envelope_view

VIEWS = [a_view(), envelope_view()]


@contextlib.asynccontextmanager
async def _following(it: Bench, faults: list[str] | None = None) -> AsyncIterator[Follower]:
    heard = faults if faults is not None else []
    worker = Follower(
        database=it.views, source=it.source, clock=it.clock, views=VIEWS,
        on_fault=lambda lane, error: heard.append(error),
    )  # fmt: skip
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await asyncio.wait_for(task, 20)


async def _until(it: Bench, lines: int) -> None:
    async with asyncio.timeout(20):
        while not await _made(it) or len(await it.rows(LINE)) < lines:
            await asyncio.sleep(0.01)


async def _made(it: Bench) -> bool:
    async with it.views.transaction() as tx:
        return LINE.name in await tx.tables()


@backends
async def test_what_is_appended_is_in_the_view_within_a_blink(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request, shards=2) as it:
        await it.report("A-0")
        async with _following(it):
            await _until(it, 1)
            lags = []
            for n in range(1, 12):
                await it.report(f"A-{n}")
                started = time.perf_counter()
                await _until(it, n + 1)
                lags.append(time.perf_counter() - started)
            assert sorted(lags)[5] < 0.5, lags
            held = await status(it.views, it.source, it.clock, VIEWS)
            assert all(lane.worker for view in held for lane in view.lanes)
        released = await status(it.views, it.source, it.clock, VIEWS)
        assert not any(lane.worker for view in released for lane in view.lanes)
        live = [await digest(it.views, view) for view in VIEWS]
        async with it.views.transaction() as tx:
            for view in VIEWS:
                await tx.forget(*view.key)
        await catch_up(it.views, it.source, it.clock, VIEWS)
        assert [await digest(it.views, view) for view in VIEWS] == live


@backends
async def test_two_workers_share_nothing_and_repeat_nothing(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        faults: list[str] = []
        async with _following(it, faults):
            await _until(it, 0)
            async with _following(it, faults):
                for n in range(10):
                    await it.report(f"A-{n}")
                await _until(it, 10)
        assert len(await it.rows(LINE)) == 10
        assert faults == []


async def test_a_lost_connection_is_met_with_a_pause_and_another_try(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench("postgres", tmp_path, request) as it:
        faults: list[str] = []
        async with _following(it, faults):
            await it.report("A-0")
            await _until(it, 1)
            for n in range(1, 4):
                with psycopg.connect(request.getfixturevalue("pg_dsn"), autocommit=True) as server:
                    server.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        " AND pid <> pg_backend_pid()"
                    )
                async with asyncio.timeout(20):
                    while True:
                        try:
                            await it.report(f"A-{n}")
                            await _until(it, n + 1)
                            break
                        except (psycopg.Error, Exception):
                            await asyncio.sleep(0.05)
        assert await it.tallies() == {it.stream(f"A-{n}"): 1 for n in range(4)}


_CHILD = """
import asyncio, sys
from pathlib import Path
from shared.eventstore.postgres.store import PostgresStore
from shared.eventstore.projection.postgres import PostgresViews
from shared.eventstore.projection.runner import LaneRunner
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.catchup import prepare
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_token
from tests.kit.ledgers import opened
from tests.shared.eventstore.projection.tallies import a_view, envelope_view

async def main(backend, where, folder):
    sqlite = backend == "sqlite"
    store = SqliteStore(Path(where)) if sqlite else PostgresStore(where, service="case")
    views = SqliteViews(Path(where)) if sqlite else PostgresViews(where, service="case")
    async with opened(store, Path(folder)) as ledger:
        await views.open()
        source, all_views = LedgerSource(ledger), [a_view(), envelope_view()]
        await prepare(views, source, all_views)
        runner = LaneRunner(database=views, source=source, clock=SystemClock(), lane=1, views=all_views,
                            owner=new_token(), page=3)
        async with views.transaction() as tx:
            for view in all_views:
                await tx.steal(view.key, owner=None, until=None)
        await runner.acquire()
        print("ready", flush=True)
        while await runner.step():
            pass
        await runner.release()
        await views.close()
        print("done", flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


@backends
async def test_killed_between_pages_again_and_again_it_ends_with_the_same_rows(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await it.report_many(accounts=30, each=8)
        where = str(tmp_path / "case.db") if backend == "sqlite" else request.getfixturevalue("pg_dsn")
        kills = 0
        for delay in (0.0, 0.02, 0.05, 0.09):
            child = subprocess.Popen(
                [sys.executable, "-c", _CHILD, backend, where, str(tmp_path)],
                stdout=subprocess.PIPE,
                text=True,
            )
            assert child.stdout is not None
            assert await asyncio.to_thread(child.stdout.readline) == "ready\n"
            await asyncio.sleep(delay)
            child.send_signal(signal.SIGKILL)
            kills += await asyncio.to_thread(child.wait) == -signal.SIGKILL
            child.stdout.close()
            lines = len(await it.rows(LINE))
            assert lines % 3 == 0 or lines == 240
            async with it.views.transaction() as tx:
                standing = await tx.checkpoints(["test.tally"], lane=1, lock=False)
                await tx.steal(("test.tally", 1), owner=None, until=None)
                await tx.steal(("test.seen", 1), owner=None, until=None)
            assert standing[0].position == lines, "rows and checkpoint stand together"
        await catch_up(it.views, it.source, it.clock, VIEWS)
        killed = [await digest(it.views, view) for view in VIEWS]
        async with it.views.transaction() as tx:
            for view in VIEWS:
                await tx.forget(*view.key)
        await catch_up(it.views, it.source, it.clock, VIEWS)
        assert [await digest(it.views, view) for view in VIEWS] == killed
        assert kills >= 1
