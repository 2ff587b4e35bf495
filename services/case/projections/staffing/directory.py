"""Who works here: who was in which team when, with which skills, cap and leave, on both clocks.

One row an event of a member of staff's stream, as it was said but for the name, which stays sealed. A question folds
the rows of the day asked about, with the rule the commands are decided by (domain/staffing/member.py). A directory has
some thousands of rows at most; one person's are found by their reference.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from services.case.domain.facts import staff as s
from services.case.domain.facts.staff import StaffEvent
from services.case.domain.staffing.member import Member, member
from services.case.projections.book_pages import stored
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
STAFF = sa.Table(
    "case_staff_v1",
    _META,
    sa.Column("staff", sa.Text, primary_key=True),
    sa.Column("staff_ref", sa.Text, nullable=False),
    sa.Index("case_staff_v1_ref", "staff_ref"),
)
SAID = sa.Table(
    "case_staff_said_v1",
    _META,
    sa.Column("staff", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
)
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        s.StaffRegistered, s.StaffRenamed, s.TeamChanged, s.RoleChanged, s.SkillsChanged, s.CaseCapChanged,
        s.LeaveTaken, s.LeaveCancelled, s.StaffLeft, s.StaffReturned,
    )
}  # fmt: skip
StaffSeen: TypeAlias = Recorded[StaffEvent | Erased]


def apply(seen: StaffSeen, rows: Working) -> None:
    """One more thing said of a member of staff; what was erased is not kept, nor are names."""
    stored_row, event = seen.row, seen.event
    if isinstance(event, Erased):
        return
    said: Any = event
    if isinstance(event, s.StaffRegistered):
        ref: object = event.staff_ref
        if not isinstance(ref, str):
            return
        rows.add(STAFF, (stored_row.stream_id, ref))
    if isinstance(event, s.StaffRegistered):
        said = replace(event, name=None)
    elif isinstance(event, s.StaffRenamed):
        return
    rows.add(
        SAID,
        (
            stored_row.stream_id,
            stored_row.version,
            type(event).__name__,
            msgspec.json.encode(said, order="sorted").decode(),
            stored_row.recorded_at,
        ),
    )


VIEW = View(
    name="case.staff",
    version=1,
    tables=(STAFF, SAID),
    apply=apply,
    streams=("staff",),
    types=stored(*_KINDS.values()),
)


def is_empty(connection: sa.Connection) -> bool:
    """Has nobody been registered? Then cases are handed out as if there were no directory."""
    return connection.execute(sa.select(STAFF.c.staff).limit(1)).first() is None


def members(
    connection: sa.Connection, on: date, *, known_at: datetime | None = None, team: str | None = None
) -> list[Member]:
    """Everybody as of a day, by what was recorded up to `known_at` (None: all), by reference; of one team or of all.

    Who has left is in it, `active` False; names are not.
    """
    query = _said(known_at)
    found = _folded(connection.execute(query), on)
    return sorted(
        (one for one in found if team is None or one.team == team), key=lambda one: (one.staff_ref, one.staff)
    )


def one(
    connection: sa.Connection, staff_ref: str, on: date, *, known_at: datetime | None = None
) -> Member | None:
    """Somebody as of a day, by the reference that cases are allocated by; None where the directory knows no such."""
    query = _said(known_at).where(STAFF.c.staff_ref == staff_ref)
    return next(iter(_folded(connection.execute(query), on)), None)


def teams(connection: sa.Connection, on: date, *, known_at: datetime | None = None) -> Mapping[str, str]:
    """Collector (as `CaseAllocated` names them) -> team as of a day; those who had left by then are not in it."""
    return {one.staff_ref: one.team for one in members(connection, on, known_at=known_at) if one.active}


def _said(known_at: datetime | None) -> sa.Select[Any]:
    query = (
        sa.select(SAID.c.staff, SAID.c.type, SAID.c.said)
        .join(STAFF, STAFF.c.staff == SAID.c.staff)
        .order_by(SAID.c.staff, SAID.c.version)
    )
    return query if known_at is None else query.where(SAID.c.recorded_at <= known_at)


def _folded(rows: Iterable[Any], on: date) -> Iterator[Member]:
    histories: dict[str, list[StaffEvent]] = {}
    for staff, kind, said in rows:
        histories.setdefault(staff, []).append(msgspec.json.decode(said, type=_KINDS[kind]))
    for staff, history in histories.items():
        found = member(staff, history, as_of=on)
        if found is not None:
            yield found
