"""One batch in one transaction: guards checked together, winners inserted together, positions contiguous.

Few long statements rather than many short ones: the driver gives up Python's lock for each statement, and while the
event loop is busy every one of them would wait up to a switch interval (5 ms) to get it back.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from shared.eventstore.leaf import leaf_hash
from shared.eventstore.port import (
    COLUMNS,
    Batch,
    BatchRefused,
    Head,
    Known,
    LaneInfo,
    LedgerError,
    Lost,
    PreparedCommand,
    StoredCommand,
    Verdict,
    Won,
)
from shared.eventstore.sqlite.connection import instant, micros, transaction

ROWS_A_STATEMENT = (256, 64, 16, 4, 1)
"""A few sizes only, because the driver keeps compiled statements by their text; 256 wide rows stay under the limit of
32,766 parameters."""
_INSERT_EVENT = f"INSERT INTO ledger_event ({','.join(COLUMNS)}) VALUES "
_INSERT_COMMAND = "INSERT INTO ledger_command VALUES "
COMMANDS = "SELECT command_id, fingerprint, position, status, refs FROM ledger_command"
_COMMAND = f"{COMMANDS} WHERE lane=? AND command_id=?"
_HEADS = """SELECT s.value, e.version, e.leaf FROM json_each(?1) AS s CROSS JOIN ledger_event AS e
    WHERE e.lane=?2 AND e.stream_id=s.value
    AND e.version=(SELECT max(version) FROM ledger_event WHERE lane=?2 AND stream_id=s.value)"""
_LANE = "SELECT lane, tenant, shard, head, last_recorded_at, epoch FROM ledger_lane"
_MOVE_LANE = "UPDATE ledger_lane SET head=?, last_recorded_at=? WHERE lane=?"


def lane_info(row: tuple[Any, ...]) -> LaneInfo:
    """A row of `ledger_lane`."""
    lane, tenant, shard, head, recorded_at, epoch = row
    return LaneInfo(lane, tenant, shard, head, None if recorded_at is None else instant(recorded_at), epoch)


def read_lanes(connection: sqlite3.Connection, where: str = "", values: Sequence[Any] = ()) -> list[LaneInfo]:
    """The lanes that match, by number. `where` is ours, never a caller's text."""
    return [lane_info(row) for row in connection.execute(f"{_LANE} {where} ORDER BY lane", values)]


def read_lane_info(connection: sqlite3.Connection, lane: int) -> LaneInfo:
    """One lane; LedgerError if it was never provisioned."""
    found = read_lanes(connection, "WHERE lane=?", (lane,))
    if not found:
        raise LedgerError(f"lane {lane} does not exist")
    return found[0]


def read_heads(connection: sqlite3.Connection, lane: int, streams: Sequence[str]) -> dict[str, Head]:
    """The last version and its leaf's hash, of those streams that exist."""
    rows = connection.execute(_HEADS, (json.dumps(streams), lane)).fetchall()
    return {stream: Head(version, leaf_hash(leaf)) for stream, version, leaf in rows}


def find_command(connection: sqlite3.Connection, lane: int, command_id: bytes) -> StoredCommand | None:
    """What is stored under a command id."""
    row = connection.execute(_COMMAND, (lane, command_id)).fetchone()
    return StoredCommand(*row) if row else None


def append(connection: sqlite3.Connection, batch: Batch) -> list[Verdict]:
    """Store.commit."""
    with transaction(connection):
        return append_within(connection, batch)


def append_across(connection: sqlite3.Connection, batches: Sequence[Batch]) -> list[Verdict]:
    """Store.commit_across: the file's one write lock stands for every lane's."""
    verdicts: list[Verdict] = []
    try:
        with transaction(connection):
            for batch in batches:
                verdicts += append_within(connection, batch)
            if not all(isinstance(verdict, Won) for verdict in verdicts):
                raise _PartLost
    except _PartLost:
        pass
    return verdicts


class _PartLost(Exception):
    """Rolls the other parts back."""


def append_within(connection: sqlite3.Connection, batch: Batch) -> list[Verdict]:
    """One batch inside the caller's transaction."""
    lane = read_lane_info(connection, batch.lane)
    if lane.epoch != batch.epoch or (lane.last_recorded_at and lane.last_recorded_at > batch.recorded_at):
        raise BatchRefused(lane)
    events: list[tuple[Any, ...]] = []
    commands: list[tuple[Any, ...]] = []
    verdicts: list[Verdict] = []
    known = _known(connection, batch)
    heads = read_heads(
        connection, batch.lane, [head[0] for command in batch.commands for head in command.heads]
    )
    recorded_at = micros(batch.recorded_at)
    position = lane.head
    for command in batch.commands:
        verdict = _verdict(command, known, heads, position)
        verdicts.append(verdict)
        if not isinstance(verdict, Won):
            continue
        for row in command.rows:
            position += 1
            events.append((batch.lane, position, *row[:5], micros(row[5]), recorded_at, *row[7:]))
        stands_at = position if command.rows else 0
        commands.append(
            (batch.lane, command.command_id, command.fingerprint, stands_at, command.status, command.refs)
        )
    if commands:
        _insert(connection, _INSERT_EVENT, events)
        _insert(connection, _INSERT_COMMAND, commands)
        connection.execute(_MOVE_LANE, (position, recorded_at, batch.lane))
    return verdicts


def _insert(connection: sqlite3.Connection, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    start = 0
    for size in ROWS_A_STATEMENT:
        while len(rows) - start >= size:
            marks = f"({','.join('?' * len(rows[start]))})"
            values = list(chain.from_iterable(rows[start : start + size]))
            connection.execute(into + ",".join([marks] * size), values)
            start += size


def _known(connection: sqlite3.Connection, batch: Batch) -> dict[bytes, StoredCommand]:
    """Those of the batch's commands that are stored already."""
    ids = [command.command_id for command in batch.commands]
    known: dict[bytes, StoredCommand] = {}
    most = ROWS_A_STATEMENT[0]
    sql = f"{COMMANDS} WHERE lane=? AND command_id IN ({','.join('?' * most)})"
    for start in range(0, len(ids), most):
        part = ids[start : start + most]
        part += part[:1] * (most - len(part))
        known |= {
            row[0]: StoredCommand(*row) for row in connection.execute(sql, (batch.lane, *part)).fetchall()
        }
    return known


def _verdict(
    command: PreparedCommand, known: Mapping[bytes, StoredCommand], heads: Mapping[str, Head], position: int
) -> Verdict:
    stored = known.get(command.command_id)
    if stored:
        return Known(stored)
    for stream, expected, prev in command.heads:
        head = heads.get(stream)
        actual = (head.version, head.leaf_hash) if head else (0, None)
        if actual != (expected, prev):
            return Lost(stream, head)
    return Won(position + 1, position + len(command.rows))
