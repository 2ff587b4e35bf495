"""What became of the steps that are due: taken, passed by with a reason, or never due after all.

A pure function of the facts and of what is on record; no strategy is asked, so it is found out as soon as the fact is.
"""

from collections.abc import Iterator
from datetime import date

from services.case.domain import attempts
from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.facts import treatment as t
from services.case.domain.judge import Picture, judge
from services.case.domain.judged import Judged
from services.case.domain.policy import CasePolicy
from services.case.domain.treatment import said, strategy
from services.case.domain.treatment.exclusion import excluded_by

SPOKEN = frozenset({"CALL", "PHONE", "VOICE"})
"""How sources call a call: any of them takes a step that asks for one."""


def follow(
    facts: CaseFacts, picture: Picture, judged: Judged, policy: CasePolicy, *, is_open: bool
) -> Iterator[t.TreatmentEvent]:
    """What is now to be said of the steps that were due. Nothing to say, no events."""
    pin = said.pin_said(judged)
    if pin is None:
        return
    for one in said.open_steps(judged):
        found = _one(one, pin, facts, picture, policy, is_open=is_open)
        if found is not None:
            yield found


def _one(
    one: said.OpenStep,
    pin: t.StrategyPinned,
    facts: CaseFacts,
    picture: Picture,
    policy: CasePolicy,
    *,
    is_open: bool,
) -> t.TreatmentEvent | None:
    due = one.said
    taken = fulfilled_by(due, facts, picture.as_of)
    if taken is not None:
        return t.StrategyStepTaken(step=one.ref, as_of=taken[0], because=taken[1], by=None)
    then = judge(facts, due.as_of, policy)
    if then.stage != pin.stage or then.ended is not None:
        return t.StrategyStepWithdrawn(
            step=one.ref, as_of=picture.as_of, planned=due.planned, reason=said.NEVER_DUE
        )
    if not is_open or picture.ended is not None:
        return skipped(one, picture.as_of, said.CASE_ENDED)
    if picture.stage != pin.stage:
        return skipped(one, picture.as_of, said.STAGE_LEFT)
    if picture.as_of > due.until:
        why = excluded_by(judge(facts, due.until, policy), strategy.EXCLUSIONS)
        return skipped(one, picture.as_of, why or said.NOT_TAKEN)
    return None


def skipped(one: said.OpenStep, as_of: date, reason: str, by: str | None = None) -> t.StrategyStepSkipped:
    """That a step which was due is not taken."""
    return t.StrategyStepSkipped(
        step=one.ref, as_of=as_of, planned=one.said.planned, act=one.said.act, reason=reason, by=by
    )


def fulfilled_by(due: t.StrategyStepDue, facts: CaseFacts, as_of: date) -> tuple[date, str] | None:
    """The first fact from the planned day on, up to its last day, that is what the step asks for; its day and name."""
    last = min(as_of, due.until)
    found = [(day, ref) for day, ref in _acts(due, facts) if due.planned <= day <= last]
    return min(found, default=None)


def _acts(due: t.StrategyStepDue, facts: CaseFacts) -> Iterator[tuple[date, str]]:
    match due.act:
        case strategy.REMIND | strategy.CALL | strategy.LETTER:
            for tried in attempts.known(facts):
                if tried.channel == due.channel or (due.act == strategy.CALL and tried.channel in SPOKEN):
                    yield tried.on, tried.attempt_ref
        case strategy.OFFER_PLAN:
            for offered in facts.all(e.PlanOffered):
                yield offered.on, offered.plan
            for agreed in facts.all(e.PlanAgreed):
                yield agreed.on, agreed.plan
        case strategy.PLACE_WITH_AGENCY:
            for placed in facts.all(e.DebtPlacedWithAgency):
                yield placed.on, placed.placement
        case strategy.REFER_TO_LEGAL:
            for referred in facts.all(e.LegalReferred):
                yield referred.on, referred.referral
