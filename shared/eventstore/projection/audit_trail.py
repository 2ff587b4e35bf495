"""Who did what, when, under which policy, caused by what? Every event of every stream, from the envelope alone.

Nothing is decrypted. `subject` is the first person the event's sections are about (a random uuid, as the leaf has
it), `more_subjects` any others; a debtor's reference is resolved to a uuid by the caller, through the erasable map.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from shared.eventstore.port import Row
from shared.eventstore.projection.columns import Id, Instant
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working

PAGE_MAX = 1000

_SUBJECT = b'"k":"'
"""In a leaf only a section's subject stands under `k`; no other value may hold a quote (leaf.named).

36 bytes of text follow."""


def _people(leaf: bytes) -> tuple[bytes | None, str | None]:
    """The first subject's 16 bytes, and the texts of the others (nearly always none)."""
    at = leaf.find(_SUBJECT)
    if at < 0:
        return None, None
    first = leaf[at + 5 : at + 41]
    others: set[bytes] = set()
    while (at := leaf.find(_SUBJECT, at + 41)) >= 0:
        person = leaf[at + 5 : at + 41]
        if person != first:
            others.add(person)
    more = " ".join(sorted(person.decode() for person in others)) if others else None
    return bytes.fromhex(first.decode().replace("-", "")), more


class AuditRecord(NamedTuple):
    """One event as an auditor meets it; both times are UTC, `leaf_hash` is RFC 6962's."""

    lane: int
    position: int
    stream_id: str
    version: int
    type: str
    schema: int
    event_id: UUID
    effective_at: datetime
    recorded_at: datetime
    actor: str
    causation_id: UUID | None
    correlation_id: UUID
    command_id: UUID
    policy: str | None
    subject: UUID | None
    more_subjects: str | None
    leaf_hash: bytes

    @property
    def cursor(self) -> tuple[datetime, int, int]:
        """What `records(after=…)` takes to go on behind this record."""
        return (self.recorded_at, self.lane, self.position)

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it; absent values are None."""
        return {
            "lane": self.lane,
            "position": self.position,
            "stream": self.stream_id,
            "version": self.version,
            "type": f"{self.type}/v{self.schema}",
            "event_id": str(self.event_id),
            "effective_at": _text(self.effective_at),
            "recorded_at": _text(self.recorded_at),
            "actor": self.actor,
            "caused_by": str(self.causation_id) if self.causation_id else None,
            "correlation_id": str(self.correlation_id),
            "command_id": str(self.command_id),
            "policy": self.policy,
            "leaf_hash": self.leaf_hash.hex(),
        }


def _text(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What to list; every field given must hold. `from_` and `until` are of the recorded time.

    A range begins with its first instant and ends before its last.

    `type` is a stored name with or without its service (`case.CaseOpened`, `CaseOpened`); `subjects` are the uuids
    a debtor's reference stands for (an empty tuple finds nothing, None everybody); `streams`: on any of them.
    """

    stream: str | None = None
    streams: tuple[str, ...] | None = None
    subjects: tuple[UUID, ...] | None = None
    actor: str | None = None
    type: str | None = None
    from_: datetime | None = None
    until: datetime | None = None
    effective_from: datetime | None = None
    effective_until: datetime | None = None


def _table(service: str, version: int) -> sa.Table:
    name = f"{service}_audit_v{version}"
    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("stream_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("schema", sa.SmallInteger, nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.Column("effective_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("causation_id", Id),
        sa.Column("correlation_id", Id, nullable=False),
        sa.Column("command_id", Id, nullable=False),
        sa.Column("policy", sa.Text),
        sa.Column("subject", Id),
        sa.Column("more_subjects", sa.Text),
        sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
        sa.Index(f"{name}_when", "recorded_at", "lane", "position"),
        sa.Index(f"{name}_stream", "stream_id", "version"),
        sa.Index(f"{name}_subject", "subject"),
        sa.Index(f"{name}_effective", "effective_at"),
        sa.Index(f"{name}_event", "event_id"),
    )


class AuditTrail:
    """The trail of one service: its view and the questions it answers. `version`: of the view."""

    def __init__(self, service: str, *, version: int) -> None:
        self.table = table = _table(service, version)

        def apply(row: Row, rows: Working) -> None:
            """One event, one row."""
            leaf = row.leaf
            first, others = _people(leaf)
            rows.add(table, (*row[:14], first, others, sha256(b"\x00" + leaf).digest()))

        self.view = View(name=f"{service}.audit", version=version, tables=(table,), apply=apply, opens=False)

    def records(
        self,
        connection: sa.Connection,
        which: AuditFilter,
        *,
        after: tuple[datetime, int, int] | None = None,
        limit: int = 100,
        pin: Pin | None = None,
    ) -> list[AuditRecord]:
        """Records by (recorded_at, lane, position), those after the cursor and within the pin, at most PAGE_MAX."""
        columns = self.table.c
        query = sa.select(self.table).where(*self._conditions(which))
        query = query.where(*within(pin, lane=columns.lane, position=columns.position))
        if after is not None:
            when, lane, position = after
            same = (columns.lane > lane) | ((columns.lane == lane) & (columns.position > position))
            later = (columns.recorded_at > when) | ((columns.recorded_at == when) & same)
            query = query.where(columns.recorded_at >= when, later)
        query = query.order_by(columns.recorded_at, columns.lane, columns.position).limit(
            min(limit, PAGE_MAX)
        )
        return [AuditRecord(*row) for row in connection.execute(query)]

    def _conditions(self, which: AuditFilter) -> list[sa.ColumnElement[bool]]:
        columns = self.table.c
        wanted: list[sa.ColumnElement[bool]] = []
        if which.stream is not None:
            wanted.append(columns.stream_id == which.stream)
        if which.streams is not None:
            wanted.append(columns.stream_id.in_(which.streams))
        if which.subjects is not None:
            named = [columns.more_subjects.contains(str(subject)) for subject in which.subjects]
            wanted.append(sa.or_(columns.subject.in_(which.subjects), *named))
        if which.actor is not None:
            wanted.append(columns.actor == which.actor)
        if which.type is not None:
            whole = columns.type == which.type
            wanted.append(
                whole if "." in which.type else columns.type.endswith(f".{which.type}", autoescape=True)
            )
        ranges = (
            (columns.recorded_at, which.from_, which.until),
            (columns.effective_at, which.effective_from, which.effective_until),
        )
        for column, first, end in ranges:
            wanted += [column >= first] if first is not None else []
            wanted += [column < end] if end is not None else []
        return wanted

    def one(self, connection: sa.Connection, event_id: UUID) -> AuditRecord | None:
        """The record of this event, None if the view does not hold it."""
        columns = self.table.c
        found = connection.execute(sa.select(self.table).where(columns.event_id == event_id)).first()
        return AuditRecord(*found) if found else None
