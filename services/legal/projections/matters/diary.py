"""The court diary: every hearing and every deadline that falls due in a span of days, by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from services.legal.domain.deadlines.deadline import Deadline
from services.legal.domain.ground import Ground
from services.legal.projections.matters.board import due_json, due_of
from services.legal.projections.matters.tables import FALLS_DUE, MATTERS, TRACKS, MatterRow
from shared.eventstore.projection.pinned import Pin, within

PAGE_MAX = 500
SPAN_DAYS_MAX = 366
"""A diary is asked for at most so many days at a time: it is sorted by days that depend on the working calendar."""
_ROLLED = timedelta(days=15)
"""A raw day is never further from the working day that it moves to."""
After: TypeAlias = tuple[date, str]


@dataclass(frozen=True, slots=True)
class InDiary:
    """A deadline of a matter that falls due in the span; `kind` of its track, None where it is of no track."""

    matter: str
    case: str | None
    law: str
    kind: str | None
    due: Deadline

    @property
    def cursor(self) -> After:
        """What `diary(after=…)` takes to go on behind this line."""
        return self.due.ends_on, "/".join((self.matter, *self.due.key))

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "matter": self.matter,
            "case": self.case,
            "track_kind": self.kind,
            **due_json(self.due),
            "law": self.law,
        }


def diary(
    connection: sa.Connection,
    ground: Ground,
    *,
    from_: date,
    until: date,
    as_of: date,
    met: bool = False,
    whose: str | None = None,
    case: str | None = None,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[InDiary]:
    """What falls due from `from_` up to and not including `until`, by (day, thing), at most PAGE_MAX.

    The day is the rolled one; while that year's working days are not announced, the raw one. `met`: also what was
    done, or recorded as passed. States are as of the end of `as_of`, by the facts of days up to it.
    """
    rows = _rows(connection, ground.named, from_, until, case, pin)
    kinds = _kinds(connection, [row.thing for row in rows])
    read = due_of(connection, rows, ground, as_of)
    found = [
        InDiary(row.thing, row.case_id, ground.named, kinds.get(one.thing), one)
        for row in rows
        for one in read[row.thing]
        if from_ <= one.ends_on < until and (met or one.open) and whose in (None, one.whose)
    ]
    found.sort(key=lambda one: one.cursor)
    return [one for one in found if after is None or one.cursor > after][: min(limit, PAGE_MAX)]


def _rows(
    connection: sa.Connection, law: str, from_: date, until: date, case: str | None, pin: Pin | None
) -> list[MatterRow]:
    """The matters of which something may fall due in the span; those whose days another law gave are read, too."""
    days = sa.select(FALLS_DUE.c.matter).where(FALLS_DUE.c.raw_on < until)
    if from_ > date.min + _ROLLED:
        days = days.where(FALLS_DUE.c.raw_on >= from_ - _ROLLED)
    columns = MATTERS.c
    query = sa.select(MATTERS).where(columns.closed_on.is_(None))
    query = query.where(columns.moves | (columns.law != law) | columns.thing.in_(days))
    query = query if case is None else query.where(columns.case_id == case)
    query = query.where(*within(pin, lane=columns.lane, position=columns.made_at))
    return [MatterRow(*row) for row in connection.execute(query)]


def _kinds(connection: sa.Connection, matters: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in (matters[at : at + 500] for at in range(0, len(matters), 500)):
        query = sa.select(TRACKS.c.thing, TRACKS.c.kind).where(TRACKS.c.matter.in_(part))
        found |= {str(row.thing): str(row.kind) for row in connection.execute(query)}
    return found
