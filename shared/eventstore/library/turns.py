"""One command at a time on a stream, and losers told before they cost a transaction.

A hundred threads of an application may decide on one aggregate at once. All but one lose; without turns each would
lose in a batch of its own, because commands on one stream never share a batch.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

from shared.eventstore.port import StaleVersion
from shared.eventstore.recent import Recent

STREAMS_REMEMBERED = 20_000


class Turns:
    """For the streams of one lane in this process."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._reached: Recent[str, int] = Recent(STREAMS_REMEMBERED)

    @asynccontextmanager
    async def on(self, firsts: Mapping[str, int]) -> AsyncIterator[None]:
        """Wait for the turn on all these streams; `firsts` are the versions that the command would add first.

        Raises StaleVersion if one of them is known to be taken: versions never come back.
        """
        locks = [self._locks.setdefault(stream, asyncio.Lock()) for stream in sorted(firsts)]
        async with AsyncExitStack() as stack:
            for lock in locks:
                await stack.enter_async_context(lock)
            for stream, first in firsts.items():
                reached = self._reached.get(stream)
                if reached is not None and reached >= first:
                    raise StaleVersion(stream, first - 1, reached)
            yield

    def reached(self, versions: Iterable[tuple[str, int]]) -> None:
        """These streams are at these versions, or further."""
        for stream, version in versions:
            self._reached.put(stream, version)
