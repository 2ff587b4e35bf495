"""Commits: one connection for each lane that writes, and what to do when it breaks with the answer outstanding.

A broken connection says nothing about the transaction. The same batch is therefore sent again, for at most RESOLVE_S:
if the first attempt was stored, the lane's lock and the command ids make the second one come back as known commands,
which are turned into the answer the first would have given. Only when the server stays away is the outcome unknown.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import psycopg
from psycopg import errors

from shared.eventstore.port import (
    Batch,
    Known,
    OutcomeUnknown,
    PreparedCommand,
    StoreFull,
    StoreUnavailable,
    Verdict,
    Won,
)
from shared.eventstore.postgres.appending import append
from shared.eventstore.postgres.arrays import bigints, blobs, uuids
from shared.eventstore.postgres.connecting import Connection

RESOLVE_S = 10.0
ATTEMPT_S = 15.0
"""Above the server's lock_timeout, so that a wait for the lane ends with the server's own answer."""
PAUSE_S = 0.05
PAUSE_MAX_S = 1.0
ACROSS = 0
"""Stands for a lane where the connection for several lanes is meant; lanes start at 1."""

Attempt = Callable[[Connection], Awaitable[list[Verdict]]]


class Commits:
    """The connections that commit. `connect` opens one more."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
        self._connections: dict[int, Connection] = {}
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def close(self) -> None:
        """After what is under way."""
        for lane in list(self._connections):
            async with self._locks[lane]:
                await self._drop(lane)

    async def commit(self, batch: Batch) -> list[Verdict]:
        """Store.commit."""
        return await self._resolved(batch.lane, [batch], lambda connection: append(connection, batch))

    async def commit_with(
        self, batch: Batch, then: Callable[[Connection, list[Verdict]], Awaitable[None]]
    ) -> list[Verdict]:
        """Store.commit and `then` in one transaction; what `then` raises undoes both."""

        async def attempt(connection: Connection) -> list[Verdict]:
            async with connection.transaction():
                verdicts = await append(connection, batch)
                await then(connection, verdicts)
            return verdicts

        return await self._resolved(batch.lane, [batch], attempt)

    async def commit_across(self, batches: Sequence[Batch]) -> list[Verdict]:
        """Store.commit_across: lanes in ascending order, so that two such commands cannot lock each other out."""
        ascending = sorted(batches, key=lambda batch: batch.lane)

        async def attempt(connection: Connection) -> list[Verdict]:
            verdicts: dict[int, list[Verdict]] = {}
            async with connection.transaction():
                for batch in ascending:
                    verdicts[batch.lane] = await append(connection, batch)
                if not all(isinstance(verdict, Won) for part in verdicts.values() for verdict in part):
                    raise psycopg.Rollback
            return [verdict for batch in batches for verdict in verdicts[batch.lane]]

        return await self._resolved(ACROSS, batches, attempt)

    async def _resolved(self, lane: int, batches: Sequence[Batch], attempt: Attempt) -> list[Verdict]:
        """Attempt until there is an answer. Raises StoreUnavailable, StoreFull, OutcomeUnknown and the rest."""
        loop = asyncio.get_running_loop()
        async with self._locks[lane]:
            ends, pause, sent, was_full = loop.time() + RESOLVE_S, PAUSE_S, False, False
            while True:
                try:
                    connection = await self._connection(lane)
                    if was_full and not await _stored(connection, batches[0]):
                        raise StoreFull("the server's disk is full; free space and send again")
                    resent, sent = sent, True
                    async with asyncio.timeout(ATTEMPT_S):
                        verdicts = await attempt(connection)
                        return await _own(connection, batches, verdicts) if resent else verdicts
                except (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError) as problem:
                    _raise_if_answered(problem, self._connections.get(lane))
                    was_full = was_full or isinstance(problem, errors.DiskFull)
                    await self._drop(lane)
                    if not sent:
                        raise StoreUnavailable(
                            "the database cannot be reached; nothing was sent"
                        ) from problem
                    if loop.time() >= ends:
                        raise OutcomeUnknown(_no_answer(was_full)) from problem
                except asyncio.CancelledError:
                    await self._drop(lane)  # half an exchange is in it
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE_MAX_S)

    async def _connection(self, lane: int) -> Connection:
        connection = self._connections.get(lane)
        if connection is None or connection.closed:
            connection = self._connections[lane] = await self._connect()
        return connection

    async def _drop(self, lane: int) -> None:
        connection = self._connections.pop(lane, None)
        if connection is not None:
            with contextlib.suppress(psycopg.Error):
                await connection.close()


def _no_answer(was_full: bool) -> str:
    why = "the server went down with its disk full" if was_full else "the connection broke during a commit"
    return f"{why}; send the command again"


def _raise_if_answered(problem: Exception, connection: Connection | None) -> None:
    """An error the server gave on a connection that lives is an answer: the transaction was rolled back."""
    if connection is None or connection.closed or not isinstance(problem, psycopg.OperationalError):
        return
    if problem.diag.severity_nonlocalized in {"FATAL", "PANIC"}:
        return
    if isinstance(problem, errors.DiskFull):
        raise StoreFull("the server's disk is full; free space and send again") from problem
    if problem.sqlstate and not problem.sqlstate.startswith(("08", "57P")):
        raise StoreUnavailable("the database could not take the batch now; nothing was stored") from problem


async def _stored(connection: Connection, batch: Batch) -> bool:
    """Whether an attempt that a crash interrupted was committed. All its commands were, or none."""
    sql = "SELECT 1 FROM ledger_command WHERE lane=%b::smallint AND command_id = ANY(%b) LIMIT 1"
    ids = uuids([command.command_id for command in batch.commands])
    return await (await connection.execute(sql, (batch.lane, ids))).fetchone() is not None


async def _own(connection: Connection, batches: Sequence[Batch], verdicts: list[Verdict]) -> list[Verdict]:
    """Known commands whose leaf, in its place, is the one of this batch: the first attempt stored them, they won."""
    answers = list(zip([(b.lane, c) for b in batches for c in b.commands], verdicts, strict=True))
    suspects = [(lane, c, v) for (lane, c), v in answers if isinstance(v, Known) and c.rows]
    if not suspects:
        return verdicts
    lanes = bigints([lane for lane, _, _ in suspects])
    places = bigints([verdict.stored.position for _, _, verdict in suspects])
    leaves = blobs([command.rows[-1][-2] for _, command, _ in suspects])
    sql = (
        "SELECT e.lane, e.position FROM unnest(%b, %b, %b) AS s (lane, position, leaf)"
        " JOIN ledger_event e ON e.lane = s.lane AND e.position = s.position AND e.leaf = s.leaf"
    )
    ours = set(await (await connection.execute(sql, (lanes, places, leaves))).fetchall())
    return [_settled(lane, command, verdict, ours) for (lane, command), verdict in answers]


def _settled(lane: int, command: PreparedCommand, verdict: Verdict, ours: set[tuple[int, int]]) -> Verdict:
    if isinstance(verdict, Known) and (lane, verdict.stored.position) in ours:
        return Won(verdict.stored.position - len(command.rows) + 1, verdict.stored.position)
    return verdict
