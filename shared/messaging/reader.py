"""Hearing what another service says: its feed is read in order, each event is heard, and then the place is kept.

An event is heard before the place moves past it; hearing it again must add nothing (its commands are named after the
event), so a process that dies between the two loses and repeats nothing.

An event that cannot be heard by a fault of ours parks its stream (ADR 0012): what the publisher later says of the
same thing waits behind it, everything else goes on, and a retry reads the waiting events again. A fault of the moment
(no connection, a busy ledger) parks nothing: all wait until it is over.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from time import monotonic
from typing import Protocol

from shared.eventstore.port import Busy, LedgerClosed, OutcomeUnknown, StoreFull, StoreUnavailable
from shared.eventstore.projection.parked import Retried, Waiting
from shared.eventstore.projection.port import (
    LEASE_S,
    Fenced,
    NotParked,
    Parked,
    ProjectionError,
    ViewDatabase,
)
from shared.kernel.clock import Clock
from shared.messaging.place import Place, Standing
from shared.messaging.source import Batch, CursorLost, FeedFault, FeedSource, FeedUnavailable
from shared.messaging.told import Cursor, Told

LIMIT = 200
WAIT_S = LEASE_S / 3
AT_ONCE = 16
"""Streams heard at the same time: their commits share a batch, and who is behind catches up the faster."""
PAUSE_FIRST_S = 0.1
PAUSE_MAX_S = 30.0
DEADLINE_S = 60.0


class HearAgain(Exception):
    """What is needed to hear an event is not to be had just now; the reader pauses and comes back."""


PASSING = (
    Busy, LedgerClosed, OutcomeUnknown, StoreFull, StoreUnavailable, OSError, ProjectionError, FeedFault, HearAgain,
)  # fmt: skip
"""Faults of the moment, not of an event."""


class Closed(Protocol):
    """What else is asked of the other service while it is heard."""

    async def close(self) -> None:
        """Let go of connections."""


Hear = Callable[[Told], Awaitable[None]]


class FeedReader:
    """Reads the feed of one service for another. `name` is the reader's among the views (`contact.hears_case`).

    `types`: the stored types that are asked for. `on_fault(error)` hears of everything that broke, by its class.
    """

    def __init__(
        self,
        *,
        name: str,
        source: FeedSource,
        types: tuple[str, ...],
        hear: Hear,
        database: ViewDatabase,
        clock: Clock,
        on_fault: Callable[[str], None] = lambda error: None,
        besides: Sequence[Closed] = (),
    ) -> None:
        self.name, self.on_fault = name, on_fault
        self._source, self._types, self._hear, self._besides = source, types, hear, besides
        self._place = Place(name, database, clock)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Finish the page at hand, give the lease back and return from `run`."""
        self._stopping.set()

    async def close(self) -> None:
        """Let go of the connections to the other service."""
        for one in (self._source, *self._besides):
            await one.close()

    # -- following

    async def run(self) -> None:
        """Read until stopped, coming back from whatever breaks."""
        pause = PAUSE_FIRST_S
        while not self._stopping.is_set():
            try:
                if await self._step(wait_s=WAIT_S) is None:
                    await self._pause(LEASE_S / 10)
                pause = PAUSE_FIRST_S
            except Fenced:
                self._place.held = {}
            except Exception as problem:  # outer loop of the worker: name it, pause, go on
                self.on_fault(_named(problem))
                asked = problem.wait_s if isinstance(problem, FeedUnavailable) else None
                await self._pause(max(pause, asked or 0.0))
                pause = min(2 * pause, PAUSE_MAX_S)
        await self._let_go()

    async def catch_up(self, *, deadline_s: float = DEADLINE_S) -> None:
        """Return once everything is heard that was published when this was called.

        Raises TimeoutError where another process holds the lease and does not come so far; what the source raises.
        """
        head: Cursor | None = None
        try:
            async with asyncio.timeout(deadline_s):
                while True:
                    batch = await self._step(wait_s=0)
                    if batch is None:
                        await asyncio.sleep(PAUSE_FIRST_S)
                        continue
                    head = head or batch.head
                    if all(at >= to for at, to in zip(batch.reached, head, strict=True)):
                        return
        finally:
            await self._let_go()

    async def _step(self, *, wait_s: float) -> Batch | None:
        """Hear one page and keep the place behind it; None while another process reads, or when told to stop."""
        place = self._place
        if not place.held and not await place.take():
            return None
        at = place.cursor
        batch = await self._unless_stopped(
            self._source.read(at or None, types=self._types, limit=LIMIT, wait_s=wait_s if at else 0)
        )
        if batch is None:
            return None
        if not at:  # only now we know how many lanes there are; another process may have been quicker
            taken = await place.take(len(batch.reached))
            return Batch((), place.cursor, batch.head) if taken else None
        if len(batch.reached) != len(at):
            raise CursorLost("the publisher has other lanes than it had")
        await place.move(batch.reached, batch.head, await self._heard(batch.events))
        return batch

    async def _unless_stopped(self, reading: Awaitable[Batch]) -> Batch | None:
        """The page, or None if we are told to stop first."""
        page, stopping = asyncio.ensure_future(reading), asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({page, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return await page if page.done() else None
        finally:
            page.cancel()
            stopping.cancel()
            await asyncio.gather(page, stopping, return_exceptions=True)

    async def _heard(self, events: Sequence[Told]) -> list[tuple[Told, str]]:
        """Hear them, those of one stream one after another; those that cannot be heard, with the fault's class.

        Raises a fault of the moment.
        """
        streams: dict[str, list[Told]] = {}
        for event in events:
            streams.setdefault(event.stream, []).append(event)
        parked = {row.stream for row in await self.parked()}
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(said: Sequence[Told]) -> tuple[Told, str] | None:
            async with turns:
                return await self._hear_stream(said)

        done = await asyncio.gather(
            *(one(said) for stream, said in streams.items() if stream not in parked), return_exceptions=True
        )
        for found in done:
            if isinstance(found, BaseException):
                raise found
        return [found for found in done if isinstance(found, tuple)]

    async def _hear_stream(self, said: Sequence[Told]) -> tuple[Told, str] | None:
        for event in said:
            try:
                await self._hear(event)
            except PASSING:
                raise
            except (
                Exception
            ) as problem:  # a fault of ours in this event: what follows in its stream waits behind it
                self.on_fault(type(problem).__name__)
                return event, type(problem).__name__
        return None

    async def _let_go(self) -> None:
        try:
            await self._place.release()
        except Exception as problem:  # the lease runs out by itself
            self.on_fault(type(problem).__name__)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass

    # -- what people see and do

    async def standing(self) -> list[Standing]:
        """Where it stands, by the publisher's lanes; nothing before it ever read."""
        return await self._place.standing()

    async def parked(self) -> list[Parked]:
        """Every parked stream."""
        return await self._place.parked()

    async def waiting(self, parked: Parked) -> list[Told]:
        """What waits: the parked event and those of its stream behind it, up to where the reader stands.

        Raises NotParked; what the source raises.
        """
        standing = {row.lane: row.position for row in await self.standing()}
        if parked.stream not in {row.stream for row in await self.parked()}:
            raise NotParked(parked.stream)
        at, reached, found = parked.position - 1, standing[parked.lane], list[Told]()
        while at < reached:
            batch = await self._source.read(
                (at,), types=self._types, limit=LIMIT, wait_s=0, shard=parked.lane
            )
            found += [
                _of_all_lanes(one, parked.lane, len(standing))
                for one in batch.events
                if one.stream == parked.stream and one.cursor[0] <= reached
            ]
            if batch.reached[0] == at:
                break
            at = batch.reached[0]
        return found

    async def shown(self, parked: Parked) -> Waiting:
        """What a retry would hear. Raises NotParked; what the source raises."""
        said = await self.waiting(parked)
        if not said:
            raise NotParked(parked.stream)
        first = said[0]
        return Waiting(
            parked, f"{first.type}/v{first.schema}", len(said), first.recorded_at, said[-1].recorded_at
        )

    async def retry(self, parked: Parked, *, deadline_s: float = DEADLINE_S) -> Retried:
        """Hear what waits, in order, and let the stream go on. Whoever reads is fenced out meanwhile.

        Raises NotParked; TimeoutError where the lease is not to be had; what the source raises.
        """
        ends = monotonic() + deadline_s
        await self._place.steal()
        try:
            while not await self._place.take():
                if monotonic() > ends:
                    raise TimeoutError
                await asyncio.sleep(PAUSE_FIRST_S)
            said = await self.waiting(parked)
            fault = await self._hear_stream(said)
            if fault is None:
                await self._place.heard_after_all(parked)
                return Retried(parked, len(said), None)
            return Retried(await self._place.still_fails(parked, *fault), 0, fault[1])
        finally:
            await self._let_go()


def _named(problem: Exception) -> str:
    """The fault's class; of a feed that could not be read also why, which holds no value of anybody's."""
    name = type(problem).__name__
    return f"{name}: {problem}" if isinstance(problem, FeedFault) else name


def _of_all_lanes(event: Told, lane: int, lanes: int) -> Told:
    """An event that was read from its lane alone, with a cursor that says nothing of the others."""
    [position] = event.cursor
    return replace(event, cursor=tuple(position if one == lane else 0 for one in range(lanes)))
