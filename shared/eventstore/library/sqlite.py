"""The embedded store with the library's side tables."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from shared.eventstore.library.side import Statement, Track, TrackingBehind, tracks_of, won
from shared.eventstore.port import Batch, Verdict
from shared.eventstore.sqlite.appending import append_within
from shared.eventstore.sqlite.connection import transaction
from shared.eventstore.sqlite.store import SqliteStore


class LibrarySqliteStore(SqliteStore):
    """SideStore on SQLite: the file's one writer thread runs both parts of a transaction."""

    async def commit(self, batch: Batch) -> list[Verdict]:
        """Store.commit, with what the commands track."""
        tracks = tracks_of(batch)
        if not tracks:
            return await super().commit(batch)

        def work(connection: sqlite3.Connection) -> list[Verdict]:
            with transaction(connection):
                verdicts = append_within(connection, batch)
                for track in won(tracks, verdicts):
                    _advance(connection, track)
            return verdicts

        verdicts = await self._write(work)
        self._wake()
        return verdicts

    async def track(self, track: Track, statements: Sequence[Statement] = ()) -> None:
        """SideStore.track."""

        def work(connection: sqlite3.Connection) -> None:
            with transaction(connection):
                _advance(connection, track)
                for sql, values in statements:
                    connection.execute(sql, values)

        await self._write(work)

    async def change(self, statements: Sequence[Statement]) -> None:
        """SideStore.change."""

        def work(connection: sqlite3.Connection) -> None:
            with transaction(connection):
                for sql, values in statements:
                    connection.execute(sql, values)

        await self._write(work)

    async def insert_all(self, statements: Sequence[Statement]) -> bool:
        """SideStore.insert_all."""

        def work(connection: sqlite3.Connection) -> None:
            with transaction(connection):
                for sql, values in statements:
                    if not connection.execute(sql, values).fetchall():
                        raise _NoRow

        try:
            await self._write(work)
        except _NoRow:
            return False
        return True

    async def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """SideStore.fetch."""
        return await self._read(lambda connection: connection.execute(*statement).fetchall())


class _NoRow(Exception):
    """Rolls the statements back."""


def _advance(connection: sqlite3.Connection, track: Track) -> None:
    if not connection.execute(*track.advance).fetchall():
        raise TrackingBehind(f"{track.recorder} has tracked {track.application} as far already")
