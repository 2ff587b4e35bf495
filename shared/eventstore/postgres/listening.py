"""Waking followers: one LISTEN connection, and a look at the lanes' heads every POLL_S as the net under it.

Order matters: LISTEN first, then read the head, then wait. A commit between the two is then either seen by the reading
or announced. A broken connection is opened again, and every waited-for head is read anew.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import psycopg

from shared.eventstore.port import LedgerError
from shared.eventstore.postgres.connecting import Connection

POLL_S = 1.0
PAUSE_S = 0.1
PAUSE_MAX_S = 5.0

ReadHeads = Callable[[Sequence[int]], Awaitable[dict[int, int]]]


class Listening:
    """The heads that are known to be committed, and those who wait for more.

    `connect` opens a connection; `read_heads` tells the heads of lanes from the tables.
    """

    def __init__(
        self, *, channel: str, connect: Callable[[], Awaitable[Connection]], read_heads: ReadHeads
    ) -> None:
        self._channel, self._connect, self._read_heads = channel, connect, read_heads
        self._heads: dict[int, int] = {}
        self._waiting: defaultdict[int, set[asyncio.Future[None]]] = defaultdict(set)
        self._tasks: list[asyncio.Task[None]] = []
        self._listens = asyncio.Event()

    async def close(self) -> None:
        """Stop listening; those who wait get what is known now."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()
        self._wake_all()

    async def wait(self, lane: int, *, after: int, timeout: float) -> int:
        """Store.wait."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + timeout
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._poll())]
        if self._heads.get(lane, 0) > after and self._listens.is_set():
            return self._heads[lane]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._listens.wait(), max(0.0, min(POLL_S, timeout)))
        self._learn(await self._read_heads([lane]))
        while self._heads.get(lane, 0) <= after and (left := ends - loop.time()) > 0 and self._tasks:
            await self._change(lane, left)
        return self._heads.get(lane, 0)

    async def _change(self, lane: int, left: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[lane].add(woken)
        try:
            await asyncio.wait_for(woken, left)
        except TimeoutError:
            pass
        finally:
            self._waiting[lane].discard(woken)

    def _learn(self, heads: dict[int, int]) -> None:
        for lane, head in heads.items():
            if head > self._heads.get(lane, 0):
                self._heads[lane] = head
                self._wake(lane)

    def _wake(self, lane: int) -> None:
        for woken in self._waiting.pop(lane, ()):
            if not woken.done():
                woken.set_result(None)

    def _wake_all(self) -> None:
        for lane in list(self._waiting):
            self._wake(lane)

    async def _listen(self) -> None:
        """Hold the connection for ever."""
        pause = PAUSE_S
        while True:
            connection: Connection | None = None
            try:
                connection = await self._connect()
                await connection.execute(f'LISTEN "{self._channel}"')
                self._listens.set()
                pause = PAUSE_S
                await self._look()
                async for notice in connection.notifies():
                    lane, _, head = notice.payload.partition(":")
                    self._learn({int(lane): int(head)})
            except (psycopg.Error, OSError):
                pass  # a lost connection is expected; the poll goes on meanwhile
            finally:
                self._listens.clear()
                if connection is not None:
                    await connection.close()
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_MAX_S)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL_S)
            await self._look()

    async def _look(self) -> None:
        """Read the heads of the lanes somebody waits for."""
        lanes = [lane for lane, waiting in self._waiting.items() if waiting]
        if lanes:
            with contextlib.suppress(LedgerError):
                self._learn(await self._read_heads(lanes))
