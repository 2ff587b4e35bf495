"""A stored event as a reader meets it, and the opening of its sections."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from shared.eventstore import leaf, sections
from shared.eventstore.keyring import Keyring
from shared.eventstore.port import Row
from shared.eventstore.registry import Registry

E = TypeVar("E")


class Recorded(Generic[E]):
    """`row` is the envelope as stored, `event` what it says (`Erased` if its facts are gone)."""

    __slots__ = ("event", "row")

    def __init__(self, row: Row, event: E) -> None:
        self.row, self.event = row, event

    @property
    def lane(self) -> int:
        """The lane it stands in."""
        return self.row.lane

    @property
    def position(self) -> int:
        """Its place in the lane, from 1, gapless."""
        return self.row.position

    @property
    def stream(self) -> str:
        """`case-<uuid>` and the like."""
        return self.row.stream_id

    @property
    def version(self) -> int:
        """Its place in the stream, from 1."""
        return self.row.version

    @property
    def stored_name(self) -> str:
        """`case.PromiseToPay/v1`."""
        return f"{self.row.type}/v{self.row.schema}"

    @property
    def event_id(self) -> UUID:
        """Unique in the lane."""
        return UUID(bytes=self.row.event_id)

    @property
    def effective_at(self) -> datetime:
        """When it happened in the world."""
        return self.row.effective_at

    @property
    def recorded_at(self) -> datetime:
        """When we learnt it; never falls within a lane."""
        return self.row.recorded_at


@lru_cache(maxsize=256)
def part_class(section: str) -> str:
    """The key class of a section's stored name: `facts:guarantor` is sealed under a key of class `facts`."""
    return section.partition(":")[0]


def key_of(frame: sections.Frame) -> tuple[bytes, str, int]:
    """(subject, class, kid): which key a frame is sealed under."""
    return frame.subject, part_class(frame.name), frame.kid


def open_sections(row: Row, keyring: Keyring, tenant: str) -> dict[str, bytes]:
    """name -> plaintext of the sections whose key is at hand; raises BoxBroken for altered bytes."""
    frames = [(frame, keyring.reading(*key_of(frame))) for frame in sections.unframe(row.body)]
    return sections.open_all(frames, tenant=tenant, event=leaf.uuid_text(row.event_id))


def keys_of(rows: Iterable[Row]) -> set[tuple[bytes, str, int]]:
    """(subject, class, kid) of every frame of these rows."""
    return {key_of(frame) for row in rows for frame in sections.unframe(row.body)}


async def open_rows(
    rows: Sequence[Row], *, keyring: Keyring, registry: Registry, tenants: Mapping[int, str]
) -> list[Recorded[Any]]:
    """The rows with their events decoded, in the same order. `tenants` maps lane to tenant."""
    keyed = [[(frame, key_of(frame)) for frame in sections.unframe(row.body)] for row in rows]
    ciphers = await keyring.ciphers({key for frames in keyed for _, key in frames})
    events = []
    for row, frames in zip(rows, keyed, strict=True):
        opened = sections.open_all(
            [(frame, ciphers[key]) for frame, key in frames],
            tenant=tenants[row.lane],
            event=leaf.uuid_text(row.event_id),
        )
        events.append(Recorded(row, registry.decode(row.type, row.schema, opened)))
    return events
