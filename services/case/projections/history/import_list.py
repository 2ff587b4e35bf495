"""Which files were taken in, by whom, when, and what did each add?

One row a run. A run that was cut off stands as RUNNING: nobody was there to write its end.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain.events import (
    ImportCancelled,
    ImportEvent,
    ImportFileReceived,
    ImportFinished,
    ImportQueued,
    ImportRequested,
    ImportRowsTold,
    ImportStarted,
)
from services.case.domain.history import import_run as run
from services.case.projections.book_pages import PAGE_MAX
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
IMPORTS = sa.Table(
    "case_import_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("via", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("files", sa.Integer, nullable=False),
    sa.Column("content", sa.Text),
    sa.Column("mapping", sa.Text),
    sa.Column("ended_at", Instant),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("added", sa.BigInteger, nullable=False),
    sa.Column("unchanged", sa.BigInteger, nullable=False),
    sa.Column("rejected", sa.BigInteger, nullable=False),
    sa.Column("events", sa.BigInteger, nullable=False),
    sa.Column("fault", sa.Text),
    sa.Index("case_import_v1_begun", "begun_at", "thing"),
    sa.Index("case_import_v1_content", "content"),
)


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


ImportSeen: TypeAlias = Recorded[ImportEvent | Erased]


class ImportRow(NamedTuple):
    """A run: it was asked for, or started, at `begun_at`, by `actor`."""

    thing: str
    lane: int
    made_at: int
    kind: str
    status: str
    via: str
    actor: str
    begun_at: datetime
    files: int
    content: str | None = None
    mapping: str | None = None
    ended_at: datetime | None = None
    attempt: int = 0
    rows: int = 0
    added: int = 0
    unchanged: int = 0
    rejected: int = 0
    events: int = 0
    fault: str | None = None

    @property
    def cursor(self) -> tuple[datetime, str]:
        """What `page(after=…)` takes to go on behind this row."""
        return self.begun_at, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        said = self._asdict()
        ended = None if self.ended_at is None else _instant(self.ended_at)
        counts = {name: said[name] for name in ("rows", "added", "unchanged", "rejected", "events")}
        shown = ("kind", "status", "via", "actor", "files", "content", "mapping", "attempt")
        return {
            "id": self.thing,
            **{name: said[name] for name in shown},
            "begun_at": _instant(self.begun_at),
            "ended_at": ended,
            "counts": counts if self.status == run.DONE or self.rows else None,
            "fault": self.fault,
        }


def wants(seen: ImportSeen) -> Iterable[tuple[str, str]]:
    """The run's row."""
    return (
        () if isinstance(seen.event, ImportFileReceived | ImportRowsTold) else ((IMPORTS.name, seen.stream),)
    )


def apply(seen: ImportSeen, rows: Working) -> None:
    """The run after one more event."""
    found = rows.get(IMPORTS, seen.stream)
    after = _after(ImportRow(*found) if found else None, seen)
    if after is not None:
        rows.put(IMPORTS, seen.stream, after)


def _after(row: ImportRow | None, seen: ImportSeen) -> ImportRow | None:
    event, stored = seen.event, seen.row
    if row is None:
        if not isinstance(event, ImportRequested | ImportStarted):
            return None
        started = isinstance(event, ImportStarted)
        row = ImportRow(
            stored.stream_id, stored.lane, stored.position, event.kind,
            run.RUNNING if started else run.WAITING, run.HTTP, stored.actor, stored.recorded_at,
            event.files if isinstance(event, ImportRequested) else len(event.files), mapping=event.mapping,
        )  # fmt: skip
    match event:
        case ImportQueued():
            return row._replace(status=run.QUEUED, content=event.content)
        case ImportStarted():
            content = row.content or event.content
            return row._replace(status=run.RUNNING, attempt=event.attempt, via=event.via, content=content)
        case ImportCancelled():
            return row._replace(status=run.CANCELLED, ended_at=stored.recorded_at)
        case ImportFinished():
            return row._replace(
                status=event.outcome, ended_at=stored.recorded_at, rows=event.rows, added=event.added,
                unchanged=event.unchanged, rejected=event.rejected, events=event.events, fault=event.fault,
                content=row.content or event.content,
            )  # fmt: skip
    return row


VIEW = View(
    name="case.imports",
    version=1,
    tables=(IMPORTS,),
    apply=apply,
    wants=wants,
    streams=("import",),
    types=frozenset(
        f"case.{kind.__name__}"
        for kind in (ImportRequested, ImportQueued, ImportStarted, ImportCancelled, ImportFinished)
    ),
)


def page(
    connection: sa.Connection,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
    pin: Pin | None = None,
    kind: str | None = None,
    status: str | None = None,
    content: str | None = None,
) -> list[ImportRow]:
    """Runs by (begun_at, id), the oldest first, at most PAGE_MAX. `content`: the runs of one delivery."""
    columns = IMPORTS.c
    wanted = {"kind": kind, "status": status, "content": content}
    query = sa.select(IMPORTS)
    query = query.where(*(columns[name] == value for name, value in wanted.items() if value is not None))
    at, thing = columns.begun_at, columns.thing
    if after is not None:
        query = query.where(at >= after[0], (at > after[0]) | (thing > after[1]))
    query = query.where(*within(pin, lane=columns.lane, position=columns.made_at))
    query = query.order_by(at, thing).limit(min(limit, PAGE_MAX))
    return [ImportRow(*row) for row in connection.execute(query)]
