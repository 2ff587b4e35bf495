"""The matter board: every matter with its tracks, its firm, its age, and what falls due next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.legal.domain.deadlines.deadline import EXPIRED, Deadline
from services.legal.domain.deadlines.reading import deadlines
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import fold_matter
from services.legal.projections import stored_facts
from services.legal.projections.limitation.heard import claims_of
from services.legal.projections.matters.tables import MATTERS, TRACKS, MatterRow, TrackRow, day
from shared.eventstore.projection.pinned import Pin, within

PAGE_MAX = 500
STATUSES = ("OPEN", "CLOSED")
_CHUNK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """Which matters are asked for; every field given must hold.

    `kind` and `step`: one of its tracks is of this kind and stands at this status. `due_before`: something that was not
    met falls due before this day, what is over included.
    """

    case: str | None = None
    status: str | None = None
    kind: str | None = None
    step: str | None = None
    firm: str | None = None
    due_before: date | None = None


@dataclass(frozen=True, slots=True)
class OnBoard:
    """A matter as the board shows it on a day, by a law. `next`: the first deadline that can still be met.

    `overdue`: how many are over that nobody met.
    """

    row: MatterRow
    tracks: tuple[TrackRow, ...]
    next: Deadline | None
    overdue: int
    as_of: date
    law: str

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            **self.row.as_json(as_of=self.as_of),
            "tracks": [track.as_json() for track in self.tracks],
            "next_deadline": None if self.next is None else due_json(self.next),
            "overdue": self.overdue,
            "law": self.law,
        }


def due_json(one: Deadline) -> dict[str, Any]:
    """How a deadline is shown. `day`: by which a person plans; `raw_on`: before rest days."""
    return {
        "name": one.name,
        "day": day(one.ends_on),
        "raw_on": day(one.raw_on),
        "expires_on": day(one.expires_on),
        "state": one.state,
        "whose": one.whose,
        "thing": one.thing,
        "person": one.person,
        "begun_by": one.begun_by,
        "done_by": one.done_by,
        "clock": one.clock,
        "article": one.article,
        "confidence": one.confidence,
    }


def board(
    connection: sa.Connection,
    wanted: BoardFilter,
    ground: Ground,
    *,
    as_of: date,
    after: tuple[date, str] | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[OnBoard]:
    """Matters by (opened_on, id), those behind the cursor and within `pin`, at most PAGE_MAX."""
    size, found = min(limit, PAGE_MAX), list[OnBoard]()
    while True:
        rows = _rows(connection, wanted, ground.named, after=after, limit=_CHUNK, pin=pin)
        for one in _shown(connection, rows, ground, as_of):
            if wanted.due_before is None or _falls_before(one, wanted.due_before):
                found.append(one)
        if len(rows) < _CHUNK or len(found) >= size:
            return found[:size]
        after = rows[-1].cursor


def one(connection: sa.Connection, matter: str, ground: Ground, *, as_of: date) -> OnBoard | None:
    """A matter as the board shows it, None where the view has none of that id."""
    found = connection.execute(sa.select(MATTERS).where(MATTERS.c.thing == matter)).first()
    return None if found is None else next(_shown(connection, [MatterRow(*found)], ground, as_of))


def of_case(connection: sa.Connection, case: str) -> list[MatterRow]:
    """The matters about a case, in the order in which they were opened."""
    query = sa.select(MATTERS).where(MATTERS.c.case_id == case)
    return [
        MatterRow(*row) for row in connection.execute(query.order_by(MATTERS.c.opened_on, MATTERS.c.thing))
    ]


def _rows(
    connection: sa.Connection,
    wanted: BoardFilter,
    law: str,
    *,
    after: tuple[date, str] | None,
    limit: int,
    pin: Pin | None,
) -> list[MatterRow]:
    columns = MATTERS.c
    query = sa.select(MATTERS).order_by(columns.opened_on, columns.thing).limit(limit)
    if after is not None:
        opened_on, last = after
        later = (columns.opened_on == opened_on) & (columns.thing > last)
        query = query.where(columns.opened_on >= opened_on, (columns.opened_on > opened_on) | later)
    if wanted.case is not None:
        query = query.where(columns.case_id == wanted.case)
    if wanted.status is not None:
        is_open = columns.closed_on.is_(None)
        query = query.where(is_open if wanted.status == "OPEN" else ~is_open)
    if wanted.firm is not None:
        query = query.where(columns.firm == wanted.firm)
    if wanted.kind is not None or wanted.step is not None:
        tracks = sa.select(TRACKS.c.thing).where(TRACKS.c.matter == columns.thing)
        tracks = tracks if wanted.kind is None else tracks.where(TRACKS.c.kind == wanted.kind)
        tracks = tracks if wanted.step is None else tracks.where(TRACKS.c.status == wanted.step)
        query = query.where(tracks.exists())
    if wanted.due_before is not None:
        query = query.where((columns.next_raw < wanted.due_before) | (columns.law != law))
    query = query.where(*within(pin, lane=columns.lane, position=columns.made_at))
    return [MatterRow(*row) for row in connection.execute(query)]


def _shown(
    connection: sa.Connection, rows: Sequence[MatterRow], ground: Ground, as_of: date
) -> Iterator[OnBoard]:
    tracks = _tracks(connection, [row.thing for row in rows])
    read = due_of(connection, rows, ground, as_of)
    for row in rows:
        left = [one for one in read[row.thing] if one.open]
        running = next((one for one in left if one.state != EXPIRED), None)
        overdue = sum(one.state == EXPIRED for one in left)
        yield OnBoard(row, tuple(tracks.get(row.thing, ())), running, overdue, as_of, ground.named)


def _falls_before(one: OnBoard, before: date) -> bool:
    return one.overdue > 0 or (one.next is not None and one.next.ends_on < before)


def _tracks(connection: sa.Connection, matters: Sequence[str]) -> dict[str, list[TrackRow]]:
    found: dict[str, list[TrackRow]] = {}
    query = sa.select(TRACKS).where(TRACKS.c.matter.in_(matters)).order_by(TRACKS.c.matter, TRACKS.c.number)
    for row in connection.execute(query):
        found.setdefault(row.matter, []).append(TrackRow(*row))
    return found


def due_of(
    connection: sa.Connection, rows: Sequence[MatterRow], ground: Ground, as_of: date
) -> Mapping[str, tuple[Deadline, ...]]:
    """The deadlines of these matters as of the end of a day, met ones among them, soonest first."""
    moving = [row.case_id for row in rows if row.moves and row.case_id is not None]
    claims = claims_of(connection, moving) if moving else {}
    return {
        row.thing: deadlines(
            fold_matter(stored_facts.events(row.facts)),
            claims.get(row.case_id or "", Claims(case=row.case_id or "")),
            ground,
            as_of,
        )
        for row in rows
    }
