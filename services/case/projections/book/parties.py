"""Which parties are in the book, and in which ways can each be reached? Nobody is named, no number or address shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain import events as e
from services.case.projections.book_pages import stored
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
PARTIES = sa.Table(
    "case_book_parties_v1",
    _META,
    sa.Column("party_id", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("registered_on", sa.Date, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("identity_kind", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("case_book_parties_v1_registered", "registered_on", "party_id"),
)
POINTS = sa.Table(
    "case_book_points_v1",
    _META,
    sa.Column("point_id", sa.Text, primary_key=True),
    sa.Column("party_id", sa.Text, nullable=False),
    sa.Column("medium", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("zone", sa.Text),
    sa.Column("since", sa.Date, nullable=False),
    sa.Index("case_book_points_v1_party", "party_id"),
)
PAGE_MAX = 500
PartySeen: TypeAlias = Recorded[e.PartyEvent | Erased]
TYPES = (e.PartyRegistered, e.IdentityCorrected, e.ContactPointAdded, e.ContactPointEnded)


class PartyRow(NamedTuple):
    """A row of the parties in the book."""

    party_id: str
    lane: int
    made_at: int
    registered_on: date
    kind: str
    language: str | None
    identity_kind: str | None
    version: int

    @property
    def cursor(self) -> tuple[date, str]:
        """Behind which the next page begins."""
        return self.registered_on, self.party_id


class PointRow(NamedTuple):
    """A way to reach a party, without the number or address."""

    point_id: str
    party_id: str
    medium: str
    label: str
    source: str
    zone: str | None
    since: date

    def as_json(self) -> dict[str, Any]:
        """How HTTP shows it."""
        return {
            "id": self.point_id,
            "medium": self.medium,
            "label": self.label,
            "source": self.source,
            "zone": self.zone,
            "since": self.since.isoformat(),
        }


def wants(seen: PartySeen) -> Iterable[tuple[str, str]]:
    """The party's row."""
    return ((PARTIES.name, seen.row.stream_id),)


def apply(seen: PartySeen, rows: Working) -> None:
    """One more word about a party; what was erased is not shown."""
    event, placed = seen.event, seen.row
    found = rows.get(PARTIES, placed.stream_id)
    party = PartyRow(*found) if found else None
    match event:
        case e.PartyRegistered():
            party = PartyRow(
                placed.stream_id, placed.lane, placed.position, event.on, event.kind, event.language,
                event.identity_kind, 0,
            )  # fmt: skip
        case e.IdentityCorrected() if party:
            party = party._replace(
                kind=event.kind, language=event.language, identity_kind=event.identity_kind
            )
        case e.ContactPointAdded():
            point = (
                event.point, placed.stream_id, event.medium, event.label, event.source, event.zone, event.on
            )  # fmt: skip
            rows.put(POINTS, event.point, point)
        case e.ContactPointEnded():
            rows.drop(POINTS, event.point)
        case _:
            pass
    if party:
        rows.put(PARTIES, placed.stream_id, party._replace(version=placed.version))


VIEW = View(
    name="case.book_parties",
    version=1,
    tables=(PARTIES, POINTS),
    apply=apply,
    wants=wants,
    streams=("party",),
    types=stored(*TYPES),
)


@dataclass(frozen=True, slots=True)
class PartyShown:
    """A party and its points."""

    party: PartyRow
    points: tuple[PointRow, ...]

    def as_json(self) -> dict[str, Any]:
        """How HTTP shows it."""
        row = self.party
        return {
            "id": row.party_id,
            "kind": row.kind,
            "language": row.language,
            "identity_kind": row.identity_kind,
            "registered_on": row.registered_on.isoformat(),
            "points": [point.as_json() for point in self.points],
            "version": row.version,
        }


def page(
    connection: sa.Connection,
    *,
    after: tuple[date, str] | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[PartyRow]:
    """Parties by (registered_on, party_id), those behind the cursor and made within the pin, at most PAGE_MAX."""
    query = sa.select(PARTIES)
    if after is not None:
        on, last = after
        later = (PARTIES.c.registered_on > on) | (PARTIES.c.party_id > last)
        query = query.where(PARTIES.c.registered_on >= on, later)
    query = query.where(*within(pin, lane=PARTIES.c.lane, position=PARTIES.c.made_at))
    query = query.order_by(PARTIES.c.registered_on, PARTIES.c.party_id).limit(min(limit, PAGE_MAX))
    return [PartyRow(*row) for row in connection.execute(query)]


def shown(connection: sa.Connection, parties: Iterable[PartyRow]) -> list[PartyShown]:
    """These parties with the ways to reach each."""
    rows = list(parties)
    points: dict[str, list[PointRow]] = {row.party_id: [] for row in rows}
    query = (
        sa.select(POINTS).where(POINTS.c.party_id.in_(list(points))).order_by(POINTS.c.medium, POINTS.c.label)
    )
    for found in connection.execute(query):
        point = PointRow(*found)
        points[point.party_id].append(point)
    return [PartyShown(row, tuple(points[row.party_id])) for row in rows]
