"""Runs of imports on record, on both stores: what each says, and that runs of one content are told apart."""

import asyncio
from pathlib import Path

import pytest

from services.case.application.history import import_runs
from services.case.application.history.import_runs import ImportRuns
from services.case.domain.facts.imports import FileSeen
from services.case.domain.history.import_run import (
    ADDED,
    BOOK,
    CANCELLED,
    DONE,
    FAILED,
    REJECTED,
    RUNNING,
    Counts,
    ImportRun,
    fold,
)
from services.case.projections.history import import_list
from shared.eventstore.ledger import Ledger
from tests.case.projections.portfolio import desk
from tests.kit.ledgers import backends, opened, store_on

CONTENT, FILES = 64 * "c", [FileSeen(sha256=64 * "b", size=12)]


async def _run(
    runs: ImportRuns, *, kind: str = BOOK, content: str | None = CONTENT, rejected: int = 0
) -> str:
    async with runs.recorded(
        kind, content=content, files=FILES, names=["customers.csv"], actor="user:wu"
    ) as run:
        for row in range(rejected):
            run.tell(0, row + 2, REJECTED, "malformed-row", "row")
        run.counted(rows=9, added=9 - rejected, unchanged=0, rejected=rejected, events=11)
    return run.id


async def _state(ledger: Ledger, stream: str) -> ImportRun:
    state = fold(seen.event for seen in await ledger.whole_stream(stream))
    assert state is not None
    return state


@backends
async def test_each_run_of_one_content_is_a_stream_of_its_own_that_says_what_it_did(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path, shards=3) as ledger:
        runs = ImportRuns(ledger=ledger, tenant="default")
        ids = [await _run(runs) for _ in range(3)]
        ids += await asyncio.gather(*(_run(runs) for _ in range(4)))
        assert len(set(ids)) == 7, "two at once are two runs"
        assert all(one.startswith("import-") for one in ids)
        state = await _state(ledger, ids[0])
        assert (state.status, state.kind, state.via, state.content) == (DONE, BOOK, "CLI", CONTENT)
        assert (state.names, state.files) == (("customers.csv",), tuple(FILES))
        assert state.counts == Counts(rows=9, added=9, unchanged=0, rejected=0, events=11)
        assert await _run(runs, kind="history") not in ids


async def test_what_went_wrong_is_on_record_by_its_class_and_a_killed_run_has_no_end(tmp_path: Path) -> None:
    async with opened(store_on("sqlite", tmp_path, None), tmp_path) as ledger:  # type: ignore[arg-type]
        runs, streams = ImportRuns(ledger=ledger, tenant="default"), []

        async def broken(fault: BaseException) -> None:
            async with runs.recorded(BOOK, content=CONTENT, actor="user:wu") as run:
                streams.append(run.id)
                raise fault

        with pytest.raises(FileNotFoundError):
            await broken(FileNotFoundError("/home/zhang-san/book.csv"))
        failed = await _state(ledger, streams[0])
        assert (failed.status, failed.fault) == (FAILED, "FileNotFoundError")
        with pytest.raises(asyncio.CancelledError):
            await broken(asyncio.CancelledError())
        assert (await _state(ledger, streams[1])).status == CANCELLED
        with pytest.raises(GeneratorExit):
            await broken(GeneratorExit())
        assert (await _state(ledger, streams[2])).status == RUNNING
        bodies = [seen.row.leaf for one in streams for seen in await ledger.whole_stream(one)]
        assert not any(b"zhang" in body for body in bodies)


async def test_rows_are_told_in_parts_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runs, "ROWS_A_PART", 4)
    monkeypatch.setattr(import_runs, "ROWS_TOLD_MAX", 10)
    async with opened(store_on("sqlite", tmp_path, None), tmp_path) as ledger:  # type: ignore[arg-type]
        stream = await _run(ImportRuns(ledger=ledger, tenant="default"), rejected=25)
        told = [seen.event for seen in await ledger.whole_stream(stream)][1:-1]
        assert [(one.part, len(one.rows)) for one in told] == [(0, 4), (1, 4), (2, 2)]
        assert told[0].rows[0].row == 2
        state = await _state(ledger, stream)
        assert (state.told, state.counts.rejected) == (10, 25)


@backends
async def test_the_list_tells_who_took_in_what_and_is_the_same_rebuilt(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request, shards=2) as it:
        runs = ImportRuns(ledger=it.ledger, tenant="default")
        ids = [await _run(runs), await _run(runs, rejected=2), await _run(runs, content=None)]
        async with runs.recorded("history", content=64 * "d", actor="user:wu") as run:
            run.tell(0, 2, ADDED)
        rows = await it.projections.ask(import_list.page, import_list.VIEW)
        assert {row.thing for row in rows} == {*ids, run.id}
        by_id = {row.thing: row.as_json() for row in rows}
        assert by_id[ids[1]] | {"begun_at": "", "ended_at": ""} == {
            "id": ids[1], "kind": "book", "status": "DONE", "via": "CLI", "actor": "user:wu", "files": 1,
            "content": CONTENT, "mapping": None, "attempt": 1, "begun_at": "", "ended_at": "",
            "counts": {"rows": 9, "added": 7, "unchanged": 0, "rejected": 2, "events": 11}, "fault": None,
        }  # fmt: skip
        of_one = await it.projections.ask(
            lambda connection: import_list.page(connection, content=CONTENT), import_list.VIEW
        )
        assert {row.thing for row in of_one} == set(ids[:2])
        paged = await it.all_pages(
            lambda connection, after: import_list.page(connection, after=after, limit=1),
            lambda row: row.cursor,
        )
        assert paged == rows
        live = await it.digests()
        assert (await it.projections.rebuild((import_list.VIEW,))).parked == 0
        assert await it.digests() == live
