"""Who looked at whose personal data, when and for what? One row for each read, search and refusal on record.

`staff` is the technical name the issuer gave the person, or the client where it acted for itself; `party` and
`case_id` are stream ids. Nothing here says who the party is. What was erased keeps its row, without whom it was about.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from services.case.domain.events import (
    AccessEvent,
    AccessLogRead,
    PersonalDataRefused,
    PersonalDataRevealed,
    PersonalDataSearched,
    PersonalDataShown,
)
from services.case.projections.book_pages import stored
from shared.eventstore.projection.columns import Id, Instant
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.messaging.published import instant

_META = sa.MetaData()
ACCESS = sa.Table(
    "case_access_v1",
    _META,
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("event_id", Id, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("staff", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("party", sa.Text),
    sa.Column("case_id", sa.Text),
    sa.Column("purpose", sa.Text),
    sa.Column("fields", sa.Text),
    sa.Column("told", sa.Text),
    sa.Index("case_access_v1_when", "recorded_at", "lane", "position"),
    sa.Index("case_access_v1_staff", "staff", "recorded_at"),
    sa.Index("case_access_v1_party", "party", "recorded_at"),
    sa.Index("case_access_v1_case", "case_id", "recorded_at"),
)
PAGE_MAX = 500
SEARCHED, SHOWN, REVEALED, REFUSED, LOG_READ = "SEARCHED", "SHOWN", "REVEALED", "REFUSED", "LOG_READ"
_KINDS: dict[type, str] = {
    PersonalDataSearched: SEARCHED,
    PersonalDataShown: SHOWN,
    PersonalDataRevealed: REVEALED,
    PersonalDataRefused: REFUSED,
    AccessLogRead: LOG_READ,
}
WHAT = tuple(_KINDS.values())
_BY_TYPE = {f"case.{kind.__name__}": what for kind, what in _KINDS.items()}

AccessSeen: TypeAlias = Recorded[AccessEvent | Erased]


class AccessRow(NamedTuple):
    """One look. `fields` are codes; `told`: what a search went by, on which way data was shown, what was refused."""

    lane: int
    position: int
    event_id: UUID
    recorded_at: datetime
    what: str
    staff: str
    actor: str
    party: str | None
    case_id: str | None
    purpose: str | None
    fields: str | None
    told: str | None

    @property
    def cursor(self) -> tuple[datetime, int, int]:
        """What `looks(after=…)` takes to go on behind this row."""
        return self.recorded_at, self.lane, self.position

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": str(self.event_id),
            "at": instant(self.recorded_at),
            "what": self.what,
            "staff": self.staff,
            "actor": self.actor,
            "party": self.party,
            "case": self.case_id,
            "purpose": self.purpose,
            "fields": self.fields.split() if self.fields else [],
            "told": self.told,
        }


def staff_of(actor: str) -> str:
    """The person in an actor's name (`console/5b0e`), or the client that acted for itself."""
    return actor.rpartition("/")[2]


def apply(seen: AccessSeen, rows: Working) -> None:
    """One look, one row."""
    stored_row = seen.row
    about: tuple[str | None, ...] = (None,) * 5
    match seen.event:
        case PersonalDataSearched() as it:
            about = (None, None, it.purpose, None, it.kind)
        case PersonalDataShown() as it:
            about = (it.party, it.case, it.purpose, " ".join(it.fields), it.way)
        case PersonalDataRevealed() as it:
            about = (it.party, it.case, it.purpose, " ".join(it.fields), None)
        case PersonalDataRefused() as it:
            about = (it.party, None, it.purpose, None, it.what)
        case AccessLogRead() as it:
            about = (it.party, it.case, it.purpose, None, None)
        case _:
            pass
    rows.add(
        ACCESS,
        (
            stored_row.lane, stored_row.position, stored_row.event_id, stored_row.recorded_at,
            _BY_TYPE[stored_row.type], staff_of(stored_row.actor), stored_row.actor, *about,
        ),
    )  # fmt: skip


VIEW = View(
    name="case.access",
    version=1,
    tables=(ACCESS,),
    apply=apply,
    streams=("access",),
    types=stored(*_KINDS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessFilter:
    """Which looks; every bound that is given must hold. Ranges begin with `from_` and end before `until`.

    `parties`: those at any of these, or in the case, where `case` is given as well.
    """

    staff: str | None = None
    parties: tuple[str, ...] | None = None
    case: str | None = None
    purpose: str | None = None
    from_: datetime | None = None
    until: datetime | None = None


def looks(
    connection: sa.Connection,
    which: AccessFilter,
    *,
    after: tuple[datetime, int, int] | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[AccessRow]:
    """Looks in the order of recording, those after the cursor and within the pin, at most PAGE_MAX."""
    columns = ACCESS.c
    query = sa.select(ACCESS).where(*_conditions(which))
    query = query.where(*within(pin, lane=columns.lane, position=columns.position))
    if after is not None:
        when, lane, position = after
        same = (columns.lane > lane) | ((columns.lane == lane) & (columns.position > position))
        later = (columns.recorded_at > when) | ((columns.recorded_at == when) & same)
        query = query.where(columns.recorded_at >= when, later)
    query = query.order_by(columns.recorded_at, columns.lane, columns.position).limit(min(limit, PAGE_MAX))
    return [AccessRow(*row) for row in connection.execute(query)]


def _conditions(which: AccessFilter) -> list[sa.ColumnElement[bool]]:
    columns = ACCESS.c
    wanted: list[sa.ColumnElement[bool]] = []
    about: list[sa.ColumnElement[bool]] = []
    if which.parties is not None:
        about.append(columns.party.in_(which.parties))
    if which.case is not None:
        about.append(columns.case_id == which.case)
    if about:
        wanted.append(sa.or_(*about))
    if which.staff is not None:
        wanted.append(columns.staff == which.staff)
    if which.purpose is not None:
        wanted.append(columns.purpose == which.purpose)
    if which.from_ is not None:
        wanted.append(columns.recorded_at >= which.from_)
    if which.until is not None:
        wanted.append(columns.recorded_at < which.until)
    return wanted
