"""Store on SQLite: one thread writes, one reads, the loop never blocks."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from shared.eventstore.port import (
    Batch,
    Head,
    LaneInfo,
    Row,
    StoredCommand,
    StoreUnavailable,
    Verdict,
)
from shared.eventstore.schema.migrate import migrate_sqlite
from shared.eventstore.sqlite import appending, reading
from shared.eventstore.sqlite.connection import connect, transaction, translated

T = TypeVar("T")
POLL_S = 0.1
"""How often a waiting follower looks whether another process has written."""


class SqliteStore:
    """One service's ledger in one file."""

    commits_elsewhere = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="ledger-write")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="ledger-read")
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._wrote = asyncio.Event()

    async def open(self) -> None:
        """Makes the file and its tables if there are none."""
        await asyncio.to_thread(self._open)

    def _open(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise StoreUnavailable("the store's folder cannot be made") from problem
        with translated():
            migrate_sqlite(self.path)
            self._writer, self._reader = connect(self.path), connect(self.path, cache_mb=8)

    async def close(self) -> None:
        """Waits for what is under way; whoever comes later is told at once."""
        open_, self._writer, self._reader = (self._reader, self._writer), None, None
        await asyncio.to_thread(self._close, open_)

    def _close(self, open_: tuple[sqlite3.Connection | None, ...]) -> None:
        self._writing.shutdown()
        self._reading.shutdown()
        for connection in open_:
            if connection:
                connection.close()

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await self._on(self._writing, self._writer, work)

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await self._on(self._reading, self._reader, work)

    async def _on(
        self, thread: ThreadPoolExecutor, connection: sqlite3.Connection | None, work: Callable[[Any], T]
    ) -> T:
        if connection is None:
            raise StoreUnavailable("the store is not open")

        def run() -> T:
            with translated():
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(thread, run)

    async def lanes(self, tenant: str | None = None) -> list[LaneInfo]:
        """Store.lanes."""
        if tenant is None:
            return await self._read(appending.read_lanes)
        return await self._read(lambda c: appending.read_lanes(c, "WHERE tenant=?", (tenant,)))

    async def provision(self, tenant: str, shards: int) -> list[LaneInfo]:
        """Store.provision."""

        def work(connection: sqlite3.Connection) -> list[LaneInfo]:
            with transaction(connection):
                if not appending.read_lanes(connection, "WHERE tenant=?", (tenant,)):
                    for shard in range(shards):
                        connection.execute(
                            "INSERT INTO ledger_lane (lane, tenant, shard)"
                            " SELECT coalesce(max(lane), 0) + 1, ?, ? FROM ledger_lane",
                            (tenant, shard),
                        )
                return appending.read_lanes(connection, "WHERE tenant=?", (tenant,))

        return await self._write(work)

    async def lane(self, lane: int) -> LaneInfo:
        """Store.lane."""
        return await self._read(lambda c: appending.read_lane_info(c, lane))

    async def commit(self, batch: Batch) -> list[Verdict]:
        """Store.commit."""
        verdicts = await self._write(lambda c: appending.append(c, batch))
        self._wake()
        return verdicts

    async def commit_across(self, batches: Sequence[Batch]) -> list[Verdict]:
        """Store.commit_across."""
        verdicts = await self._write(lambda c: appending.append_across(c, batches))
        self._wake()
        return verdicts

    def _wake(self) -> None:
        self._wrote.set()
        self._wrote = asyncio.Event()

    async def heads(self, lane: int, streams: Sequence[str]) -> dict[str, Head]:
        """Store.heads."""
        return await self._read(lambda c: appending.read_heads(c, lane, streams))

    async def find_command(self, lane: int, command_id: bytes) -> StoredCommand | None:
        """Store.find_command."""
        return await self._read(lambda c: appending.find_command(c, lane, command_id))

    async def find_commands(self, lane: int, command_ids: Sequence[bytes]) -> list[StoredCommand]:
        """Store.find_commands."""
        sql = appending.COMMANDS + " WHERE lane=? AND command_id IN ({})"
        rows = await self._read(lambda c: _in_parts(c, sql, (lane,), command_ids))
        return [StoredCommand(*row) for row in rows]

    async def read_stream(self, lane: int, stream: str, *, after: int = 0, limit: int = 1000) -> list[Row]:
        """Store.read_stream."""
        return await self._read(lambda c: reading.stream(c, lane, stream, after, limit))

    async def read_streams(self, lane: int, streams: Sequence[str]) -> list[Row]:
        """Store.read_streams."""
        return await self._read(lambda c: reading.streams(c, lane, streams))

    async def read_lane(self, lane: int, *, after: int, limit: int) -> list[Row]:
        """Store.read_lane."""
        return await self._read(lambda c: reading.lane(c, lane, after, limit))

    async def find_event(self, lane: int, event_id: bytes) -> Row | None:
        """Store.find_event."""
        return await self._read(lambda c: reading.event(c, lane, event_id))

    async def wait(self, lane: int, *, after: int, timeout: float) -> int:
        """Store.wait: woken at once by this process, within POLL_S by another."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + timeout
        while True:
            wrote = self._wrote
            head = (await self.lane(lane)).head
            left = ends - loop.time()
            if head > after or left <= 0:
                return head
            try:
                await asyncio.wait_for(wrote.wait(), min(POLL_S, left))
            except TimeoutError:
                continue

    async def subjects(self, tenant: str, refs: Sequence[bytes]) -> dict[bytes, tuple[bytes, bytes]]:
        """Store.subjects."""
        sql = "SELECT ref_hmac, subject, sealed_ref FROM subject_map WHERE tenant=? AND ref_hmac IN ({})"

        def work(connection: sqlite3.Connection) -> dict[bytes, tuple[bytes, bytes]]:
            rows = _in_parts(connection, sql, (tenant,), refs)
            return {ref: (subject, sealed) for ref, subject, sealed in rows}

        return await self._read(work)

    async def add_subjects(self, tenant: str, rows: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Store.add_subjects."""
        values = [(tenant, *row) for row in rows]

        def work(connection: sqlite3.Connection) -> None:
            with transaction(connection):
                connection.executemany(
                    "INSERT INTO subject_map VALUES (?,?,?,?) ON CONFLICT (tenant, ref_hmac) DO NOTHING",
                    values,
                )

        await self._write(work)

    async def data_keys(self, subjects: Sequence[bytes]) -> list[tuple[bytes, str, int, bytes]]:
        """Store.data_keys."""
        sql = "SELECT subject, class, kid, wrapped FROM data_key WHERE subject IN ({})"
        return await self._read(lambda c: _in_parts(c, sql, (), subjects))

    async def add_data_keys(self, rows: Iterable[tuple[bytes, str, int, bytes]]) -> None:
        """Store.add_data_keys."""
        values = list(rows)

        def work(connection: sqlite3.Connection) -> None:
            with transaction(connection):
                connection.executemany(
                    "INSERT INTO data_key VALUES"
                    " (?,?,?,?, CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER))"
                    " ON CONFLICT (subject, class, kid) DO NOTHING",
                    values,
                )

        await self._write(work)


def _in_parts(
    connection: sqlite3.Connection, sql: str, first: tuple[Any, ...], values: Sequence[bytes]
) -> list[Any]:
    """The rows of an IN query over any number of values; `{}` in `sql` takes the marks."""
    rows: list[Any] = []
    for start in range(0, len(values), reading.STREAMS_PER_QUERY):
        part = values[start : start + reading.STREAMS_PER_QUERY]
        rows += connection.execute(sql.format(",".join("?" * len(part))), (*first, *part)).fetchall()
    return rows
