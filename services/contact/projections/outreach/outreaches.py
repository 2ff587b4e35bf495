"""How does outreach about each case stand, and at which has a worker to look now?

A row a case (or account) from the first fact on. When a worker has answered all that was due it notes the next instant
to look (ephemeral: lost, the outreach is only looked at again).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.contact.domain.facts import outreach as f
from services.contact.domain.outreach.standing import ENDED, NEW, PAUSED, RUNNING, SOFTENED
from services.contact.projections.ledger_pages import PAGE_MAX, instant, stored
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

STREAM = "outreach"
STATES = (NEW, RUNNING, SOFTENED, PAUSED, ENDED)
_META = sa.MetaData()
OUTREACHES = sa.Table(
    "contact_outreach_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("about", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("because", sa.Text),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("taken", sa.Integer, nullable=False),
    sa.Column("skipped", sa.Integer, nullable=False),
    sa.Index("contact_outreach_v1_state", "state", "thing"),
)
NEXT = sa.Table(
    "contact_outreach_next_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("book", sa.Text, nullable=False),
    sa.Column("look_at", Instant, nullable=False),
    sa.Index("contact_outreach_next_v1_look", "look_at"),
)
Seen: TypeAlias = Recorded[f.OutreachEvent | Erased]


class OutreachRow(NamedTuple):
    """Outreach about one case: `state` since `changed_at`, because of what, and how many steps were answered."""

    thing: str
    lane: int
    made_at: int
    version: int
    about: str | None
    subject: str | None
    state: str
    because: str | None
    begun_at: datetime
    changed_at: datetime
    taken: int = 0
    skipped: int = 0

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.thing, "about": self.about, "subject": self.subject, "state": self.state,
            "because": self.because.split() if self.because else [], "since": instant(self.changed_at),
            "taken": self.taken, "skipped": self.skipped,
        }  # fmt: skip


def wants(seen: Seen) -> Iterable[tuple[str, str]]:
    """The row of the stream."""
    return ((OUTREACHES.name, seen.stream),)


def apply(seen: Seen, rows: Working) -> None:
    """Every event makes what was noted out of date, and some change how it stands."""
    found = rows.get(OUTREACHES, seen.stream)
    at = seen.recorded_at
    row = (
        OutreachRow(*found)._replace(version=seen.version)
        if found
        else OutreachRow(seen.stream, seen.lane, seen.position, seen.version, None, None, NEW, None, at, at)
    )
    rows.put(OUTREACHES, seen.stream, tuple(_after(row, seen.event, at)))


def _after(row: OutreachRow, event: Any, at: datetime) -> OutreachRow:
    match event:
        case f.CaseHeard():
            return row._replace(about=event.about, subject=event.subject)
        case f.OutreachStarted() | f.OutreachResumed():
            return row._replace(state=RUNNING, because=None, changed_at=at)
        case f.OutreachSoftened():
            return row._replace(state=SOFTENED, because=" ".join(event.because), changed_at=at)
        case f.OutreachPaused():
            return row._replace(state=PAUSED, because=" ".join(event.reasons), changed_at=at)
        case f.OutreachEnded():
            return row._replace(state=ENDED, because=event.reason, changed_at=at)
        case f.StepTaken():
            return row._replace(taken=row.taken + 1)
        case f.StepSkipped():
            return row._replace(skipped=row.skipped + 1)
    return row


VIEW = View(
    name="contact.outreach",
    version=1,
    tables=(OUTREACHES,),
    apply=apply,
    wants=wants,
    streams=(STREAM,),
    types=stored(*f.EVENTS[:11]),
    ephemeral=(NEXT,),
)


def page(
    connection: sa.Connection,
    *,
    state: str | None = None,
    after: str | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[OutreachRow]:
    """Outreach by id, at most PAGE_MAX."""
    columns = OUTREACHES.c
    query = sa.select(OUTREACHES).order_by(columns.thing).limit(min(limit, PAGE_MAX))
    if state is not None:
        query = query.where(columns.state == state)
    if after is not None:
        query = query.where(columns.thing > after)
    query = query.where(*within(pin, lane=columns.lane, position=columns.made_at))
    return [OutreachRow(*row) for row in connection.execute(query)]


class Noted(NamedTuple):
    """What a worker found: at this version and under these strategies nothing is to be done before `look_at`."""

    thing: str
    version: int
    book: str
    look_at: datetime


def due(
    connection: sa.Connection, *, now: datetime, book: str, after: str = "", limit: int = 200
) -> list[str]:
    """Outreach to look at now, by id, after the cursor; fewer than `limit` when there is no more."""
    rows = OUTREACHES.c
    known = (
        (NEXT.c.thing == rows.thing)
        & (NEXT.c.version == rows.version)
        & (NEXT.c.book == book)
        & (NEXT.c.look_at > now)
    )
    query = sa.select(rows.thing).where(rows.thing > after, ~sa.exists().where(known))
    return [thing for (thing,) in connection.execute(query.order_by(rows.thing).limit(limit))]


def note(connection: sa.Connection, found: Sequence[Noted]) -> None:
    """Write down when to look again. Needs a writing transaction (ViewDatabase.write)."""
    if found:
        connection.execute(_NOTE, [one._asdict() for one in found])


_NOTE = sa.text(
    "INSERT INTO contact_outreach_next_v1 (thing, version, book, look_at)"
    " VALUES (:thing, :version, :book, :look_at) ON CONFLICT (thing) DO UPDATE SET"
    " version = excluded.version, book = excluded.book, look_at = excluded.look_at"
).bindparams(sa.bindparam("look_at", type_=Instant))
