"""A party as its own stream tells it: who it is and how it is or was reached. Folded when looked at, kept nowhere.

What was erased is None.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias, TypeVar

from services.case.domain.book.rows import MEDIA
from services.case.domain.facts.party import (
    ContactPointAdded,
    ContactPointEnded,
    IdentityCorrected,
    PartyRegistered,
)
from services.case.domain.privacy.masking import BY_FIELD

OF_WHO = ("NAME", "IDENTITY_NO", "BIRTH_ON")
FIELDS = (*OF_WHO, *MEDIA)
"""What can be revealed of a party."""
Revealed: TypeAlias = dict[str, list[str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A way to reach the party; in the book from `since`, no longer from `ended_on`. `value` None: erased."""

    point: str
    medium: str
    label: str
    source: str
    zone: str | None
    since: date
    value: str | None
    ended_on: date | None = None

    @property
    def masked(self) -> str | None:
        """What is shown of it by default."""
        return None if self.value is None else BY_FIELD[self.medium](self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySheet:
    """One party. `points` in the order in which they came, ended ones included."""

    party: str
    kind: str | None = None
    language: str | None = None
    identity_kind: str | None = None
    party_ref: str | None = None
    name: str | None = None
    identity_no: str | None = None
    birth_on: date | None = None
    points: dict[str, Point] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Is there anything of the person left to show?"""
        told = (self.party_ref, self.name, self.identity_no, self.birth_on)
        return any(value is not None for value in told) or any(one.value for one in self.points.values())

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it holds something of, in the order of FIELDS; a point that ended counts."""
        who = {"NAME": self.name, "IDENTITY_NO": self.identity_no, "BIRTH_ON": self.birth_on}
        held = {name for name, value in who.items() if value is not None}
        held |= {one.medium for one in self.points.values() if one.value is not None}
        return tuple(name for name in FIELDS if name in held)

    def masked(self, name: str) -> str | None:
        """What is shown by default of one of OF_WHO."""
        value = self._who(name)
        return None if value is None else BY_FIELD[name](value)

    def _who(self, name: str) -> str | None:
        match name:
            case "NAME":
                return self.name
            case "IDENTITY_NO":
                return self.identity_no
            case _:
                return None if self.birth_on is None else self.birth_on.isoformat()

    def revealed(self, fields: Iterable[str]) -> Revealed:
        """These fields in clear, as lists: of points those that still count, newest last."""
        found: Revealed = {}
        for name in fields:
            if name in OF_WHO:
                value = self._who(name)
                found[name] = [] if value is None else [value]
            else:
                found[name] = [
                    one.value
                    for one in self.points.values()
                    if one.medium == name and one.ended_on is None and one.value is not None
                ]
        return found


def fold(party: str, events: Iterable[Any]) -> PartySheet:
    """The party after these events of its stream, in order; what is erased or not about a party is passed over."""
    sheet = PartySheet(party=party)
    for event in events:
        match event:
            case PartyRegistered():
                sheet = replace(_told(sheet, event), party_ref=_kept(event.party_ref, str))
            case IdentityCorrected():
                sheet = _told(sheet, event)
            case ContactPointAdded():
                added = Point(
                    point=event.point, medium=event.medium, label=event.label, source=event.source,
                    zone=event.zone, since=event.on, value=_kept(event.value, str),
                )  # fmt: skip
                others = {ref: one for ref, one in sheet.points.items() if ref != event.point}
                sheet = replace(sheet, points={**others, event.point: added})
            case ContactPointEnded() if event.point in sheet.points:
                ended = replace(sheet.points[event.point], ended_on=event.on)
                sheet = replace(sheet, points={**sheet.points, event.point: ended})
            case _:
                pass
    return sheet


def _told(sheet: PartySheet, event: PartyRegistered | IdentityCorrected) -> PartySheet:
    return replace(
        sheet,
        kind=_kept(event.kind, str),
        language=_kept(event.language, str),
        identity_kind=_kept(event.identity_kind, str),
        name=_kept(event.name, str),
        identity_no=_kept(event.identity_no, str),
        birth_on=_kept(event.birth_on, date),
    )


def _kept(value: Any, kind: type[T]) -> T | None:
    """The value, None where it was erased or never there."""
    return value if isinstance(value, kind) else None
