"""Store on PostgreSQL. See port.Store for what each method promises."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from shared.eventstore.port import (
    Batch,
    Head,
    LaneInfo,
    LedgerError,
    Row,
    StoredCommand,
    StoreUnavailable,
    Verdict,
)
from shared.eventstore.postgres import arrays, reading
from shared.eventstore.postgres.committing import Commits
from shared.eventstore.postgres.connecting import (
    Connection,
    check_environment,
    check_server,
    connect,
    translated,
)
from shared.eventstore.postgres.listening import Listening
from shared.eventstore.schema.migrate import migrate_postgres


class PostgresStore:
    """One service's ledger in one schema of a database.

    Connections: one for each lane this process writes, a few for reads, one that listens if anybody waits.
    """

    commits_elsewhere = True

    def __init__(self, url: str, *, service: str) -> None:
        self._url, self._service = url, service
        self._readers: reading.Readers | None = None
        self._commits = Commits(self._connect)
        self._listening = Listening(
            channel=f"ledger_{service}", connect=self._connect, read_heads=self._lane_heads
        )

    async def _connect(self) -> Connection:
        return await connect(self._url, service=self._service)

    async def open(self) -> None:
        """Migrates if need be. Raises StoreUnavailable, or UnsafeServer where commits could be lost."""
        check_environment()
        with translated():
            await asyncio.to_thread(migrate_postgres, self._url, service=self._service)
            connection = await self._connect()
            async with connection:
                await check_server(connection)
        self._readers = reading.Readers(self._connect)

    async def close(self) -> None:
        """After the commits under way."""
        readers, self._readers = self._readers, None
        await self._listening.close()
        await self._commits.close()
        if readers:
            await readers.close()

    async def _fetch(self, sql: str, *arguments: Any, as_rows: bool = False) -> list[Any]:
        if self._readers is None:
            raise StoreUnavailable("the store is not open")
        return await self._readers.fetch(sql, arguments, as_rows=as_rows)

    async def lanes(self, tenant: str | None = None) -> list[LaneInfo]:
        """Store.lanes."""
        if tenant is None:
            found = await self._fetch(f"{reading.LANES} ORDER BY lane")
        else:
            found = await self._fetch(f"{reading.LANES} WHERE tenant=%b ORDER BY lane", tenant)
        return [LaneInfo(*row) for row in found]

    async def provision(self, tenant: str, shards: int) -> list[LaneInfo]:
        """Store.provision."""
        known = await self.lanes(tenant)
        if known:
            return known
        await self._fetch("SELECT lane FROM ledger_provision(%b, %b::integer)", tenant, shards)
        return await self.lanes(tenant)

    async def lane(self, lane: int) -> LaneInfo:
        """Store.lane."""
        found = await self._fetch(f"{reading.LANES} WHERE lane=%b::smallint", lane)
        if not found:
            raise LedgerError(f"lane {lane} does not exist")
        return LaneInfo(*found[0])

    async def commit(self, batch: Batch) -> list[Verdict]:
        """Store.commit."""
        return await self._commits.commit(batch)

    async def commit_across(self, batches: Sequence[Batch]) -> list[Verdict]:
        """Store.commit_across."""
        return await self._commits.commit_across(batches)

    async def heads(self, lane: int, streams: Sequence[str]) -> dict[str, Head]:
        """Store.heads."""
        found = await self._fetch(reading.HEADS, arrays.texts(streams), lane)
        return {stream: Head(version, hashed) for stream, version, hashed in found}

    async def find_command(self, lane: int, command_id: bytes) -> StoredCommand | None:
        """Store.find_command."""
        found = await self._fetch(reading.COMMAND, lane, command_id)
        return StoredCommand(*found[0]) if found else None

    async def find_commands(self, lane: int, command_ids: Sequence[bytes]) -> list[StoredCommand]:
        """Store.find_commands."""
        found = await self._fetch(reading.COMMANDS, lane, arrays.uuids(command_ids))
        return [StoredCommand(*row) for row in found]

    async def read_stream(self, lane: int, stream: str, *, after: int = 0, limit: int = 1000) -> list[Row]:
        """Store.read_stream."""
        return await self._fetch(reading.STREAM, lane, stream, after, limit, as_rows=True)

    async def read_streams(self, lane: int, streams: Sequence[str]) -> list[Row]:
        """Store.read_streams."""
        return await self._fetch(reading.STREAMS, lane, arrays.texts(streams), as_rows=True)

    async def read_lane(self, lane: int, *, after: int, limit: int) -> list[Row]:
        """Store.read_lane."""
        return await self._fetch(reading.LANE, lane, after, after + limit, as_rows=True)

    async def find_event(self, lane: int, event_id: bytes) -> Row | None:
        """Store.find_event."""
        found = await self._fetch(reading.EVENT, lane, event_id, as_rows=True)
        return found[0] if found else None

    async def wait(self, lane: int, *, after: int, timeout: float) -> int:
        """Store.wait."""
        return await self._listening.wait(lane, after=after, timeout=timeout)

    async def _lane_heads(self, lanes: Sequence[int]) -> dict[int, int]:
        found = await self._fetch("SELECT lane, head FROM ledger_lane WHERE lane=ANY(%b)", arrays.ints(lanes))
        return dict(found)

    async def subjects(self, tenant: str, refs: Sequence[bytes]) -> dict[bytes, tuple[bytes, bytes]]:
        """Store.subjects."""
        found = await self._fetch(reading.SUBJECTS, tenant, arrays.blobs(refs))
        return {ref: (subject, sealed) for ref, subject, sealed in found}

    async def add_subjects(self, tenant: str, rows: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Store.add_subjects."""
        ordered = sorted(rows)  # every process takes the index entries in one order: no deadlock
        if ordered:
            refs, subjects, sealed = zip(*ordered, strict=True)
            await self._fetch(
                "INSERT INTO subject_map SELECT %b, * FROM unnest(%b, %b, %b)"
                " ON CONFLICT (tenant, ref_hmac) DO NOTHING RETURNING 1",
                tenant,
                arrays.blobs(refs),
                arrays.uuids(subjects),
                arrays.blobs(sealed),
            )

    async def data_keys(self, subjects: Sequence[bytes]) -> list[tuple[bytes, str, int, bytes]]:
        """Store.data_keys."""
        return await self._fetch(reading.DATA_KEYS, arrays.uuids(subjects))

    async def add_data_keys(self, rows: Iterable[tuple[bytes, str, int, bytes]]) -> None:
        """Store.add_data_keys."""
        ordered = sorted(rows)
        if ordered:
            subjects, classes, kids, wrapped = zip(*ordered, strict=True)
            await self._fetch(
                "INSERT INTO data_key (subject, class, kid, wrapped) SELECT * FROM unnest(%b, %b, %b, %b)"
                " ON CONFLICT (subject, class, kid) DO NOTHING RETURNING 1",
                arrays.uuids(subjects),
                arrays.texts(classes),
                arrays.ints(kids),
                arrays.blobs(wrapped),
            )
