"""What was agreed or raised in a case, by kind and id, as the record has it after each event.

Everything that was there stays with its status, because later facts may take a judgement back (`PromiseReopened`);
only a hold that ended is gone. What the record says of a day is not asked here: holds carry their interval.
"""

from typing import Any, TypeAlias

from services.case.domain import complaint, dispute, mode, plan, promise, relief, settlement, waiver
from services.case.domain import events as e
from services.case.domain.case_facts import DERIVED
from services.case.domain.facts import due
from services.case.domain.facts import keeping as k
from services.case.domain.facts.legal import LegalStepReported
from services.case.domain.legal import steps as legal
from services.case.domain.staffing import keeping
from shared.kernel import money
from shared.kernel.money import Money

Things: TypeAlias = dict[str, dict[str, dict[str, Any]]]
"""Kind -> id -> what is known of it, as JSON has it."""
OFFERED = "OFFERED"
OPEN: dict[str, frozenset[str]] = {
    "promises": frozenset({promise.ACTIVE}),
    "plans": frozenset({OFFERED, *plan.RUNNING}),
    "reliefs": frozenset({relief.CLAIMED, relief.GRANTED}),
    "disputes": frozenset({dispute.OPEN}),
    "complaints": frozenset({complaint.OPEN, complaint.ESCALATED}),
    "settlements": frozenset({settlement.PROPOSED, settlement.APPROVED}),
    "waivers": frozenset({waiver.PROPOSED}),
    "write_offs": frozenset({waiver.PROPOSED}),
    "placements": frozenset({mode.LIVE, mode.RECALLED}),
    "referrals": frozenset({mode.LIVE}),
    "matters": frozenset({legal.OPENED}),
    "limitations": frozenset({legal.LIMITATION}),
    "retentions": frozenset({keeping.REQUESTED, keeping.RUNNING}),
    "assistances": frozenset({keeping.REQUESTED, keeping.RUNNING}),
}
"""Kind -> the statuses in which a thing still runs or waits for somebody."""
_SAID_OF_INSTALMENT: dict[type, str] = {
    e.PlanInstalmentPaid: plan.PAID,
    e.PlanInstalmentMissed: plan.MISSED,
    e.PlanInstalmentReopened: plan.OPEN,
}
_ENDED: dict[type, tuple[str, str, str]] = {
    e.PromiseKept: ("promises", "promise", promise.KEPT),
    e.PromisePartlyKept: ("promises", "promise", promise.PARTLY_KEPT),
    e.PromiseBroken: ("promises", "promise", promise.BROKEN),
    e.PromiseReopened: ("promises", "promise", promise.ACTIVE),
    e.PromiseCancelled: ("promises", "promise", promise.CANCELLED),
    e.PlanBreached: ("plans", "plan", plan.BREACHED),
    e.PlanBreachCured: ("plans", "plan", plan.ACTIVE),
    e.PlanReopened: ("plans", "plan", plan.ACTIVE),
    e.PlanDefaulted: ("plans", "plan", plan.DEFAULTED),
    e.PlanCompleted: ("plans", "plan", plan.COMPLETED),
    e.PlanTerminated: ("plans", "plan", plan.TERMINATED),
    e.PlanReplaced: ("plans", "plan", plan.TERMINATED),
    e.ReliefDeclined: ("reliefs", "relief", relief.DECLINED),
    e.ReliefEnded: ("reliefs", "relief", relief.ENDED),
    e.DisputeUpheld: ("disputes", "dispute", dispute.UPHELD),
    e.DisputePartlyUpheld: ("disputes", "dispute", dispute.PARTLY_UPHELD),
    e.DisputeRejected: ("disputes", "dispute", dispute.REJECTED),
    e.DisputeFoundDuplicate: ("disputes", "dispute", dispute.DUPLICATE),
    e.DisputeWithdrawn: ("disputes", "dispute", dispute.WITHDRAWN),
    e.ComplaintAnswered: ("complaints", "complaint", complaint.ANSWERED),
    e.ComplaintEscalated: ("complaints", "complaint", complaint.ESCALATED),
    e.SettlementApproved: ("settlements", "settlement", settlement.APPROVED),
    e.SettlementRejected: ("settlements", "settlement", settlement.REJECTED),
    e.SettlementLapsed: ("settlements", "settlement", settlement.LAPSED),
    e.Settled: ("settlements", "settlement", settlement.PAID),
    e.SettlementDefaulted: ("settlements", "settlement", settlement.DEFAULTED),
    e.WaiverApproved: ("waivers", "waiver", waiver.APPROVED),
    e.WaiverRejected: ("waivers", "waiver", settlement.REJECTED),
    e.DebtWrittenOff: ("write_offs", "write_off", waiver.APPROVED),
    e.WriteOffRejected: ("write_offs", "write_off", settlement.REJECTED),
    e.RecallRequested: ("placements", "placement", mode.RECALLED),
    e.RecallConfirmed: ("placements", "placement", mode.CONFIRMED),
    e.PlacementExpired: ("placements", "placement", mode.EXPIRED),
    e.LegalReferralEnded: ("referrals", "referral", mode.ENDED),
    k.CaseRetained: ("retentions", "retention", keeping.RUNNING),
    k.RetentionDeclined: ("retentions", "retention", keeping.DECLINED),
    k.RetentionEnded: ("retentions", "retention", keeping.ENDED),
    k.RetentionExpired: ("retentions", "retention", keeping.EXPIRED),
    k.AssistanceGranted: ("assistances", "assistance", keeping.RUNNING),
    k.AssistanceDeclined: ("assistances", "assistance", keeping.DECLINED),
    k.AssistanceEnded: ("assistances", "assistance", keeping.ENDED),
    k.AssistanceExpired: ("assistances", "assistance", keeping.EXPIRED),
}
"""Event -> the kind it is about, its field that names the thing, and the thing's status after it."""


def evolve(things: Things, event: e.CaseEvent) -> bool:
    """Put what one event says into `things`; False where it is about none of them."""
    ended = _ENDED.get(type(event))
    if ended is not None:
        kind, named, status = ended
        found = things.get(kind, {}).get(getattr(event, named))
        if found is not None:
            found["status"] = status
        return True
    return (
        _agreed(things, event) or _raised(things, event) or _handed(things, event) or _fell_due(things, event)
    )


def _put(things: Things, topic: str, ref: str, /, **said: Any) -> bool:
    known = things.setdefault(topic, {}).setdefault(ref, {})
    known.update({name.rstrip("_"): _wire(value) for name, value in said.items()})
    return True


def _until(things: Things, ref: str, until: Any) -> None:
    """The hold that the claim brought goes on as the relief's, to the day of the relief."""
    if DERIVED + ref in things.get("holds", {}):
        _put(things, "holds", DERIVED + ref, until=until)


def _wire(value: Any) -> Any:
    if isinstance(value, Money):
        return money.to_json(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _agreed(things: Things, event: e.CaseEvent) -> bool:
    match event:
        case e.PromiseToPay():
            return _put(
                things, "promises", event.promise, status=promise.ACTIVE, amount=event.amount, due=event.due
            )
        case e.PromiseAmended():
            return _put(things, "promises", event.promise, amount=event.amount, due=event.due)
        case e.PlanOffered():
            return _put(things, "plans", event.plan, status=OFFERED, from_=event.on)
        case e.PlanAgreed():
            instalments = [
                {
                    "number": one.number,
                    "due": one.due.isoformat(),
                    "amount": money.to_json(one.amount),
                    "status": plan.OPEN,
                }
                for one in event.instalments
            ]
            return _put(
                things, "plans", event.plan, status=plan.ACTIVE, from_=event.on, total=event.total,
                instalments=instalments,
            )  # fmt: skip
        case e.PlanInstalmentPaid() | e.PlanInstalmentMissed() | e.PlanInstalmentReopened():
            status = _SAID_OF_INSTALMENT[type(event)]
            for one in things.get("plans", {}).get(event.plan, {}).get("instalments", ()):
                if one["number"] == event.number:
                    one["status"] = status
            return True
        case e.SettlementProposed():
            status = settlement.PROPOSED if event.needs_approval else settlement.APPROVED
            return _put(
                things, "settlements", event.settlement, status=status, kind=event.kind, amount=event.amount,
                pay_by=event.pay_by,
            )  # fmt: skip
        case e.WaiverProposed():
            status = waiver.PROPOSED if event.needs_approval else waiver.APPROVED
            return _put(things, "waivers", event.waiver, status=status, amount=event.amounts.total)
        case e.WriteOffProposed():
            return _put(things, "write_offs", event.write_off, status=waiver.PROPOSED, amount=event.owed)
    return False


def _raised(things: Things, event: e.CaseEvent) -> bool:
    match event:
        case e.HoldPlaced():
            return _put(
                things,
                "holds",
                event.hold,
                kind=event.kind,
                from_=event.on,
                until=event.until,
                source=event.source,
            )
        case e.HoldLifted():
            things.get("holds", {}).pop(event.hold, None)
            return True
        case e.HardshipClaimed():
            return _put(things, "reliefs", event.relief, status=relief.CLAIMED, from_=event.on)
        case e.ReliefGranted():
            _until(things, event.relief, event.until)
            return _put(
                things, "reliefs", event.relief, status=relief.GRANTED, from_=event.on, until=event.until
            )
        case e.ReliefExtended():
            _until(things, event.relief, event.until)
            return _put(things, "reliefs", event.relief, until=event.until)
        case e.DisputeRaised() | e.DisputeReopened():
            return _put(
                things, "disputes", event.dispute, status=dispute.OPEN, scope=event.scope, amount=event.amount,
                from_=event.on, answer_by=event.answer_by,
            )  # fmt: skip
        case e.ComplaintReceived():
            return _put(
                things, "complaints", event.complaint, status=complaint.OPEN, kind=event.kind, from_=event.on,
                answer_by=event.answer_by,
            )  # fmt: skip
    return False


def _handed(things: Things, event: e.CaseEvent) -> bool:
    match event:
        case e.DebtPlacedWithAgency():
            return _put(
                things, "placements", event.placement, status=mode.LIVE, agency=event.agency, from_=event.on,
                until=event.until,
            )  # fmt: skip
        case e.LegalReferred():
            return _put(things, "referrals", event.referral, status=mode.LIVE, from_=event.on)
        case LegalStepReported():
            return _legal(things, event)
        case k.RetentionRequested():
            return _put(
                things,
                "retentions",
                event.retention,
                status=keeping.REQUESTED,
                from_=event.on,
                until=event.until,
            )
        case k.AssistanceRequested():
            return _put(
                things, "assistances", event.assistance, status=keeping.REQUESTED, kind=event.kind,
                from_=event.on, until=event.until,
            )  # fmt: skip
    return False


def _legal(things: Things, event: LegalStepReported) -> bool:
    """A matter of the legal service with the newest word of it, and a limitation that is near by debt."""
    if event.what == legal.LIMITATION:
        return _put(
            things, "limitations", event.thing or "", status=legal.LIMITATION, due=event.due_on,
            within=event.within,
        )  # fmt: skip
    matter = event.matter or ""
    match event.what:
        case legal.OPENED:
            return _put(things, "matters", matter, status=legal.OPENED, from_=event.on)
        case legal.REOPENED:
            return _put(things, "matters", matter, status=legal.OPENED)
        case legal.CLOSED:
            return _put(things, "matters", matter, status=legal.CLOSED, outcome=event.code)
        case "STEP" | "LETTER" if not event.retracted:
            return _put(things, "matters", matter, step=event.code, step_on=event.on, due=event.due_on)
    return False


_DUE = {due.DISPUTE_ANSWER: "disputes", due.COMPLAINT_ANSWER: "complaints", due.RELIEF_REVIEW: "reliefs"}


def _fell_due(things: Things, event: e.CaseEvent) -> bool:
    """An answer or a review that was due and did not come marks what it is about, until that is taken back."""
    match event:
        case e.DisputeAnswerFellDue():
            return _put(things, "disputes", event.dispute, overdue_since=event.as_of)
        case e.ComplaintAnswerFellDue():
            return _put(things, "complaints", event.complaint, overdue_since=event.as_of)
        case e.ReliefReviewFellDue():
            return _put(things, "reliefs", event.relief, review_due=event.as_of)
        case e.FellDueRetracted() if event.what in _DUE:
            found = things.get(_DUE[event.what], {}).get(event.subject, {})
            found.pop("overdue_since", None)
            found.pop("review_due", None)
            return True
    return False


def still_open(things: Things) -> Things:
    """Those that run or wait for somebody, and the holds that nobody lifted; empty kinds are left out."""
    found: Things = {}
    for kind, by_ref in things.items():
        kept = {ref: one for ref, one in by_ref.items() if kind == "holds" or one.get("status") in OPEN[kind]}
        if kept:
            found[kind] = kept
    return found


def guards(things: Things) -> list[str]:
    """What keeps the case from closing though nothing is overdue, as judge.py has it."""

    def any_of(kind: str, *statuses: str) -> bool:
        return any(one.get("status") in statuses for one in things.get(kind, {}).values())

    found = {
        "PLAN": any_of("plans", *plan.RUNNING), "DISPUTE": any_of("disputes", dispute.OPEN),
        "SUIT": any_of("referrals", mode.LIVE), "SETTLEMENT": any_of("settlements", settlement.APPROVED),
    }  # fmt: skip
    return sorted(name for name, held in found.items() if held)
