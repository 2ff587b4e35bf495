"""The live worker: follows every lane for ever, a task each, and comes back from whatever breaks.

Order matters: the store's `wait` listens first, then reads the head, then waits, so nothing slips between. A lost
connection is met with a growing pause; a lease that another worker holds is asked for again and again.
"""

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic

from shared.eventstore.projection.catchup import prepare
from shared.eventstore.projection.port import (
    LEASE_S,
    PAGE_LIVE,
    Fenced,
    Source,
    ViewDatabase,
)
from shared.eventstore.projection.runner import LaneRunner
from shared.eventstore.projection.view import View
from shared.kernel.clock import Clock
from shared.kernel.ids import new_token

IDLE_WAIT_S = LEASE_S / 3
PAUSE_FIRST_S = 0.1
PAUSE_MAX_S = 10.0
LANES_AGAIN_S = 30.0
"""How often new lanes (a tenant provisioned meanwhile) are looked for."""


class Follower:
    """Keeps `views` at the head until `stop`. `on_fault(lane, error class name)` hears of everything that broke."""

    def __init__(
        self,
        *,
        database: ViewDatabase,
        source: Source,
        clock: Clock,
        views: Sequence[View],
        on_fault: Callable[[int, str], None] = lambda lane, error: None,
        page: int = PAGE_LIVE,
    ) -> None:
        self._database, self._source, self._clock = database, source, clock
        self._views, self._page, self._on_fault = tuple(views), page, on_fault
        self._owner = new_token()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask it to finish the page at hand, give its leases back and return from `run`."""
        self._stopping.set()

    async def run(self) -> None:
        """Follow until stopped."""
        lanes: dict[int, asyncio.Task[None]] = {}
        pause = PAUSE_FIRST_S
        try:
            while not self._stopping.is_set():
                try:
                    await prepare(self._database, self._source, self._views)
                    for lane in await self._source.lanes():
                        if lane.lane not in lanes:
                            lanes[lane.lane] = asyncio.create_task(self._follow(lane.lane))
                    pause = PAUSE_FIRST_S
                    await self._pause(LANES_AGAIN_S)
                except Exception as problem:  # outer loop of the worker: count it, pause, go on
                    self._on_fault(0, type(problem).__name__)
                    await self._pause(pause)
                    pause = min(2 * pause, PAUSE_MAX_S)
        finally:
            self._stopping.set()
            await asyncio.gather(*lanes.values())

    async def _follow(self, lane: int) -> None:
        """One lane: run until something breaks, pause, run again."""
        pause = PAUSE_FIRST_S
        while not self._stopping.is_set():
            runner = LaneRunner(
                database=self._database, source=self._source, clock=self._clock, lane=lane, views=self._views,
                owner=self._owner, page=self._page,
            )  # fmt: skip
            began = monotonic()
            try:
                await self._drive(runner)
            except Exception as problem:  # outer loop of the worker: count it, pause, go on
                self._on_fault(lane, type(problem).__name__)
                pause = PAUSE_FIRST_S if monotonic() - began > PAUSE_MAX_S else min(2 * pause, PAUSE_MAX_S)
                await self._pause(pause)
            finally:
                await self._let_go(runner, lane)

    async def _drive(self, runner: LaneRunner) -> None:
        while not self._stopping.is_set():
            try:
                complete = await runner.acquire()
                while not self._stopping.is_set() and await runner.step():
                    pass
                await runner.renew()
            except Fenced:
                await self._pause(PAUSE_FIRST_S)
                continue
            if not runner.held:
                await self._pause(LEASE_S / 10)
                continue
            await self._wait(runner, IDLE_WAIT_S if complete else LEASE_S / 10)

    async def _wait(self, runner: LaneRunner, timeout: float) -> None:
        """Until there is something new, a lease needs renewing, or we are told to stop."""
        waiting = asyncio.create_task(self._source.wait(runner.lane, after=runner.position, timeout=timeout))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            done, _ = await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if waiting in done:
                await waiting
        finally:
            for task in (waiting, stopping):
                task.cancel()
            await asyncio.gather(waiting, stopping, return_exceptions=True)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass

    async def _let_go(self, runner: LaneRunner, lane: int) -> None:
        try:
            await runner.release()
        except Exception as problem:  # the lease runs out by itself
            self._on_fault(lane, type(problem).__name__)
