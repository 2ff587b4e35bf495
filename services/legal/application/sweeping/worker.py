"""The worker that sweeps each day once it is over: it waits for the lender's day to turn, on whichever clock counts."""

import asyncio
from datetime import date

from services.legal.application.sweeping.days import LegalDays
from shared.telemetry import logs

LOOK_S = 0.5
"""How often the clock is looked at; a test clock may jump."""
PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 60.0


class LegalSweeper:
    """Sweeps the days of the legal service until it is stopped."""

    name = "legal-sweep"

    def __init__(self, days: LegalDays) -> None:
        self._days, self._stopping = days, asyncio.Event()
        self._log = logs.logger("legal-sweep")

    def stop(self) -> None:
        """Finish the case at hand and return from `run`; the day is begun again by whoever comes next."""
        self._stopping.set()

    async def run(self) -> None:
        """Sweep what was missed, then each day as it ends."""
        done: date | None = None
        pause = PAUSE_FIRST_S
        while not self._stopping.is_set():
            day = self._days.yesterday
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
        swept = await self._days.sweep(stopping=self._stopping.is_set)
        if swept is None:
            return
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
