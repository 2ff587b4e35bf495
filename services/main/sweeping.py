"""The worker that sweeps each day once it is over: it waits for the tenant's day to turn, on whichever clock counts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from services.case.wiring import CaseService
from shared.telemetry import logs

LOOK_S = 0.5
"""How often the clock is looked at; a test clock may jump."""
END_S = 2.0
"""How long the end of a process waits for the case at hand."""
PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 60.0


class Sweeper:
    """Sweeps the days of a case service until it is stopped."""

    def __init__(self, case: CaseService) -> None:
        self._case, self._stopping = case, asyncio.Event()
        self._log = logs.logger("sweep")

    def stop(self) -> None:
        """Finish the case at hand and return from `run`; the day is begun again by whoever comes next."""
        self._stopping.set()

    async def run(self) -> None:
        """Sweep what was missed, then each day as it ends."""
        done: date | None = None
        pause = PAUSE_FIRST_S
        while not self._stopping.is_set():
            day = self._case.days.yesterday
            if day == done:
                await self._pause(LOOK_S)
                continue
            try:
                await self._sweep()
                done, pause = day, PAUSE_FIRST_S
            except Exception as problem:  # outer loop of the worker: name it, pause, go on
                self._log.warning("fault", error=type(problem).__name__)
                await self._pause(pause)
                pause = min(2 * pause, PAUSE_MAX_S)

    async def _sweep(self) -> None:
        """Every day that is over and was not swept."""
        async for swept in self._case.days.sweep_missed(stopping=self._stopping.is_set):
            self._log.info(
                "day_swept",
                day=swept.as_of.isoformat(),
                cases=swept.cases,
                changed=swept.changed,
                events=swept.events,
            )
            for case_id, error in swept.failed:
                self._log.warning("case_not_judged", case=case_id, error=error)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass


@asynccontextmanager
async def sweeping(case: CaseService) -> AsyncIterator[None]:
    """A sweeper, running; at the end it finishes the case at hand, or is cut short: what was committed stays."""
    sweeper = Sweeper(case)
    task = asyncio.create_task(sweeper.run())
    try:
        yield
    finally:
        sweeper.stop()
        await asyncio.wait({task}, timeout=END_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
