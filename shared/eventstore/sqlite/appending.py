"""One batch in one transaction: guards checked one by one, winners inserted together, positions contiguous."""

import sqlite3
from collections.abc import Sequence
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

_INSERT_EVENT = f"INSERT INTO ledger_event ({','.join(COLUMNS)}) VALUES ({','.join('?' * len(COLUMNS))})"
_INSERT_COMMAND = "INSERT INTO ledger_command VALUES (?,?,?,?,?,?)"
COMMANDS = "SELECT command_id, fingerprint, position, status, refs FROM ledger_command"
_COMMAND = f"{COMMANDS} WHERE lane=? AND command_id=?"
_HEAD = "SELECT version, leaf FROM ledger_event WHERE lane=? AND stream_id=? ORDER BY version DESC LIMIT 1"
_LANE = "SELECT lane, tenant, shard, head, last_recorded_at, epoch FROM ledger_lane"
_MOVE_LANE = "UPDATE ledger_lane SET head=?, last_recorded_at=? WHERE lane=?"


def lane_info(row: tuple[Any, ...]) -> LaneInfo:
    """A row of `ledger_lane`."""
    return LaneInfo(*row[:4], instant(row[4]) if row[4] is not None else None, row[5])


def read_lanes(connection: sqlite3.Connection, where: str = "", values: Sequence[Any] = ()) -> list[LaneInfo]:
    """The lanes that match, by number. `where` is ours, never a caller's text."""
    return [lane_info(row) for row in connection.execute(f"{_LANE} {where} ORDER BY lane", values)]


def read_lane_info(connection: sqlite3.Connection, lane: int) -> LaneInfo:
    """One lane; LedgerError if it was never provisioned."""
    found = read_lanes(connection, "WHERE lane=?", (lane,))
    if not found:
        raise LedgerError(f"lane {lane} does not exist")
    return found[0]


def read_head(connection: sqlite3.Connection, lane: int, stream: str) -> Head | None:
    """The stream's last version and its leaf's hash."""
    row = connection.execute(_HEAD, (lane, stream)).fetchone()
    return Head(row[0], leaf_hash(row[1])) if row else None


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
    recorded_at = micros(batch.recorded_at)
    position = lane.head
    for command in batch.commands:
        verdict = _verdict(connection, batch.lane, command, position)
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
        connection.executemany(_INSERT_EVENT, events)
        connection.executemany(_INSERT_COMMAND, commands)
        connection.execute(_MOVE_LANE, (position, recorded_at, batch.lane))
    return verdicts


def _verdict(connection: sqlite3.Connection, lane: int, command: PreparedCommand, position: int) -> Verdict:
    stored = find_command(connection, lane, command.command_id)
    if stored:
        return Known(stored)
    for stream, expected, prev in command.heads:
        head = read_head(connection, lane, stream)
        actual = (head.version, head.leaf_hash) if head else (0, None)
        if actual != (expected, prev):
            return Lost(stream, head)
    return Won(position + 1, position + len(command.rows))
