"""The case's views: rebuilt equals live, byte for byte, however they came about."""

import sqlite3
from pathlib import Path

import psycopg
import pytest

from services.case.projections import audit_trail, case_list, case_timeline, work_queue
from services.case.projections.all_views import VIEWS
from shared.eventstore.projection.audit_trail import AuditFilter
from tests.case.projections.portfolio import desk, lines_of
from tests.kit.ledgers import backends


@backends
async def test_rebuilt_equals_live(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    lines = lines_of(40)
    async with desk(backend, tmp_path, request, shards=2) as it:
        for start in range(0, len(lines), 60):
            await it.take_in(lines[start : start + 60])
            await it.projections.catch_up()
        live = await it.digests()
        assert len(set(live.values())) == len(VIEWS)
        done = await it.projections.rebuild(VIEWS)
        assert await it.digests() == live
        assert done.parked == 0
        await it.projections.rebuild(it.projections.named(["queue", "timeline", "case.audit"]))
        assert await it.digests() == live


@backends
async def test_every_page_size_gives_the_same_rows(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines_of(25))
        await it.projections.catch_up()
        whole = await it.digests()
        for page in (1, 7, 64):
            await it.forget()
            await it.in_pages(page)
            assert await it.digests() == whole


@backends
async def test_with_every_table_but_the_ledgers_dropped_all_comes_back(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines_of(20))
        await it.projections.catch_up()
        live = await it.digests()
        async with it.projections.database.transaction() as tx:
            kept = {"data_key", "subject_map", "alembic_version"}
            for table in sorted(await tx.tables()):
                if not table.startswith(("ledger_", "sqlite_")) and table not in kept:
                    await tx.execute(f"DROP TABLE {table}")
        await it.projections.rebuild(VIEWS)
        assert await it.digests() == live
        assert await it.projections.ask(case_list.counts) is not None


@backends
async def test_every_view_copes_with_what_was_erased(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines = lines_of(12)
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines)
        await it.projections.catch_up()
        events = [view.position for view in await it.projections.status()]
    _forget_all_keys(backend, tmp_path, request)
    async with desk(backend, tmp_path, request) as it:
        done = await it.projections.rebuild(VIEWS)
        assert (done.parked, [view.position for view in await it.projections.status()]) == (0, events)
        read = it.projections.database.read
        cases = await read(lambda c: case_list.page(c, limit=500))
        assert cases
        assert {row.debtor_ref for row in cases} == {None}
        assert {row.stage for row in cases} == {None}
        assert sum((await read(work_queue.sizes)).values()) == 0
        told = await read(lambda c: case_timeline.entries(c, cases[0].case_id))
        assert {entry.text("en") for entry in told} == {"What this said has been erased."}
        assert {entry.text("zh-CN") for entry in told} == {"内容已依法删除。"}
        assert len(await read(lambda c: audit_trail.TRAIL.records(c, AuditFilter(), limit=1000))) == events[0]
        assert cases[0].as_json()["arrears"] is None


def _forget_all_keys(backend: str, folder: Path, request: pytest.FixtureRequest) -> None:
    if backend == "sqlite":
        with sqlite3.connect(folder / "case.db") as file:
            file.execute("DELETE FROM data_key")
        file.close()
        return
    with psycopg.connect(request.getfixturevalue("pg_dsn")) as server:
        server.execute('DELETE FROM "case".data_key')
