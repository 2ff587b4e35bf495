"""An event loop on a thread of its own, so that the library's synchronous calls can use our asynchronous ledger."""

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from shared.eventstore.port import LedgerClosed

T = TypeVar("T")
FINISH_WAIT_S = 2.0


class LoopThread:
    """Runs coroutines for callers of any thread but its own. A daemon: it never holds up the end of the process."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._lock = threading.Lock()
        self._finishing = False
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def start(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Hand over; cancelling the future cancels the work. Raises LedgerClosed after `finish`."""
        if self._finishing or not self._thread.is_alive():
            work.close()
            raise LedgerClosed("the recorder's infrastructure factory is closed")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Hand over and wait for the result."""
        if threading.current_thread() is self._thread:
            work.close()
            raise RuntimeError("a recorder cannot be called from its own loop's thread")
        try:
            return self.start(work).result()
        except CancelledError:
            raise LedgerClosed("the recorder's infrastructure factory was closed meanwhile") from None

    def finish(self, closing: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run the last coroutine and end the thread. Safe to call twice.

        Waits FINISH_WAIT_S at most, because the library calls this from finalizers, which may run on any thread, one
        of the store's own included, and under any lock: then the end comes a moment later, on the loop.
        """
        with self._lock:
            if self._finishing or sys.is_finalizing():
                return
            self._finishing = True
        ended = asyncio.run_coroutine_threadsafe(self._end(closing), self._loop)
        if threading.current_thread() is not self._thread:
            self._thread.join(FINISH_WAIT_S)
        if ended.done():
            ended.result()

    async def _end(self, closing: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await closing()
        finally:
            self._loop.stop()
