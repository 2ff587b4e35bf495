"""Rebuilding views from position 0 beside the live ones, and the swap.

The shadow has tables and checkpoints of its own (`<name>.shadow`), so readers and the live worker are not touched
until the end. Then the live leases are taken (fencing the worker out for a moment), the shadow is brought to where
the live view stands, and one transaction drops the old tables and renames the new ones into their place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from shared.eventstore.projection import tables
from shared.eventstore.projection.catchup import prepare
from shared.eventstore.projection.port import (
    LEASE_S,
    PAGE_REBUILD,
    Fenced,
    RebuildRunning,
    Source,
    ViewDatabase,
    ViewsUnavailable,
    names_of,
)
from shared.eventstore.projection.runner import LaneRunner
from shared.eventstore.projection.view import View
from shared.kernel.clock import Clock
from shared.kernel.ids import new_token

SWAP_TRIES_MAX = 20


@dataclass(frozen=True, slots=True)
class RebuildProgress:
    """`done` of `total` events; `rate` in events per second since the start; `eta_s` None until it is known."""

    done: int
    total: int
    rate: float
    eta_s: float | None


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. `parked`: streams that could not be applied, in all views together."""

    views: tuple[str, ...]
    events: int
    seconds: float
    parked: int


Report = Callable[[RebuildProgress], None]


class Rebuild:
    """One rebuild of a set of views that are fed from the same pages."""

    def __init__(
        self, *, database: ViewDatabase, source: Source, clock: Clock, views: Sequence[View],
        page: int = PAGE_REBUILD,
    ) -> None:  # fmt: skip
        self._database, self._source, self._clock = database, source, clock
        self._views, self._page = tuple(views), page
        self._owner = new_token()
        self._runners: dict[int, LaneRunner] = {}
        self._report: Report = lambda progress: None
        self._began = monotonic()

    async def run(self, report: Report | None = None) -> Rebuilt:
        """Rebuild and swap. Raises RebuildRunning; on any fault the live views stay as they are."""
        self._report, self._began = report or self._report, monotonic()
        await prepare(self._database, self._source, self._views)
        await self._begin()
        try:
            await self._fill()
            for view in self._views:
                async with self._database.transaction() as tx:
                    await tables.index_shadow(tx, view, self._database.dialect, self._owner)
            parked = await self._switch()
            events = self._done
        finally:
            for runner in self._runners.values():
                await runner.release()
        return Rebuilt(tuple(v.name for v in self._views), events, monotonic() - self._began, parked)

    async def _begin(self) -> None:
        """Claim the shadow, empty it, take its leases."""
        now, dialect = self._clock.now(), self._database.dialect
        shadows = [name + tables.SHADOW for name in names_of(self._views)]
        async with self._database.transaction() as tx:
            for row in await tx.checkpoints(shadows, lock=True):
                if row.lease_until is not None and row.lease_until > now:
                    raise RebuildRunning(row.name.removesuffix(tables.SHADOW))
            for view in self._views:
                await tx.forget(view.name + tables.SHADOW, view.version)
                await tables.make_shadow(tx, view, dialect)
        await self._reach_lanes()

    async def _reach_lanes(self) -> int:
        """A runner for every lane; the sum of the heads."""
        lanes = await self._source.lanes()
        for lane in lanes:
            if lane.lane in self._runners:
                continue
            runner = LaneRunner(
                database=self._database, source=self._source, clock=self._clock, lane=lane.lane,
                views=self._views, owner=self._owner, page=self._page, suffix=tables.SHADOW,
                names={view.name: tables.shadow_names(view) for view in self._views},
            )  # fmt: skip
            if not await runner.acquire():
                raise RebuildRunning(", ".join(names_of(self._views)))
            self._runners[lane.lane] = runner
        return sum(lane.head for lane in lanes)

    @property
    def _done(self) -> int:
        return sum(runner.position for runner in self._runners.values())

    async def _fill(self) -> None:
        """Every lane to its head."""
        total = await self._reach_lanes()
        for runner in list(self._runners.values()):
            while await runner.step():
                self._tell(total)
                for other in self._runners.values():
                    await other.renew()

    def _tell(self, total: int) -> None:
        done, seconds = self._done, monotonic() - self._began
        rate = done / seconds if seconds > 0 else 0.0
        eta = (total - done) / rate if rate > 0 and done <= total else None
        self._report(RebuildProgress(done, max(total, done), rate, eta))

    async def _switch(self) -> int:
        """Fence the live worker out, close the gap, swap; the number of parked streams."""
        for attempt in range(1, SWAP_TRIES_MAX + 1):
            await self._fence()
            await self._fill()
            try:
                return await self._swap()
            except (Fenced, ViewsUnavailable):
                if attempt == SWAP_TRIES_MAX:
                    raise
        raise AssertionError("unreachable")

    async def _fence(self) -> None:
        until = self._clock.now() + timedelta(seconds=LEASE_S)
        async with self._database.transaction() as tx:
            for view in self._views:
                await tx.steal(view.key, owner=self._owner, until=until)

    async def _swap(self) -> int:
        """Raises Fenced when the live view moved on after all, ViewsUnavailable when a reader is in the way."""
        ahead = {lane: runner.position for lane, runner in self._runners.items()}
        mine = {view.key for view in self._views}
        names = names_of(self._views)
        async with self._database.transaction() as tx:
            for row in await tx.checkpoints(names, lock=True):
                if (row.name, row.version) in mine and row.position > ahead.get(row.lane, 0):
                    raise Fenced(f"{row.name} went on to {row.position} on lane {row.lane}")
            for view in self._views:
                await tables.swap_tables(tx, view)
                await tx.forget_parked(view.key)
                for lane, position in ahead.items():
                    await tx.set_position(view.key, lane, position)
                await tx.steal(view.key, owner=None, until=None)
                await tx.move_parked(
                    from_name=view.name + tables.SHADOW, to_name=view.name, version=view.version
                )
                await tx.forget(view.name + tables.SHADOW, view.version)
            return len([row for row in await tx.parked(names) if (row.name, row.version) in mine])
