"""append.*: 256 clients that wait for their answers, against raw inserts of the very same rows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.main.bench import commands, raw
from services.main.bench.figures import Ask, Figure, over_rounds
from services.main.bench.places import (
    database,
    folder,
    from_kit,
    ledger_on,
    on_loop,
    postgres_server,
    postgres_store,
    sqlite_store,
)
from shared.eventstore.building import Built
from shared.eventstore.leaf import leaf_hash
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Appended, Head, PreparedCommand, Row, Store
from shared.eventstore.sealing import SealedCommand, SealedEvent, SealedWrite
from shared.eventstore.writer import LaneWriter

CLIENTS = 256
PAGE = 5_000
POSTGRES_ROWS = 100
SQLITE_ROWS = 1_000
LIBRARY_THREADS = 16
_LEAF = b"l" * 550
_BODY = b"b" * 230
"""What an ordinary event's leaf and body weigh."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much one round does: commands a client, and rows that the slow library writes."""

    rounds: int
    each: int
    library_events: int


FULL, QUICK = Size(5, 40, 1_500), Size(1, 2, 48)

Work = Callable[[Ledger], Awaitable[float]]


async def _measured(store: Store, keys: Path, work: Work) -> tuple[float, list[Row]]:
    """The rate of the work, and all the rows it left."""
    async with ledger_on(store, keys) as ledger:
        rate = await work(ledger)
        rows: list[Row] = []
        while page := await ledger.read_lane(1, after=len(rows), limit=PAGE):
            rows += page
        return rate, rows


async def _made(store: Store, keys: Path) -> None:
    """Tables and an empty lane, nothing in them."""
    async with ledger_on(store, keys):
        return


def _sealed(each: int) -> Work:
    async def work(ledger: Ledger) -> float:
        return await commands.group(ledger, await commands.people(ledger, CLIENTS), each=each)

    return work


class PlainWriter(LaneWriter):
    """Group commit of rows whose leaf and body are given: no hashing, no chaining, no sealing."""

    def _build(
        self, commands: list[SealedCommand], heads: dict[str, Head], recorded_at: datetime
    ) -> list[Built]:
        prev = leaf_hash(_LEAF)
        return [_plain(command, recorded_at, prev) for command in commands]


def _plain(command: SealedCommand, recorded_at: datetime, prev: bytes) -> Built:
    [write] = command.writes
    [event] = write.events
    row = (
        write.stream, write.expected + 1, event.type, event.schema, event.event_id, event.effective_at, recorded_at,
        command.actor, None, command.correlation, command.command_id, command.policy, _LEAF, event.body,
    )  # fmt: skip
    guard = (write.stream, write.expected, prev if write.expected else None)
    prepared = PreparedCommand(command.command_id, command.fingerprint, 201, b"", (guard,), [row])
    return Built(prepared, {write.stream: Head(write.expected + 1, prev)})


def _plain_command(ledger: Ledger, client: int, number: int, stream: str) -> SealedCommand:
    command_id = ledger.command_id("bench", "report", f"{client}/{number}").bytes
    event = SealedEvent(
        "case.ArrearsReported", 1, command_id, commands.MONTH_END, "", None, None, "", _BODY
    )  # fmt: skip
    write = SealedWrite(stream, number, (event,))
    return SealedCommand(
        command_id=command_id, fingerprint=commands.FINGERPRINT, actor=commands.ACTOR, policy=commands.POLICY,
        correlation=command_id, status=201, refs=b"", writes=(write,), size=1_000,
        keys=frozenset((command_id, stream)),
    )  # fmt: skip


def _plain_work(each: int) -> Work:
    async def work(ledger: Ledger) -> float:
        [lane] = await ledger.lanes()
        who = await commands.people(ledger, CLIENTS)
        writer = PlainWriter(store=ledger.store, lane=lane, log=ledger.origin(lane), clock=ledger.clock)

        async def send(client: int, number: int) -> Appended:
            return await writer.submit(_plain_command(ledger, client, number, who[client][0]))

        rate = await commands.all_at_once(send, [stream for stream, _ in who], each=each)
        await writer.close()
        return rate

    return work


def postgres(*, quick: bool) -> list[Figure]:
    """append.group256, append.group256.plain, append.vs_library."""
    size = QUICK if quick else FULL
    with postgres_server() as server, folder() as keys:

        def one(_: int) -> dict[str, float]:
            sealed, base = _pair(server, keys, _sealed(size.each))
            plain, plain_base = _pair(server, keys, _plain_work(size.each))
            with database(server) as dsn:
                library = from_kit("library_recorder").insert_rate(
                    dsn, events=size.library_events, threads=LIBRARY_THREADS, state=_BODY + _LEAF[:214]
                )
            return {
                "sealed": sealed, "base": base, "plain": plain, "plain base": plain_base, "library": library
            }  # fmt: skip

        asks = [
            Ask("append.group256", "postgresql, 256 clients, 1 event each", "sealed", "base"),
            Ask("append.group256.plain", "postgresql, no leaf, no sealing", "plain", "plain base"),
            Ask("append.vs_library", "the library's recorder, 16 threads", "sealed", "library"),
        ]
        return over_rounds(one, asks, rounds=size.rounds, unit="events/s")


def _pair(server: Any, keys: Path, work: Work) -> tuple[float, float]:
    """The rate of the work, and of raw inserts of the rows it wrote, each in a database of its own."""
    with database(server) as ours, database(server) as theirs:
        rate, rows = on_loop(_measured(postgres_store(ours), keys, work))
        on_loop(_made(postgres_store(theirs), keys))
        return rate, raw.insert_postgres(theirs, rows, size=POSTGRES_ROWS)


def sqlite(*, quick: bool) -> list[Figure]:
    """append.sqlite256."""
    size = QUICK if quick else FULL

    def one(_: int) -> dict[str, float]:
        with folder() as at:
            rate, rows = on_loop(_measured(sqlite_store(at / "ours"), at, _sealed(size.each)))
            on_loop(_made(sqlite_store(at / "theirs"), at))
            base = raw.insert_sqlite(at / "theirs" / "case.db", rows, size=SQLITE_ROWS)
        return {"sealed": rate, "base": base}

    ask = Ask("append.sqlite256", "sqlite, synchronous=FULL, 256 clients", "sealed", "base")
    return over_rounds(one, [ask], rounds=size.rounds, unit="events/s")
