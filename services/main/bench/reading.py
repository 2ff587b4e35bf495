"""read.decode: typed events out of PostgreSQL, against `COPY … TO STDOUT` of the same rows."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import psycopg

from services.main.bench import book
from services.main.bench.figures import Ask, Figure, over_rounds
from services.main.bench.places import database, folder, on_loop, postgres_server
from shared.eventstore import sections
from shared.eventstore.leaf import uuid_text
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import COLUMNS, Row
from shared.eventstore.postgres import reading
from shared.eventstore.recorded import Recorded, keys_of, open_sections

PAGE = 1_000
PLAIN = "plain_event"
Read: TypeAlias = Callable[[int], Awaitable[list[Row]]]
_COPY = (
    f"COPY (SELECT {','.join(COLUMNS)} FROM {{}} WHERE lane=1 ORDER BY position) TO STDOUT (FORMAT BINARY)"
)


def decode(*, quick: bool) -> list[Figure]:
    """read.decode (sections opened) and read.decode.plain (the same events stored as plaintext)."""
    rounds, copies = (1, 1) if quick else (5, 10)
    with postgres_server() as server, database(server) as dsn, folder() as at:

        async def measure() -> list[Figure]:
            async with book.worked(dsn, at, copies=copies) as case:
                await _store_plain(case.ledger, dsn)
                measured = [await _one(case.ledger, dsn) for _ in range(rounds)]
            asks = [
                Ask("read.decode", f"postgresql, pages of {PAGE:,}, sections opened", "decode", "copy"),
                Ask("read.decode.plain", "the same events stored as plaintext", "plain", "plain copy"),
            ]
            return over_rounds(lambda number: measured[number], asks, rounds=rounds, unit="events/s")

        return on_loop(measure())


async def _one(ledger: Ledger, dsn: str) -> dict[str, float]:
    return {
        "decode": await _decode(ledger),
        "copy": _copy(dsn, "ledger_event"),
        "plain": await _decode_plain(ledger),
        "plain copy": _copy(dsn, PLAIN),
    }


async def _pages(read: Read) -> AsyncIterator[list[Row]]:
    """Page by page; the next one is on its way while this one is worked on, as in a projection's runner."""
    ahead = asyncio.ensure_future(read(0))
    while rows := await ahead:
        ahead = asyncio.ensure_future(read(rows[-1].position))
        await asyncio.sleep(0)  # sends the question
        yield rows


async def _decode(ledger: Ledger) -> float:
    """As a follower reads: every section opened, every event typed."""
    started, done = time.perf_counter(), 0
    async for rows in _pages(lambda after: ledger.read_lane(1, after=after, limit=PAGE)):
        done += len(await ledger.recorded(rows))
    return done / (time.perf_counter() - started)


async def _decode_plain(ledger: Ledger) -> float:
    """The same without opening: what is left is reading rows and decoding."""
    statement = reading.LANE.replace("ledger_event", PLAIN)
    fetch: Any = ledger.store._fetch  # type: ignore[attr-defined]  # the store itself reads its own table only
    decode, started, done = ledger.registry.decode, time.perf_counter(), 0
    async for rows in _pages(lambda after: fetch(statement, 1, after, after + PAGE, as_rows=True)):
        done += len([Recorded(row, decode(row.type, row.schema, _plaintexts(row))) for row in rows])
    return done / (time.perf_counter() - started)


def _plaintexts(row: Row) -> dict[str, bytes]:
    return {frame.name: frame.box for frame in sections.unframe(row.body)}


def _copy(dsn: str, table: str) -> float:
    with psycopg.connect(dsn, options="-c search_path=case") as connection, connection.cursor() as cursor:
        count = cursor.execute(f"SELECT count(*) FROM {table}").fetchone()
        started = time.perf_counter()
        with cursor.copy(_COPY.format(table)) as out:
            for _ in out:
                pass
        return int(count[0] if count else 0) / (time.perf_counter() - started)


async def _store_plain(ledger: Ledger, dsn: str) -> None:
    """A table like the ledger's whose bodies frame plaintexts; the salt is left out with the seal."""
    with psycopg.connect(dsn, options="-c search_path=case") as connection:
        connection.execute(f"CREATE TABLE {PLAIN} (LIKE ledger_event INCLUDING INDEXES INCLUDING STORAGE)")
        after = 0
        while rows := await ledger.read_lane(1, after=after, limit=PAGE):
            await ledger.keyring.load(keys_of(rows))
            bodies = [(_unsealed(row, ledger), uuid_text(row.event_id)) for row in rows]
            connection.cursor().executemany(
                f"INSERT INTO {PLAIN} SELECT {','.join(COLUMNS[:-1])}, %b FROM ledger_event"
                " WHERE lane=1 AND event_id=%s",
                bodies,
            )
            after = rows[-1].position
        connection.commit()
        connection.execute(f"ANALYZE {PLAIN}")


def _unsealed(row: Row, ledger: Ledger) -> bytes:
    opened = open_sections(row, ledger.keyring, "default")
    return sections.frame(
        [
            sections.Frame(frame.name, frame.subject, frame.kid, opened[frame.name])
            for frame in sections.unframe(row.body)
        ]
    )
