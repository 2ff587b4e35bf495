"""Settlements: the claim ends for an agreed sum, in full or for less, and revives where the sum does not come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.money_commands import ApproveSettlement, ProposeSettlement, RejectSettlement
from services.case.domain.payment import Receipt, positive
from services.case.domain.policy import LifePolicy
from shared.kernel.four_eyes import NotAwaitingApproval, second_person
from shared.kernel.money import Money
from shared.kernel.refusal import Refused

PROPOSED, APPROVED, REJECTED = "PROPOSED", "APPROVED", "REJECTED"
LAPSED, PAID, DEFAULTED = "LAPSED", "PAID", "DEFAULTED"
FULL, LESS = "FULL", "LESS"


class SettlementTermsRefused(Refused):
    """A settlement is for at most what is owed, and paid within the days the policy allows."""

    code = "settlement-terms-refused"
    title_en = "The sum or the day of the settlement is not allowed"
    title_zh = "和解金额或付款期限不符合要求"


class SettlementAlreadyOpen(Refused):
    """One settlement at a time: wait until the open one is paid, lapses or is rejected."""

    code = "settlement-already-open"
    title_en = "A settlement is already open"
    title_zh = "已有未完成的和解方案"


@dataclass(frozen=True, slots=True)
class SettlementView:
    """A settlement as of a day; `paid` came between the offer and its day, on `paid_on` it was enough."""

    status: str
    amount: Money
    owed: Money
    kind: str
    pay_by: date
    paid: Money
    paid_on: date | None
    approved_on: date | None
    because: tuple[str, ...]


def views(facts: CaseFacts, receipts: Sequence[Receipt], *, as_of: date) -> dict[str, SettlementView]:
    """Every settlement as of a day. Money counts from the day of the offer; nothing binds before its approval."""
    found = {}
    for offer in facts.all(e.SettlementProposed):
        approved = facts.one(e.SettlementApproved, offer.settlement)
        rejected = facts.one(e.SettlementRejected, offer.settlement)
        bound_on = offer.on if not offer.needs_approval else approved.on if approved else None
        money = [one for one in receipts if offer.on <= one.last <= offer.pay_by]
        paid, paid_on = 0, None
        for one in money:
            paid += one.amount
            if paid >= offer.amount.minor and paid_on is None and bound_on is not None:
                paid_on = max(one.last, bound_on)
        if rejected:
            status = REJECTED
        elif paid_on is not None:
            status = PAID
        elif as_of >= offer.pay_by:
            status = DEFAULTED if paid and bound_on is not None else LAPSED
        else:
            status = PROPOSED if bound_on is None else APPROVED
        found[offer.settlement] = SettlementView(
            status,
            offer.amount,
            offer.owed,
            offer.kind,
            offer.pay_by,
            Money(paid, offer.amount.currency),
            paid_on,
            bound_on,
            tuple(one.payment for one in money),
        )
    return found


def propose(
    facts: CaseFacts,
    settlements: Mapping[str, SettlementView],
    owed: Money,
    ask: ProposeSettlement,
    policy: LifePolicy,
) -> tuple[e.CaseEvent, ...]:
    """Offer a settlement; above the policy's discount a second person must approve it.

    Raises: AmountNotPositive, SettlementTermsRefused, SettlementAlreadyOpen, CurrencyMismatch.
    """
    if facts.one(e.SettlementProposed, ask.ref):
        return ()
    positive(ask.amount, owed.currency)
    if ask.amount > owed or not ask.on <= ask.pay_by <= ask.on + timedelta(days=policy.settlement_days_max):
        raise SettlementTermsRefused(days_max=policy.settlement_days_max)
    if any(view.status in (PROPOSED, APPROVED) for view in settlements.values()):
        raise SettlementAlreadyOpen
    given_up = owed.minor - ask.amount.minor
    return (
        e.SettlementProposed(
            settlement=ask.ref,
            on=ask.on,
            amount=ask.amount,
            owed=owed,
            kind=LESS if given_up else FULL,
            pay_by=ask.pay_by,
            needs_approval=given_up * 10_000 > owed.minor * policy.settlement_free_bps,
            by=ask.by,
        ),
    )


def approve(
    facts: CaseFacts, settlements: Mapping[str, SettlementView], ask: ApproveSettlement
) -> tuple[e.CaseEvent, ...]:
    """A second person agrees. Raises NotAwaitingApproval, MakerIsChecker."""
    _second(facts, settlements, ask.settlement, ask.by)
    return (e.SettlementApproved(settlement=ask.settlement, on=ask.on, by=ask.by),)


def reject(
    facts: CaseFacts, settlements: Mapping[str, SettlementView], ask: RejectSettlement
) -> tuple[e.CaseEvent, ...]:
    """A second person does not agree. Raises NotAwaitingApproval, MakerIsChecker."""
    _second(facts, settlements, ask.settlement, ask.by)
    return (e.SettlementRejected(settlement=ask.settlement, on=ask.on, reason=ask.reason, by=ask.by),)


def _second(facts: CaseFacts, settlements: Mapping[str, SettlementView], ref: str, by: str) -> None:
    offer, view = facts.one(e.SettlementProposed, ref), settlements.get(ref)
    if offer is None or view is None or view.status != PROPOSED:
        raise NotAwaitingApproval
    second_person(offer.by, by)
