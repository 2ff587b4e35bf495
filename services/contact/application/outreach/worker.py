"""The worker that looks at outreach once in every minute of the clock that counts, a test clock's too."""

import asyncio
from datetime import datetime

from services.contact.application.outreach.work import OutreachWork
from shared.telemetry import logs

LOOK_S = 0.5
"""How often the clock is looked at; a test clock may jump."""
PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 60.0


class OutreachWorker:
    """Looks at outreach until it is stopped."""

    name = "outreach"

    def __init__(self, work: OutreachWork) -> None:
        self._work, self._stopping = work, asyncio.Event()
        self._log = logs.logger("outreach")

    def stop(self) -> None:
        """Finish the step at hand and return from `run`; whoever comes next goes on."""
        self._stopping.set()

    async def run(self) -> None:
        """Look at what is due, then again when the next minute has begun."""
        done: datetime | None = None
        pause = PAUSE_FIRST_S
        while not self._stopping.is_set():
            minute = self._work.minute
            if minute == done:
                await self._pause(LOOK_S)
                continue
            try:
                await self._look()
                done, pause = minute, PAUSE_FIRST_S
            except Exception as problem:  # outer loop of the worker: name it, pause, go on
                self._log.warning("fault", error=type(problem).__name__)
                await self._pause(pause)
                pause = min(2 * pause, PAUSE_MAX_S)

    async def _look(self) -> None:
        found = await self._work.look(stopping=self._stopping.is_set)
        if found.taken or found.skipped:
            self._log.info("steps", cases=found.looked, changed=found.taken + found.skipped)
        for outreach, error in found.failed:
            self._log.warning("not_looked_at", case=outreach, error=error)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass
