"""Hearing another service: in order, nothing missed, nothing passed over, faults parked where people see them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from shared.eventstore.ledger import Ledger
from shared.eventstore.port import StoreUnavailable
from shared.eventstore.projection.port import Fenced, NotParked, ViewDatabase
from shared.eventstore.projection.postgres import PostgresViews
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import SystemClock
from shared.messaging.feed import Feed
from shared.messaging.place import last_seen
from shared.messaging.reader import LIMIT, FeedReader, Hear
from shared.messaging.source import FeedInProcess
from shared.messaging.told import Told
from tests.kit.ledgers import a_command, backends, opened, store_on

ALL = ("case.*",)


@asynccontextmanager
async def publisher(tmp_path: Path, *, shards: int = 3) -> AsyncIterator[Ledger]:
    """A service that publishes, over its own store."""
    folder = tmp_path / "publisher"
    folder.mkdir(exist_ok=True)
    async with opened(SqliteStore(folder / "case.db"), folder, shards=shards) as ledger:
        yield ledger


@asynccontextmanager
async def listening(database: ViewDatabase) -> AsyncIterator[ViewDatabase]:
    """The listener's database, open."""
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def reader(ledger: Ledger, database: ViewDatabase, hear: Hear, **more: object) -> FeedReader:
    source = FeedInProcess(Feed(ledger, "default"))
    return FeedReader(
        name="contact.hears_case", source=source, types=ALL, hear=hear, database=database, clock=SystemClock(),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


async def _fill(ledger: Ledger, first: int, last: int, *, each: int = 1) -> None:
    for n in range(first, last):
        await ledger.commit(await a_command(ledger, f"key-{n}", ref=f"A-{n}", events=each))


@backends
async def test_all_is_heard_in_order_once_and_a_new_reader_goes_on(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    heard: list[Told] = []

    async def hear(event: Told) -> None:
        heard.append(event)

    store = store_on(backend, tmp_path, request)
    await store.open()  # makes the schema that the views lie in
    await store.close()
    database: ViewDatabase = (
        SqliteViews(tmp_path / "case.db")
        if backend == "sqlite"
        else PostgresViews(request.getfixturevalue("pg_dsn"), service="case")
    )
    async with publisher(tmp_path) as ledger, listening(database):
        await reader(ledger, database, hear).catch_up()
        assert heard == [], "an empty feed"
        await _fill(ledger, 0, 150, each=3)
        await reader(ledger, database, hear).catch_up()
        assert len(heard) == 450
        for stream in {event.stream for event in heard}:
            assert [e.version for e in heard if e.stream == stream] == [1, 2, 3]
        await _fill(ledger, 150, 160)
        await reader(ledger, database, hear).catch_up()
        assert len(heard) == 460
        assert len({event.id for event in heard}) == 460
        standing = await reader(ledger, database, hear).standing()
        assert sum(row.position for row in standing) == 460


@backends
async def test_the_publishers_head_is_kept_as_last_seen(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    heard: list[Told] = []

    class Killed(BaseException):
        """The process is gone."""

    async def hear(event: Told) -> None:
        heard.append(event)
        if len(heard) == LIMIT + 10:
            raise Killed

    store = store_on(backend, tmp_path, request)
    await store.open()
    await store.close()
    database: ViewDatabase = (
        SqliteViews(tmp_path / "case.db")
        if backend == "sqlite"
        else PostgresViews(request.getfixturevalue("pg_dsn"), service="case")
    )
    async with publisher(tmp_path) as ledger, listening(database):
        assert await database.read(last_seen) == {}, "nobody ever read"
        await _fill(ledger, 0, LIMIT + 50)
        with pytest.raises(Killed):
            await reader(ledger, database, hear).catch_up()
        standing = await reader(ledger, database, hear).standing()
        assert (sum(row.position for row in standing), sum(row.lag for row in standing)) == (LIMIT, 50)
        await reader(ledger, database, hear).catch_up()
        heads = [lane.head for lane in await ledger.lanes()]
        standing = await reader(ledger, database, hear).standing()
        assert [row.head for row in standing] == [row.position for row in standing] == heads
        told = {"contact.hears_case": {lane: (head, head) for lane, head in enumerate(heads)}}
        assert await database.read(last_seen) == told
        await _fill(ledger, LIMIT + 50, LIMIT + 60)
        assert await database.read(last_seen) == told, "nobody has looked since"


async def test_an_event_is_heard_again_after_a_death_before_the_place_was_kept(tmp_path: Path) -> None:
    heard: list[str] = []

    class Killed(BaseException):
        """The process is gone."""

    async def hear(event: Told) -> None:
        heard.append(event.id)
        if len(heard) == 30:
            raise Killed

    async with publisher(tmp_path) as ledger, listening(SqliteViews(tmp_path / "contact.db")) as database:
        await _fill(ledger, 0, 40)
        with pytest.raises(Killed):
            await reader(ledger, database, hear).catch_up()
        await reader(ledger, database, hear).catch_up()
        assert len(set(heard)) == 40, "none was passed over"


async def test_a_fault_of_ours_parks_the_stream_and_its_later_events_wait(tmp_path: Path) -> None:
    heard: list[Told] = []
    broken = True

    async def hear(event: Told) -> None:
        if broken and event.stream == bad and event.version >= 2:
            raise ZeroDivisionError
        heard.append(event)

    async with publisher(tmp_path) as ledger, listening(SqliteViews(tmp_path / "contact.db")) as database:
        bad = ledger.stream_id("account", "A-1", debtor_ref="A-1")
        await _fill(ledger, 0, 5, each=3)
        faults: list[str] = []
        listener = reader(ledger, database, hear, on_fault=faults.append)
        await listener.catch_up()
        [parked] = await listener.parked()
        assert (parked.stream, parked.error, parked.tries) == (bad, "ZeroDivisionError", 1)
        assert faults == ["ZeroDivisionError"]
        assert len(heard) == 13, "the others went on"
        await ledger.commit(await a_command(ledger, "later", ref="A-1", expected=3))
        await listener.catch_up()
        assert len(heard) == 13, "what comes later of the same thing waits behind it"
        assert [event.version for event in await listener.waiting(parked)] == [2, 3, 4]

        again = await listener.retry(parked)
        assert again.error == "ZeroDivisionError"
        assert (await listener.parked())[0].tries == 2
        broken = False
        done = await listener.retry((await listener.parked())[0])
        assert (done.events, done.error) == (3, None)
        assert [event.version for event in heard if event.stream == bad] == [1, 2, 3, 4]
        assert await listener.parked() == []
        with pytest.raises(NotParked):
            await listener.retry(parked)


async def test_a_fault_of_the_moment_parks_nothing_and_the_reader_comes_back(tmp_path: Path) -> None:
    heard: list[str] = []
    faults: list[str] = []

    async def hear(event: Told) -> None:
        if len(faults) < 2:
            raise StoreUnavailable("gone for a moment")
        heard.append(event.id)

    async with publisher(tmp_path) as ledger, listening(SqliteViews(tmp_path / "contact.db")) as database:
        await _fill(ledger, 0, 3)
        listener = reader(ledger, database, hear, on_fault=faults.append)
        running = asyncio.create_task(listener.run())
        async with asyncio.timeout(20):
            while len(heard) < 3:
                await asyncio.sleep(0.02)
            await _fill(ledger, 3, 4)
            while len(heard) < 4:
                await asyncio.sleep(0.02)
        listener.stop()
        async with asyncio.timeout(5):
            await running
        assert faults == ["StoreUnavailable"] * 2
        assert await listener.parked() == []
        assert {row.worker for row in await listener.standing()} == {None}, "the lease was given back"


async def test_two_readers_share_one_place(tmp_path: Path) -> None:
    heard: list[str] = []

    async def hear(event: Told) -> None:
        heard.append(event.id)

    async with publisher(tmp_path) as ledger, listening(SqliteViews(tmp_path / "contact.db")) as database:
        both = [reader(ledger, database, hear) for _ in range(2)]
        running = [asyncio.create_task(one.run()) for one in both]
        await _fill(ledger, 0, 60)
        async with asyncio.timeout(20):
            while len(set(heard)) < 60:
                await asyncio.sleep(0.02)
        for one in both:
            one.stop()
        await asyncio.gather(*running)
        assert len(heard) == 60


async def test_who_was_taken_over_cannot_move_the_place(tmp_path: Path) -> None:
    async def hear(event: Told) -> None:
        await other.retry_nothing()

    class Other:
        async def retry_nothing(self) -> None:
            await late._place.steal()

    other = Other()
    async with publisher(tmp_path) as ledger, listening(SqliteViews(tmp_path / "contact.db")) as database:
        await _fill(ledger, 0, 1)
        late = reader(ledger, database, hear)
        with pytest.raises(Fenced):
            await late.catch_up()
        assert sum(row.position for row in await late.standing()) == 0
