"""Following a lane: an iterator that blocks at its end."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from threading import Lock
from typing import TYPE_CHECKING

from eventsourcing.persistence import InterfaceError, Notification, OperationalError, Subscription

from shared.eventstore.library.errors import translated

if TYPE_CHECKING:
    from shared.eventstore.library.recorders import LedgerApplicationRecorder

RECONNECT_S = 60.0
"""How long a lost store is looked for before the subscription ends with its error."""
PAUSE_S = 0.1
PAUSE_MAX_S = 5.0

Page = tuple[list[Notification], int]


class LedgerSubscription(Subscription["LedgerApplicationRecorder"]):
    """No thread of its own: the caller of `next` waits, and `stop`, from any thread, ends the wait.

    A filter by topic remembers how far it scanned, not its last match, so that nothing is read twice.
    """

    def __init__(
        self, recorder: LedgerApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._lane = recorder.facade.lane(recorder.name)
        self._scanned = gt or 0
        self._ready: deque[Notification] = deque()
        self._pulling: Future[Page] | None = None
        self._lock = Lock()

    @property
    def scanned_up_to(self) -> int:
        """The last notification id that was looked at, whether or not its topic was wanted."""
        return self._scanned

    def stop(self) -> None:
        """End the iteration, at once even if it waits. From any thread, any number of times."""
        with self._lock:
            super().stop()
            pulling = self._pulling
        if pulling is not None:
            pulling.cancel()

    def __next__(self) -> Notification:
        while not self._ready and not self._has_been_stopped:
            found, self._scanned = self._pull()
            self._ready.extend(found)
        if self._has_been_stopped:
            raise StopIteration
        notification = self._ready.popleft()
        self._last_notification_id = notification.id
        return notification

    def _stopped(self) -> bool:
        return self._has_been_stopped

    def _pull(self) -> Page:
        """The next page, or nothing after a while; a lost store is looked for again."""
        pause, ends = PAUSE_S, time.monotonic() + RECONNECT_S
        while True:
            try:
                return self._pull_once()
            except OperationalError:
                if time.monotonic() + pause > ends or self._has_been_stopped:
                    raise
                time.sleep(pause)
                pause = min(pause * 2, PAUSE_MAX_S)

    def _pull_once(self) -> Page:
        with self._lock:
            if self._has_been_stopped:
                return [], self._scanned
            work = self._lane.follow(after=self._scanned, topics=self._topics)
            pulling = self._pulling = self._recorder.facade.start(work)
        try:
            with translated():
                return pulling.result()
        except CancelledError:
            if not self._stopped():
                raise InterfaceError("the recorder's infrastructure factory is closed") from None
            return [], self._scanned
        finally:
            self._pulling = None
