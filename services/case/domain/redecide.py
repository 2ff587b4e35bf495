"""Deciding again: what the facts now say, compared with what the record says, and the difference as events.

Nothing to say, no events: it may be asked twice, late, or after every fact. A judgement names the day it is about and
what it rests on (`because`: the references of payments, plans and the like inside the case).
"""

from collections.abc import Iterator
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain import falling_due, mode, plan, promise, relief, settlement
from services.case.domain.balance import of_history, of_statement
from services.case.domain.case_facts import DERIVED, TERM, CaseFacts
from services.case.domain.events import CaseEvent
from services.case.domain.judge import Picture, judge
from services.case.domain.judged import Judged
from services.case.domain.policy import CasePolicy
from services.case.domain.staffing import keeping
from services.case.domain.state import CaseState, ClosedCase, NoCase, OpenCase
from services.case.domain.treatment.follow import follow
from shared.kernel import parts
from shared.kernel.money import Money
from shared.kernel.period import month_of

FACTS_CHANGED = "FACTS_CHANGED"


def redecide(
    case: CaseState, as_of: date, policy: CasePolicy, *, may_reopen: bool = True
) -> tuple[CaseEvent, ...]:
    """The judgements that are missing as of a day, or as of the newest day anything was judged for.

    `may_reopen` False: a later case of the debtor is there, so this one stays closed whatever bounced.
    """
    if isinstance(case, NoCase):
        return ()
    worked = case if isinstance(case, OpenCase) else case.was
    if worked is None:
        return ()
    judged = worked.judged
    if worked.facts.plain:
        day = max(as_of, judged.last)
        late = falling_due.said_of_plain(worked.facts, day, judged, policy)
        return tuple(late) if isinstance(case, OpenCase) else ()
    picture = judge(worked.facts, max(as_of, judged.last), policy)
    return (
        *_allocations(worked.facts, picture, judged, policy),
        *_overpaid(picture, judged),
        *_promises(worked.facts, picture, judged),
        *_plans(worked.facts, picture, judged, policy),
        *_settlements(picture, judged),
        *_terms(worked.facts, picture, judged),
        *_holds(picture, judged),
        *_mode(picture, judged),
        *keeping.said_of(picture.retentions, picture.assistances, picture.as_of, judged),
        *falling_due.said_of(worked.facts, picture, judged, policy, is_open=isinstance(case, OpenCase)),
        *_penalty(picture, judged, closing=isinstance(case, OpenCase) and picture.ended is not None),
        *_lifecycle(case, worked, picture, policy, may_reopen=may_reopen),
        *follow(worked.facts, picture, judged, policy, is_open=isinstance(case, OpenCase)),
    )


def _allocations(
    facts: CaseFacts, picture: Picture, judged: Judged, policy: CasePolicy
) -> Iterator[CaseEvent]:
    """Payments with a reference; what a statement reports, or history, was put on the debt by the lender."""
    nothing = parts.nothing(picture.owed.currency)
    unsaid = (nothing, nothing.total)
    returned = {one.payment: one.returned for one in facts.all(e.PaymentReturned)}
    history = of_history(facts)
    for payment in facts.all(e.PaymentReceived):
        standing = picture.balance.allocations.get(payment.payment or "")
        if standing is None or payment.payment is None or of_statement(payment):
            continue
        if payment.payment in history:
            continue
        before = judged.of("allocation", payment.payment) or unsaid
        if before == (standing.amounts, standing.unallocated):
            continue
        if before != unsaid:
            cause = returned.get(payment.payment)
            yield e.AllocationReversed(
                payment=payment.payment,
                as_of=picture.as_of,
                amounts=before[0],
                unallocated=before[1],
                because=(cause,) if cause else (),
            )
        if any(standing.amounts.minors) or standing.unallocated.minor:
            yield e.PaymentAllocated(
                payment=payment.payment,
                as_of=picture.as_of,
                amounts=standing.amounts,
                unallocated=standing.unallocated,
                order=policy.life.order_name,
            )


def _overpaid(picture: Picture, judged: Judged) -> Iterator[CaseEvent]:
    over = picture.overpaid
    if over.minor != (judged.of("overpaid") or 0):
        because = tuple(name for name, one in picture.balance.allocations.items() if one.unallocated.minor)
        yield e.OverpaymentFound(as_of=picture.as_of, amount=over, because=because)


def _promises(facts: CaseFacts, picture: Picture, judged: Judged) -> Iterator[CaseEvent]:
    for ref, view in picture.promises.items():
        status, minor = judged.of("promise", ref) or (promise.ACTIVE, 0)
        same = status == view.status and (status != promise.PARTLY_KEPT or minor == view.appropriated.minor)
        if same or view.status == promise.CANCELLED:
            continue
        day = promise.told_on(facts, view, picture.as_of)
        if status != promise.ACTIVE:
            day = picture.as_of
            yield e.PromiseReopened(promise=ref, as_of=day, previous=status, because=view.because)
        match view.status:
            case promise.KEPT:
                yield e.PromiseKept(
                    promise=ref, as_of=day, appropriated=view.appropriated, because=view.because
                )
            case promise.PARTLY_KEPT:
                yield e.PromisePartlyKept(
                    promise=ref, as_of=day, appropriated=view.appropriated, because=view.because
                )
            case promise.BROKEN:
                yield e.PromiseBroken(promise=ref, as_of=day, because=view.because)


def _plans(facts: CaseFacts, picture: Picture, judged: Judged, policy: CasePolicy) -> Iterator[CaseEvent]:
    """What became of each instalment and plan."""
    for ref, view in picture.plans.items():
        for one in view.instalments:
            before = judged.of("instalment", ref, one.number)
            if one.status == (before or plan.OPEN):
                continue
            if one.status == plan.PAID:
                yield e.PlanInstalmentPaid(
                    plan=ref, number=one.number, as_of=picture.as_of, because=view.because
                )
            elif one.status == plan.MISSED:
                day = one.due + timedelta(days=policy.life.plan_grace_days)
                yield e.PlanInstalmentMissed(plan=ref, number=one.number, as_of=day, because=view.because)
            else:
                yield e.PlanInstalmentReopened(
                    plan=ref, number=one.number, as_of=picture.as_of, previous=before, because=view.because
                )
        before = judged.of("plan", ref) or plan.ACTIVE
        if view.status != before:
            yield from _plan(ref, view, before, picture.as_of, policy)
        if view.status == plan.TERMINATED != before and facts.one(e.PlanTerminated, ref) is None:
            yield e.PlanReplaced(plan=ref, as_of=view.since, because=view.because)


def _plan(ref: str, view: plan.PlanView, before: str, as_of: date, policy: CasePolicy) -> Iterator[CaseEvent]:
    """The way from the recorded status to the present one, with no step left out."""
    if before in (plan.DEFAULTED, plan.COMPLETED):
        yield e.PlanReopened(plan=ref, as_of=as_of, previous=before, because=view.because)
        before = plan.ACTIVE
    if view.status in (plan.BREACHED, plan.DEFAULTED) and before == plan.ACTIVE:
        cure_by = view.cure_by or view.since
        breached_on = cure_by - timedelta(days=policy.life.plan_cure_days)
        yield e.PlanBreached(plan=ref, as_of=breached_on, cure_by=cure_by, because=view.because)
    if view.status == plan.DEFAULTED:
        yield e.PlanDefaulted(plan=ref, as_of=view.since, because=view.because)
    elif view.status == plan.COMPLETED:
        yield e.PlanCompleted(plan=ref, as_of=view.since, because=view.because)
    elif view.status == plan.ACTIVE and before == plan.BREACHED:
        yield e.PlanBreachCured(plan=ref, as_of=view.since, because=view.because)


def _settlements(picture: Picture, judged: Judged) -> Iterator[CaseEvent]:
    final = (settlement.PAID, settlement.LAPSED, settlement.DEFAULTED)
    for ref, view in picture.settlements.items():
        before = judged.of("settlement", ref)
        if view.status == before or (before is None and view.status not in final):
            continue
        if before == settlement.PAID or view.status == settlement.DEFAULTED:
            yield e.OriginalDebtRevived(settlement=ref, as_of=picture.as_of, owed=picture.owed)
        match view.status:
            case settlement.PAID:
                yield e.Settled(
                    settlement=ref,
                    as_of=view.paid_on or picture.as_of,
                    kind=view.kind,
                    paid=view.paid,
                    waived=picture.balance.owed,
                    because=view.because,
                )
            case settlement.LAPSED:
                yield e.SettlementLapsed(settlement=ref, as_of=view.pay_by, because=view.because)
            case settlement.DEFAULTED:
                yield e.SettlementDefaulted(
                    settlement=ref, as_of=picture.as_of, paid=view.paid, because=view.because
                )


def _terms(facts: CaseFacts, picture: Picture, judged: Judged) -> Iterator[CaseEvent]:
    """Holds placed for a time, reliefs and placements whose day has come."""
    for hold in facts.all(e.HoldPlaced):
        lifted = facts.one(e.HoldLifted, hold.hold)
        if hold.until is None or hold.until > picture.as_of or (lifted and lifted.on < hold.until):
            continue
        if not judged.of("expired", hold.hold):
            yield e.HoldExpired(hold=hold.hold, as_of=hold.until)
    for ref, one in picture.reliefs.items():
        ended = one.status == relief.ENDED and facts.one(e.ReliefEnded, ref) is None
        if ended and not judged.of("relief", ref):
            yield e.ReliefEnded(relief=ref, on=one.until, reason=TERM)
    for ref, placed in picture.placements.items():
        if placed.status == mode.EXPIRED and not judged.of("placement", ref):
            yield e.PlacementExpired(placement=ref, as_of=placed.until)


def _holds(picture: Picture, judged: Judged) -> Iterator[CaseEvent]:
    """Holds that something else brings are written down as they begin and end, for those who listen."""
    for ref, one in picture.holds.items():
        if ref.startswith(DERIVED) and not judged.of("hold", ref):
            yield e.HoldPlaced(
                hold=ref,
                kind=one.kind,
                on=one.from_,
                until=one.until,
                reason=one.source,
                stops_interest=one.stops_interest,
                source=one.source,
            )
    for subject, standing in judged.said.items():
        if subject[0] == "hold" and standing and subject[1] not in picture.holds:
            hold = str(subject[1])
            yield e.HoldLifted(hold=hold, on=picture.as_of, reason=hold.removeprefix(DERIVED))


def _mode(picture: Picture, judged: Judged) -> Iterator[CaseEvent]:
    before = judged.of("mode") or mode.INTERNAL
    if picture.mode != before:
        yield e.HandlingModeChanged(
            as_of=picture.as_of, mode=picture.mode, previous=before, because=picture.mode_because
        )


def _penalty(picture: Picture, judged: Judged, *, closing: bool) -> Iterator[CaseEvent]:
    """Written down at month ends, where a correction lowers it, and when the case closes."""
    before, total = judged.of("penalty") or 0, picture.balance.penalty.minor
    due = picture.as_of == month_of(picture.as_of).last or total < before or closing
    if due and total != before:
        yield e.PenaltyInterestAccrued(
            as_of=picture.as_of,
            total=picture.balance.penalty,
            change=Money(total - before, picture.owed.currency),
            because=(),
        )


def _lifecycle(
    case: OpenCase | ClosedCase, worked: OpenCase, picture: Picture, policy: CasePolicy, *, may_reopen: bool
) -> Iterator[CaseEvent]:
    """Stage, cure, closing and opening again."""
    if isinstance(case, ClosedCase):
        if picture.ended is not None or not may_reopen:
            return
        because = tuple(one.returned for one in worked.facts.all(e.PaymentReturned)) or ("facts",)
        yield e.CaseReopened(as_of=picture.as_of, reason=FACTS_CHANGED, because=because)
    cured = worked.cured and isinstance(case, OpenCase)
    yield from _stages(worked.stage or policy.scheme.first, picture, policy)
    if picture.cured and not cured:
        yield e.CaseCured(as_of=picture.as_of)
    if picture.ended is not None:
        yield e.CaseClosed(as_of=picture.as_of, reason=picture.ended)


def _stages(before: str, picture: Picture, policy: CasePolicy) -> Iterator[CaseEvent]:
    """The stage, and every one passed on the way up where the days are known: none is skipped in silence."""
    names, by_name = policy.scheme.names, {bucket.name: bucket for bucket in policy.scheme.buckets}
    if picture.stage == before or before not in by_name:
        return
    first, last = names.index(before), names.index(picture.stage)
    steps = [picture.stage]
    if picture.oldest_due is not None and last > first:
        steps = list(names[first + 1 : last + 1])
    for stage in steps:
        days, day = picture.days_past_due, picture.as_of
        if picture.oldest_due is not None and last > first:
            days = by_name[stage].from_dpd
            day = min(picture.oldest_due + timedelta(days=days), picture.as_of)
        yield e.StageEntered(
            as_of=day, stage=stage, previous=before, days_past_due=days, scheme=policy.scheme.version
        )
        before = stage
