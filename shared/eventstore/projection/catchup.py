"""Bringing views up to the head before a question is answered, with or without workers running."""

import asyncio
from collections.abc import Sequence
from time import monotonic

from shared.eventstore.port import LaneInfo
from shared.eventstore.projection import tables
from shared.eventstore.projection.port import (
    PAGE_REBUILD,
    Fenced,
    NotCaughtUp,
    Source,
    ViewDatabase,
    names_of,
)
from shared.eventstore.projection.runner import LaneRunner
from shared.eventstore.projection.view import View
from shared.kernel.clock import Clock
from shared.kernel.ids import new_token

CATCH_UP_DEADLINE_S = 60.0
"""How long another worker may hold a lease without moving the view before we give up."""
_POLL_S = 0.05


async def prepare(database: ViewDatabase, source: Source, views: Sequence[View]) -> list[str]:
    """Make missing tables and checkpoints; the names of views that start from nothing."""
    lanes = [lane.lane for lane in await source.lanes()]
    async with database.transaction(writes=False) as tx:
        if await tables.complete(tx, views, lanes):
            return []
    async with database.transaction() as tx:
        return await tables.ensure(tx, views, database.dialect, lanes)


async def catch_up(
    database: ViewDatabase, source: Source, clock: Clock, views: Sequence[View], *,
    deadline_s: float = CATCH_UP_DEADLINE_S,
) -> None:  # fmt: skip
    """Return once every view holds all that had been recorded when it was called.

    Where another process holds a lease, its progress is awaited, and a lease that runs out is taken over.
    Raises NotCaughtUp after `deadline_s` seconds in which a lane did not move.
    """
    await prepare(database, source, views)
    for lane in await source.lanes():
        await _catch_up_lane(database, source, clock, views, lane, deadline_s)


async def _catch_up_lane(
    database: ViewDatabase,
    source: Source,
    clock: Clock,
    views: Sequence[View],
    lane: LaneInfo,
    deadline_s: float,
) -> None:
    if await _lowest(database, views, lane.lane) >= lane.head:
        return
    runner = LaneRunner(
        database=database, source=source, clock=clock, lane=lane.lane, views=views,
        owner=new_token(), page=PAGE_REBUILD,
    )  # fmt: skip
    best, moved_at = -1, monotonic()
    try:
        while (reached := await _lowest(database, views, lane.lane)) < lane.head:
            if reached > best:
                best, moved_at = reached, monotonic()
            elif monotonic() - moved_at > deadline_s:
                raise NotCaughtUp(f"lane {lane.lane} stands at {reached} of {lane.head}")
            await runner.acquire()
            try:
                while runner.position < lane.head and await runner.step():
                    pass
            except Fenced:
                pass
            if len(runner.held) < len(views):
                await asyncio.sleep(_POLL_S)
    finally:
        await runner.release()


async def _lowest(database: ViewDatabase, views: Sequence[View], lane: int) -> int:
    """Where the view that is furthest behind stands in a lane."""
    async with database.transaction(writes=False) as tx:
        standing = {
            c.name: c.position
            for c in await tx.checkpoints(names_of(views), lane=lane, lock=False)
            if (c.name, c.version) in {view.key for view in views}
        }
    return min((standing.get(view.name, 0) for view in views), default=0)
