"""Every view: rebuilt equals live byte for byte, page by page of any size, on both stores, erased facts or not."""

import random
import sqlite3
from pathlib import Path

import psycopg
import pytest

from services.contact.domain.events import STORED_AS, UPCASTS
from services.contact.projections.asking import attempts, refusals
from services.contact.projections.audit_trail import TRAIL
from services.contact.projections.sending import outbox
from shared.eventstore.projection.audit_trail import AuditFilter
from tests.contact.projections.told import Told, drawn, told
from tests.golden.samples import SAMPLES
from tests.kit.ledgers import backends

SUBJECTS = ("D-1", "D-2", "D-3")


async def _live(it: Told, *, seed: int) -> None:
    draw = random.Random(seed)
    for ref in SUBJECTS:
        for number, facts in enumerate(drawn(draw, ref)):
            await it.tell(ref, *facts)
            if number % 7 == 0:
                await it.projections.catch_up()
    await it.projections.catch_up()


@backends
async def test_rebuilt_equals_live(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with told(backend, tmp_path, request, shards=2) as it:
        await _live(it, seed=5)
        live = await it.digests()
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
        with sqlite3.connect(tmp_path / "contact.db") as file:
            file.execute("DELETE FROM data_key")
        file.close()
    else:
        with psycopg.connect(request.getfixturevalue("pg_dsn")) as server:
            server.execute('DELETE FROM "contact".data_key')
    async with told(backend, tmp_path, request) as it:
        done = await it.projections.rebuild(it.projections.views)
        assert done.parked == 0
        assert await it.ask(attempts.page) == []
        assert await it.ask(refusals.page) == []
        assert await it.ask(outbox.page) == []
        assert len(await it.ask(lambda c: TRAIL.records(c, AuditFilter(), limit=1000))) == events


async def test_every_event_type_folds_whatever_came_before_it(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """One after another on a stream, in any order; and each alone, where nothing it could rest on is there."""
    samples = [one for name, one in SAMPLES.items() if name in STORED_AS and name not in UPCASTS]
    assert len(samples) >= 60
    async with told("sqlite", tmp_path, request) as it:
        for sample in samples:
            await it.tell("D", sample)
        await it.tell("D", *random.Random(3).sample(samples, len(samples)))
        await it.projections.catch_up()
        assert await it.projections.parked() == []
        [lane] = await it.ledger.lane_numbers()
        rows = await it.ledger.read_lane(lane, after=0, limit=len(samples))
        for seen in await it.ledger.recorded(rows):
            for view in it.projections.views:
                if not view.types or seen.row.type in view.types:
                    view.apply(seen if view.opens else seen.row, view.working())
