"""One transaction on the views in SQLite: rows in and out. See port.ViewTx."""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.eventstore.projection.checkpoints import CheckpointRows
from shared.eventstore.projection.columns import Key, Row, Shape, from_micros, to_micros
from shared.eventstore.projection.port import Unwritable

T = TypeVar("T")

KEYS_PER_SELECT = 10_000
"""Below SQLite's bound on parameters (32,766)."""


class RunsInThread(Protocol):
    """Runs a piece of work in the connection's thread."""

    def __call__(self, work: Callable[[], T]) -> Awaitable[T]:
        """Raises ViewsUnavailable."""


class SqliteTx(CheckpointRows):
    """See port.ViewTx."""

    def __init__(self, connection: sqlite3.Connection, run: RunsInThread) -> None:
        self._connection = connection
        self._in_thread = run

    async def _all(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return await self._in_thread(lambda: self._connection.execute(statement, values).fetchall())

    async def _run(self, statement: str, values: Sequence[Any]) -> int:
        return await self._in_thread(lambda: self._connection.execute(statement, values).rowcount)

    def _at(self, at: datetime | None) -> Any:
        return None if at is None else to_micros(at)

    def _when(self, stored: Any) -> datetime | None:
        return None if stored is None else from_micros(stored)

    async def load(self, shape: Shape, name: str, keys: Sequence[Key]) -> dict[Key, Row]:
        """See port.ViewTx."""

        def select() -> list[Row]:
            rows: list[Row] = []
            for start in range(0, len(keys), KEYS_PER_SELECT):
                some = keys[start : start + KEYS_PER_SELECT]
                marks = ", ".join("?" * len(some))
                rows += self._connection.execute(
                    f"SELECT {', '.join(shape.columns)} FROM {name} WHERE {shape.key[0]} IN ({marks})", some
                )
            return rows if shape.sqlite_decode is None else [shape.sqlite_decode(row) for row in rows]

        return {shape.key_of(row): row for row in await self._in_thread(select)}

    async def insert(self, shape: Shape, name: str, rows: Sequence[Row]) -> None:
        """See port.ViewTx."""
        marks = ", ".join("?" * len(shape.columns))
        await self._many(f"INSERT INTO {name} VALUES ({marks})", shape, rows)

    async def upsert(self, shape: Shape, name: str, rows: Sequence[Row]) -> None:
        """See port.ViewTx."""
        marks = ", ".join("?" * len(shape.columns))
        others = [column for column in shape.columns if column not in shape.key]
        then = f"UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in others)}" if others else "NOTHING"
        conflict = f"ON CONFLICT ({', '.join(shape.key)}) DO {then}"
        await self._many(f"INSERT INTO {name} VALUES ({marks}) {conflict}", shape, rows)

    async def delete(self, shape: Shape, name: str, keys: Sequence[Key]) -> None:
        """See port.ViewTx."""
        where = " AND ".join(f"{column} = ?" for column in shape.key)
        values = [key if isinstance(key, tuple) else (key,) for key in keys]
        await self._in_thread(
            lambda: self._connection.executemany(f"DELETE FROM {name} WHERE {where}", values)
        )

    async def _many(self, statement: str, shape: Shape, rows: Sequence[Row]) -> None:
        encode = shape.sqlite_encode

        def write() -> None:
            self._connection.executemany(statement, rows if encode is None else map(encode, rows))

        try:
            await self._in_thread(write)
        except (
            sqlite3.IntegrityError,
            sqlite3.InterfaceError,
            sqlite3.ProgrammingError,
            sqlite3.DataError,
        ) as problem:
            raise Unwritable(type(problem).__name__) from problem
        except (OverflowError, TypeError, ValueError, AttributeError) as problem:
            raise Unwritable(type(problem).__name__) from problem

    async def lock_tables(self) -> None:
        """See port.ViewTx: a writing transaction is alone as it is."""

    async def execute(self, statement: str) -> None:
        """See port.ViewTx."""
        await self._in_thread(lambda: self._connection.execute(statement))

    async def tables(self) -> set[str]:
        """See port.ViewTx."""
        rows = await self._all("SELECT name FROM sqlite_master WHERE type = 'table'", ())
        return {row[0] for row in rows}
