"""What a party's stream says of it, and what a delivery changes about it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from services.case.domain import events as e
from services.case.domain.book.reasons import FORGOTTEN, OUT_OF_ORDER, ROW, UNKNOWN_PARTY, RowRefused
from services.case.domain.book.rows import BookTerms, PartyRow, PointRow

REPLACED, DROPPED = "REPLACED", "DROPPED"
PointName: TypeAlias = Callable[[PointRow], str]
"""The id of a point: derived from party, medium, label and value, so that it says nothing."""


class Point(NamedTuple):
    """A way to reach the party as the book has it."""

    point: str
    source: str
    zone: str | None


@dataclass(slots=True)
class PartyRecord:
    """A party as its stream has it. `forgotten`: what pointed to the person was erased, and must not come back.

    `latest` is the newest day anything was said as of; `points` are those in the book, by medium and label.
    """

    identity: tuple[Any, ...] | None = None
    revision: int = 0
    latest: date = date.min
    points: dict[tuple[str, str], Point] = field(default_factory=dict)
    forgotten: bool = False

    def take(self, event: e.PartyEvent) -> None:
        """One more event."""
        self.latest = max(self.latest, event.on)
        match event:
            case e.PartyRegistered() | e.IdentityCorrected():
                self.identity = _identity(event)
                self.forgotten = self.forgotten or not isinstance(event.name, str)
                self.revision = event.revision if isinstance(event, e.IdentityCorrected) else 0
            case e.ContactPointAdded():
                self.forgotten = self.forgotten or not isinstance(event.value, str)
                self.points[event.medium, event.label] = Point(event.point, event.source, event.zone)
            case e.ContactPointEnded():
                gone = [key for key, one in self.points.items() if one.point == event.point]
                for key in gone:
                    del self.points[key]


def fold_party(events: Iterable[e.PartyEvent]) -> PartyRecord:
    """The party that these events make; one without identity is not in the book."""
    record = PartyRecord()
    for event in events:
        record.take(event)
    return record


def _identity(said: e.PartyRegistered | e.IdentityCorrected | PartyRow) -> tuple[Any, ...]:
    return said.kind, said.name, said.identity_kind, said.identity_no, said.birth_on, said.language


@dataclass(slots=True)
class PartyChange:
    """What a delivery adds to a party's stream, and the rows that are not taken in.

    `changed` counts rows that said something new.
    """

    events: list[e.PartyEvent] = field(default_factory=list)
    refused: list[RowRefused] = field(default_factory=list)
    changed: int = 0


def party_change(
    known: PartyRecord,
    rows: Sequence[PartyRow | PointRow],
    terms: BookTerms,
    *,
    broken: Collection[str],
    name: PointName,
) -> PartyChange:
    """The events by which the record becomes what the rows say; none where they say nothing new.

    `broken`: entities of which a row of this party could not be read, so that nothing of them counts as missing.
    """
    change = PartyChange()
    if known.forgotten:
        change.refused = [RowRefused(row, FORGOTTEN, ROW) for row in rows]
        return change
    late = terms.as_of < known.latest
    registered = known.identity is not None
    for row in rows:
        if isinstance(row, PartyRow):
            said = _party(known, row, terms.as_of)
            registered = True
        elif registered:
            said = _point(known, row, terms.as_of, name)
        else:
            change.refused.append(RowRefused(row, UNKNOWN_PARTY, "party_ref"))
            continue
        if said and late:
            change.refused.append(RowRefused(row, OUT_OF_ORDER, ROW))
        else:
            change.events += said
            change.changed += bool(said)
    if terms.full and not late and "points" not in broken and "points" in terms.entities:
        named = {(row.medium, row.label) for row in rows if isinstance(row, PointRow)}
        gone = [one for key, one in known.points.items() if key not in named]
        change.events += [
            e.ContactPointEnded(point=one.point, reason=DROPPED, on=terms.as_of) for one in gone
        ]
    return change


def _party(known: PartyRecord, row: PartyRow, on: date) -> list[e.PartyEvent]:
    if known.identity == _identity(row):
        return []
    if known.identity is None:
        return [
            e.PartyRegistered(
                kind=row.kind, on=on, language=row.language, identity_kind=row.identity_kind,
                party_ref=row.party_ref, name=row.name, identity_no=row.identity_no, birth_on=row.birth_on,
            )
        ]  # fmt: skip
    return [
        e.IdentityCorrected(
            kind=row.kind, on=on, revision=known.revision + 1, language=row.language, name=row.name,
            identity_kind=row.identity_kind, identity_no=row.identity_no, birth_on=row.birth_on,
        )
    ]  # fmt: skip


def _point(known: PartyRecord, row: PointRow, on: date, name: PointName) -> list[e.PartyEvent]:
    before = known.points.get((row.medium, row.label))
    if row.dropped:
        return [e.ContactPointEnded(point=before.point, reason=DROPPED, on=on)] if before else []
    now = Point(name(row), row.source, row.zone)
    if now == before:
        return []
    ended = [e.ContactPointEnded(point=before.point, reason=REPLACED, on=on)] if before else []
    added = e.ContactPointAdded(
        point=now.point, medium=row.medium, label=row.label, source=row.source, zone=row.zone, on=on,
        value=row.value,
    )  # fmt: skip
    return [*ended, added]
