"""Which cases may have something to be judged on a day that ends?

A row for each case that time may change: one about which more was told than statements, or one whose first contact
falls due. Cases known by statements alone are in no row, so that a sweep over a hundred thousand of them reads none.
When a sweep has judged a case it notes the next day to look at it (ephemeral: lost, the case is only looked at again).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from services.case.domain.events import CaseEvent, CaseOpened
from services.case.domain.falling_due import first_contact_by
from services.case.domain.next_day import more_than_statements
from services.case.projections.policy_named import policy_named
from services.case.projections.treatment import segments
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

ALWAYS = date.min
"""The day from which a case is looked at where nothing better is known: any day."""
PAGE_MAX = 1_000

_META = sa.MetaData()
DIARY = sa.Table(
    "case_diary_v1",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
)
NEXT = sa.Table(
    "case_diary_next_v1",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("next_day", sa.Date, nullable=False),
)


def wants(seen: Recorded[CaseEvent | Erased]) -> Iterable[tuple[str, str]]:
    """The case's row, for every event but its first."""
    return () if isinstance(seen.event, CaseOpened) else ((DIARY.name, seen.row.stream_id),)


def apply(seen: Recorded[CaseEvent | Erased], rows: Working) -> None:
    """Every event makes what was noted of the case out of date; the first that no statement says puts it in."""
    stored, event = seen.row, seen.event
    case_id = stored.stream_id
    match event:
        case CaseOpened():
            first = first_contact_by(event.as_of, policy_named(stored.policy))
            if first is not None:
                rows.put(DIARY, case_id, (case_id, stored.lane, stored.version, first))
        case Erased():
            rows.drop(DIARY, case_id)
        case _ if more_than_statements(event):
            rows.put(DIARY, case_id, (case_id, stored.lane, stored.version, ALWAYS))
        case _:
            found = rows.get(DIARY, case_id)
            if found is not None:
                rows.put(DIARY, case_id, (case_id, stored.lane, stored.version, found[3]))


VIEW = View(
    name="case.diary",
    version=1,
    tables=(DIARY,),
    apply=apply,
    wants=wants,
    streams=("case",),
    ephemeral=(NEXT,),
)


class Noted(NamedTuple):
    """What a sweep found: at this version and under this policy, nothing can be said before `next_day`."""

    case_id: str
    version: int
    policy: str
    next_day: date


def due(
    connection: sa.Connection,
    *,
    as_of: date,
    policy: str,
    after: str = "",
    limit: int = PAGE_MAX,
    treated: bool = False,
) -> list[str]:
    """Cases to look at for a day, by id, those after the cursor; fewer than `limit` when there are no more.

    `policy`: what is looked at them by. `treated`: also those that a treatment strategy may have something to say of.
    """
    some = [_to_look_at(DIARY, DIARY.c.due <= as_of, as_of=as_of, policy=policy, after=after)]
    if treated:
        cases = segments.SEGMENTS.c
        wanted = cases.is_open.is_(True) | (cases.open_steps > 0)
        some.append(_to_look_at(segments.SEGMENTS, wanted, as_of=as_of, policy=policy, after=after))
    found = sa.union(*some).subquery()
    query = sa.select(found.c.case_id).order_by(found.c.case_id).limit(min(limit, PAGE_MAX))
    return [case_id for (case_id,) in connection.execute(query)]


def _to_look_at(
    table: sa.Table, wanted: sa.ColumnElement[bool], *, as_of: date, policy: str, after: str
) -> sa.Select[tuple[str]]:
    """Those of a table's cases that are wanted and of which no later day is noted."""
    cases = table.c
    known = (
        (NEXT.c.case_id == cases.case_id)
        & (NEXT.c.version == cases.version)
        & (NEXT.c.policy == policy)
        & (NEXT.c.next_day > as_of)
    )
    return sa.select(cases.case_id).where(wanted, cases.case_id > after, ~sa.exists().where(known))


def note(connection: sa.Connection, found: Sequence[Noted]) -> None:
    """Write down when to look again. Needs a writing transaction (ViewDatabase.write)."""
    if found:
        connection.execute(_NOTE, [one._asdict() for one in found])


_NOTE = sa.text(
    "INSERT INTO case_diary_next_v1 (case_id, version, policy, next_day)"
    " VALUES (:case_id, :version, :policy, :next_day) ON CONFLICT (case_id) DO UPDATE SET"
    " version = excluded.version, policy = excluded.policy, next_day = excluded.next_day"
).bindparams(sa.bindparam("next_day", type_=sa.Date))
