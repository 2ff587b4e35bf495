"""Reads: the statements, their rows, and connections that survive a restart of the server."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from shared.eventstore.port import COLUMNS, Row, StoreUnavailable
from shared.eventstore.postgres.connecting import Connection, translated

READERS_MAX = 4
ANSWER_S = 10.0
"""How long a read, which may be repeated, is repeated while the server is away."""
PAUSE_S = 0.02
PAUSE_MAX_S = 0.5

_UUIDS = {"event_id", "causation_id", "correlation_id", "command_id"}
# uuid_send: the 16 bytes as bytea, which the driver's C code loads; a uuid would become an object for each value.
ROW = ", ".join(f"uuid_send({name})" if name in _UUIDS else name for name in COLUMNS)

STREAM = f"SELECT {ROW} FROM ledger_event WHERE lane=%b::smallint AND stream_id=%b AND version>%b::bigint"
STREAM += " ORDER BY version LIMIT %b::bigint"
STREAMS = f"SELECT {ROW} FROM ledger_event WHERE lane=%b::smallint AND stream_id=ANY(%b) ORDER BY stream_id, version"
# Positions have no gaps, so a page is a range.
LANE = (
    f"SELECT {ROW} FROM ledger_event WHERE lane=%b::smallint AND position>%b::bigint AND position<=%b::bigint"
)
LANE += " ORDER BY position"
EVENT = f"SELECT {ROW} FROM ledger_event WHERE lane=%b::smallint AND event_id=encode(%b, 'hex')::uuid"
HEADS = """SELECT s.id, a.version, a.hash FROM unnest(%b) AS s (id) CROSS JOIN LATERAL (
    SELECT e.version, sha256('\\x00'::bytea || e.leaf) AS hash FROM ledger_event e
    WHERE e.lane=%b::smallint AND e.stream_id=s.id ORDER BY e.version DESC LIMIT 1) a"""
COMMAND = """SELECT uuid_send(command_id), fingerprint, position, status, refs FROM ledger_command
    WHERE lane=%b::smallint AND command_id=encode(%b, 'hex')::uuid"""
COMMANDS = """SELECT uuid_send(command_id), fingerprint, position, status, refs FROM ledger_command
    WHERE lane=%b::smallint AND command_id = ANY(%b)"""
LANES = "SELECT lane, tenant, shard, head, last_recorded_at, epoch FROM ledger_lane"
SUBJECTS = (
    "SELECT ref_hmac, uuid_send(subject), sealed_ref FROM subject_map WHERE tenant=%b AND ref_hmac=ANY(%b)"
)
DATA_KEYS = "SELECT uuid_send(subject), class, kid, wrapped FROM data_key WHERE subject=ANY(%b)"

_as_row = partial(tuple.__new__, Row)


def rows_as_row(_: Any) -> Callable[[Sequence[Any]], Row]:
    """psycopg row factory: port.Row."""
    return _as_row


class Readers:
    """A few connections for statements that may be repeated: reads, and inserts that keep what is there.

    `connect` opens one more. A broken connection is closed and the statement tried on another, for ANSWER_S at most,
    so that a restart of the server is a pause for readers and no error.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
        self._idle: list[Connection] = []
        self._free = asyncio.Semaphore(READERS_MAX)
        self._closed = False

    async def close(self) -> None:
        """Idle connections now, busy ones when their statement ends."""
        self._closed = True
        while self._idle:
            await self._idle.pop().close()

    async def fetch(self, sql: str, arguments: Sequence[Any], *, as_rows: bool = False) -> list[Any]:
        """All rows. Raises StoreUnavailable after ANSWER_S without an answer."""
        loop = asyncio.get_running_loop()
        ends, pause = loop.time() + ANSWER_S, PAUSE_S
        while True:
            try:
                async with asyncio.timeout_at(ends), self._free:
                    with translated():
                        return await self._once(sql, arguments, as_rows=as_rows)
            except TimeoutError as problem:
                raise StoreUnavailable("the database does not answer") from problem
            except StoreUnavailable:
                if self._closed or loop.time() + pause >= ends:
                    raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_MAX_S)

    async def _once(self, sql: str, arguments: Sequence[Any], *, as_rows: bool) -> list[Any]:
        connection = self._idle.pop() if self._idle else await self._connect()
        try:
            cursor = connection.cursor(binary=True)
            if as_rows:
                cursor.row_factory = rows_as_row
            await cursor.execute(sql, arguments)
            rows = await cursor.fetchall()
        except BaseException:
            await connection.close()  # half an exchange may be in it
            raise
        if self._closed:
            await connection.close()
        else:
            self._idle.append(connection)
        return rows
