"""Every view: rebuilt equals live byte for byte, page by page of any size, on both stores, erased facts or not."""

import random
import sqlite3
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from services.legal.domain.events import STORED_AS
from services.legal.projections import timeline
from services.legal.projections.audit_trail import TRAIL
from services.legal.projections.limitation import risks
from services.legal.projections.matters import board, costs, diary
from shared.eventstore.projection.audit_trail import AuditFilter
from tests.legal.kit import CASE, backends
from tests.legal.projections.made_up import DAY, MATTER, SECRET, a_case, a_matter, one_of_each
from tests.legal.projections.told import LAW, Told, told

FAR = DAY + timedelta(days=200)


async def _live(it: Told, *, seed: int) -> None:
    draw = random.Random(seed)
    for number, (about, facts) in enumerate([*a_case(draw), *((MATTER, facts) for facts in a_matter(draw))]):
        await it.tell(about, *facts)
        if number % 5 == 0:
            await it.projections.catch_up()
    await it.projections.catch_up()


@backends
async def test_rebuilt_equals_live(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with told(backend, tmp_path, request) as it:
        await _live(it, seed=5)
        live = await it.digests()
        assert len(set(live.values())) == len(live)
        assert await it.projections.parked() == []
        done = await it.projections.rebuild(it.projections.views)
        assert done.parked == 0
        assert await it.digests() == live


@backends
@pytest.mark.parametrize("page", [1, 7, 64])
async def test_every_page_size_gives_the_same_rows(
    backend: str, page: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        await _live(it, seed=7)
        whole = await it.digests()
        await it.refolded(page)
        assert await it.digests() == whole


@backends
async def test_what_was_erased_stops_no_view(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        await _live(it, seed=9)
        events = sum([await it.ledger.head(lane) for lane in await it.ledger.lane_numbers()])
    if backend == "sqlite":
        with sqlite3.connect(tmp_path / "legal.db") as file:
            file.execute("DELETE FROM data_key")
        file.close()
    else:
        with psycopg.connect(request.getfixturevalue("pg_dsn")) as server:
            server.execute('DELETE FROM "legal".data_key')
    async with told(backend, tmp_path, request) as it:
        done = await it.projections.rebuild(it.projections.views)
        assert done.parked == 0
        [row] = await it.ask(board.board, board.BoardFilter(), LAW, as_of=FAR)
        assert (row.row.case_id, row.tracks, row.next, row.overdue) == (None, (), None, 0)
        assert await it.ask(diary.diary, LAW, from_=DAY, until=FAR, as_of=FAR, met=True) == []
        assert await it.ask(costs.costs, by="firm", as_of=FAR) == []
        assert await it.ask(risks.at_risk, LAW, within_days=180, as_of=FAR) == []
        said = await it.ask(timeline.entries, MATTER)
        assert {one.as_json("en")["text"] for one in said} == {"What this said has been erased."}
        assert len(await it.ask(lambda c: TRAIL.records(c, AuditFilter(), limit=1000))) == events


@pytest.mark.parametrize("seed", range(4))
async def test_every_event_type_folds_whatever_came_before_it(
    seed: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """One after another in any order, on a matter's stream and on one of proofs; and each alone, on nothing."""
    draw = random.Random(seed)
    async with told("sqlite", tmp_path, request) as it:
        for about in (MATTER, CASE):
            for _ in range(2):
                await it.tell(about, *draw.sample(found := one_of_each(draw), len(found)))
        await it.projections.catch_up()
        assert await it.projections.parked() == []
        live = await it.digests()
        await it.projections.rebuild(it.projections.views)
        assert await it.digests() == live
        for as_of in (DAY, FAR):
            await it.ask(board.board, board.BoardFilter(due_before=FAR), LAW, as_of=as_of)
            await it.ask(diary.diary, LAW, from_=DAY, until=FAR, as_of=as_of, met=True)
            await it.ask(risks.at_risk, LAW, within_days=180, as_of=as_of)
        for lane in await it.ledger.lane_numbers():
            rows = await it.ledger.read_lane(lane, after=0, limit=len(STORED_AS))
            for seen in await it.ledger.recorded(rows):
                for view in it.projections.views:
                    view.apply(seen if view.opens else seen.row, view.working())


async def test_the_views_hold_nothing_personal(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Names, references, numbers and free words are made up with a mark that is found in no table of a view."""
    draw = random.Random(3)
    async with told("sqlite", tmp_path, request) as it:
        await it.tell(MATTER, *one_of_each(draw))
        await it.tell(CASE, *one_of_each(draw))
        await it.projections.catch_up()
        tables = [table.name for view in it.projections.views for table in view.tables]
    with sqlite3.connect(tmp_path / "legal.db") as file:
        held = [str(row) for table in tables for row in file.execute(f"SELECT * FROM {table}")]
    file.close()
    assert len(held) > len(STORED_AS)
    assert [row for row in held if SECRET in row] == []
