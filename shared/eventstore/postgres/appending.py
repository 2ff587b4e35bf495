"""One batch as the arguments of `ledger_append`, and its answer as verdicts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import Any

import psycopg
from psycopg import errors

from shared.eventstore.port import (
    Batch,
    BatchRefused,
    DuplicateEvent,
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
from shared.eventstore.postgres.arrays import bigints, blobs, ints, texts, times, uuids
from shared.eventstore.postgres.connecting import Connection

# smallint, bigint and timestamptz are spelt out: psycopg picks the width of an int by its value.
_APPEND = f"SELECT * FROM ledger_append(%b::smallint, %b::bigint, %b::timestamptz, {','.join(['%b'] * 22)})"
_TAKEN, _MOVED, _KNOWN = 0, 1, 2


async def append(connection: Connection, batch: Batch) -> list[Verdict]:
    """One call of the function, in the transaction that is open or one of its own.

    Raises BatchRefused, DuplicateEvent, and psycopg's errors for all that is not about the rows.
    """
    with refusals():
        cursor = await connection.cursor(binary=True).execute(_APPEND, _arguments(batch), prepare=True)
        rows = await cursor.fetchall()
    return _verdicts(batch, rows)


@contextmanager
def refusals() -> Iterator[None]:
    """What the server says about the rows themselves, as the ledger's own words."""
    try:
        yield
    except errors.UniqueViolation as problem:
        if "event_id" in (problem.diag.constraint_name or ""):
            raise DuplicateEvent("an event id is already stored") from problem
        raise DuplicateEvent("a stream's version or a command id is already stored") from problem
    except psycopg.OperationalError:
        raise
    except psycopg.DatabaseError as problem:
        raise LedgerError("the database refused the rows") from problem


def _arguments(batch: Batch) -> list[Any]:
    commands = batch.commands
    heads = [(n, *head) for n, command in enumerate(commands, 1) for head in command.heads]
    head_cmd, head_stream, head_version, head_hash = zip(*heads, strict=True) if heads else ((),) * 4
    return [
        batch.lane,
        batch.epoch,
        batch.recorded_at,
        uuids([command.command_id for command in commands]),
        blobs([command.fingerprint for command in commands]),
        ints([command.status for command in commands]),
        blobs([command.refs for command in commands]),
        ints(list(accumulate(len(command.rows) for command in commands))),
        ints(head_cmd),
        texts(head_stream),
        bigints(head_version),
        blobs(head_hash),
        *_events(commands),
    ]


def _events(commands: Sequence[PreparedCommand]) -> list[Any]:
    """Columns of the rows, which come in the order of COLUMNS[2:]; times and command ids are the batch's own."""
    owner = [n for n, command in enumerate(commands, 1) for _ in command.rows]
    columns: Sequence[Sequence[Any]] = (
        list(zip(*[r for c in commands for r in c.rows], strict=True)) or [()] * 14
    )
    (
        stream,
        version,
        kind,
        schema,
        event_id,
        effective,
        _,
        actor,
        cause,
        correlation,
        _,
        policy,
        leaf,
        body,
    ) = columns
    return [
        ints(owner),
        texts(stream),
        bigints(version),
        texts(kind),
        ints(schema),
        uuids(event_id),
        times(effective),
        texts(actor),
        uuids(cause),
        uuids(correlation),
        texts(policy),
        blobs(leaf),
        blobs(body),
    ]


def _verdicts(batch: Batch, rows: Sequence[tuple[Any, ...]]) -> list[Verdict]:
    kind, _, tenant, epoch, _, head, shard, _, at = rows[0]
    if kind == _MOVED:
        raise BatchRefused(LaneInfo(batch.lane, tenant, shard, head, at, epoch))
    beaten: dict[int, Verdict] = {}
    for kind, command, stream, version, hashed, place, status, refs, _ in rows[1:]:
        if kind == _KNOWN:
            command_id = batch.commands[command - 1].command_id
            beaten[command] = Known(StoredCommand(command_id, hashed, place, status, refs))
        else:
            beaten.setdefault(command, Lost(stream, None if version is None else Head(version, hashed)))
    verdicts: list[Verdict] = []
    for n, prepared in enumerate(batch.commands, 1):
        verdict = beaten.get(n)
        if verdict is None:
            verdict = Won(head + 1, head + len(prepared.rows))
            head += len(prepared.rows)
        verdicts.append(verdict)
    return verdicts
