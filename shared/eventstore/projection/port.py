"""What the engine needs from a database that holds views, and how it refuses.

ProjectionError
├── Fenced            another worker has taken the lease: what was being written is rolled back
├── Unwritable        the database refused a row of this page (not a lost connection): a fault of view or event
├── ViewsUnavailable  no connection; try again
├── NotCaughtUp       the view did not reach the head in time
├── RebuildRunning    another process is rebuilding this view
└── NotParked         the stream is not parked in this view
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from shared.eventstore.port import LaneInfo
from shared.eventstore.port import Row as LedgerRow
from shared.eventstore.projection.columns import Key, Row, Shape
from shared.eventstore.projection.view import View

T = TypeVar("T")

PAGE_LIVE = 1_000
PAGE_REBUILD = 5_000
LEASE_S = 10.0
"""How long a worker that fell silent keeps its lanes; fencing, not this, is what keeps rows right."""


class ProjectionError(Exception):
    """The engine could not go on with a view; the ledger is untouched."""


class Fenced(ProjectionError):
    """The checkpoint moved under us, or its lease is another's; nothing of the page was written."""


class Unwritable(ProjectionError):
    """The database refused the page's rows."""


class ViewsUnavailable(ProjectionError):
    """No connection to the database."""


class NotCaughtUp(ProjectionError):
    """The view did not reach the head in time: its worker holds the lease and does not move. Look at its log."""


class RebuildRunning(ProjectionError):
    """Another process is rebuilding this view; wait for it, or try again when its lease has run out."""


class UnknownView(ProjectionError):
    """No view of this service has that name; the message lists those there are."""


class NotParked(ProjectionError):
    """That stream is not parked in this view (any more)."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A row of projection_checkpoint."""

    name: str
    version: int
    lane: int
    position: int
    lease_owner: str | None
    lease_until: datetime | None
    epoch: int


@dataclass(frozen=True, slots=True)
class Parked:
    """A stream that waits: the event at `position` could not be applied (`error`: the class of the fault only)."""

    name: str
    version: int
    lane: int
    position: int
    stream: str
    error: str
    tries: int
    parked_at: datetime


class ViewTx(Protocol):
    """One transaction on the views. All reads see what it wrote; leaving it with an exception rolls it back."""

    async def checkpoints(
        self, names: Sequence[str], *, lane: int | None = None, lock: bool
    ) -> list[Checkpoint]:
        """Rows of these projections, by name, version and lane; `lock` keeps other writers out until the end."""

    async def acquire(
        self, view: tuple[str, int], lane: int, *, owner: str, now: datetime, until: datetime
    ) -> tuple[int, int] | None:
        """Take the lease, making the row if it is missing: (new epoch, position); None while another holds it."""

    async def advance(
        self, views: Sequence[tuple[str, int, int]], lane: int, *, old: int, new: int, until: datetime
    ) -> int:
        """Move the checkpoints (name, version, epoch) from `old` to `new` and renew their leases.

        Returns how many still stood at `old` under that epoch: fewer than asked for means fenced out.
        """

    async def release(self, views: Sequence[tuple[str, int, int]], lane: int) -> None:
        """Give the leases back, those still held under these epochs."""

    async def steal(self, view: tuple[str, int], *, owner: str | None, until: datetime | None) -> None:
        """Raise the epoch of every lane of a view: whoever works on it is fenced out."""

    async def set_position(self, view: tuple[str, int], lane: int, position: int) -> None:
        """Put a checkpoint somewhere (a rebuilt view's, at the swap)."""

    async def forget(self, name: str, version: int) -> None:
        """Delete a projection's checkpoints and parked rows."""

    async def parked(self, names: Sequence[str], *, lane: int | None = None) -> list[Parked]:
        """Parked streams of these projections, oldest position first."""

    async def park(self, rows: Sequence[Parked]) -> None:
        """Insert; a stream already parked keeps its first position and counts one more try."""

    async def forget_parked(self, view: tuple[str, int]) -> None:
        """Delete a view's parked rows."""

    async def unpark(self, view: tuple[str, int], lane: int, stream: str) -> None:
        """Delete the stream's parked row."""

    async def move_parked(self, *, from_name: str, to_name: str, version: int) -> None:
        """Rename parked rows (a rebuilt view's, at the swap)."""

    async def load(self, shape: Shape, name: str, keys: Sequence[Key]) -> dict[Key, Row]:
        """The rows of these one-column keys in table `name`."""

    async def insert(self, shape: Shape, name: str, rows: Sequence[Row]) -> None:
        """Append rows. Raises Unwritable."""

    async def upsert(self, shape: Shape, name: str, rows: Sequence[Row]) -> None:
        """Insert or replace by primary key. Raises Unwritable."""

    async def delete(self, shape: Shape, name: str, keys: Sequence[Key]) -> None:
        """Delete by primary key."""

    async def lock_tables(self) -> None:
        """Keep every other process from making tables until the end."""

    async def execute(self, statement: str) -> None:
        """A statement of DDL."""

    async def tables(self) -> set[str]:
        """Names of the tables that exist."""


class ViewDatabase(Protocol):
    """A service's database as the engine and its readers use it."""

    dialect: sa.engine.Dialect

    async def open(self) -> None:
        """Connect. Raises ViewsUnavailable."""

    async def close(self) -> None:
        """Release connections."""

    def transaction(self, *, writes: bool = True) -> AbstractAsyncContextManager[ViewTx]:
        """Begin; commit on leaving. One that does not write keeps no writer waiting."""

    async def read(self, question: Callable[[sa.Connection], T]) -> T:
        """Run a query function on a SQLAlchemy connection, in one read transaction."""

    async def write(self, question: Callable[[sa.Connection], T]) -> T:
        """The same in a writing transaction, for ephemeral tables only."""


class Source(Protocol):
    """The ledger as the engine reads it. Only the lanes of registered tenants, not the library's."""

    async def lanes(self) -> list[LaneInfo]:
        """The lanes the views cover, with fresh heads."""

    async def read_lane(self, lane: int, *, after: int, limit: int) -> list[LedgerRow]:
        """Rows with position > after, in order."""

    async def read_stream(self, lane: int, stream: str, *, after: int, limit: int) -> list[LedgerRow]:
        """Rows of a stream with version > after."""

    async def wait(self, lane: int, *, after: int, timeout: float) -> int:
        """The lane's head once it is beyond `after`, or after `timeout` seconds."""

    async def opened(self, rows: Sequence[LedgerRow]) -> Sequence[Any]:
        """The rows with their events decoded (`Recorded`), in the same order; raises if any cannot be."""


def names_of(views: Iterable[View]) -> list[str]:
    """The projection names of these views."""
    return sorted({view.name for view in views})


Names = Mapping[str, str]
"""Logical table name -> the table that is written now (a rebuild's shadow)."""
