"""A worker that does its work once in each turn of the clock that counts: each day that ended, each minute begun.

A fault is named in the log, never with what it said, and the turn is tried again after a pause that grows.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Hashable

from shared.telemetry import logs

LOOK_S = 0.5
"""How often the clock is looked at; a test clock may jump."""
PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 60.0


class Turning(ABC):
    """Works until it is stopped. `name` is that of the task and of its log."""

    name: str

    def __init__(self) -> None:
        self._stopping = asyncio.Event()
        self._log = logs.logger(self.name)

    @abstractmethod
    def turn(self) -> Hashable:
        """Which turn it is by the clock: another one means that there may be work."""

    @abstractmethod
    async def work(self) -> None:
        """Do what the turn brings; asked again where it raises."""

    def stop(self) -> None:
        """Finish the thing at hand and return from `run`; whoever comes next goes on."""
        self._stopping.set()

    async def run(self) -> None:
        """Do what is due, then again in each turn that follows."""
        done: Hashable = None
        pause = PAUSE_FIRST_S
        while not self._stopping.is_set():
            turn = self.turn()
            if turn == done:
                await self._pause(LOOK_S)
                continue
            try:
                await self.work()
                done, pause = turn, PAUSE_FIRST_S
            except Exception as problem:  # outer loop of the worker: name it, pause, go on
                self._log.warning("fault", error=type(problem).__name__)
                await self._pause(pause)
                pause = min(2 * pause, PAUSE_MAX_S)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass
