"""What the library stores beside events: how far a recorder has tracked an application, and snapshots.

A store of the seam is one of ours whose `commit` also writes, in the same transaction, the tracking that a command
carries in its `refs`; so an event and the fact that it was processed are stored together or not at all.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from shared.eventstore.port import Batch, LedgerError, PreparedCommand, Store, Verdict, Won

Statement = tuple[str, Mapping[str, Any]]
"""SQL with named parameters written `:name`, and their values."""

NO_END = 2**62
"""For a range or a limit without an end."""

ADVANCE = (
    "INSERT INTO library_tracking (recorder, application, notification_id)"
    " VALUES (:recorder, :application, :notification_id)"
    " ON CONFLICT (recorder, application) DO UPDATE SET notification_id = excluded.notification_id"
    " WHERE library_tracking.notification_id < excluded.notification_id RETURNING notification_id"
)
TRACKED = (
    "SELECT notification_id FROM library_tracking WHERE recorder = :recorder AND application = :application"
)
ADD_SNAPSHOT = (
    "INSERT INTO snapshot (lane, stream_id, version, type, schema, body)"
    " VALUES (:lane, :stream_id, :version, :type, :schema, :body)"
    " ON CONFLICT (lane, stream_id, version) DO NOTHING RETURNING version"
)
SNAPSHOTS = (
    "SELECT version, type, body FROM snapshot WHERE lane = :lane AND stream_id = :stream_id"
    " AND version > :gt AND version <= :lte ORDER BY version {} LIMIT :limit"
)


class TrackingBehind(LedgerError):
    """The recorder has already tracked this notification of the application, or a later one."""


class SnapshotTaken(LedgerError):
    """A snapshot of this stream at this version is already stored."""


class Track(NamedTuple):
    """A recorder has processed an application's notifications up to and including `notification_id`."""

    recorder: str
    application: str
    notification_id: int

    def as_refs(self) -> bytes:
        """As a command carries it."""
        return msgspec.msgpack.encode(self)

    @property
    def advance(self) -> Statement:
        """Moves the recorder forward; returns no row if it stands there or further."""
        return ADVANCE, self._asdict()


def track_of(command: PreparedCommand) -> Track | None:
    """What a command of the seam tracks."""
    return msgspec.msgpack.decode(command.refs, type=Track) if command.refs else None


def tracks_of(batch: Batch) -> list[Track | None]:
    """The same for each command of a batch; empty if none tracks anything."""
    tracks = [track_of(command) for command in batch.commands]
    return tracks if any(tracks) else []


def won(tracks: Sequence[Track | None], verdicts: Sequence[Verdict]) -> list[Track]:
    """The tracks of the commands that were stored."""
    return [
        track for track, verdict in zip(tracks, verdicts, strict=True) if track and isinstance(verdict, Won)
    ]


class SideStore(Store, Protocol):
    """A store of the seam. `commit` raises TrackingBehind, and stores nothing, if a winner's tracking is behind."""

    async def track(self, track: Track, statements: Sequence[Statement] = ()) -> None:
        """Advance, and run the statements, in one transaction. Raises TrackingBehind."""

    async def change(self, statements: Sequence[Statement]) -> None:
        """Run the statements in one transaction."""

    async def insert_all(self, statements: Sequence[Statement]) -> bool:
        """Run the statements in one transaction if each returns a row; else nothing, and False."""

    async def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """The rows of a query."""
