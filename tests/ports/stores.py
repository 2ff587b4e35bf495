"""The back ends of the Store port, each as a maker of fresh stores over one place, and hand-made rows for them."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.eventstore.port import Batch, PreparedCommand, Store, Verdict

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


@dataclass
class Backend:
    """`another()` opens one more store over the same data, as another process would; `execute` goes round the store."""

    name: str
    make: Callable[[], Store]
    opened: list[Store]
    place: Any

    async def another(self) -> Store:
        store = self.make()
        await store.open()
        self.opened.append(store)
        return store

    async def close(self) -> None:
        for store in self.opened:
            await store.close()

    def execute(self, *statements: str) -> list[Any]:
        """Run SQL as somebody with the whole database in hand; the rows of the last statement."""
        if self.name == "sqlite":
            with closing(sqlite3.connect(self.place, timeout=10)) as connection, connection:
                for statement in statements:
                    rows = connection.execute(statement).fetchall()
                return rows
        import psycopg

        with psycopg.connect(self.place, autocommit=True) as session:
            session.execute('SET search_path = "case"')
            for statement in statements:
                cursor = session.execute(statement)
            return cursor.fetchall() if cursor.description else []


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962: SHA-256 over a zero byte and the leaf."""
    return hashlib.sha256(b"\0" + leaf).digest()


def a_row(
    stream: str,
    version: int,
    *,
    command_id: bytes,
    leaf: bytes | None = None,
    event_id: bytes | None = None,
    at: datetime = NOON,
) -> tuple[Any, ...]:
    """An event as a store takes it: COLUMNS[2:]. Every other version has a cause and a policy."""
    optional = version % 2 == 0
    return (
        stream,
        version,
        "case.Tested",
        1,
        event_id or os.urandom(16),
        at,
        at,
        "user:5b0e",
        os.urandom(16) if optional else None,
        os.urandom(16),
        command_id,
        "cn-retail/7" if optional else None,
        leaf or os.urandom(80),
        os.urandom(120),
    )


def a_command(
    *writes: tuple[str, int, int],
    prev: dict[str, bytes] | None = None,
    command_id: bytes | None = None,
    refs: bytes = b'{"id":"x"}',
    status: int = 201,
    at: datetime = NOON,
    event_id: bytes | None = None,
) -> PreparedCommand:
    """A command of writes (stream, version it stands at, how many events). `prev`: leaf hash by stream."""
    command_id = command_id or os.urandom(16)
    heads = tuple((stream, at_version, (prev or {}).get(stream)) for stream, at_version, _ in writes)
    rows = [
        a_row(stream, at_version + n, command_id=command_id, at=at, event_id=event_id)
        for stream, at_version, count in writes
        for n in range(1, count + 1)
    ]
    return PreparedCommand(command_id, b"f" * 32, status, refs, heads, rows)


def a_batch(*commands: PreparedCommand, lane: int = 1, epoch: int = 1, at: datetime = NOON) -> Batch:
    return Batch(lane, epoch, at, commands)


def tips(*commands: PreparedCommand) -> dict[str, bytes]:
    """The leaf hash each stream ends with after these commands."""
    return {row[0]: leaf_hash(row[12]) for command in commands for row in command.rows}


def places(verdicts: Sequence[Verdict]) -> list[tuple[int, int]]:
    """first and last of winners; a loser fails the test."""
    return [(verdict.first, verdict.last) for verdict in verdicts]  # type: ignore[union-attr]
