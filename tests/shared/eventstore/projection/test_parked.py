"""A poisonous event stops its own stream in its own view, and nothing else."""

import sqlite3
from pathlib import Path

import psycopg
import pytest

from shared.eventstore.projection import parked
from shared.eventstore.projection.catchup import catch_up
from shared.eventstore.projection.port import NotParked
from shared.eventstore.projection.status import digest, status
from tests.kit.ledgers import backends
from tests.shared.eventstore.projection.tallies import (
    LINE,
    REFUSED_BY_DATABASE,
    REFUSED_BY_VIEW,
    SEEN,
    Bench,
    a_view,
    bench,
    envelope_view,
)


async def _poisoned(it: Bench, *, months: int) -> None:
    """Three accounts, three statements each; the second of A-1 is the poison."""
    for expected in range(3):
        for ref in ("A-0", "A-1", "A-2"):
            bad = ref == "A-1" and expected == 1
            await it.report(ref, months=months if bad else 1, expected=expected)


@pytest.mark.parametrize("months", [REFUSED_BY_VIEW, REFUSED_BY_DATABASE])
@backends
async def test_poison_parks_its_stream_and_only_that(
    backend: str, months: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await _poisoned(it, months=months)
        await catch_up(it.views, it.source, it.clock, [a_view(), envelope_view()])
        tallies = await it.tallies()
        assert tallies == {it.stream("A-0"): 3, it.stream("A-1"): 1, it.stream("A-2"): 3}
        assert len(await it.rows(LINE)) == 7
        assert len(await it.rows(SEEN)) == 9
        [stopped] = await parked.ls(it.views, [a_view(), envelope_view()])
        assert (stopped.name, stopped.stream, stopped.position, stopped.tries) == (
            "test.tally",
            it.stream("A-1"),
            5,
            1,
        )
        assert stopped.error in ("Unacceptable", "IntegrityError", "NotNullViolation")
        waiting = await parked.show(it.views, it.source, stopped)
        assert (waiting.events, waiting.type) == (2, "case.StatementReported/v1")
        [found, _] = await status(it.views, it.source, it.clock, [a_view(), envelope_view()])
        assert (found.parked, found.lag) == (1, 0)


@backends
async def test_later_events_wait_and_a_retry_brings_them_all(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await _poisoned(it, months=REFUSED_BY_VIEW)
        await catch_up(it.views, it.source, it.clock, [a_view()])
        await it.report("A-1", expected=3)
        await catch_up(it.views, it.source, it.clock, [a_view()])
        [stopped] = await parked.ls(it.views, [a_view()])
        before = await digest(it.views, a_view())
        again = await parked.retry(
            it.views, it.source, it.clock, a_view(), lane=stopped.lane, stream=stopped.stream
        )
        assert (again.error, again.parked.tries) == ("Unacceptable", 2)
        assert await digest(it.views, a_view()) == before
        assert [p.tries for p in await parked.ls(it.views, [a_view()])] == [2]
        mended = a_view(fails=False)
        done = await parked.retry(
            it.views, it.source, it.clock, mended, lane=stopped.lane, stream=stopped.stream
        )
        assert (done.error, done.events) == (None, 3)
        assert await parked.ls(it.views, [a_view()]) == []
        assert (await it.tallies())[it.stream("A-1")] == 4
        with pytest.raises(NotParked):
            await parked.retry(
                it.views, it.source, it.clock, mended, lane=stopped.lane, stream=stopped.stream
            )
        live = await digest(it.views, mended)
        async with it.views.transaction() as tx:
            await tx.forget("test.tally", 1)
        await catch_up(it.views, it.source, it.clock, [mended])
        assert await digest(it.views, mended) == live


@backends
async def test_a_retry_that_the_database_refuses_leaves_the_stream_parked(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await _poisoned(it, months=REFUSED_BY_DATABASE)
        await catch_up(it.views, it.source, it.clock, [a_view()])
        [stopped] = await parked.ls(it.views, [a_view()])
        before = await digest(it.views, a_view())
        again = await parked.retry(
            it.views, it.source, it.clock, a_view(), lane=stopped.lane, stream=stopped.stream
        )
        assert again.error is not None
        assert again.parked.tries == 2
        assert await digest(it.views, a_view()) == before


@backends
async def test_an_event_that_cannot_be_opened_parks_its_stream_where_it_must_be_opened(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await _poisoned(it, months=1)
        _flip_a_byte(backend, tmp_path, request, position=5)
        await catch_up(it.views, it.source, it.clock, [a_view(), envelope_view()])
        [stopped] = await parked.ls(it.views, [a_view(), envelope_view()])
        assert (stopped.name, stopped.position, stopped.error) == ("test.tally", 5, "BoxBroken")
        assert len(await it.rows(SEEN)) == 9


def _flip_a_byte(backend: str, folder: Path, request: pytest.FixtureRequest, *, position: int) -> None:
    """What no user of the service can do: its last byte of the body changed behind the ledger's back."""
    where = f"WHERE position = {position}"
    if backend == "sqlite":
        with sqlite3.connect(folder / "case.db") as file:
            file.execute("DROP TRIGGER ledger_event_refuses_update")
            [body] = file.execute(f"SELECT body FROM ledger_event {where}").fetchone()
            file.execute(f"UPDATE ledger_event SET body = ? {where}", (body[:-1] + bytes([body[-1] ^ 1]),))
        file.close()
        return
    with psycopg.connect(request.getfixturevalue("pg_dsn")) as server:
        server.execute('SET search_path = "case"')
        server.execute("ALTER TABLE ledger_event DISABLE TRIGGER ALL")
        row = server.execute(f"SELECT body FROM ledger_event {where}").fetchone()
        assert row is not None
        body = row[0]
        server.execute(f"UPDATE ledger_event SET body = %s {where}", (body[:-1] + bytes([body[-1] ^ 1]),))
