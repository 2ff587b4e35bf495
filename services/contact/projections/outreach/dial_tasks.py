"""Who is to be called, because a step of the strategy says so, and until when?"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa

from services.contact.domain.facts import outreach as f
from services.contact.projections.ledger_pages import PAGE_MAX, stored
from services.contact.projections.outreach.outreaches import STREAM
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

TASKS = sa.Table(
    "contact_dial_task_v1",
    sa.MetaData(),
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("outreach", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("situation", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False),
    sa.Column("ended", sa.Text),
    sa.Index("contact_dial_task_v1_open", "ended", "until"),
)
Seen: TypeAlias = Recorded[f.DialTaskRaised | f.DialTaskEnded | Erased]


class DialTask(NamedTuple):
    """Somebody to call, from `at` to `until` (exclusive), about `about`; `ended`: why nobody needs to any more."""

    thing: str
    lane: int
    made_at: int
    outreach: str
    about: str
    subject: str
    situation: str
    at: datetime
    until: datetime
    ended: str | None


def wants(seen: Seen) -> Iterable[tuple[str, str]]:
    """The task's row."""
    return () if isinstance(seen.event, Erased) else ((TASKS.name, seen.event.task),)


def apply(seen: Seen, rows: Working) -> None:
    """A task, or the end of one."""
    match seen.event:
        case f.DialTaskRaised() as event:
            row = DialTask(
                event.task, seen.lane, seen.position, seen.stream, event.about, event.subject, event.situation,
                event.at, event.until, None,
            )  # fmt: skip
            rows.put(TASKS, event.task, tuple(row))
        case f.DialTaskEnded() as event:
            found = rows.get(TASKS, event.task)
            if found is not None:
                rows.put(TASKS, event.task, tuple(DialTask(*found)._replace(ended=event.reason)))


VIEW = View(
    name="contact.dial_tasks",
    version=1,
    tables=(TASKS,),
    apply=apply,
    wants=wants,
    streams=(STREAM,),
    types=stored(f.DialTaskRaised, f.DialTaskEnded),
)


def open_at(
    connection: sa.Connection, at: datetime, *, after: str = "", limit: int = PAGE_MAX
) -> list[DialTask]:
    """The tasks of an instant that nobody has ended, by id, after the cursor."""
    columns = TASKS.c
    query = sa.select(TASKS).where(
        columns.ended.is_(None), columns.at <= at, columns.until > at, columns.thing > after
    )
    return [DialTask(*row) for row in connection.execute(query.order_by(columns.thing).limit(limit))]
