"""Which dial lists were made, for which second, of whom, and how many may be called?"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.contact.domain.facts.dialing import DialListMade
from services.contact.projections.ledger_pages import After, instant, newest_first, stored
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

STREAM = "dialing"
LISTS = sa.Table(
    "contact_dial_list_v1",
    sa.MetaData(),
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("known_at", Instant, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("stages", sa.Text, nullable=False),
    sa.Column("reserved", sa.Boolean, nullable=False),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Index("contact_dial_list_v1_at", "at", "thing"),
)
Seen: TypeAlias = Recorded[DialListMade | Erased]


class DialListRow(NamedTuple):
    """A list. `asked`: numbers looked at, `lines`: of these permitted; `stages` separated by blanks."""

    thing: str
    lane: int
    made_at: int
    at: datetime
    known_at: datetime
    source: str
    stages: str
    reserved: bool
    asked: int
    lines: int
    content: str

    @property
    def cursor(self) -> After:
        """What `page(after=…)` takes to go on behind this row."""
        return self.at, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.thing,
            "at": instant(self.at),
            "known_at": instant(self.known_at),
            "source": self.source,
            "stages": self.stages.split(),
            "reserved": self.reserved,
            "asked": self.asked,
            "lines": self.lines,
            "content": self.content,
        }


def wants(seen: Seen) -> Iterable[tuple[str, str]]:
    """Nothing: a list is said once."""
    return ()


def apply(seen: Seen, rows: Working) -> None:
    """The list, without its lines: they are read from its event."""
    event = seen.event
    if isinstance(event, Erased):
        return
    row = (
        event.list, seen.lane, seen.position, event.at, event.known_at, event.source, " ".join(event.stages),
        event.reserved, event.asked, len(event.lines), event.content,
    )  # fmt: skip
    rows.put(LISTS, event.list, row)


VIEW = View(
    name="contact.dial_lists",
    version=1,
    tables=(LISTS,),
    apply=apply,
    wants=wants,
    streams=(STREAM,),
    types=stored(DialListMade),
)


def page(
    connection: sa.Connection,
    *,
    source: str | None = None,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[DialListRow]:
    """Lists by the second they are for, the latest first."""
    query = sa.select(LISTS)
    if source is not None:
        query = query.where(LISTS.c.source == source)
    query = newest_first(query, LISTS.c, after=after, limit=limit, pin=pin)
    return [DialListRow(*row) for row in connection.execute(query)]
