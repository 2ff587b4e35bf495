"""Reads of the embedded store: plain functions over a connection."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from shared.eventstore.port import COLUMNS, Row
from shared.eventstore.sqlite.connection import instant

STREAMS_PER_QUERY = 500
_SELECT = f"SELECT {','.join(COLUMNS)} FROM ledger_event"


def as_row(values: tuple[Any, ...]) -> Row:
    """A table row with its times as datetimes."""
    return Row._make((*values[:7], instant(values[7]), instant(values[8]), *values[9:]))


def stream(connection: sqlite3.Connection, lane: int, stream_id: str, after: int, limit: int) -> list[Row]:
    """Rows with version > after, in version order."""
    sql = f"{_SELECT} WHERE lane=? AND stream_id=? AND version>? ORDER BY version LIMIT ?"
    return [as_row(values) for values in connection.execute(sql, (lane, stream_id, after, limit))]


def streams(connection: sqlite3.Connection, lane: int, stream_ids: Sequence[str]) -> list[Row]:
    """All rows of several streams, by stream and version."""
    rows: list[Row] = []
    for start in range(0, len(stream_ids), STREAMS_PER_QUERY):
        part = stream_ids[start : start + STREAMS_PER_QUERY]
        marks = ",".join("?" * len(part))
        sql = f"{_SELECT} WHERE lane=? AND stream_id IN ({marks}) ORDER BY stream_id, version"
        rows += [as_row(values) for values in connection.execute(sql, (lane, *part))]
    return rows


def lane(connection: sqlite3.Connection, lane_: int, after: int, limit: int) -> list[Row]:
    """Rows with position > after, in position order."""
    sql = f"{_SELECT} WHERE lane=? AND position>? ORDER BY position LIMIT ?"
    return [as_row(values) for values in connection.execute(sql, (lane_, after, limit))]


def event(connection: sqlite3.Connection, lane_: int, event_id: bytes) -> Row | None:
    """One event by its id."""
    values = connection.execute(f"{_SELECT} WHERE lane=? AND event_id=?", (lane_, event_id)).fetchone()
    return as_row(values) if values else None
