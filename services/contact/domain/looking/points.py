"""The ways to reach the debtor and others, those no longer used included; and seeing one of them in clear."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.contact.domain.derived import misdirected
from services.contact.domain.events import ContactEvent
from services.contact.domain.facts.looking import PointRevealed
from services.contact.domain.facts.subject import PointEnded, PointRecorded, ReassignmentChecked
from services.contact.domain.history import Lookback
from services.contact.domain.pack import Pack
from services.contact.domain.subject import Person, Subject
from shared.kernel.privacy import masking
from shared.kernel.privacy.purposes import require_purpose
from shared.kernel.refusal import Refused

BY_MEDIUM: Mapping[str, Callable[[str], str]] = {
    "phone": masking.phone,
    "email": masking.email,
    "post": masking.address,
    "im": masking.other,
}
"""How a value of each medium is masked."""


class PointForgotten(Refused):
    """The number or address was erased with the rest of what was known of the person: there is nothing to show."""

    code = "point-forgotten"
    title_en = "The number or address was erased"
    title_zh = "该联系方式已被清除"


class PointUnknown(LookupError):
    """No such number or address was recorded of the debtor or anybody about them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A way to reach a person, as it was recorded last (`since`). `value` None: erased.

    `ended_at`: no longer used from then on. `misdirected_at`: since when we know that it is somebody else's.
    """

    point: str
    person: Person
    role: str | None
    medium: str
    zone: str | None
    source: str
    workplace: bool
    since: datetime
    ended_at: datetime | None
    ended_reason: str | None
    misdirected_at: datetime | None
    checked_at: datetime | None
    value: str | None

    @property
    def masked(self) -> str | None:
        """What is shown of it by default."""
        return None if self.value is None else BY_MEDIUM[self.medium](self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealPoint:
    """Somebody of ours (`by`) wants to see it in clear, for a `purpose`, until `until` (exclusive)."""

    point: str
    purpose: str
    until: datetime
    by: str


def act(
    known: Subject, command: RevealPoint, packs: Sequence[Pack], now: datetime
) -> tuple[ContactEvent, ...]:
    """The look. Raises PurposeUnknown, PointUnknown, PointForgotten."""
    require_purpose(command.purpose)
    shown = readable(known, command.point, now=now)
    said = PointRevealed(
        at=now, point=shown.point, person=shown.person, purpose=command.purpose, until=command.until, by=command.by
    )  # fmt: skip
    return (said,)


def readable(known: Subject, point: str, *, now: datetime) -> Point:
    """Whose number it was last recorded to be, of those who were not forgotten. Raises PointUnknown, PointForgotten."""
    held = [one for one in points(known, now=now) if one.point == point]
    if not held:
        raise PointUnknown
    left = [one for one in held if one.value is not None]
    if not left:
        raise PointForgotten
    return left[-1]


def points(known: Subject, *, now: datetime) -> tuple[Point, ...]:
    """Every way to reach the debtor (`person` None) or another, in the order in which they were recorded last.

    The same number of two persons is there twice. What was recorded again after it had ended is in use again.
    """
    recorded: dict[tuple[Person, str], tuple[int, PointRecorded]] = {}
    for number, event in known.of(PointRecorded):
        recorded.pop((event.person, event.point), None)
        recorded[event.person, event.point] = number, event
    ended = {(one.person, one.point): (number, one) for number, one in known.of(PointEnded)}
    checked = {(one.person, one.point): one.at for _, one in known.of(ReassignmentChecked)}
    wrong, lookback = misdirected(known), Lookback(known)
    found = []
    for key, (number, event) in recorded.items():
        last, end = ended.get(key, (0, None))
        over = end if last > number else None
        value: object = event.value
        found.append(
            Point(
                point=event.point, person=event.person, role=lookback.role_at(event.person, now),
                medium=event.medium, zone=event.zone, source=event.source, workplace=event.workplace,
                since=event.at, ended_at=None if over is None else over.at,
                ended_reason=None if over is None else over.reason, misdirected_at=wrong.get(key),
                checked_at=checked.get(key), value=value if isinstance(value, str) else None,
            )
        )  # fmt: skip
    return tuple(found)
