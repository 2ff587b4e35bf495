"""What the record says was decided: the judgements of a case, as far as the next decision must know them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from services.case.domain import events as e
from services.case.domain import plan, promise, settlement
from services.case.domain.case_facts import DERIVED, TERM
from services.case.domain.events import CaseEvent
from services.case.domain.facts import keeping as k
from services.case.domain.facts.due import (
    COMPLAINT_ANSWER,
    DISPUTE_ANSWER,
    FIRST_CONTACT,
    RELIEF_REVIEW,
)
from shared.kernel import parts


@dataclass(frozen=True, slots=True)
class Judged:
    """Subject of a judgement -> what was said of it last; `last` is the newest day anything was said about."""

    said: Mapping[tuple[str | int, ...], Any] = field(default_factory=dict)
    last: date = date.min

    def of(self, *subject: str | int) -> Any:
        """What was said of a subject, None if nothing."""
        return self.said.get(subject)

    def with_(self, event: CaseEvent) -> "Judged":
        """The record with one more judgement; the same record where the event is none."""
        told = None if isinstance(event, _TOLD_US) else _told(event)
        if told is None:
            # The stage and the end stand in the case itself; what counts here is that they were judged for a day.
            return replace(self, last=max(self.last, event.as_of)) if isinstance(event, _OF_A_DAY) else self
        subject, what = told
        day: date = event.as_of if hasattr(event, "as_of") else event.on  # type: ignore[union-attr]
        return Judged({**self.said, subject: what}, max(self.last, day))


NOTHING_JUDGED = Judged()
STEP = "step"
"""How the subject of a step of the treatment strategy begins: then comes which; said of it is the last event."""
FELL_DUE = "fell due"
"""How the subject of what fell due begins: then comes what, whose, and which of several; said of it is the day."""
_TOLD_US = (e.PaymentReceived, e.ContactAttempted, e.ArrearsReported, e.CaseOpened)
"""Most events of a case: facts, which say nothing of a judgement."""
_OF_A_DAY = (e.StageEntered, e.CaseCured, e.CaseClosed, e.CaseReopened)


def _told(event: CaseEvent) -> tuple[tuple[str | int, ...], Any] | None:
    match event:
        case e.PaymentAllocated():
            return ("allocation", event.payment), (event.amounts, event.unallocated)
        case e.AllocationReversed():
            currency = event.unallocated.currency
            return ("allocation", event.payment), (parts.nothing(currency), parts.nothing(currency).total)
        case e.OverpaymentFound():
            return ("overpaid",), event.amount.minor
        case e.PromiseKept():
            return ("promise", event.promise), (promise.KEPT, event.appropriated.minor)
        case e.PromisePartlyKept():
            return ("promise", event.promise), (promise.PARTLY_KEPT, event.appropriated.minor)
        case e.PromiseBroken():
            return ("promise", event.promise), (promise.BROKEN, 0)
        case e.PromiseReopened():
            return ("promise", event.promise), None
        case e.PenaltyInterestAccrued():
            return ("penalty",), event.total.minor
        case e.HandlingModeChanged():
            return ("mode",), event.mode
        case e.HoldExpired():
            return ("expired", event.hold), True
        case k.RetentionExpired():
            return ("retention", event.retention), True
        case k.AssistanceExpired():
            return ("assistance", event.assistance), True
        case e.PlacementExpired():
            return ("placement", event.placement), True
        case e.ReliefEnded() if event.reason == TERM:
            return ("relief", event.relief), True
        case e.HoldPlaced() if event.source:
            return ("hold", event.hold), True
        case e.HoldLifted() if event.hold.startswith(DERIVED):
            return ("hold", event.hold), False
    return (
        _told_of_plan(event)
        or _told_of_settlement(event)
        or _told_to_be_due(event)
        or _told_of_treatment(event)
    )


def _told_of_plan(event: CaseEvent) -> tuple[tuple[str | int, ...], Any] | None:
    match event:
        case e.PlanInstalmentPaid():
            return ("instalment", event.plan, event.number), plan.PAID
        case e.PlanInstalmentMissed():
            return ("instalment", event.plan, event.number), plan.MISSED
        case e.PlanInstalmentReopened():
            return ("instalment", event.plan, event.number), None
        case e.PlanBreached():
            return ("plan", event.plan), plan.BREACHED
        case e.PlanBreachCured() | e.PlanReopened():
            return ("plan", event.plan), plan.ACTIVE
        case e.PlanDefaulted():
            return ("plan", event.plan), plan.DEFAULTED
        case e.PlanCompleted():
            return ("plan", event.plan), plan.COMPLETED
        case e.PlanReplaced():
            return ("plan", event.plan), plan.TERMINATED
    return None


def _told_of_settlement(event: CaseEvent) -> tuple[tuple[str | int, ...], Any] | None:
    match event:
        case e.SettlementLapsed():
            return ("settlement", event.settlement), settlement.LAPSED
        case e.Settled():
            return ("settlement", event.settlement), settlement.PAID
        case e.SettlementDefaulted():
            return ("settlement", event.settlement), settlement.DEFAULTED
        case e.OriginalDebtRevived():
            return ("settlement", event.settlement), None
    return None


def _told_to_be_due(event: CaseEvent) -> tuple[tuple[str | int, ...], Any] | None:
    match event:
        case e.FirstContactFellDue():
            return (FELL_DUE, FIRST_CONTACT, "", 0), event.as_of
        case e.ReliefReviewFellDue():
            return (FELL_DUE, RELIEF_REVIEW, event.relief, event.number), event.as_of
        case e.DisputeAnswerFellDue():
            return (FELL_DUE, DISPUTE_ANSWER, event.dispute, 0), event.as_of
        case e.ComplaintAnswerFellDue():
            return (FELL_DUE, COMPLAINT_ANSWER, event.complaint, 0), event.as_of
        case e.FellDueRetracted():
            return (FELL_DUE, event.what, event.subject, event.number), None
    return None


def _told_of_treatment(event: CaseEvent) -> tuple[tuple[str | int, ...], Any] | None:
    match event:
        case e.SegmentDecided():
            return ("segment",), event
        case e.StrategyPinned():
            return ("pin",), event
        case (
            e.StrategyStepDue() | e.StrategyStepTaken() | e.StrategyStepSkipped() | e.StrategyStepWithdrawn()
        ):
            return (STEP, event.step), event
    return None
