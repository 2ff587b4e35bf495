"""The library's snapshots, in a table that can be dropped. A body is sealed like an event's: it says as much."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from shared.eventstore import leaf, sections
from shared.eventstore.keyring import Keyring
from shared.eventstore.library import foreign
from shared.eventstore.library.lane import LibraryLane
from shared.eventstore.library.naming import read_back, spelled, stream_of
from shared.eventstore.library.side import (
    ADD_SNAPSHOT,
    NO_END,
    SNAPSHOTS,
    SideStore,
    SnapshotTaken,
    Statement,
)
from shared.kernel import ids


def _bound_to(stream: str, version: int) -> bytes:
    """16 bytes that stand for the snapshot's place, as an event's id does for the event."""
    return ids.as_uuid8(hashlib.sha256(f"quittance-snapshot/1|{stream}|{version}".encode()).digest()).bytes


async def add(store: SideStore, lane: LibraryLane, events: Sequence[StoredEvent]) -> None:
    """Store all or none. Raises SnapshotTaken, Malformed, Oversize."""
    seal = await lane.seal()
    if not await store.insert_all([_statement(lane, seal, event) for event in events]):
        raise SnapshotTaken("a snapshot at this version is already stored")


def _statement(lane: LibraryLane, seal: foreign.Seal, event: StoredEvent) -> Statement:
    stream, version = stream_of(event.originator_id), event.originator_version
    _, body = seal.close(bytes(event.state), _bound_to(stream, version))
    return ADD_SNAPSHOT, {
        "lane": lane.lane, "stream_id": stream, "version": version, "type": spelled("topic", event.topic),
        "schema": foreign.SCHEMA, "body": body,
    }  # fmt: skip


async def select(
    store: SideStore,
    lane: LibraryLane,
    originator_id: UUID | str,
    *,
    gt: int | None,
    lte: int | None,
    desc: bool,
    limit: int | None,
) -> list[StoredEvent]:
    """gt < version <= lte, the first `limit` of them in the order asked for; an erased one is not there."""
    stream = stream_of(originator_id)
    found = await store.fetch(
        (
            SNAPSHOTS.format("DESC" if desc else "ASC"),
            {
                "lane": lane.lane, "stream_id": stream, "gt": -1 if gt is None else gt,
                "lte": NO_END if lte is None else lte, "limit": NO_END if limit is None else limit,
            },
        )
    )  # fmt: skip
    events = []
    for version, type_, body in found:
        state = await _opened(lane, stream, version, body)
        if state is not None:
            events.append(StoredEvent(originator_id, version, read_back(type_), state))
    return events


async def _opened(lane: LibraryLane, stream: str, version: int, body: bytes) -> bytes | None:
    keyring: Keyring = lane.keyring
    [frame] = sections.unframe(body)
    await keyring.load([(frame.subject, foreign.FACTS, frame.kid)])
    cipher = keyring.reading(frame.subject, foreign.FACTS, frame.kid)
    if cipher is None:
        return None
    event = leaf.uuid_text(_bound_to(stream, version))
    salted = sections.open_box(
        frame.box, key=cipher, kid=frame.kid, tenant=lane.tenant, event=event, name=frame.name
    )
    return salted[sections.SALT_BYTES :]
