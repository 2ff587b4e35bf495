"""What have people written to us, and has anybody read it? The words themselves are not here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.contact.domain.facts.reply import ReplyRead, ReplyReceived
from services.contact.projections.ledger_pages import SUBJECT, After, instant, newest_first, placed, stored
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

REPLIES = sa.Table(
    "contact_reply_v1",
    sa.MetaData(),
    *placed(),
    sa.Column("at", Instant, nullable=False),
    sa.Column("meaning", sa.Text, nullable=False),
    sa.Column("point", sa.Text, nullable=False),
    sa.Column("person", sa.Text),
    sa.Column("said_at", Instant, nullable=False),
    sa.Column("read_at", Instant),
    sa.Index("contact_reply_v1_at", "at", "thing"),
    sa.Index("contact_reply_v1_subject", "subject", "at"),
)

ReplySeen: TypeAlias = Recorded[ReplyReceived | ReplyRead | Erased]


class ReplyRow(NamedTuple):
    """A message from somebody. `thing` is the attempt; `read_at`: when it was read first."""

    thing: str
    lane: int
    made_at: int
    subject: str
    at: datetime
    meaning: str
    point: str
    person: str | None
    said_at: datetime
    read_at: datetime | None

    @property
    def cursor(self) -> After:
        """What `page(after=…)` takes to go on behind this row."""
        return self.at, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP shows it."""
        return {
            "id": self.thing,
            "subject": self.subject,
            "at": instant(self.at),
            "meaning": self.meaning,
            "contact_point": self.point,
            "person": self.person,
            "recorded_at": instant(self.said_at),
            "read_at": instant(self.read_at),
        }


def wants(seen: ReplySeen) -> Iterable[tuple[str, str]]:
    """The row of the reply."""
    return () if isinstance(seen.event, Erased) else ((REPLIES.name, seen.event.attempt),)


def apply(seen: ReplySeen, rows: Working) -> None:
    """One message, one row; noted when it is read first."""
    event = seen.event
    match event:
        case ReplyReceived():
            row = ReplyRow(
                event.attempt, seen.lane, seen.position, seen.stream, event.at, event.meaning, event.point,
                event.person, seen.recorded_at, None,
            )  # fmt: skip
            rows.put(REPLIES, event.attempt, row)
        case ReplyRead():
            found = rows.get(REPLIES, event.attempt)
            if found is not None and ReplyRow(*found).read_at is None:
                rows.put(REPLIES, event.attempt, ReplyRow(*found)._replace(read_at=event.at))
        case Erased():
            return


VIEW = View(
    name="contact.replies",
    version=1,
    tables=(REPLIES,),
    apply=apply,
    wants=wants,
    streams=(SUBJECT,),
    types=stored(ReplyReceived, ReplyRead),
)


def page(
    connection: sa.Connection,
    *,
    subject: str | None = None,
    meaning: str | None = None,
    read: bool | None = None,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[ReplyRow]:
    """Messages from people, the latest first, at most PAGE_MAX; `read`: whether anybody has read them."""
    columns = REPLIES.c
    named = {"subject": subject, "meaning": meaning}
    query = sa.select(REPLIES).where(
        *(columns[name] == value for name, value in named.items() if value is not None)
    )
    if read is not None:
        query = query.where(columns.read_at.is_not(None) if read else columns.read_at.is_(None))
    return [
        ReplyRow(*row)
        for row in connection.execute(newest_first(query, columns, after=after, limit=limit, pin=pin))
    ]
