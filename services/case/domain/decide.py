"""The switchboard: which rule answers which command. No rule bodies here."""

from dataclasses import dataclass
from datetime import date

from services.case.domain import case_commands as c
from services.case.domain import (
    chargeoff,
    closure,
    complaint,
    conduct,
    correction,
    dispute,
    dispute_course,
    hold,
    mode,
    payment,
    person,
    plan,
    promise,
    relief,
    settlement,
    skip,
    statement,
    waiver,
)
from services.case.domain import money_commands as m
from services.case.domain.commands import LifeCommand, ReportStatement
from services.case.domain.events import CaseEvent
from services.case.domain.judge import Picture, judge
from services.case.domain.legal import steps as legal
from services.case.domain.legal.commands import HearLegal
from services.case.domain.policy import CasePolicy
from services.case.domain.redecide import redecide
from services.case.domain.staffing import keeping
from services.case.domain.staffing import keeping_commands as k
from services.case.domain.state import (
    NO_ACCOUNT,
    NO_CASE,
    AccountState,
    CaseState,
    ClosedCase,
    NoCase,
    OpenCase,
    fold_case,
)
from services.case.domain.treatment import act as steps
from services.case.domain.treatment.treat import treat

FACTS_OF_CLOSED = (
    m.RecordPayment, m.RecordPaymentReturn, m.RecordRefund, c.RecordAttempt, c.ReviseAttempt, c.RecordRefusal,
    c.LogComplaint, c.AnswerComplaint,
    c.EscalateComplaint, c.ReportDeath, c.RecordCircumstance, c.RaiseDispute, c.ResolveDispute, c.Sweep,
    c.AcknowledgeDispute, c.ReopenDispute, c.RecordIncapacity, c.RetractReport,
    m.ReverseChargeOff, c.EndLegalReferral, c.ConfirmRecall, HearLegal,
)  # fmt: skip
"""What a closed case still takes: facts do not ask whether they suit us."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision looks at: the account, and the debtor's newest case."""

    account: AccountState = NO_ACCOUNT
    case: CaseState = NO_CASE


def decide(
    standing: Standing, command: ReportStatement, policy: CasePolicy, *, corrections: bool = False
) -> statement.Decision:
    """The events a statement line leads to, none if it changes nothing. Raises the refusals of its rule.

    `corrections`: lines that come late, or say something else than before, are taken in as well.
    """
    if corrections:
        return correction.take_in(standing.account, standing.case, command, policy)
    return statement.report(standing.account, standing.case, command, policy)


def act(
    case: CaseState, command: LifeCommand, policy: CasePolicy, *, today: date, may_reopen: bool = True
) -> tuple[CaseEvent, ...]:
    """The events a command about a case leads to, and the judgements that follow from them by `today`.

    `may_reopen` False: the debtor's next case is there. Raises the refusals of the rule it reaches.
    """
    return acted(case, command, policy, today=today, may_reopen=may_reopen)[0]


def acted(
    case: CaseState, command: LifeCommand, policy: CasePolicy, *, today: date, may_reopen: bool = True
) -> tuple[tuple[CaseEvent, ...], CaseState]:
    """What `act` tells, and the case after it."""
    as_of = max(command.on, today)
    facts = decide_case(case, command, policy, as_of=as_of, may_reopen=may_reopen)
    told = fold_case(facts, case)
    judgements = tuple(redecide(told, as_of, policy, may_reopen=may_reopen))
    after = fold_case(judgements, told)
    if isinstance(command, c.Sweep) and command.treating is not None:
        treated = treat(after, as_of, policy, command.treating)
        judgements, after = (*judgements, *treated), fold_case(treated, after)
    return (*facts, *judgements), after


def decide_case(
    case: CaseState, command: LifeCommand, policy: CasePolicy, *, as_of: date, may_reopen: bool
) -> tuple[CaseEvent, ...]:
    """The facts that a command adds; none if it is on record already."""
    if isinstance(command, m.OpenCase):
        if isinstance(case, OpenCase):
            raise closure.CaseAlreadyOpen
        if isinstance(case, ClosedCase):
            raise closure.CaseNotOpen
        return closure.open_(command)
    if isinstance(command, c.ReopenCase):
        if not isinstance(case, ClosedCase) or not may_reopen:
            raise closure.CaseStillOpen
        return closure.reopen(command, case.as_of)
    worked = case if isinstance(case, OpenCase) else None if isinstance(case, NoCase) else case.was
    if worked is None or not (isinstance(case, OpenCase) or isinstance(command, FACTS_OF_CLOSED)):
        raise closure.CaseNotOpen
    picture = judge(worked.facts, as_of, policy)
    if isinstance(command, HearLegal):
        return legal.hear(
            worked.facts, picture.mode, picture.hold_kinds, picture.owed, picture.debts, command,
            is_open=isinstance(case, OpenCase),
        )  # fmt: skip
    for switch in (_money, _agreements, _care, _handling, _person, _keeping):
        found = switch(worked, picture, command, policy)
        if found is not None:
            return found
    raise AssertionError("every command has a rule")


def _money(
    case: OpenCase, now: Picture, command: LifeCommand, policy: CasePolicy
) -> tuple[CaseEvent, ...] | None:
    facts, currency = case.facts, now.owed.currency
    match command:
        case m.AttachDebt():
            return closure.attach(facts, now.debts, currency, command)
        case m.DetachDebt():
            return closure.detach(facts, now.debts, command)
        case m.BookInstalment():
            return closure.instalment(facts, now.debts, currency, command)
        case m.BookCharge():
            return closure.charge(facts, now.debts, currency, command)
        case m.SetPenaltyTerms():
            return closure.penalty_terms(facts, now.debts, command)
        case m.RecordPayment():
            return payment.receive(facts, now.debts, currency, command)
        case m.RecordPaymentReturn():
            return payment.take_back(facts, currency, command)
        case m.RecordRefund():
            return payment.refund(facts, now.overpaid, command)
        case m.ChargeOff():
            return chargeoff.charge_off(facts, currency, command)
        case m.ReverseChargeOff():
            return chargeoff.reverse(facts, command)
        case m.ProposeWriteOff():
            return chargeoff.propose(facts, now.owed, command)
        case m.ApproveWriteOff():
            return chargeoff.approve(facts, now.owed, command)
        case m.RejectWriteOff():
            return chargeoff.reject(facts, command)
    return None


def _agreements(
    case: OpenCase, now: Picture, command: LifeCommand, policy: CasePolicy
) -> tuple[CaseEvent, ...] | None:
    facts, owed, life = case.facts, now.owed.total, policy.life
    match command:
        case m.TakePromise():
            return promise.take(facts, now.promises, owed, command, life)
        case m.AmendPromise():
            return promise.amend(facts, now.promises, owed, command, life)
        case m.CancelPromise():
            return promise.cancel(now.promises, command)
        case m.QuotePlan():
            return plan.quote(owed, facts, command, life)
        case m.OfferPlan():
            return plan.offer(facts, now.plans, command)
        case m.AgreePlan():
            return plan.agree(facts, now.plans, command)
        case m.TerminatePlan():
            return plan.terminate(facts, now.plans, command)
        case m.ProposeSettlement():
            return settlement.propose(facts, now.settlements, owed, command, life)
        case m.ApproveSettlement():
            return settlement.approve(facts, now.settlements, command)
        case m.RejectSettlement():
            return settlement.reject(facts, now.settlements, command)
        case m.ProposeWaiver():
            return waiver.propose(facts, now.balance.by_account, command, life)
        case m.ApproveWaiver():
            return waiver.approve(facts, now.waivers, now.balance.by_account, command)
        case m.RejectWaiver():
            return waiver.reject(facts, now.waivers, command)
    return None


def _care(
    case: OpenCase, now: Picture, command: LifeCommand, policy: CasePolicy
) -> tuple[CaseEvent, ...] | None:
    facts, life = case.facts, policy.life
    match command:
        case c.PlaceHold():
            return hold.place(facts, command, stage=now.stage, policy=life)
        case c.LiftHold():
            return hold.lift(facts, command)
        case c.ClaimHardship():
            return relief.claim(facts, command)
        case c.GrantRelief():
            return relief.grant(now.reliefs, command, life)
        case c.ExtendRelief():
            return relief.extend(facts, now.reliefs, command, life)
        case c.DeclineRelief():
            return relief.decline(now.reliefs, command)
        case c.EndRelief():
            return relief.end(now.reliefs, command)
        case c.RaiseDispute():
            return dispute.receive(facts, now.owed.currency, command, life)
        case c.AcknowledgeDispute():
            return dispute_course.acknowledge(facts, now.disputes, command)
        case c.ReopenDispute():
            return dispute_course.reopen(facts, now.disputes, command, life)
        case c.ResolveDispute():
            claimed = now.balance.owed.total + now.balance.allocated.total
            return dispute.resolve(now.disputes, now.debts, claimed, command)
        case c.LogComplaint():
            return complaint.receive(facts, command, life)
        case c.AnswerComplaint():
            return complaint.answer(now.complaints, now.owed.currency, command)
        case c.EscalateComplaint():
            return complaint.escalate(now.complaints, command)
    return None


def _handling(
    case: OpenCase, now: Picture, command: LifeCommand, policy: CasePolicy
) -> tuple[CaseEvent, ...] | None:
    facts, life = case.facts, policy.life
    match command:
        case c.PlaceWithAgency():
            return mode.place(facts, now.mode, now.hold_kinds, command, life)
        case c.RecallPlacement():
            return mode.recall(now.placements, command)
        case c.ConfirmRecall():
            return mode.confirm(now.placements, command)
        case c.ReferToLegal():
            return mode.refer(facts, now.mode, now.hold_kinds, now.owed, command)
        case c.EndLegalReferral():
            return mode.end(now.referrals, command)
        case c.AssignCase():
            return mode.assign(facts, now.mode, now.hold_kinds, command)
        case c.SkipCase():
            return skip.skip(facts, command, policy.queue)
        case c.CloseCase():
            return closure.close(facts, now, command)
        case c.TakeStep():
            return steps.take(case.judged, command.step, command.on, command.by)
        case c.SkipStep():
            return steps.skip(case.judged, command.step, command.on, command.reason, command.by)
        case c.Sweep():
            return ()
    return None


def _person(
    case: OpenCase, now: Picture, command: LifeCommand, policy: CasePolicy
) -> tuple[CaseEvent, ...] | None:
    facts = case.facts
    match command:
        case c.RecordAttempt():
            # What counts is its own day: a hold may have begun, or ended, since.
            return person.attempt(facts, conduct.forbidding(facts, command.on, policy), command)
        case c.ReviseAttempt():
            return person.revised(facts, conduct.forbidding(facts, command.on, policy), command)
        case c.RecordRefusal():
            return person.refusal(facts, command)
        case c.RecordCircumstance():
            return person.circumstance(facts, command)
        case c.ReportDeath():
            return person.death(facts, command)
        case c.RecordIncapacity():
            return person.incapacity(facts, command)
        case c.RetractReport():
            return person.retract(facts, command)
    return None


def _keeping(
    case: OpenCase, now: Picture, command: LifeCommand, policy: CasePolicy
) -> tuple[CaseEvent, ...] | None:
    facts = case.facts
    match command:
        case k.RequestRetention():
            return keeping.request_retention(facts, command, policy.keeping)
        case k.DecideRetention():
            return keeping.decide_retention(facts, command, policy.keeping)
        case k.EndRetention():
            return keeping.end_retention(facts, command)
        case k.RequestAssistance():
            return keeping.request_assistance(facts, command, policy.keeping)
        case k.DecideAssistance():
            return keeping.decide_assistance(facts, command)
        case k.EndAssistance():
            return keeping.end_assistance(facts, command)
    return None
