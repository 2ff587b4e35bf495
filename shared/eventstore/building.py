"""From sealed commands to rows: chained to what stands before them, stamped, their leaves final."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from shared.eventstore import leaf
from shared.eventstore.port import Head, PreparedCommand
from shared.eventstore.sealing import SealedCommand, SealedWrite


class Built(NamedTuple):
    """A prepared command and the heads its streams will have once it is stored."""

    prepared: PreparedCommand
    heads: dict[str, Head]


def build(
    command: SealedCommand, *, heads: Mapping[str, Head], log: str, recorded_at: datetime, at: str
) -> Built:
    """Rows lack lane and position. `heads` is what is known of the streams; a wrong guess loses in the store."""
    shared = leaf.command_part(
        actor=command.actor, command_id=command.command_id, log=log, policy=command.policy
    )
    rows: list[tuple[Any, ...]] = []
    guards: list[tuple[str, int, bytes | None]] = []
    after: dict[str, Head] = {}
    for write in command.writes:
        head = after.get(write.stream)
        if head is None:  # a stream may come twice in a command of the library; the first guards for all
            head = heads.get(write.stream) if write.exists else None
            guards.append(
                (write.stream, write.expected if write.exists else 0, head.leaf_hash if head else None)
            )
        prev = head.leaf_hash if head else None
        after[write.stream] = _chain(command, write, prev, shared, recorded_at, at, rows)
    prepared = PreparedCommand(
        command.command_id, command.fingerprint, command.status, command.refs, tuple(guards), rows
    )
    return Built(prepared, after)


def _chain(
    command: SealedCommand,
    write: SealedWrite,
    prev: bytes | None,
    shared: tuple[str, str, str],
    recorded_at: datetime,
    at: str,
    rows: list[tuple[Any, ...]],
) -> Head:
    version = write.expected
    for event in write.events:
        version += 1
        bytes_ = leaf.build(
            shared, at=at, cause=event.cause, effective=event.effective, event_id=event.event_id, prev=prev,
            schema=event.schema, sections=event.sections, stream=write.stream, type_=event.type,
            version=version, zone=event.zone,
        )  # fmt: skip
        prev = leaf.leaf_hash(bytes_)
        place = (write.stream, version, event.type, event.schema, event.event_id)
        times = (event.effective_at, recorded_at)
        who = (command.actor, event.cause, command.correlation, command.command_id, command.policy)
        rows.append((*place, *times, *who, bytes_, event.body))
    return Head(version, prev or b"")


def unknown_heads(commands: Iterable[SealedCommand], known: Mapping[str, Head]) -> list[str]:
    """The streams whose head must be read before building: they exist, and what is remembered does not fit."""
    wanted = []
    for command in commands:
        for write in command.writes:
            head = known.get(write.stream)
            if write.exists and (head is None or head.version != write.expected):
                wanted.append(write.stream)
    return wanted
