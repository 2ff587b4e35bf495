"""The bases of the append rows: the very rows a ledger holds, inserted again by a plain driver into the same tables.

No guards, no leaves, no sealing: what is left is the database's own work, and the driver's.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from shared.eventstore.port import COLUMNS, Row
from shared.eventstore.sqlite.connection import connect, micros

PAGE = 5_000
_TYPES = (
    "smallint", "bigint", "text", "bigint", "text", "integer", "uuid", "timestamptz", "timestamptz",
    "text", "uuid", "uuid", "uuid", "text", "bytea", "bytea",
)  # fmt: skip
_UNNEST = ",".join(f"%b::{kind}[]" for kind in _TYPES)
_INSERT_EVENT = f"INSERT INTO ledger_event ({','.join(COLUMNS)}) SELECT * FROM unnest({_UNNEST})"
_INSERT_COMMAND = """INSERT INTO ledger_command SELECT * FROM unnest(
    %b::smallint[], %b::uuid[], %b::bytea[], %b::bigint[], %b::integer[], %b::bytea[])"""
_MOVE_LANE = (
    "UPDATE ledger_lane SET head=%b::bigint, last_recorded_at=%b::timestamptz WHERE lane=%b::smallint"
)


def _parts(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _last_of_commands(rows: Sequence[Row]) -> list[Row]:
    """The last row of each command; a command's rows are neighbours."""
    return [
        row
        for row, after in zip(rows, [*rows[1:], None], strict=True)
        if not after or after.command_id != row.command_id
    ]


def _command(row: Row) -> tuple[int, bytes, bytes, int, int, bytes]:
    return row.lane, row.command_id, bytes(32), row.position, 201, b""


def whole_commands(rows: Sequence[Row], size: int) -> list[list[Row]]:
    """The rows in parts of at least `size` (the last may be smaller), no command split."""
    parts: list[list[Row]] = [[]]
    for row in rows:
        if len(parts[-1]) >= size and parts[-1][-1].command_id != row.command_id:
            parts.append([])
        parts[-1].append(row)
    return parts


def insert_postgres(dsn: str, rows: Sequence[Row], *, size: int) -> float:
    """`INSERT .. unnest` of `size` rows a transaction, psycopg's own binary lists; events a second.

    The schema is there and its lane empty. The driver's values are made before the clock starts.
    """
    parts = [
        (
            _columns([_driver_row(row) for row in part]),
            _columns([_driver_command(row) for row in _last_of_commands(part)]),
            part[-1],
        )
        for part in whole_commands(rows, size)
    ]
    with psycopg.connect(dsn, options="-c search_path=case") as connection:
        started = time.perf_counter()
        for events, commands, last in parts:
            connection.execute(_INSERT_EVENT, events, prepare=True)
            connection.execute(_INSERT_COMMAND, commands, prepare=True)
            connection.execute(_MOVE_LANE, (last.position, last.recorded_at, last.lane), prepare=True)
            connection.commit()
        return len(rows) / (time.perf_counter() - started)


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _uuid(raw: bytes | None) -> UUID | None:
    return UUID(bytes=raw) if raw else None


def _driver_row(row: Row) -> tuple[Any, ...]:
    return (
        *row[:6], _uuid(row.event_id), row.effective_at, row.recorded_at, row.actor, _uuid(row.causation_id),
        _uuid(row.correlation_id), _uuid(row.command_id), row.policy, row.leaf, row.body,
    )  # fmt: skip


def _driver_command(row: Row) -> tuple[Any, ...]:
    lane, command_id, *rest = _command(row)
    return lane, _uuid(command_id), *rest


def insert_sqlite(path: Path, rows: Sequence[Row], *, size: int) -> float:
    """`executemany` of `size` rows a transaction, `synchronous=FULL`; events a second.

    The tables are there and the lane empty. The driver's values are made before the clock starts.
    """
    marks = ",".join("?" * len(COLUMNS))
    insert = f"INSERT INTO ledger_event ({','.join(COLUMNS)}) VALUES ({marks})"
    parts = [
        (
            [(*row[:7], micros(row.effective_at), micros(row.recorded_at), *row[9:]) for row in part],
            [_command(row) for row in _last_of_commands(part)],
            part[-1],
        )
        for part in whole_commands(rows, size)
    ]
    with closing(connect(path)) as connection:
        started = time.perf_counter()
        for events, commands, last in parts:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(insert, events)
            connection.executemany("INSERT INTO ledger_command VALUES (?,?,?,?,?,?)", commands)
            moved = (last.position, micros(last.recorded_at), last.lane)
            connection.execute("UPDATE ledger_lane SET head=?, last_recorded_at=? WHERE lane=?", moved)
            connection.execute("COMMIT")
        return len(rows) / (time.perf_counter() - started)


def count(connection: sqlite3.Connection | psycopg.Connection[Any]) -> int:
    """How many events the store holds."""
    found = connection.execute("SELECT count(*) FROM ledger_event").fetchone()
    return int(found[0]) if found else 0
