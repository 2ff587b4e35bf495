"""Foreign events: the library's stored events as rows of our ledger, outside our registry.

The row's type is the topic, its schema 1, its one section `facts` holds the state's raw bytes; so it has a leaf, a
commitment and a place in the chain like any other, and verifies like any other. The facts of a lane are sealed under
one subject, which stands for the application.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import Notification, StoredEvent

from shared.eventstore import leaf, sections
from shared.eventstore.library.naming import originator_of, read_back, spelled, stream_of
from shared.eventstore.port import (
    COMMAND_EVENTS_MAX,
    EVENT_BYTES_MAX,
    Command,
    Malformed,
    Oversize,
    Row,
    StaleVersion,
)
from shared.eventstore.sealing import (
    ROW_OVERHEAD_BYTES,
    SealedCommand,
    SealedEvent,
    SealedWrite,
    sealed_command,
)
from shared.kernel import ids

ACTOR = "library"
SCHEMA = 1
FACTS = "facts"
ERASED_STATE = b""
"""What the state of an event reads as whose facts were erased: no mapper takes it for a state."""


class Seal:
    """What seals the facts of one lane."""

    def __init__(self, *, tenant: str, subject: UUID, kid: int, cipher: AESGCM) -> None:
        self.tenant, self.subject, self.kid = tenant, subject.bytes, kid
        self._cipher = cipher

    def close(self, state: bytes, event_id: bytes) -> tuple[str, bytes]:
        """(the leaf's section list, the body). Raises Oversize."""
        commitment, box = sections.seal(
            state, drawn=os.urandom(sections.DRAWN_BYTES), key=self._cipher, kid=self.kid,
            tenant=self.tenant, event=leaf.uuid_text(event_id), event_id=event_id, name=FACTS,
        )  # fmt: skip
        if len(box) > EVENT_BYTES_MAX:
            raise Oversize(f"an event may hold {EVENT_BYTES_MAX} bytes at most")
        listed = leaf.section_list([(FACTS, self.subject, commitment)])
        return listed, sections.frame([sections.Frame(FACTS, self.subject, self.kid, box)])


def sealed(
    events: Sequence[StoredEvent],
    *,
    seal: Seal,
    command_id: UUID,
    at: datetime,
    from_zero: set[str],
    refs: bytes,
) -> SealedCommand:
    """One command that places the events in their order. `from_zero` names streams known to start at version 0.

    Raises Malformed, Oversize, and StaleVersion if a stream's versions do not follow one another.
    """
    if len(events) > COMMAND_EVENTS_MAX:
        raise Oversize(f"a command may hold {COMMAND_EVENTS_MAX} events at most")
    effective = leaf.instant(at)
    runs: list[tuple[str, int, list[SealedEvent]]] = []
    last: dict[str, int] = {}
    size = ROW_OVERHEAD_BYTES
    for ordinal, event in enumerate(events):
        stream, version = stream_of(event.originator_id), event.originator_version
        if version < 0:
            raise Malformed("a version is 0 or more")
        if last.setdefault(stream, version - 1) != version - 1:
            raise StaleVersion(stream, version - 1, last[stream])
        if not runs or runs[-1][0] != stream:
            runs.append((stream, version - 1, []))
        last[stream] = version
        one = _sealed(event, seal, ids.event_id(command_id, ordinal).bytes, at, effective)
        size += len(one.body) + ROW_OVERHEAD_BYTES
        runs[-1][2].append(one)
    writes = tuple(
        SealedWrite(stream, expected, tuple(run), first=0 if expected < 0 or stream in from_zero else 1)
        for stream, expected, run in runs
    )
    command = Command(seal.tenant, command_id, ACTOR.encode(), ACTOR, (), refs=refs)
    return sealed_command(command, writes, size)


def _sealed(event: StoredEvent, seal: Seal, event_id: bytes, at: datetime, effective: str) -> SealedEvent:
    listed, body = seal.close(bytes(event.state), event_id)
    return SealedEvent(
        spelled("topic", event.topic), SCHEMA, event_id, at, effective, None, None, listed, body
    )  # fmt: skip


def stored_event(row: Row, opened: Mapping[str, bytes]) -> StoredEvent:
    """The library's event of a row whose sections are opened."""
    return StoredEvent(
        originator_id=originator_of(row.stream_id),
        originator_version=row.version,
        topic=read_back(row.type),
        state=opened.get(FACTS, ERASED_STATE),
    )


def notification(row: Row, opened: Mapping[str, bytes]) -> Notification:
    """The same with the row's position as its id."""
    return Notification(
        originator_id=originator_of(row.stream_id),
        originator_version=row.version,
        topic=read_back(row.type),
        state=opened.get(FACTS, ERASED_STATE),
        id=row.position,
    )
