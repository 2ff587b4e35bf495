"""Hardship: a claim protects at once and for some days, a relief is granted or declined, and always has an end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain.case_commands import (
    ClaimHardship,
    DeclineRelief,
    EndRelief,
    ExtendRelief,
    GrantRelief,
)
from services.case.domain.case_facts import CaseFacts
from services.case.domain.policy import LifePolicy
from shared.kernel.period import Period
from shared.kernel.refusal import Refused

CLAIMED, GRANTED, DECLINED, ENDED, UNANSWERED = "CLAIMED", "GRANTED", "DECLINED", "ENDED", "UNANSWERED"
CAUSES = ("ILLNESS", "ACCIDENT", "DISASTER", "UNEMPLOYMENT", "BUSINESS_FAILURE", "BEREAVEMENT", "OTHER")
MEASURES = ("GRACE", "RATE_CUT", "TERM_EXTENSION", "RESCHEDULING", "FORGIVENESS", "OTHER")
FREEZE, RUN = "FREEZE", "RUN"


class ReliefTermsRefused(Refused):
    """A relief names a known cause and measures, says how days past due count, and ends within the policy's bound."""

    code = "relief-terms-refused"
    title_en = "The cause, the measures or the length of the relief are not allowed"
    title_zh = "救济的原因、措施或期限不符合要求"


class ReliefUnknown(Refused):
    """The case has no claim of hardship of that reference. Record the claim first."""

    code = "relief-unknown"
    title_en = "The case has no such claim of hardship"
    title_zh = "该案件没有这项困难申请"


class ReliefAlreadyDecided(Refused):
    """The claim was granted or declined already, or the relief has ended. Record a new claim."""

    code = "relief-already-decided"
    title_en = "The claim has been decided already"
    title_zh = "该困难申请已有结论"


@dataclass(frozen=True, slots=True)
class ReliefView:
    """A relief as of a day; its hold covers `from_` up to, not including, `until`."""

    status: str
    from_: date
    until: date
    measures: tuple[str, ...]
    ageing: str


def views(facts: CaseFacts, *, as_of: date, policy: LifePolicy) -> dict[str, ReliefView]:
    """Every claim and what became of it."""
    found = {}
    for claim in facts.all(e.HardshipClaimed):
        granted, declined = (facts.one(kind, claim.relief) for kind in (e.ReliefGranted, e.ReliefDeclined))
        ended = facts.one(e.ReliefEnded, claim.relief)
        protected = claim.on + timedelta(days=policy.claim_hold_days)
        if isinstance(granted, e.ReliefGranted):
            until = _runs_until(facts, granted)
            until = min(until, ended.on) if ended else until
            status = ENDED if as_of >= until else GRANTED
            found[claim.relief] = ReliefView(
                status, min(claim.on, granted.on), until, granted.measures, granted.ageing
            )
        elif isinstance(declined, e.ReliefDeclined):
            found[claim.relief] = ReliefView(DECLINED, claim.on, declined.on, (), RUN)
        else:
            status = CLAIMED if as_of < protected else UNANSWERED
            found[claim.relief] = ReliefView(status, claim.on, protected, (), RUN)
    return found


def _runs_until(facts: CaseFacts, granted: e.ReliefGranted) -> date:
    """The end that was granted, or the later one that it was given while it ran."""
    until = granted.until
    for extended in facts.all(e.ReliefExtended):
        if extended.relief == granted.relief and extended.on <= until:
            until = max(until, extended.until)
    return until


def claim(facts: CaseFacts, ask: ClaimHardship) -> tuple[e.CaseEvent, ...]:
    """Hardship is claimed. Raises ReliefTermsRefused."""
    if facts.one(e.HardshipClaimed, ask.ref):
        return ()
    if ask.cause not in CAUSES:
        raise ReliefTermsRefused
    return (e.HardshipClaimed(relief=ask.ref, cause=ask.cause, on=ask.on),)


def grant(reliefs: Mapping[str, ReliefView], ask: GrantRelief, policy: LifePolicy) -> tuple[e.CaseEvent, ...]:
    """Grant a claim. Raises ReliefUnknown, ReliefAlreadyDecided, EmptyPeriod, ReliefTermsRefused."""
    view = _undecided(reliefs, ask.relief)
    period = Period(ask.on, ask.until)
    if (
        period.days > policy.relief_days_max
        or not ask.measures
        or set(ask.measures) - set(MEASURES)
        or ask.ageing not in (FREEZE, RUN)
        or ask.on < view.from_
    ):
        raise ReliefTermsRefused(days_max=policy.relief_days_max)
    return (
        e.ReliefGranted(
            relief=ask.relief, on=ask.on, until=ask.until, measures=ask.measures, ageing=ask.ageing, by=ask.by
        ),
    )


def extend(
    facts: CaseFacts, reliefs: Mapping[str, ReliefView], ask: ExtendRelief, policy: LifePolicy
) -> tuple[e.CaseEvent, ...]:
    """Give a running relief a later end. Raises ReliefUnknown, ReliefAlreadyDecided, ReliefTermsRefused."""
    if facts.one(e.ReliefExtended, ask.ref):
        return ()
    view, granted = reliefs.get(ask.relief), facts.one(e.ReliefGranted, ask.relief)
    if view is None:
        raise ReliefUnknown
    if view.status != GRANTED or granted is None:
        raise ReliefAlreadyDecided
    longest = granted.on + timedelta(days=policy.relief_days_max)
    if not (granted.on <= ask.on < view.until < ask.until <= longest):
        raise ReliefTermsRefused(days_max=policy.relief_days_max)
    return (e.ReliefExtended(extension=ask.ref, relief=ask.relief, on=ask.on, until=ask.until, by=ask.by),)


def decline(reliefs: Mapping[str, ReliefView], ask: DeclineRelief) -> tuple[e.CaseEvent, ...]:
    """Decline a claim. Raises ReliefUnknown, ReliefAlreadyDecided."""
    _undecided(reliefs, ask.relief)
    return (e.ReliefDeclined(relief=ask.relief, on=ask.on, reason=ask.reason, by=ask.by),)


def end(reliefs: Mapping[str, ReliefView], ask: EndRelief) -> tuple[e.CaseEvent, ...]:
    """End a relief before its day. Raises ReliefUnknown, ReliefAlreadyDecided."""
    view = reliefs.get(ask.relief)
    if view is None:
        raise ReliefUnknown
    if view.status != GRANTED:
        raise ReliefAlreadyDecided
    return (e.ReliefEnded(relief=ask.relief, on=ask.on, reason=ask.reason),)


def _undecided(reliefs: Mapping[str, ReliefView], ref: str) -> ReliefView:
    view = reliefs.get(ref)
    if view is None:
        raise ReliefUnknown
    if view.status not in (CLAIMED, UNANSWERED):
        raise ReliefAlreadyDecided
    return view
