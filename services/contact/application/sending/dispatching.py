"""The dispatcher: takes messages when they are due, several at once, and shares them with other workers by leases."""

import asyncio
from collections.abc import Callable

from services.contact.application.sending.ports import Due, DueMessages
from services.contact.application.sending.trying import PACE, Pace, Trying
from shared.kernel.clock import Clock
from shared.kernel.ids import new_token

FAULT_FIRST_S, FAULT_MAX_S = 1.0, 60.0
FAULT_HOLD_S = 30.0
"""How long a message on which something of ours broke is left alone."""

OnFault = Callable[[str | None, str], None]
"""Told (message, class of the fault); no message: the queue itself could not be read."""


class Dispatcher:
    """Sends what is due until it is stopped: a worker (shared/kernel/worker.py)."""

    name = "dispatcher"

    def __init__(
        self, *, queue: DueMessages, trying: Trying, clock: Clock, on_fault: OnFault, pace: Pace = PACE
    ) -> None:
        self._queue, self._trying, self._clock = queue, trying, clock
        self._on_fault, self._pace = on_fault, pace
        self._owner = new_token()
        self._stopping = asyncio.Event()
        self._under_way: dict[str, asyncio.Task[float | None]] = {}
        self._done: dict[str, float | None] = {}

    def stop(self) -> None:
        """Take no more; `run` returns once what is under way is answered, or its deadline has passed."""
        self._stopping.set()

    async def run(self) -> None:
        """Send until stopped. A fault is told, and work goes on after a pause."""
        pause = FAULT_FIRST_S
        try:
            while not self._stopping.is_set():
                try:
                    taken = await self._round()
                    pause = FAULT_FIRST_S
                except Exception as problem:  # outer loop of the worker: name it, pause, go on
                    self._on_fault(None, type(problem).__name__)
                    await self._wait(pause)
                    pause = min(2 * pause, FAULT_MAX_S)
                    continue
                if not taken or len(self._under_way) >= self._pace.at_once:
                    await self._wait(self._pace.look_s)
        finally:
            await self._finish()

    async def drain(self) -> int:
        """Send what is due now and return how many were taken on: for one run without a worker."""
        count = 0
        while taken := await self._round():
            count += taken
            await asyncio.wait(self._under_way.values())
        await self._settle()
        return count

    async def _round(self) -> int:
        await self._settle()
        free = self._pace.at_once - len(self._under_way)
        if free <= 0:
            return 0
        taken = await self._queue.take(
            owner=self._owner, limit=free, lease_s=self._pace.lease_s, now=self._clock.now(),
            channels=await self._trying.open_channels(),
        )  # fmt: skip
        for due in taken:
            self._under_way[due.message] = asyncio.create_task(self._one(due))
        return len(taken)

    async def _one(self, due: Due) -> float | None:
        try:
            return await self._trying.take_on(due)
        except Exception as problem:  # one message's fault holds up no other
            self._on_fault(due.message, type(problem).__name__)
            return FAULT_HOLD_S

    async def _settle(self) -> None:
        """Give back what is finished; if that fails, with the next round: leases run out by themselves."""
        for message, task in list(self._under_way.items()):
            if task.done():
                self._done[message] = task.result()
                del self._under_way[message]
        if self._done:
            await self._queue.settle(self._owner, self._done)
            self._done = {}

    async def _wait(self, seconds: float) -> None:
        """Until something is finished, the stop, or so many seconds."""
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait(
                {stopping, *self._under_way.values()},
                timeout=seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            stopping.cancel()

    async def _finish(self) -> None:
        """Let what is under way be answered and stored; what is cut off here is resolved by whoever comes next."""
        try:
            if self._under_way:
                await asyncio.wait(self._under_way.values(), timeout=self._pace.deadline_s)
        finally:  # also where whoever stopped us waits no longer
            for task in self._under_way.values():
                task.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        self._under_way = {name: task for name, task in self._under_way.items() if not task.cancelled()}
        try:
            await self._settle()
        except Exception as problem:  # the leases run out by themselves
            self._on_fault(None, type(problem).__name__)
