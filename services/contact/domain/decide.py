"""The decision: may this contact be made now, and if not, which rules stand against it and until when?

A pure function of the question and the packs. All packs that apply are asked and every rule of them; any failing rule
refuses. A deferral names the earliest instant at which every rule passes, found by asking all of them again at each
instant at which something may open: a cap can end inside closed hours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.contact.domain.asked import Question
from services.contact.domain.kinds.hours import AllowedHours, closings, openings
from services.contact.domain.kinds.rule import ANY, From, in_force
from services.contact.domain.moment import Moment, begin
from services.contact.domain.pack import AnyRule, Pack
from services.contact.domain.verdict import ALLOW, DEFER, DENY, Decision, Finding, PackUsed

PERMIT_SPAN = timedelta(minutes=5)
"""How long an allowance holds at most; never past the closing of a window."""
PACK_MISSING, ZONE_UNKNOWN, ZONE_EMPTY = "PACK-MISSING", "ZONE-UNKNOWN", "ZONE-EMPTY"
"""Technical refusals: no pack for a place, a zone that is not in the database, no hour open in every zone."""

Binding = tuple[AnyRule, From]


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A question with the packs that apply to it, to be asked at any instant.

    `refusal`: what forbids the contact before any rule is asked; there is a `moment` where there is none.
    """

    packs: tuple[Pack, ...]
    zones: tuple[str, ...] = ()
    moment: Moment | None = None
    refusal: Finding | None = None

    def failing(self, at: datetime) -> tuple[Finding, ...]:
        """Everything that stands against it at an instant, by what is known now."""
        if self.moment is None:
            return () if self.refusal is None else (self.refusal,)
        moment = self.moment.moved(at)
        return tuple(_failing(list(binding(self.packs, moment)), moment))


def begun(question: Question, packs: Sequence[Pack]) -> Begun:
    """The question as it can be asked of the packs that apply to it."""
    missing = [place for place in question.debtor.jurisdictions if not _for_place(place, packs)]
    if missing or not question.debtor.jurisdictions:
        return Begun(packs=(), refusal=Finding(PACK_MISSING, waits=False))
    used = tuple(pack for pack in packs if _applies(pack, question))
    named = tuple(question.debtor.zones or ()) or _all_zones(packs, question)
    zones = _zones(named)
    if zones is None:
        return Begun(packs=used, zones=named, refusal=Finding(ZONE_UNKNOWN, waits=False))
    return Begun(packs=used, zones=named, moment=begin(question, zones))


def decide(question: Question, packs: Sequence[Pack]) -> Decision:
    """The decision at the proposal's instant. `question.history` is what is known (Question.as_known)."""
    asked = begun(question, packs)
    used, named, moment = asked.packs, asked.zones, asked.moment
    taking_part = tuple(PackUsed(p.pack.id, p.pack.version, p.hash, p.provisional) for p in used)
    if moment is None:
        return Decision(
            outcome=DENY, findings=asked.failing(question.proposal.at), packs=taking_part, zones=named
        )
    rules = list(binding(used, moment))
    failing = list(_failing(rules, moment))
    warnings = _warnings(rules, moment)
    if not failing:
        return Decision(
            outcome=ALLOW,
            warnings=warnings,
            obligations=_obligations(rules),
            valid_until=_valid_until(used, moment),
            packs=taking_part,
            zones=named,
        )
    until = _until(used, moment) if all(found.waits for found in failing) else None
    if until is None and all(found.waits for found in failing) and _never_open(rules, moment):
        failing.append(Finding(ZONE_EMPTY, waits=False))
    return Decision(
        outcome=DENY if until is None else DEFER,
        findings=tuple(failing),
        warnings=warnings,
        until=until,
        packs=taking_part,
        zones=named,
    )


def _for_place(place: str, packs: Sequence[Pack]) -> bool:
    return any(place in pack.pack.applies.debtor_in for pack in packs)


def _applies(pack: Pack, question: Question) -> bool:
    places = pack.pack.applies.debtor_in
    return question.collector_role in pack.pack.applies.collector_role and (
        ANY in places or bool(set(places) & _lying_in(question.debtor.jurisdictions))
    )


def _lying_in(places: Sequence[str]) -> set[str]:
    """The places and the countries they lie in: the law of `US` binds in `US-MA`, whether or not both are named."""
    return {*places, *(place.partition("-")[0] for place in places)}


def _all_zones(packs: Sequence[Pack], question: Question) -> tuple[str, ...]:
    """Every zone of every pack of the debtor's places, whoever it binds: what an unknown zone means."""
    places = set(question.debtor.jurisdictions)
    return tuple(
        dict.fromkeys(
            zone for pack in packs if places & set(pack.pack.applies.debtor_in) for zone in pack.pack.zones
        )
    )


@lru_cache(maxsize=4096)
def _zones(names: tuple[str, ...]) -> tuple[ZoneInfo, ...] | None:
    try:
        return tuple(ZoneInfo(name) for name in names) or None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def binding(packs: Sequence[Pack], moment: Moment) -> Iterator[Binding]:
    """The rules that bind the proposal, with the figures in force on the day, by the earliest date of any zone."""
    day = min(moment.today(zone) for zone in moment.zones)
    for pack in packs:
        for rule in pack.rule:
            value = in_force(rule, day)
            if value is not None and rule.binds(moment):
                yield rule, value


def _failing(rules: Sequence[Binding], moment: Moment) -> Iterator[Finding]:
    override = moment.proposal.override
    for rule, value in rules:
        if rule.warns_only or (override is not None and override in rule.overrides):
            continue
        found = rule.check(value, moment)
        if found is not None:
            yield found


def _warnings(rules: Sequence[Binding], moment: Moment) -> tuple[str, ...]:
    """Rules that only warn, and `RULE:code` for those that an accepted override let through."""
    override, said = moment.proposal.override, []
    for rule, value in rules:
        let_through = override is not None and override in rule.overrides
        if (rule.warns_only or let_through) and rule.check(value, moment) is not None:
            said.append(f"{rule.id}:{override}" if let_through else rule.id)
    return tuple(dict.fromkeys(said))


def _obligations(rules: Sequence[Binding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(duty for rule, _ in rules for duty in rule.obligations))


def _passes(packs: Sequence[Pack], moment: Moment) -> bool:
    return next(_failing(list(binding(packs, moment)), moment), None) is None


def _until(packs: Sequence[Pack], moment: Moment) -> datetime | None:
    """The earliest later instant at which every rule passes, None within the horizon."""
    for at in openings(moment, list(binding(packs, moment))):
        if _passes(packs, moment.moved(at)):
            return at
    return None


def _never_open(rules: Sequence[Binding], moment: Moment) -> bool:
    """Is there no hour within the horizon that is open in every zone? What ends beyond it is another matter."""
    hours = [(rule, value) for rule, value in rules if isinstance(rule, AllowedHours)]
    return bool(hours) and not any(
        all(rule.check(value, moment.moved(at)) is None for rule, value in hours)
        for at in openings(moment, rules)
    )


def _valid_until(packs: Sequence[Pack], moment: Moment) -> datetime:
    """When the allowance ends: after PERMIT_SPAN, or at the first closing before that."""
    last = moment.at + PERMIT_SPAN
    for at in closings(moment, list(binding(packs, moment))):
        if at >= last:
            break
        if not _passes(packs, moment.moved(at)):
            return at
    return last
