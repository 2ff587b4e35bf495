"""A matter as its stream has it: what was told of it, by kind, with what was retracted left out.

A pure fold: state is the facts themselves, and whatever is asked of a matter is read off them (`tracks`, `parties`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from services.legal.domain.events import STEPS
from services.legal.domain.facts import matter as m

E = TypeVar("E")
_NAMED_BY: dict[type, str] = {
    m.PartyNamed: "party",
    m.ClaimStated: "debt",
    m.FeasibilityAssessed: "assessment",
    m.PlacedWithFirm: "placement",
    m.DocumentFiled: "document",
    m.MatterCostBooked: "cost",
    m.OverrideGiven: "override",
}
"""What a later word about the same thing replaces."""
_STEPS = frozenset(STEPS)


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything recorded of a matter, oldest first; `version` is its stream's, 0: it was never opened.

    `standing` leaves out retracted steps and what a later word replaced. `erased`: how many facts were forgotten.
    """

    version: int = 0
    standing: tuple[Any, ...] = ()
    told: tuple[m.MatterTold, ...] = ()
    retracted: frozenset[str] = field(default_factory=frozenset)
    erased: int = 0

    @property
    def opened(self) -> m.MatterOpened | None:
        """How it began; None: there is no such matter."""
        return self.first(m.MatterOpened)

    @property
    def closed(self) -> m.MatterClosed | None:
        """How it ended, unless it was reopened since."""
        last = next((one for one in reversed(self.standing) if isinstance(one, _ENDS)), None)
        return last if isinstance(last, m.MatterClosed) else None

    def all(self, kind: type[E]) -> Iterator[E]:
        """What stands of one type, oldest first."""
        return (one for one in self.standing if isinstance(one, kind))

    def first(self, kind: type[E]) -> E | None:
        """The oldest of one type."""
        return next(self.all(kind), None)

    def last(self, kind: type[E]) -> E | None:
        """The newest of one type."""
        return next((one for one in reversed(self.standing) if isinstance(one, kind)), None)

    def steps(self, track: str) -> tuple[Any, ...]:
        """The steps of a track that stand, oldest first."""
        return tuple(one for one in self.standing if type(one) in _STEPS and one.track == track)

    @property
    def tracks(self) -> tuple[str, ...]:
        """Every track, letters among them, in the order in which they began."""
        return tuple(dict.fromkeys(one.track for one in self.standing if type(one) in _STEPS))


_ENDS = (m.MatterClosed, m.MatterReopened)


def evolve(matter: Matter, event: Any) -> Matter:
    """The matter after one more event."""
    version = matter.version + 1
    if isinstance(event, m.MatterTold):
        return replace(matter, version=version, told=(*matter.told, event))
    if isinstance(event, m.StepRetracted):
        kept = tuple(one for one in matter.standing if getattr(one, "step", None) != event.step)
        return replace(
            matter, version=version, standing=(*kept, event), retracted=matter.retracted | {event.step}
        )
    named = _NAMED_BY.get(type(event))
    kept = matter.standing
    if named is not None:
        name = getattr(event, named)
        kept = tuple(one for one in kept if type(one) is not type(event) or getattr(one, named) != name)
    return replace(matter, version=version, standing=(*kept, event))


def skipped(matter: Matter) -> Matter:
    """The matter after an event whose facts were erased: it counts, and says nothing."""
    return replace(matter, version=matter.version + 1, erased=matter.erased + 1)


def fold_matter(events: Iterable[Any], *, begin: Matter | None = None) -> Matter:
    """The matter that these events make."""
    found = begin or Matter()
    for event in events:
        found = evolve(found, event)
    return found
