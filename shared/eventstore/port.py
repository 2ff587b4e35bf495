"""What can be asked of the ledger, in which shapes, and how it refuses.

Shapes. A *row* is a tuple in the order of `COLUMNS`, the same on both back ends: ids are 16 raw bytes, times are
aware UTC datetimes, versions and positions are integers from 1, `leaf` and `body` are the stored bytes.

Refusals, all `LedgerError`s, each of which leaves nothing half written:

    LedgerError
    ├── StaleVersion        the stream moved on; reload and decide again
    ├── DuplicateEvent      an event id is already in the lane
    ├── KeyReused           a command id came back with another fingerprint
    ├── UnknownType         an event type (or a stored name) that the registry does not hold
    ├── Malformed           a name, time or id that may not stand in a leaf
    ├── Oversize            an event, or a command, above the limits below
    ├── Busy                the lane's queue is full; `retry_after_s` says when to try again
    ├── StoreFull           the disk is full
    ├── StoreUnavailable    no connection, and nothing of the command was sent
    ├── OutcomeUnknown      the connection broke during a commit and could not be resolved in time: send again
    └── LedgerClosed        the ledger is shutting down

What is made for every command is a msgspec Struct: as frozen as a frozen dataclass, built in a tenth of the time, and
(`gc=False`: no cycle can go through these) not walked by the garbage collector, which was a fifth of an append.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from msgspec import Struct

COLUMNS = (
    "lane", "position", "stream_id", "version", "type", "schema", "event_id", "effective_at", "recorded_at",
    "actor", "causation_id", "correlation_id", "command_id", "policy", "leaf", "body",
)  # fmt: skip

BATCH_COMMANDS_MAX = 512
BATCH_BYTES_MAX = 1 << 20
QUEUE_COMMANDS_MAX = 4096
EVENT_BYTES_MAX = 256 << 10
COMMAND_BYTES_MAX = 1 << 20
COMMAND_EVENTS_MAX = 1000
LEAF_BYTES_MAX = 65_535
"""The entry limit of C2SP tlog-tiles."""


class Row(NamedTuple):
    """One stored event as it lies in the table."""

    lane: int
    position: int
    stream_id: str
    version: int
    type: str
    schema: int
    event_id: bytes
    effective_at: datetime
    recorded_at: datetime
    actor: str
    causation_id: bytes | None
    correlation_id: bytes
    command_id: bytes
    policy: str | None
    leaf: bytes
    body: bytes


class LedgerError(Exception):
    """The ledger refused, or could not; nothing was written unless the class says otherwise."""


class StaleVersion(LedgerError):
    """The stream is not at the version the caller decided on."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"{stream} is at version {actual}, not {expected}")
        self.stream, self.expected, self.actual = stream, expected, actual


class DuplicateEvent(LedgerError):
    """An event of the command carries an id that is already stored."""


class KeyReused(LedgerError):
    """The command id is known with another fingerprint: one key for two different requests."""


class UnknownType(LedgerError):
    """No registered type answers to this event or stored name."""


class Malformed(LedgerError):
    """A value that may not stand in a leaf; the message names the field, never the value."""


class Oversize(LedgerError):
    """Above EVENT_BYTES_MAX, COMMAND_BYTES_MAX, COMMAND_EVENTS_MAX or LEAF_BYTES_MAX."""


class Busy(LedgerError):
    """The lane's queue is full."""

    retry_after_s = 1


class StoreFull(LedgerError):
    """The disk has no room; the ledger serves again as soon as it has."""


class StoreUnavailable(LedgerError):
    """The store cannot be reached and the command was not sent."""


class OutcomeUnknown(LedgerError):
    """The commit was sent and no answer came; the same command id, sent again, tells."""


class LedgerClosed(LedgerError):
    """The ledger no longer takes commands."""


class NewEvent(Struct, frozen=True, gc=False):
    """One fact to store. `subjects` maps the roles its sections name to people; `cause` is another event's id.

    `effective_at` is aware; `zone` is the IANA zone where a rule depends on it. `event_id` is derived from the
    command unless given.
    """

    event: Any
    effective_at: datetime
    subjects: Mapping[str, UUID]
    zone: str | None = None
    cause: UUID | None = None
    event_id: UUID | None = None


class StreamWrite(Struct, frozen=True, gc=False):
    """Events for one stream that stands at `expected` (0: it does not exist yet)."""

    stream: str
    expected: int
    events: tuple[NewEvent, ...]


class Command(Struct, frozen=True, gc=False):
    """What one decision writes, all or nothing. `refs` is what a repeated request is answered with."""

    tenant: str
    command_id: UUID
    fingerprint: bytes
    actor: str
    writes: tuple[StreamWrite, ...]
    policy: str | None = None
    correlation: UUID | None = None
    status: int = 201
    refs: bytes = b""


class Appended(Struct, frozen=True, gc=False):
    """Where a command's last event stands. `replayed`: the command had been stored before, nothing was added."""

    lane: int
    position: int
    versions: Mapping[str, int] = {}
    replayed: bool = False
    status: int = 201
    refs: bytes = b""


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """The stored answer to a command id; `position` is its last event's, 0 if it appended nothing."""

    command_id: bytes
    fingerprint: bytes
    position: int
    status: int
    refs: bytes


@dataclass(frozen=True, slots=True)
class LaneInfo:
    """A row of `ledger_lane`. `last_recorded_at` is None while the lane is empty."""

    lane: int
    tenant: str
    shard: int
    head: int
    last_recorded_at: datetime | None
    epoch: int


class Head(NamedTuple):
    """A stream's last version and the hash of its leaf."""

    version: int
    leaf_hash: bytes


class PreparedCommand(Struct, frozen=True, gc=False):
    """A command with its leaves built: `heads` is what they were built on; `rows` lack lane and position.

    Each of `rows` is a tuple in the order of COLUMNS[2:].
    """

    command_id: bytes
    fingerprint: bytes
    status: int
    refs: bytes
    heads: tuple[tuple[str, int, bytes | None], ...]
    rows: Sequence[tuple[Any, ...]]


class Batch(Struct, frozen=True, gc=False):
    """Commands for one lane in one transaction, stamped with one `recorded_at` under one `epoch`."""

    lane: int
    epoch: int
    recorded_at: datetime
    commands: Sequence[PreparedCommand]


class Won(NamedTuple):
    """The command's events hold positions first..last (last = first - 1 when it has none)."""

    first: int
    last: int


class Known(NamedTuple):
    """The command id was stored before."""

    stored: StoredCommand


class Lost(NamedTuple):
    """A stream stood elsewhere: its actual head, None if it does not exist."""

    stream: str
    head: Head | None


Verdict = Won | Known | Lost


class BatchRefused(LedgerError):
    """The lane moved under the batch (another process wrote it): stamp and build it again from `lane`."""

    def __init__(self, lane: LaneInfo) -> None:
        super().__init__(f"lane {lane.lane} has moved")
        self.lane = lane


class Store(Protocol):
    """A back end. Rows come back in position order (`read_lane`) or version order (`read_stream`)."""

    commits_elsewhere: bool
    """Whether another process does the work of a commit, so that preparing the next batch meanwhile is a gain."""

    async def open(self) -> None:
        """Connect; raises StoreUnavailable."""

    async def close(self) -> None:
        """Release connections; what was acknowledged stays."""

    async def lanes(self, tenant: str | None = None) -> list[LaneInfo]:
        """The lanes of a tenant (of all tenants when None), by lane number, with their current heads."""

    async def provision(self, tenant: str, shards: int) -> list[LaneInfo]:
        """The tenant's lanes, made if it has none; the number of shards of a tenant never changes."""

    async def lane(self, lane: int) -> LaneInfo:
        """One lane, fresh."""

    async def commit(self, batch: Batch) -> list[Verdict]:
        """One transaction on one lane; a verdict for each command, losers leave no trace.

        Raises BatchRefused (epoch or clock moved), DuplicateEvent, StoreFull, StoreUnavailable, OutcomeUnknown.
        """

    async def commit_across(self, batches: Sequence[Batch]) -> list[Verdict]:
        """One command's parts on several lanes (one command a batch), locked in ascending order.

        All parts win or nothing is written; the verdicts say which part lost.
        """

    async def heads(self, lane: int, streams: Sequence[str]) -> dict[str, Head]:
        """The heads of those streams that exist."""

    async def find_command(self, lane: int, command_id: bytes) -> StoredCommand | None:
        """What is stored under a command id."""

    async def find_commands(self, lane: int, command_ids: Sequence[bytes]) -> list[StoredCommand]:
        """What is stored under several command ids, in any order."""

    async def read_stream(self, lane: int, stream: str, *, after: int = 0, limit: int = 1000) -> list[Row]:
        """Rows with version > after."""

    async def read_streams(self, lane: int, streams: Sequence[str]) -> list[Row]:
        """All rows of several streams, ordered by stream and version."""

    async def read_lane(self, lane: int, *, after: int, limit: int) -> list[Row]:
        """Rows with position > after; gapless and final: what is returned never changes or gains a neighbour."""

    async def find_event(self, lane: int, event_id: bytes) -> Row | None:
        """One event by its id."""

    async def wait(self, lane: int, *, after: int, timeout: float) -> int:
        """The lane's head, as soon as it is beyond `after`, or after `timeout` seconds whatever it is."""

    async def subjects(self, tenant: str, refs: Sequence[bytes]) -> dict[bytes, tuple[bytes, bytes]]:
        """ref_hmac -> (subject uuid bytes, sealed_ref) for those that exist."""

    async def add_subjects(self, tenant: str, rows: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Insert (ref_hmac, subject, sealed_ref); an existing ref_hmac keeps its row (read again after)."""

    async def data_keys(self, subjects: Sequence[bytes]) -> list[tuple[bytes, str, int, bytes]]:
        """(subject, class, kid, wrapped) of these subjects."""

    async def add_data_keys(self, rows: Iterable[tuple[bytes, str, int, bytes]]) -> None:
        """Insert (subject, class, kid, wrapped); an existing (subject, class, kid) keeps its row."""
