"""How much of every cap is used, and how often somebody was contacted as the rules count it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from services.contact.domain.asked import Past, Question
from services.contact.domain.decide import begun, binding
from services.contact.domain.kinds.counting import CONTACTS, Cap
from services.contact.domain.moment import Moment, channel_of
from services.contact.domain.outcomes import counts_as
from services.contact.domain.pack import Pack

Kind = Literal["any", "connected", "conversation", "not_reached"]
KINDS: tuple[Kind, ...] = ("any", "connected", "conversation", "not_reached")
"""What rules count contacts as: three questions that have different answers, and all of them."""
SPANS = (1, 7)
"""Civil days, of which today is the last."""


@dataclass(frozen=True, slots=True)
class CapUse:
    """One cap on the proposed contact: so many of `limit` in `days` civil days are used, by the contacts `counted`.

    `of` names the channels and `scope` what the contacts share. What is used may exceed the limit: nobody's record of
    a contact is refused.
    """

    rule: str
    of: tuple[str, ...]
    scope: tuple[str, ...]
    days: int
    limit: int
    used: int
    counted: tuple[str, ...]

    @property
    def left(self) -> int:
        """How many more there may be."""
        return max(0, self.limit - self.used)


def caps(question: Question, packs: Sequence[Pack]) -> tuple[CapUse, ...]:
    """Every cap that binds the proposal, in the packs' order; of several debts or zones the fullest."""
    asked = begun(question, packs)
    return () if asked.moment is None else tuple(_uses(asked.packs, asked.moment))


def _uses(packs: Sequence[Pack], moment: Moment) -> Iterator[CapUse]:
    for rule, value in binding(packs, moment):
        if not isinstance(rule, Cap) or rule.warns_only:
            continue
        figures: Any = value
        # A cap that is asked with no room at all names everything that it counts.
        found = rule.check(replace(figures, limit=0), moment)
        if found is not None:
            yield CapUse(
                rule.id, rule.of, rule.scope, figures.days, figures.limit, len(found.counted), found.counted
            )


@dataclass(frozen=True, slots=True)
class Window:
    """How often the person was contacted by the channel in `days` civil days: in all, and at the point proposed.

    `kind` is what it counts as; the zone in which it was most often is told.
    """

    kind: Kind
    days: int
    person: int
    point: int | None


def windows(question: Question, packs: Sequence[Pack]) -> tuple[Window, ...]:
    """The counts of contacts of ours to the person by the proposed channel, as of the proposal's instant."""
    moment = begun(question, packs).moment
    if moment is None:
        return ()
    made = [one for one in moment.past if _ours(moment, one)]
    return tuple(_window(moment, made, kind, days) for days in SPANS for kind in KINDS)


def _ours(moment: Moment, one: Past) -> bool:
    return (
        one.ev in CONTACTS
        and one.direction == "out"
        and channel_of(one) == moment.proposal.channel
        and moment.whose(one) == moment.person
        and (moment.person, one.address or "") not in moment.disproved
        and not moment.released(one)
    )


def _window(moment: Moment, made: Sequence[Past], kind: Kind, days: int) -> Window:
    some = [one for one in made if one.ev != "call" or counts_as(kind, one.outcome)]
    if kind != "any" and some and some[0].ev != "call":
        some = []  # only a call is connected or not: other media are sent
    address = moment.proposal.address
    at_point = [one for one in some if one.address == address]
    return Window(
        kind, days, _most(moment, some, days), None if address is None else _most(moment, at_point, days)
    )


def _most(moment: Moment, made: Sequence[Past], days: int) -> int:
    return max((_within(moment, made, days, zone) for zone in moment.zones), default=0)


def _within(moment: Moment, made: Sequence[Past], days: int, zone: ZoneInfo) -> int:
    first = moment.today(zone) - timedelta(days=days)
    return sum(one.t.astimezone(zone).date() > first for one in made)
