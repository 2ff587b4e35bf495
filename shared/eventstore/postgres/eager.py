"""A connection that takes what has already arrived without a turn of the event loop.

libpq reads a page of rows in pieces of some kilobytes. psycopg goes back to the loop for each piece, though the next
one is nearly always there already; on a page of thousands of rows that costs as much as the reading itself.
"""

import select
from collections.abc import Generator
from time import monotonic
from typing import Any

import psycopg
from psycopg import waiting

BUSY_S = 0.005
"""After so long without a turn the loop gets one, whatever has arrived."""

_READ = select.POLLIN | select.POLLHUP | select.POLLERR


class EagerConnection(psycopg.AsyncConnection[Any]):
    """An AsyncConnection with another way to wait."""

    async def wait(self, gen: Any, *how: Any, **named: Any) -> Any:
        """Run psycopg's generator to its end."""
        return await super().wait(_eager(gen, self.pgconn.socket), *how, **named)


def _eager(generator: Any, socket: int) -> Generator[Any, Any, Any]:
    """The same generator, asked to wait only when nothing to read is there or the loop is due."""
    poll = select.poll()
    poll.register(socket, _READ)
    try:
        wants = next(generator)
        due = monotonic() + BUSY_S
        while True:
            if wants & waiting.WAIT_R and poll.poll(0) and monotonic() < due:
                ready = waiting.READY_R
            else:
                ready = yield wants
                due = monotonic() + BUSY_S
            wants = generator.send(ready)
    except StopIteration as end:
        return end.value
