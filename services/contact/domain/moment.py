"""The history as one instant sees it, on the calendars of every zone the person may be in.

Dates are civil dates of a zone, never 24-hour spans: a day of 23 or 25 hours is one day. Where zones disagree each
rule asks for the strictest answer. The history is what is known; only the clock moves when a deferral is sought.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from services.contact.domain.asked import Past, Proposal, Question


@dataclass(frozen=True)
class Moment:
    """One instant of one question."""

    question: Question
    at: datetime
    zones: tuple[ZoneInfo, ...]
    past: tuple[Past, ...]
    """What had happened by the proposal's instant, oldest first; of one instant in the order of their names."""

    def moved(self, at: datetime) -> "Moment":
        """The same question at another instant."""
        return replace(self, at=at)

    @property
    def proposal(self) -> Proposal:
        """The contact that is proposed."""
        return self.question.proposal

    @property
    def person(self) -> str:
        """Who would be contacted."""
        return self.question.person

    def today(self, zone: ZoneInfo) -> date:
        """The civil date there."""
        return self.at.astimezone(zone).date()

    def clock(self, zone: ZoneInfo) -> time:
        """The time of day there."""
        return self.at.astimezone(zone).time()

    @cached_property
    def disproved(self) -> frozenset[tuple[str, str]]:
        """(person, address) pairs that were found not to belong together; true for all the past once known.

        12 CFR 1006 Supp. I cmt 14(b)(2)(i)-3.
        """
        found = (one for one in self.past if one.ev == "number_disproved" and one.address)
        return frozenset((self.whose(one), one.address or "") for one in found)

    def whose(self, one: Past) -> str:
        """The person an event is about."""
        return one.person or self.question.debtor.id

    def of(self, *kinds: str, person: str | None = None) -> Iterator[Past]:
        """Events of these kinds about a person (None: the one to be contacted), oldest first."""
        wanted = self.person if person is None else person
        return (one for one in self.past if one.ev in kinds and self.whose(one) == wanted)

    def groups(self, debts: tuple[str, ...]) -> frozenset[str]:
        """The debts as they count: those of one group are one."""
        grouped = self.question.debtor.debt_group
        return frozenset(grouped.get(debt, debt) for debt in debts)

    def touches(self, one: Past, debts: frozenset[str]) -> bool:
        """Is the event about one of these (grouped) debts? One that names none is about all."""
        return not one.debts or bool(self.groups(one.debts) & debts)

    def same_creditor(self, one: Past) -> bool:
        """Does it count for the creditor who asks? What names no creditor counts for every one."""
        return one.creditor is None or self.proposal.creditor in (None, one.creditor)

    def released(self, one: Past) -> bool:
        """Was it a permit's place in a cap, which is free again by now?"""
        return one.until is not None and self.at >= one.until

    def reply_is_free(self, channel: str) -> bool:
        """May the person's last message still be answered, once and by the same medium?

        12 CFR 1006 Supp. I cmt 6(b)(1)-2 and 6(b)(2)-1; 1006.14(h)(2)(ii).
        """
        if not self.proposal.reply:
            return False
        last: Past | None = None
        for one in self.of(*MEDIUM.get(channel, (channel,))):
            if not self.released(one):
                last = one
        return last is not None and last.direction == "in"


def begin(question: Question, zones: tuple[ZoneInfo, ...]) -> Moment:
    """The instant of the proposal, with what had happened by then."""
    at = question.proposal.at
    past = sorted((one for one in question.history if one.t <= at), key=lambda one: (one.t, one.ev, one.ref))
    return Moment(question, at, zones, tuple(past))


MEDIUM = {
    "voice": ("call",),
    "ringless_voicemail": ("call",),
    "sms": ("sms",),
    "email": ("email",),
    "letter": ("letter",),
    "visit": ("visit",),
    "im": ("im",),
}
"""The events by which a channel shows in the history."""


def channel_of(one: Past) -> str:
    """The channel of a contact in the history."""
    if one.channel:
        return one.channel
    return "voice" if one.ev == "call" else one.ev
