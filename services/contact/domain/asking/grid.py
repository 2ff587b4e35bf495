"""When is a contact open over the next days? The instants at which that may change, and what stands between them.

By what is known now: a contact that is made tomorrow changes the days after it, and no grid can know.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from services.contact.domain.asked import Question
from services.contact.domain.decide import Begun, begun, binding
from services.contact.domain.kinds.hours import Hours, instant_of
from services.contact.domain.kinds.procedure import Fresh
from services.contact.domain.moment import Moment
from services.contact.domain.pack import Pack
from services.contact.domain.verdict import Finding

DAYS = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """From `from_` up to and not including `until` the same stands against the contact; nothing: it is open."""

    from_: datetime
    until: datetime
    findings: tuple[Finding, ...]

    @property
    def open(self) -> bool:
        """May the contact be made?"""
        return not self.findings

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that stand against it."""
        return tuple(dict.fromkeys(found.rule for found in self.findings))


def grid(question: Question, packs: Sequence[Pack], *, days: int = DAYS) -> tuple[Slot, ...]:
    """The slots from the proposal's instant on, without a gap, over `days` times 24 hours."""
    asked, at = begun(question, packs), question.proposal.at
    end = at + timedelta(days=days)
    if asked.moment is None:
        return (Slot(at, end, asked.failing(at)),)
    return tuple(_slots(asked, asked.moment, end))


def next_open(slots: Sequence[Slot]) -> Slot | None:
    """The first slot in which the contact may be made, None where none of them is."""
    return next((slot for slot in slots if slot.open), None)


def _slots(asked: Begun, moment: Moment, end: datetime) -> Iterator[Slot]:
    """Neighbours against which the same rules stand are one slot, with what its first instant counts."""
    slot: Slot | None = None
    turns = sorted({moment.at} | {at for at in _turns(asked, moment, end) if moment.at < at < end})
    for at in turns:
        found = Slot(at, end, asked.failing(at))
        if slot is not None and slot.rules == found.rules:
            continue
        if slot is not None:
            yield Slot(slot.from_, at, slot.findings)
        slot = found
    assert slot is not None, "the first instant is a turn"
    yield slot


def _turns(asked: Begun, moment: Moment, end: datetime) -> Iterator[datetime]:
    """Every instant at which a rule may begin or cease to stand against the contact."""
    rules = list(binding(asked.packs, moment))
    hours = [value for _, value in rules if isinstance(value, Hours)]
    said = list(moment.of("inconvenient"))
    clocks: set[time] = {time.min} | {value.open for value in hours} | {value.close for value in hours}
    clocks |= {one.from_ for one in said if one.from_} | {one.to for one in said if one.to}
    for zone in moment.zones:
        day = moment.today(zone)
        while (midnight := instant_of(day, time.min, zone)) < end:
            yield midnight
            yield from (instant_of(day, clock, zone) for clock in clocks)
            day += timedelta(days=1)
    yield from (one.until for one in moment.past if one.until is not None)
    for fresh in (value.days for _, value in rules if isinstance(value, Fresh)):
        # On the last instant it is still fresh.
        yield from (one.t + timedelta(days=fresh, microseconds=1) for one in moment.past)
