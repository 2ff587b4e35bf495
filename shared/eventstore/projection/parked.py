"""Parked streams: list them, see what waits behind them, try them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.eventstore.port import Row as LedgerRow
from shared.eventstore.projection.page import fold, open_page, wanted_by, write
from shared.eventstore.projection.port import (
    PAGE_LIVE,
    Checkpoint,
    NotParked,
    Parked,
    Source,
    Unwritable,
    ViewDatabase,
    names_of,
)
from shared.eventstore.projection.view import View
from shared.kernel.clock import Clock

RETRY_EVENTS_MAX = 100_000
"""Bound on one stream's events behind a parked one."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked stream and what a retry would do: apply `events` events, from `first_at` (recorded) to `last_at`."""

    parked: Parked
    type: str
    events: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of a retry: `events` applied and the stream is free, or `error` (a class name) and it waits on."""

    parked: Parked
    events: int
    error: str | None


async def ls(database: ViewDatabase, views: Sequence[View]) -> list[Parked]:
    """Every parked stream of these views."""
    known = {view.key for view in views}
    async with database.transaction(writes=False) as tx:
        return [row for row in await tx.parked(names_of(views)) if (row.name, row.version) in known]


async def show(database: ViewDatabase, source: Source, parked: Parked) -> Waiting:
    """What waits behind a parked stream, counted from the ledger. Raises NotParked."""
    async with database.transaction(writes=False) as tx:
        reached = await _reached(await tx.checkpoints([parked.name], lane=parked.lane, lock=False), parked)
    rows = await _behind(source, parked, reached)
    if not rows:
        raise NotParked(parked.stream)
    return Waiting(
        parked, f"{rows[0].type}/v{rows[0].schema}", len(rows), rows[0].recorded_at, rows[-1].recorded_at
    )


async def retry(
    database: ViewDatabase, source: Source, clock: Clock, view: View, *, lane: int, stream: str
) -> Retried:
    """Apply the stream's events, from the parked one to the view's checkpoint, in one transaction, and unpark it.

    The view's worker waits on the checkpoint's lock meanwhile. On a fault the stream stays parked with one more try.
    Raises NotParked.
    """
    try:
        return await _retry(database, source, view, lane, stream)
    except _StillFails as problem:
        now = clock.now()
        before = problem.parked
        again = Parked(
            before.name, before.version, lane, before.position, stream, problem.error, before.tries + 1, now
        )
        async with database.transaction() as tx:
            await tx.park([again])
        return Retried(again, 0, problem.error)


class _StillFails(Exception):
    def __init__(self, parked: Parked, error: str) -> None:
        super().__init__(error)
        self.parked, self.error = parked, error


async def _retry(database: ViewDatabase, source: Source, view: View, lane: int, stream: str) -> Retried:
    async with database.transaction() as tx:
        standing = await tx.checkpoints([view.name], lane=lane, lock=True)
        found = [
            row
            for row in await tx.parked([view.name], lane=lane)
            if row.stream == stream and row.version == view.version
        ]
        if not found:
            raise NotParked(stream)
        parked = found[0]
        rows = await _behind(source, parked, await _reached(standing, parked))
        page = await open_page(source, rows, wanted_by([view]))
        folded = await fold(view, page, parked=(), tx=tx, names={})
        if folded.faults:
            raise _StillFails(parked, folded.faults[0][1])
        try:
            await write(view, folded.working, tx=tx, names={})
        except Unwritable as problem:
            raise _StillFails(parked, str(problem)) from problem
        await tx.unpark(view.key, lane, stream)
    return Retried(parked, len(rows), None)


async def _reached(standing: Sequence[Checkpoint], parked: Parked) -> int:
    for row in standing:
        if (row.name, row.version, row.lane) == (parked.name, parked.version, parked.lane):
            return row.position
    raise NotParked(parked.stream)


async def _behind(source: Source, parked: Parked, reached: int) -> list[LedgerRow]:
    """The stream's rows from the parked event up to the checkpoint."""
    first = (await source.read_lane(parked.lane, after=parked.position - 1, limit=1))[0]
    rows: list[LedgerRow] = []
    after = first.version - 1
    while len(rows) < RETRY_EVENTS_MAX:
        some = await source.read_stream(parked.lane, parked.stream, after=after, limit=PAGE_LIVE)
        rows += [row for row in some if row.position <= reached]
        if len(some) < PAGE_LIVE or some[-1].position > reached:
            break
        after = some[-1].version
    return rows
