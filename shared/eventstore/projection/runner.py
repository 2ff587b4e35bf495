"""Views driven over one lane: leases taken, pages folded and written, checkpoints moved in the same transaction.

Views that stand at the same position share one read and one decode of a page; one that lags is brought up first,
exactly to where the next one stands, and then they go on together.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.eventstore.port import Row as LedgerRow
from shared.eventstore.projection.page import Page, Wanted, fold, open_page, wanted_by, write
from shared.eventstore.projection.port import (
    LEASE_S,
    PAGE_LIVE,
    Fenced,
    Names,
    Parked,
    Source,
    Unwritable,
    ViewDatabase,
    ViewTx,
)
from shared.eventstore.projection.view import View
from shared.kernel.clock import Clock


@dataclass(slots=True)
class Held:
    """A view whose lease we hold on this lane. `name` is the checkpoint's name, `names` where its rows go."""

    view: View
    name: str
    names: Names
    epoch: int
    position: int

    @property
    def key(self) -> tuple[str, int, int]:
        """As ViewTx.advance wants it."""
        return (self.name, self.view.version, self.epoch)


class LaneRunner:
    """Feeds `views` from `lane`. `suffix` and `names` send a rebuild to its shadow tables and checkpoints.

    Not for concurrent use: one task drives it. Raises from `step`: Fenced (nothing written; call `acquire` again),
    ViewsUnavailable and what the source raises (nothing written; try again).
    """

    def __init__(
        self,
        *,
        database: ViewDatabase,
        source: Source,
        clock: Clock,
        lane: int,
        views: Sequence[View],
        owner: str,
        page: int = PAGE_LIVE,
        suffix: str = "",
        names: Mapping[str, Names] | None = None,
    ) -> None:
        self.lane = lane
        self.held: list[Held] = []
        self._database, self._source, self._clock = database, source, clock
        self._views = tuple(views)
        self._owner, self._page, self._suffix = owner, page, suffix
        self._names = names or {}
        self._ahead: tuple[tuple[int, int, Wanted], asyncio.Task[Page | None]] | None = None
        self._renew_at: datetime | None = None

    async def acquire(self) -> bool:
        """Take the leases that can be had; True when all of them are ours now."""
        now = self._clock.now()
        mine = {held.name: held for held in self.held}
        async with self._database.transaction() as tx:
            for view in self._views:
                name = view.name + self._suffix
                if name in mine:
                    continue
                got = await tx.acquire(
                    (name, view.version), self.lane, owner=self._owner, now=now, until=_until(now)
                )
                if got is not None:
                    mine[name] = Held(view, name, self._names.get(view.name, {}), *got)
        self.held = [
            mine[view.name + self._suffix] for view in self._views if view.name + self._suffix in mine
        ]
        return len(self.held) == len(self._views)

    async def release(self) -> None:
        """Give the leases back, so that another worker need not wait for them to run out."""
        await self.discard()
        if self.held:
            async with self._database.transaction() as tx:
                await tx.release([held.key for held in self.held], self.lane)
            self.held = []

    async def discard(self) -> None:
        """Drop the page that was being read ahead."""
        if self._ahead is not None:
            task = self._ahead[1]
            self._ahead = None
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @property
    def position(self) -> int:
        """Where the view that is furthest behind stands (0 when nothing is held)."""
        return min((held.position for held in self.held), default=0)

    async def step(self) -> int:
        """Fold one page into the views that are furthest behind; the number of events, 0 at the head."""
        if not self.held:
            return 0
        low = self.position
        cohort = [held for held in self.held if held.position == low]
        next_up = min((held.position for held in self.held if held.position > low), default=None)
        limit = self._page if next_up is None else min(self._page, next_up - low)
        page = await self._next_page(low, limit, wanted_by(held.view for held in cohort))
        if page is None:
            return 0
        try:
            await self._apply(cohort, page)
        except Fenced:
            self.held = [held for held in self.held if held not in cohort]
            raise
        return len(page.rows)

    async def renew(self) -> None:
        """Keep idle leases alive; cheap to call often. Raises Fenced."""
        now = self._clock.now()
        if self._renew_at is not None and now < self._renew_at:
            return
        self._renew_at = now + timedelta(seconds=LEASE_S / 3)
        for position in sorted({held.position for held in self.held}):
            some = [held for held in self.held if held.position == position]
            async with self._database.transaction() as tx:
                kept = await tx.advance(
                    [held.key for held in some], self.lane, old=position, new=position, until=_until(now)
                )
            if kept < len(some):
                self.held = [held for held in self.held if held not in some]
                raise Fenced(f"lane {self.lane} was taken over")

    async def _next_page(self, after: int, limit: int, wanted: Wanted) -> Page | None:
        asked = (after, limit, wanted)
        if self._ahead is not None and self._ahead[0] == asked:
            task = self._ahead[1]
            self._ahead = None
            page = await task
        else:
            await self.discard()
            page = await self._read(*asked)
        if page is not None and len(page.rows) == limit == self._page:
            following = (page.last, limit, wanted)
            self._ahead = (following, asyncio.create_task(self._read(*following)))
        return page

    async def _read(self, after: int, limit: int, wanted: Wanted) -> Page | None:
        rows: Sequence[LedgerRow] = await self._source.read_lane(self.lane, after=after, limit=limit)
        return await open_page(self._source, rows, wanted) if rows else None

    async def _apply(self, cohort: Sequence[Held], page: Page) -> None:
        """Write the page; when the database refuses a row, go view by view and halve down to the event."""
        try:
            await self._write(cohort, page)
        except Unwritable as problem:
            if len(cohort) > 1:
                for held in cohort:
                    await self._apply([held], page)
            elif len(page.rows) > 1:
                for half in page.halves():
                    await self._apply(cohort, half)
            else:
                await self._write(cohort, page, refused=str(problem))

    async def _write(self, cohort: Sequence[Held], page: Page, *, refused: str | None = None) -> None:
        """One transaction: lock, fold, write, park, advance. `refused`: park the page's one event instead."""
        old, now = cohort[0].position, self._clock.now()
        async with self._database.transaction() as tx:
            names = [held.name for held in cohort]
            standing = {
                (c.name, c.version): (c.position, c.epoch)
                for c in await tx.checkpoints(names, lane=self.lane, lock=True)
            }
            for held in cohort:
                if standing.get((held.name, held.view.version)) != (held.position, held.epoch):
                    raise Fenced(f"{held.name} on lane {self.lane} was taken over")
            parked = await tx.parked(names, lane=self.lane)
            for held in cohort:
                waiting = {
                    row.stream for row in parked if (row.name, row.version) == (held.name, held.view.version)
                }
                await self._write_view(tx, held, page, waiting, refused, now)
            moved = await tx.advance(
                [held.key for held in cohort], self.lane, old=old, new=page.last, until=_until(now)
            )
            if moved < len(cohort):
                raise Fenced(f"lane {self.lane} was taken over")
        for held in cohort:
            held.position = page.last

    async def _write_view(
        self, tx: ViewTx, held: Held, page: Page, waiting: set[str], refused: str | None, now: datetime
    ) -> None:
        if refused is None:
            folded = await fold(held.view, page, parked=waiting, tx=tx, names=held.names)
            await write(held.view, folded.working, tx=tx, names=held.names)
            faults = folded.faults
        else:
            faults = [(page.rows[0], refused)]
        if faults:
            await tx.park(
                [
                    Parked(
                        held.name, held.view.version, self.lane, row.position, row.stream_id, error, 1, now
                    )
                    for row, error in faults
                ]
            )


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=LEASE_S)
