"""The PostgreSQL store with the library's side tables."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg

from shared.eventstore.library.side import Statement, Track, TrackingBehind, tracks_of, won
from shared.eventstore.port import Batch, Verdict
from shared.eventstore.postgres.connecting import Connection, translated
from shared.eventstore.postgres.store import PostgresStore

TRUSTED_S = 1.0
"""A connection that was idle for longer is tried before it is used."""
_NAMED = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


class LibraryPostgresStore(PostgresStore):
    """SideStore on PostgreSQL: one more connection, for what stands beside the events."""

    def __init__(self, url: str, *, service: str) -> None:
        super().__init__(url, service=service)
        self._beside: Connection | None = None
        self._turn = asyncio.Lock()
        self._used = 0.0

    async def close(self) -> None:
        """Store.close."""
        async with self._turn:
            beside, self._beside = self._beside, None
            if beside is not None:
                await beside.close()
        await super().close()

    async def commit(self, batch: Batch) -> list[Verdict]:
        """Store.commit, with what the commands track."""
        tracks = tracks_of(batch)
        if not tracks:
            return await super().commit(batch)

        async def then(connection: Connection, verdicts: list[Verdict]) -> None:
            for track in won(tracks, verdicts):
                await _advance(connection, track)

        return await self._commits.commit_with(batch, then)

    async def track(self, track: Track, statements: Sequence[Statement] = ()) -> None:
        """SideStore.track."""
        async with self._connected() as connection, connection.transaction():
            await _advance(connection, track)
            for statement in statements:
                await _execute(connection, statement)

    async def change(self, statements: Sequence[Statement]) -> None:
        """SideStore.change."""
        async with self._connected() as connection, connection.transaction():
            for statement in statements:
                await _execute(connection, statement)

    async def insert_all(self, statements: Sequence[Statement]) -> bool:
        """SideStore.insert_all."""
        try:
            async with self._connected() as connection, connection.transaction():
                for statement in statements:
                    if not await _rows(connection, statement):
                        raise _NoRow
        except _NoRow:
            return False
        return True

    async def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """SideStore.fetch."""
        async with self._connected() as connection:
            return await _rows(connection, statement)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Connection]:
        async with self._turn:
            with translated():
                connection = await self._living()
                try:
                    yield connection
                finally:
                    self._used = asyncio.get_running_loop().time()

    async def _living(self) -> Connection:
        """The connection, or a new one if the server ended it while nobody looked."""
        connection = self._beside
        if connection is not None and asyncio.get_running_loop().time() - self._used > TRUSTED_S:
            with suppress(psycopg.OperationalError):
                await connection.execute("SELECT 1")
        if connection is None or connection.closed:
            connection = self._beside = await self._connect()
        return connection


class _NoRow(Exception):
    """Rolls the statements back."""


def _native(sql: str) -> str:
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))


async def _execute(connection: Connection, statement: Statement) -> Any:
    sql, values = statement
    return await connection.execute(_native(sql), values)


async def _rows(connection: Connection, statement: Statement) -> list[tuple[Any, ...]]:
    return await (await _execute(connection, statement)).fetchall()  # type: ignore[no-any-return]


async def _advance(connection: Connection, track: Track) -> None:
    if not await _rows(connection, track.advance):
        raise TrackingBehind(f"{track.recorder} has tracked {track.application} as far already")
