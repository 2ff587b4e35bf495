"""A command made ready for a lane: encoded, committed to and sealed, all but its leaves.

This is done by the caller's own task, while the lane's writer waits for the disk; the writer then has only to chain
and stamp. A sealed command can be put into a batch, taken out and put into another one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from msgspec import Struct

from shared.eventstore import leaf, sections
from shared.eventstore.drawing import Drawing
from shared.eventstore.keyring import Keyring, Wanted
from shared.eventstore.port import (
    COMMAND_BYTES_MAX,
    COMMAND_EVENTS_MAX,
    EVENT_BYTES_MAX,
    Command,
    Malformed,
    NewEvent,
    Oversize,
    StreamWrite,
)
from shared.eventstore.registry import EventType, Registry
from shared.kernel import ids

ROW_OVERHEAD_BYTES = 700
"""What an event weighs beside its body: leaf and columns."""


class SealedEvent(NamedTuple):
    """An event without its place: `sections` is the leaf's `sec` text, times are aware, ids 16 bytes."""

    type: str
    schema: int
    event_id: bytes
    effective_at: datetime
    effective: str
    zone: str | None
    cause: bytes | None
    sections: str
    body: bytes


class SealedWrite(Struct, frozen=True, gc=False):
    """Sealed events for one stream standing at `expected`. `first` is the version of its first event: 1 in our
    streams, 0 in some of the eventsourcing library's."""

    stream: str
    expected: int
    events: tuple[SealedEvent, ...]
    first: int = 1

    @property
    def exists(self) -> bool:
        """The caller says that the stream holds events."""
        return self.expected >= self.first


class SealedCommand(Struct, frozen=True, gc=False):
    """`keys` are the streams it touches and its id: two commands that share one may not share a batch."""

    command_id: bytes
    fingerprint: bytes
    actor: str
    policy: str | None
    correlation: bytes
    status: int
    refs: bytes
    writes: tuple[SealedWrite, ...]
    size: int
    keys: frozenset[object]


Typed: TypeAlias = list[tuple[NewEvent, EventType]]
"""The events of one write and how each is stored."""


class Sealer:
    """Seals the commands of one store."""

    def __init__(self, keyring: Keyring, registry: Registry) -> None:
        self._keyring, self._registry = keyring, registry
        self._drawing = Drawing()

    async def seal(self, commands: Sequence[Command]) -> list[SealedCommand]:
        """Raises UnknownType, Malformed, Oversize for any of them; makes the data keys they need."""
        typed = [self._typed(command) for command in commands]
        needs = [
            need
            for writes in typed
            for events in writes
            for new, event_type in events
            for need in _needs(new, event_type)
        ]
        if not self._keyring.has(needs):
            await self._keyring.ensure(needs)
        return [self._sealed(command, writes) for command, writes in zip(commands, typed, strict=True)]

    def _typed(self, command: Command) -> list[Typed]:
        _check(command)
        return [[(new, self._registry.of(new.event)) for new in write.events] for write in command.writes]

    def _sealed(self, command: Command, typed: list[Typed]) -> SealedCommand:
        ordinal, writes, size = 0, [], ROW_OVERHEAD_BYTES
        for write, events in zip(command.writes, typed, strict=True):
            sealed = []
            for new, event_type in events:
                one = self._event(command, new, event_type, ordinal)
                sealed.append(one)
                ordinal += 1
                size += len(one.body) + ROW_OVERHEAD_BYTES
            writes.append(SealedWrite(write.stream, write.expected, tuple(sealed)))
        return sealed_command(command, tuple(writes), size)

    def _event(self, command: Command, new: NewEvent, event_type: EventType, ordinal: int) -> SealedEvent:
        event_id = new.event_id.bytes if new.event_id else ids.event_octets(command.command_id.bytes, ordinal)
        text = leaf.uuid_text(event_id)
        frames, committed, size = [], [], 0
        for section in event_type.sections:
            subject = new.subjects[section.role].bytes
            kid, cipher = self._keyring.writing(subject, section.key_class)
            plaintext = section.encode(new.event)
            commitment, box = sections.seal(
                plaintext, drawn=self._drawing.take(sections.DRAWN_BYTES), key=cipher, kid=kid,
                tenant=command.tenant, event=text, event_id=event_id, name=section.name,
            )  # fmt: skip
            size += len(box)
            frames.append(sections.Frame(section.name, subject, kid, box))
            committed.append((section.name, subject, commitment))
        if size > EVENT_BYTES_MAX:
            raise Oversize(f"an event may hold {EVENT_BYTES_MAX} bytes at most")
        return SealedEvent(
            event_type.type, event_type.schema, event_id, new.effective_at, leaf.instant(new.effective_at),
            new.zone, new.cause.bytes if new.cause else None,
            leaf.section_list(committed), sections.frame(frames),
        )  # fmt: skip


def sealed_command(command: Command, writes: tuple[SealedWrite, ...], size: int) -> SealedCommand:
    """Puts a command's sealed writes together; Oversize above COMMAND_BYTES_MAX."""
    if size > COMMAND_BYTES_MAX:
        raise Oversize(f"a command may hold {COMMAND_BYTES_MAX} bytes at most")
    return SealedCommand(
        command_id=command.command_id.bytes,
        fingerprint=command.fingerprint,
        actor=command.actor,
        policy=command.policy,
        correlation=(command.correlation or command.command_id).bytes,
        status=command.status,
        refs=command.refs,
        writes=writes,
        size=size,
        keys=frozenset([command.command_id.bytes, *(w.stream for w in writes)]),
    )


def _check(command: Command) -> None:
    leaf.named("actor", command.actor)
    if command.policy is not None:
        leaf.named("policy", command.policy)
    streams, events = set(), 0
    for write in command.writes:
        _check_write(write)
        streams.add(write.stream)
        events += len(write.events)
    if events > COMMAND_EVENTS_MAX:
        raise Oversize(f"a command may hold {COMMAND_EVENTS_MAX} events at most")
    if not streams:
        raise Malformed("a command names at least one stream")
    if len(streams) != len(command.writes):
        raise Malformed("a command may name a stream once only")


def _check_write(write: StreamWrite) -> None:
    leaf.named("stream", write.stream)
    if write.expected < 0:
        raise Malformed("an expected version is 0 or more")
    for new in write.events:
        if new.zone is not None:
            leaf.named("zone", new.zone)
        if new.effective_at.tzinfo is None:
            raise Malformed("a time without a zone cannot be stored")


def _needs(new: NewEvent, event_type: EventType) -> list[Wanted]:
    subjects: Mapping[str, UUID] = new.subjects
    try:
        return [(subjects[section.role].bytes, section.key_class) for section in event_type.sections]
    except KeyError as problem:
        raise Malformed(f"{event_type.stored_name} needs a subject for {problem.args[0]}") from None
