"""Rules that count contacts: caps in a window, days of rest after a conversation, one contact for ever."""

from datetime import timedelta
from typing import Any, Literal

from services.contact.domain.asked import Past
from services.contact.domain.consent import covers
from services.contact.domain.kinds.rule import From, Rule
from services.contact.domain.moment import Moment, channel_of
from services.contact.domain.outcomes import RESERVED, counts_as
from services.contact.domain.verdict import Finding

CONTACTS = ("call", "sms", "email", "im", "letter", "visit")
"""The events that are contacts."""
Scope = Literal["person", "debt", "address", "creditor"]


class Limit(From, frozen=True, kw_only=True):
    """At most `limit` in `days` consecutive civil days, of which today is the last."""

    limit: int
    days: int = 1


class Cap(Rule, frozen=True, kw_only=True, tag="cap"):
    """So many contacts and no more. `counts`: which; `of`: events of these channels; `scope`: what they share.

    A debt in the scope is counted for each debt of the proposal on its own; debts of one group are one. Calls under
    prior consent (`consent_days`) and to an address later disproved do not count where the rule says so.
    """

    value: tuple[Limit, ...]
    of: tuple[str, ...]
    counts: Literal["connected", "conversation", "not_reached", "any"] = "any"
    scope: tuple[Scope, ...] = ("person",)
    consent_days: int = 0
    unless: str | None = None

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails when the limit is used up for any debt, in any zone."""
        if self.unless is not None and moment.proposal.exception == self.unless:
            return None
        return counted_out(self, value, moment)


def counted_out(rule: Cap, value: Limit, moment: Moment) -> Finding | None:
    """The finding of a cap, with what it counted; None while there is room."""
    worst: list[Past] = []
    since = moment.at - timedelta(days=value.days + 1)  # in no zone is an older one within the days
    recent = [one for one in moment.past if one.t > since and one.ev in CONTACTS]
    groups = sorted(moment.groups(moment.proposal.debts)) if "debt" in rule.scope else [None]
    for debt in groups or [None]:
        debts = frozenset() if debt is None else frozenset({debt})
        for zone in moment.zones:
            if rule.consent_days and covers(moment, moment.at, debts, zone, days=rule.consent_days):
                continue
            found = [one for one in recent if _counts(rule, value, moment, one, debts, zone)]
            worst = max(worst, found, key=len)
    if len(worst) < value.limit:
        return None
    return rule.fails(
        waits=True, counted=tuple(one.ref for one in worst), observed=len(worst), limit=value.limit
    )


def _counts(rule: Cap, value: Limit, moment: Moment, one: Past, debts: frozenset[str], zone: Any) -> bool:
    if one.direction != "out" or moment.released(one):
        return False
    if channel_of(one) not in rule.of:
        return False
    if one.ev == "call" and not counts_as(rule.counts, one.outcome):
        return False
    if not _shares(rule, moment, one, debts):
        return False
    on = one.t.astimezone(zone).date()
    if on <= moment.today(zone) - timedelta(days=value.days):
        return False
    return not (rule.consent_days and covers(moment, one.t, debts, zone, days=rule.consent_days))


def _shares(rule: Cap, moment: Moment, one: Past, debts: frozenset[str]) -> bool:
    if "address" in rule.scope and one.address != moment.proposal.address:
        return False
    if "person" in rule.scope:
        whose = moment.whose(one)
        if whose != moment.person or (whose, one.address or "") in moment.disproved:
            return False
    if "creditor" in rule.scope and not moment.same_creditor(one):
        return False
    return "debt" not in rule.scope or not debts or moment.touches(one, debts)


class Rest(From, frozen=True, kw_only=True):
    """No call for `days` consecutive civil days, the day of the conversation being the first."""

    days: int


class Cooldown(Rule, frozen=True, kw_only=True, tag="cooldown"):
    """After a conversation about a debt, whoever began it, no call about that debt for a while.

    12 CFR 1006.14(b)(2)(i)(B): the date of the conversation is the first day. Prior consent lifts it.
    """

    value: tuple[Rest, ...]
    consent_days: int = 0

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails while the days run, for any debt, in any zone."""
        asked = moment.groups(moment.proposal.debts)
        counted = []
        for one in moment.of("call"):
            if one.outcome != "conversation" or (moment.person, one.address or "") in moment.disproved:
                continue
            about = moment.groups(one.debts if one.discussed is None else one.discussed)
            debts = asked & about if about and asked else asked | about
            if not debts:
                continue
            if any(self._runs(value, moment, one, debts, zone) for zone in moment.zones):
                counted.append(one.ref)
        return self.fails(waits=True, counted=tuple(counted), limit=value.days) if counted else None

    def _runs(self, value: Rest, moment: Moment, one: Past, debts: frozenset[str], zone: Any) -> bool:
        on = one.t.astimezone(zone).date()
        if moment.today(zone) >= on + timedelta(days=value.days):
            return False
        return not (self.consent_days and covers(moment, moment.at, debts, zone, days=self.consent_days))


class OncePerPerson(Rule, frozen=True, kw_only=True, tag="once_per_person"):
    """A person is asked once for this purpose, unless they wished otherwise or their answer is believed wrong.

    12 CFR 1006.10(c). A call that nobody answered was no communication.
    """

    value: tuple[From, ...]
    purposes: tuple[str, ...]
    exceptions: tuple[str, ...] = ()

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good once the person was spoken or written to."""
        asked = moment.proposal
        if asked.purpose not in self.purposes or asked.exception in self.exceptions:
            return None
        done = [
            one
            for one in moment.of(*CONTACTS)
            if one.direction == "out"
            and (one.ev != "call" or one.outcome in _SPOKEN)
            and not moment.released(one)
        ]
        return (
            self.fails(waits=False, counted=tuple(one.ref for one in done), observed=len(done))
            if done
            else None
        )


_SPOKEN = ("conversation", "conversation_third_party", RESERVED)


class AdviseCross(Cap, frozen=True, kw_only=True, tag="advise_cross"):
    """A warning, not a ban: the contacts that a cap counts are used up, and another medium is tried."""

    warns_only = True


class AdvisePace(Rule, frozen=True, kw_only=True, tag="advise_cap"):
    """A warning, not a ban: contacts in rapid succession, or many on one day."""

    value: tuple["Pace", ...]
    of: tuple[str, ...]

    warns_only = True

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Warns within `minutes` of the last, and from the `per_day`-th of the day on."""
        placed = [
            one
            for one in moment.of("call", "sms", "email")
            if one.direction == "out" and channel_of(one) in self.of
        ]
        soon = [one for one in placed if moment.at - one.t < timedelta(minutes=value.minutes)]
        for zone in moment.zones:
            today = [one for one in placed if one.t.astimezone(zone).date() == moment.today(zone)]
            if soon or len(today) + 1 >= value.per_day:
                counted = tuple(one.ref for one in today or soon)
                return self.fails(waits=True, counted=counted, observed=len(today), limit=value.per_day)
        return None


class Pace(From, frozen=True, kw_only=True):
    """Warn within `minutes` of the last, and from the `per_day`-th of a day on."""

    minutes: int
    per_day: int
