"""One transaction on the views in PostgreSQL: rows in and out. See port.ViewTx."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import psycopg

from shared.eventstore.postgres import arrays
from shared.eventstore.projection.checkpoints import CheckpointRows
from shared.eventstore.projection.columns import Key, Row, Shape
from shared.eventstore.projection.port import Unwritable

LOCK_TIMEOUT = "5s"
"""Longest wait for a reader before DDL gives up (the caller tries again)."""

_COPY_TYPES = {"uuid": "bytea"}
"""Binary COPY takes a uuid's 16 bytes as they are."""


class PostgresTx(CheckpointRows):
    """See port.ViewTx."""

    _lock = " FOR UPDATE"

    def __init__(self, connection: psycopg.AsyncConnection) -> None:
        self._connection = connection

    async def _all(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        cursor = await self._connection.execute(statement.replace("?", "%s"), values)
        return await cursor.fetchall()

    async def _run(self, statement: str, values: Sequence[Any]) -> int:
        cursor = await self._connection.execute(statement.replace("?", "%s"), values)
        return cursor.rowcount

    def _at(self, at: datetime | None) -> Any:
        return at

    def _when(self, stored: Any) -> datetime | None:
        return stored if isinstance(stored, datetime) else None

    async def load(self, shape: Shape, name: str, keys: Sequence[Key]) -> dict[Key, Row]:
        """See port.ViewTx."""
        cursor = self._connection.cursor(binary=True)
        await cursor.execute(
            f"SELECT {', '.join(shape.columns)} FROM {name} WHERE {shape.key[0]} = ANY(%b)",
            (_array(shape.type_of(shape.key[0]), keys),),
        )
        return {shape.key_of(row): row for row in await cursor.fetchall()}

    async def insert(self, shape: Shape, name: str, rows: Sequence[Row]) -> None:
        """See port.ViewTx: COPY, binary."""
        try:
            await self._copy(shape, name, rows)
        except _ROW_FAULTS as problem:
            raise Unwritable(type(problem).__name__) from problem

    async def _copy(self, shape: Shape, name: str, rows: Sequence[Row]) -> None:
        cursor = self._connection.cursor()
        statement = f"COPY {name} ({', '.join(shape.columns)}) FROM STDIN (FORMAT BINARY)"
        async with cursor.copy(statement) as copy:
            copy.set_types([_COPY_TYPES.get(kind, kind) for kind in shape.pg_types])
            for row in rows:
                await copy.write_row(row)

    async def upsert(self, shape: Shape, name: str, rows: Sequence[Row]) -> None:
        """See port.ViewTx: one `INSERT … SELECT FROM unnest` in key order."""
        columns = ", ".join(shape.columns)
        parameters = ", ".join(f"%b::{kind}[]" for kind in shape.pg_types)
        others = [column for column in shape.columns if column not in shape.key]
        then = f"UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in others)}" if others else "NOTHING"
        statement = (
            f"INSERT INTO {name} ({columns}) SELECT * FROM unnest({parameters})"
            f" ON CONFLICT ({', '.join(shape.key)}) DO {then}"
        )
        try:
            columns_of = zip(*rows, strict=True)
            packed = [_array(kind, column) for kind, column in zip(shape.pg_types, columns_of, strict=True)]
            await self._connection.execute(statement, packed)
        except _ROW_FAULTS as problem:
            raise Unwritable(type(problem).__name__) from problem

    async def delete(self, shape: Shape, name: str, keys: Sequence[Key]) -> None:
        """See port.ViewTx."""
        if len(shape.key) == 1:
            await self._connection.execute(
                f"DELETE FROM {name} WHERE {shape.key[0]} = ANY(%s)",
                (list(keys),),
            )
            return
        where = " AND ".join(f"{column} = %s" for column in shape.key)
        await self._connection.cursor().executemany(f"DELETE FROM {name} WHERE {where}", keys)

    async def lock_tables(self) -> None:
        """See port.ViewTx."""
        await self._all("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.projection'))", ())

    async def execute(self, statement: str) -> None:
        """See port.ViewTx."""
        await self._connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        await self._connection.execute(statement)

    async def tables(self) -> set[str]:
        """See port.ViewTx."""
        rows = await self._all(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()", ()
        )
        return {row[0] for row in rows}


_PACKERS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "text": arrays.texts,
    "bigint": arrays.bigints,
    "integer": arrays.ints,
    "smallint": arrays.ints,
    "timestamptz": arrays.times,
}


def _array(kind: str, values: Sequence[Any]) -> Any:
    """The values as the server takes them fastest; psycopg's own list where there is no packer, or a NULL."""
    packer = _PACKERS.get(kind)
    if packer is None or (kind != "text" and None in values):
        return list(values)
    return packer(values)


_ROW_FAULTS = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.ProgrammingError,
    OverflowError,
    TypeError,
    ValueError,
    AttributeError,
)
