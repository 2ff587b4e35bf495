"""The facade: one ledger on one loop thread, and synchronous calls for the library's recorders."""

import contextlib
import weakref
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.persistence import Notification, StoredEvent

from shared.eventstore.ledger import Ledger, open_ledger
from shared.eventstore.library import snapshots
from shared.eventstore.library.errors import translated
from shared.eventstore.library.lane import LibraryLane, open_lane
from shared.eventstore.library.loop import LoopThread
from shared.eventstore.library.postgres import LibraryPostgresStore
from shared.eventstore.library.side import TRACKED, SideStore, Statement, Track
from shared.eventstore.library.sqlite import LibrarySqliteStore
from shared.eventstore.registry import Registry
from shared.kernel.clock import SystemClock

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which store: its URL (`sqlite:///DIR/` or `postgresql://…`), whose ledger in it, its key file, the
    deployment's name, which every leaf repeats."""

    url: str
    service: str
    key_file: Path
    deployment: str


def store_of(where: Where) -> SideStore:
    """The back end that the URL names, not yet open."""
    if where.url.startswith("sqlite:///"):
        return LibrarySqliteStore(Path(where.url.removeprefix("sqlite:///")) / f"{where.service}.db")
    return LibraryPostgresStore(where.url, service=where.service)


class Facade:
    """What the recorders of one infrastructure factory share. Every method may be called from any thread.

    Raises the library's persistence exceptions.
    """

    def __init__(self, where: Where) -> None:
        self._loop = LoopThread("library-ledger")
        self._lanes: dict[str, LibraryLane] = {}
        try:
            self._store, self._ledger = self.run(self._open(where))
            # The library's runners drop a view's factory without closing it, and its users an application.
            weakref.finalize(self, _abandoned, self._loop, self._ledger)
        except BaseException:
            self._loop.finish(_nothing)
            raise

    async def _open(self, where: Where) -> tuple[SideStore, Ledger]:
        store = store_of(where)
        ledger = await open_ledger(
            store=store, key_file=where.key_file, registry=Registry({}), deployment=where.deployment,
            service=where.service, clock=SystemClock(),
        )  # fmt: skip
        return store, ledger

    def close(self) -> None:
        """Write what waits, close the store, end the loop. Safe to call twice."""
        with translated():
            self._loop.finish(self._ledger.close)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of the work, done on the loop."""
        with translated():
            return self._loop.run(work)

    def start(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Begin the work; cancelling the future cancels it."""
        with translated():
            return self._loop.start(work)

    # -- events

    def make_lane(self, name: str) -> None:
        """Provision the lane of this name, if it is not there."""
        self._lanes[name] = self.run(open_lane(self._ledger, name, make=True))

    def lane(self, name: str) -> LibraryLane:
        """The lane of this name; ProgrammingError if it was never made."""
        found = self._lanes.get(name)
        if found is None:
            found = self._lanes[name] = self.run(open_lane(self._ledger, name, make=False))
        return found

    def append(self, name: str, events: Sequence[StoredEvent], track: Track | None = None) -> list[int]:
        """Store the events, all or nothing, with what they track; their positions in the lane."""
        return self.run(self.lane(name).append(events, track))

    def stream(
        self,
        name: str,
        originator_id: UUID | str,
        *,
        gt: int | None,
        lte: int | None,
        desc: bool,
        limit: int | None,
    ) -> list[StoredEvent]:
        """The originator's events with gt < version <= lte, in the order asked for."""
        return self.run(self.lane(name).stream(originator_id, gt=gt, lte=lte, desc=desc, limit=limit))

    def notifications(
        self, name: str, *, after: int, upto: int | None, limit: int, topics: Sequence[str]
    ) -> list[Notification]:
        """At most `limit` events with after < position <= upto and one of the topics, if any are named."""
        return self.run(self.lane(name).notifications(after=after, upto=upto, limit=limit, topics=topics))[0]

    def head(self, name: str) -> int:
        """The lane's last position, 0 while it is empty."""
        return self.run(self.lane(name).head())

    # -- snapshots

    def add_snapshots(self, name: str, events: Sequence[StoredEvent]) -> None:
        """Store the snapshots, all or nothing."""
        self.run(snapshots.add(self._store, self.lane(name), events))

    def snapshots(
        self,
        name: str,
        originator_id: UUID | str,
        *,
        gt: int | None,
        lte: int | None,
        desc: bool,
        limit: int | None,
    ) -> list[StoredEvent]:
        """The originator's snapshots with gt < version <= lte, in the order asked for."""
        lane = self.lane(name)
        return self.run(
            snapshots.select(self._store, lane, originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        )

    # -- tracking

    def track(self, track: Track, statements: Sequence[Statement] = ()) -> None:
        """Advance a recorder and run the statements, in one transaction."""
        self.run(self._store.track(track, statements))

    def tracked(self, recorder: str, application: str) -> int | None:
        """The last notification of the application that the recorder tracked."""
        found = self.fetch((TRACKED, {"recorder": recorder, "application": application}))
        return int(found[0][0]) if found else None

    def change(self, statements: Sequence[Statement]) -> None:
        """Run the statements in one transaction."""
        self.run(self._store.change(statements))

    def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.run(self._store.fetch(statement))


def _abandoned(loop: LoopThread, ledger: Ledger) -> None:
    with contextlib.suppress(Exception):  # at the interpreter's end a store may find no thread to close on
        loop.finish(ledger.close)


async def _nothing() -> None:
    """What is left to close when the store did not open."""
