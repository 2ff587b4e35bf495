"""Whose number or address is it? Every subject that a point was recorded for, or that a message went to there.

A point stays here when it is no longer used: whoever writes from it still means the messages they were sent.
"""

from collections.abc import Iterable
from typing import TypeAlias

import sqlalchemy as sa

from services.contact.domain.facts.message import MessageQueued
from services.contact.domain.facts.subject import PointRecorded
from services.contact.projections.ledger_pages import SUBJECT, placed, stored
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

SUBJECTS_MAX = 1_000
POINTS = sa.Table(
    "contact_point_v1",
    sa.MetaData(),
    *placed(),
    sa.Column("point", sa.Text, nullable=False),
    sa.Index("contact_point_v1_point", "point"),
)

PointSeen: TypeAlias = Recorded[PointRecorded | MessageQueued | Erased]


def wants(seen: PointSeen) -> Iterable[tuple[str, str]]:
    """The row of the point and the subject."""
    point = _point(seen)
    return () if point is None else ((POINTS.name, _thing(seen.stream, point)),)


def apply(seen: PointSeen, rows: Working) -> None:
    """Noted once."""
    point = _point(seen)
    if point is None:
        return
    thing = _thing(seen.stream, point)
    if rows.get(POINTS, thing) is None:
        rows.put(POINTS, thing, (thing, seen.lane, seen.position, seen.stream, point))


def _point(seen: PointSeen) -> str | None:
    match seen.event:
        case PointRecorded(point=point):
            return point
        case MessageQueued(proposed=proposed):
            return proposed.point
        case Erased():
            return None


def _thing(stream: str, point: str) -> str:
    return f"{point}|{stream}"


VIEW = View(
    name="contact.points",
    version=1,
    tables=(POINTS,),
    apply=apply,
    wants=wants,
    streams=(SUBJECT,),
    types=stored(PointRecorded, MessageQueued),
)


def subjects_of(connection: sa.Connection, point: str) -> list[str]:
    """The subjects of a point, in the order they were told of, SUBJECTS_MAX at most."""
    query = sa.select(POINTS.c.subject).where(POINTS.c.point == point)
    query = query.order_by(POINTS.c.lane, POINTS.c.made_at).limit(SUBJECTS_MAX)
    return [str(found) for found in connection.execute(query).scalars()]
