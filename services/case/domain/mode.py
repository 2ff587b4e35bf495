"""Who may collect: the lender, an agency or the legal service; exactly one on any day, and never set by hand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain.case_commands import (
    AssignCase,
    ConfirmRecall,
    EndLegalReferral,
    PlaceWithAgency,
    RecallPlacement,
    ReferToLegal,
)
from services.case.domain.case_facts import CaseFacts
from services.case.domain.policy import LifePolicy
from shared.kernel.parts import Parts
from shared.kernel.period import Period
from shared.kernel.refusal import Refused

INTERNAL, AGENCY, LEGAL = "INTERNAL", "AGENCY", "LEGAL"
LIVE, RECALLED, CONFIRMED, EXPIRED, ENDED = "LIVE", "RECALLED", "CONFIRMED", "EXPIRED", "ENDED"
BLOCK_PLACEMENT = frozenset(
    {"DISPUTE", "HARDSHIP", "MORATORIUM", "ATTORNEY", "PLAN", "BANKRUPTCY", "DECEASED", "INCAPABLE", "FRAUD"}
)
BLOCK_REFERRAL = frozenset({"HARDSHIP", "MORATORIUM", "BANKRUPTCY", "PLAN"})
BLOCK_ALLOCATION = frozenset({"BANKRUPTCY", "DECEASED", "INCAPABLE", "FRAUD"})
"""Holds under which a run gives a case to nobody: it is worked by whoever has it, or by a specialist."""


class ModeNotFree(Refused):
    """Somebody else has the case on a day asked for: recall it from the agency, or end the legal referral, first."""

    code = "mode-not-free"
    title_en = "An agency or the legal service has the case"
    title_zh = "案件正由委外机构或法务处理"


class HoldForbidsHandover(Refused):
    """A hold in force forbids to hand the case over, as a plan, a dispute or a relief does. Wait until it ends."""

    code = "hold-forbids-handover"
    title_en = "A hold in force forbids to hand the case over"
    title_zh = "当前冻结状态不允许移交案件"


class AllocationOvertaken(Refused):
    """The case went to another collector after the run had seen it, and stays there. Share it out again if need be."""

    code = "allocation-overtaken"
    title_en = "The case went to somebody else meanwhile"
    title_zh = "该案件已另行分派"


class AgencyNotEvaluated(Refused):
    """An agency is evaluated at least once a year before it is given cases. Evaluate it first."""

    code = "agency-not-evaluated"
    title_en = "The agency's last evaluation is too old"
    title_zh = "委外机构的评估已过期"


class PlacementUnknown(Refused):
    """The case has no live placement of that reference."""

    code = "placement-unknown"
    title_en = "The case has no such live placement"
    title_zh = "该案件没有这项有效委外"


class ReferralUnknown(Refused):
    """The case has no live legal referral of that reference."""

    code = "referral-unknown"
    title_en = "The case has no such live referral"
    title_zh = "该案件没有这项有效的法务移交"


@dataclass(frozen=True, slots=True)
class PlacementView:
    """A placement as of a day: the agency may collect from `from_` up to, not including, `until`."""

    status: str
    agency: str
    from_: date
    until: date


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral to the legal service as of a day."""

    status: str
    from_: date
    until: date | None
    outcome: str | None


def placements(facts: CaseFacts, *, as_of: date) -> dict[str, PlacementView]:
    """Every placement. A recall ends the agency's contact on the day it is asked for."""
    found = {}
    for one in facts.all(e.DebtPlacedWithAgency):
        recalled, confirmed = (
            facts.one(e.RecallRequested, one.placement),
            facts.one(e.RecallConfirmed, one.placement),
        )
        until = min(one.until, recalled.on) if recalled else one.until
        status = CONFIRMED if confirmed else RECALLED if recalled else EXPIRED if as_of >= until else LIVE
        found[one.placement] = PlacementView(status, one.agency, one.on, until)
    return found


def referrals(facts: CaseFacts) -> dict[str, ReferralView]:
    """Every referral to the legal service."""
    found = {}
    for one in facts.all(e.LegalReferred):
        ended = facts.one(e.LegalReferralEnded, one.referral)
        found[one.referral] = ReferralView(
            ENDED if ended else LIVE, one.on, ended.on if ended else None, ended.outcome if ended else None
        )
    return found


def mode_of(
    placed: Mapping[str, PlacementView], referred: Mapping[str, ReferralView]
) -> tuple[str, tuple[str, ...]]:
    """Who may collect, and because of what: legal before agency before the lender."""
    legal = tuple(ref for ref, one in referred.items() if one.status == LIVE)
    if legal:
        return LEGAL, legal
    agency = tuple(ref for ref, one in placed.items() if one.status == LIVE)
    return (AGENCY, agency) if agency else (INTERNAL, ())


def _taken(facts: CaseFacts, wanted: Period) -> bool:
    """Has an agency or the legal service the case on any of these days, which may lie in the past?"""
    theirs = [(one.from_, one.until) for one in placements(facts, as_of=wanted.from_).values()]
    theirs += [(one.from_, one.until or date.max) for one in referrals(facts).values()]
    return any(first < end and Period(first, end).overlaps(wanted) for first, end in theirs)


def place(
    facts: CaseFacts, mode: str, holds: Collection[str], ask: PlaceWithAgency, policy: LifePolicy
) -> tuple[e.CaseEvent, ...]:
    """Give the case to an agency. Raises EmptyPeriod, ModeNotFree, HoldForbidsHandover, AgencyNotEvaluated."""
    if facts.one(e.DebtPlacedWithAgency, ask.ref):
        return ()
    if _taken(facts, Period(ask.on, ask.until)) or mode != INTERNAL:
        raise ModeNotFree
    if BLOCK_PLACEMENT.intersection(holds):
        raise HoldForbidsHandover(holds=tuple(sorted(BLOCK_PLACEMENT.intersection(holds))))
    oldest = ask.on - timedelta(days=policy.agency_evaluated_days_max)
    if not oldest <= ask.evaluated_on <= ask.on:
        raise AgencyNotEvaluated(days_max=policy.agency_evaluated_days_max)
    return (
        e.DebtPlacedWithAgency(
            placement=ask.ref, agency=ask.agency, on=ask.on, until=ask.until, evaluated_on=ask.evaluated_on
        ),
    )


def recall(placed: Mapping[str, PlacementView], ask: RecallPlacement) -> tuple[e.CaseEvent, ...]:
    """Take the case back. Raises PlacementUnknown."""
    view = placed.get(ask.placement)
    if view is None or view.status == EXPIRED:
        raise PlacementUnknown
    if view.status != LIVE:
        return ()
    return (e.RecallRequested(placement=ask.placement, on=ask.on, reason=ask.reason),)


def confirm(placed: Mapping[str, PlacementView], ask: ConfirmRecall) -> tuple[e.CaseEvent, ...]:
    """The agency's return file confirms a recall. Raises PlacementUnknown."""
    view = placed.get(ask.placement)
    if view is None or view.status in (LIVE, EXPIRED):
        raise PlacementUnknown
    if view.status == CONFIRMED:
        return ()
    return (e.RecallConfirmed(placement=ask.placement, on=ask.on),)


def refer(
    facts: CaseFacts, mode: str, holds: Collection[str], owed: Parts, ask: ReferToLegal
) -> tuple[e.CaseEvent, ...]:
    """Hand the case to the legal service. Raises ModeNotFree, HoldForbidsHandover."""
    if facts.one(e.LegalReferred, ask.ref):
        return ()
    if _taken(facts, Period(ask.on, date.max)) or mode != INTERNAL:
        raise ModeNotFree
    if BLOCK_REFERRAL.intersection(holds):
        raise HoldForbidsHandover(holds=tuple(sorted(BLOCK_REFERRAL.intersection(holds))))
    return (e.LegalReferred(referral=ask.ref, on=ask.on, reason=ask.reason, owed=owed, by=ask.by),)


def end(referred: Mapping[str, ReferralView], ask: EndLegalReferral) -> tuple[e.CaseEvent, ...]:
    """Legal gives the case back. Raises ReferralUnknown."""
    view = referred.get(ask.referral)
    if view is None:
        raise ReferralUnknown
    if view.status == ENDED:
        return ()
    return (e.LegalReferralEnded(referral=ask.referral, on=ask.on, outcome=ask.outcome),)


def assign(facts: CaseFacts, mode: str, holds: Collection[str], ask: AssignCase) -> tuple[e.CaseEvent, ...]:
    """Give the case to a collector. A run gives it only as it saw it.

    Raises, for a run: AllocationOvertaken, ModeNotFree, HoldForbidsHandover.
    """
    if facts.one(e.CaseAllocated, ask.ref):
        return ()
    before, had = allocated(facts), holder(facts)
    if ask.run is not None:
        if had != ask.seen:
            raise AllocationOvertaken
        if mode != INTERNAL:
            raise ModeNotFree
        if BLOCK_ALLOCATION.intersection(holds):
            raise HoldForbidsHandover(holds=tuple(sorted(BLOCK_ALLOCATION.intersection(holds))))
    return (
        e.CaseAllocated(
            allocation=ask.ref,
            on=ask.on,
            reason=ask.reason,
            run=ask.run,
            replaces=before.allocation if before else None,
            collector=ask.collector,
            previous=had,
        ),
    )


def allocated(facts: CaseFacts) -> e.CaseAllocated | None:
    """The allocation that counts: of the newest day, and of those of one day the one that none of them replaces."""
    every = list(facts.all(e.CaseAllocated))
    newest = [one for one in every if one.on == every[-1].on]
    replaced = {one.replaces for one in newest}
    return next((one for one in reversed(newest) if one.allocation not in replaced), None)


def holder(facts: CaseFacts) -> str | None:
    """Who has the case; None where it was given to nobody, or the name was erased."""
    newest = allocated(facts)
    found: object = newest.collector if newest else None
    return found if isinstance(found, str) else None
