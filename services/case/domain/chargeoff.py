"""Charge-off and write-off: the loss in the books, and giving the debt up, which takes two people."""

from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.money_commands import (
    ApproveWriteOff,
    ChargeOff,
    ProposeWriteOff,
    RejectWriteOff,
    ReverseChargeOff,
)
from services.case.domain.payment import positive
from shared.kernel.four_eyes import NotAwaitingApproval, second_person
from shared.kernel.parts import Parts
from shared.kernel.refusal import Refused


class ChargeOffUnknown(Refused):
    """The case has no standing charge-off of that reference."""

    code = "charge-off-unknown"
    title_en = "The case has no such charge-off"
    title_zh = "该案件没有这项呆账认列"


def standing(facts: CaseFacts) -> tuple[str, ...]:
    """The charge-offs that were not reversed."""
    return tuple(
        one.charge_off
        for one in facts.all(e.DebtChargedOff)
        if not facts.one(e.ChargeOffReversed, one.charge_off)
    )


def awaiting(facts: CaseFacts) -> tuple[str, ...]:
    """The write-offs that wait for a second person."""
    return tuple(
        one.write_off
        for one in facts.all(e.WriteOffProposed)
        if not facts.one(e.DebtWrittenOff, one.write_off) and not facts.one(e.WriteOffRejected, one.write_off)
    )


def charge_off(facts: CaseFacts, currency: str, ask: ChargeOff) -> tuple[e.CaseEvent, ...]:
    """Recognise the loss; the debt is still owed. Raises AmountNotPositive, CurrencyMismatch."""
    if facts.one(e.DebtChargedOff, ask.ref):
        return ()
    positive(ask.amount, currency)
    return (e.DebtChargedOff(charge_off=ask.ref, on=ask.on, amount=ask.amount),)


def reverse(facts: CaseFacts, ask: ReverseChargeOff) -> tuple[e.CaseEvent, ...]:
    """Take a charge-off back. Raises ChargeOffUnknown."""
    if facts.one(e.DebtChargedOff, ask.charge_off) is None:
        raise ChargeOffUnknown
    if facts.one(e.ChargeOffReversed, ask.charge_off):
        return ()
    return (e.ChargeOffReversed(charge_off=ask.charge_off, on=ask.on, reason=ask.reason),)


def propose(facts: CaseFacts, owed: Parts, ask: ProposeWriteOff) -> tuple[e.CaseEvent, ...]:
    """Ask to give the debt up."""
    if facts.one(e.WriteOffProposed, ask.ref):
        return ()
    return (e.WriteOffProposed(write_off=ask.ref, on=ask.on, owed=owed.total, reason=ask.reason, by=ask.by),)


def approve(facts: CaseFacts, owed: Parts, ask: ApproveWriteOff) -> tuple[e.CaseEvent, ...]:
    """A second person agrees: the debt is given up. Raises NotAwaitingApproval, MakerIsChecker."""
    _second(facts, ask.write_off, ask.by)
    return (e.DebtWrittenOff(write_off=ask.write_off, on=ask.on, owed=owed, by=ask.by),)


def reject(facts: CaseFacts, ask: RejectWriteOff) -> tuple[e.CaseEvent, ...]:
    """A second person does not agree. Raises NotAwaitingApproval, MakerIsChecker."""
    _second(facts, ask.write_off, ask.by)
    return (e.WriteOffRejected(write_off=ask.write_off, on=ask.on, reason=ask.reason, by=ask.by),)


def _second(facts: CaseFacts, ref: str, by: str) -> None:
    proposed = facts.one(e.WriteOffProposed, ref)
    if proposed is None or ref not in awaiting(facts):
        raise NotAwaitingApproval
    second_person(proposed.by, by)
