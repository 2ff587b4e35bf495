"""Payments: taken in as they come, returned, refunded; and the cleared money they leave.

A payment is never refused because of the state of the case: the money is there whether or not it suits us.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain.balance import Allocation, reference
from services.case.domain.case_facts import CaseFacts, day_of
from services.case.domain.money_commands import RecordPayment, RecordPaymentReturn, RecordRefund
from shared.kernel.money import Money
from shared.kernel.refusal import Refused


class AmountNotPositive(Refused):
    """The amount must be above zero: what goes the other way has a command of its own. Send a positive amount."""

    code = "amount-not-positive"
    title_en = "The amount must be above zero"
    title_zh = "金额必须大于零"


class PaymentUnknown(Refused):
    """The case has no payment of that reference. Record the payment first, or ask under its own case."""

    code = "payment-unknown"
    title_en = "The case has no such payment"
    title_zh = "该案件没有这笔还款"


class ReturnTooLarge(Refused):
    """More would be returned than the payment still holds; each part of a payment is returned once."""

    code = "return-too-large"
    title_en = "More would be returned than was paid"
    title_zh = "退回金额超过该笔还款余额"


class RefundTooLarge(Refused):
    """Only money that is on no debt can be refunded. Refund at most what the balance shows as overpaid."""

    code = "refund-too-large"
    title_en = "More would be refunded than was overpaid"
    title_zh = "退款金额超过多付金额"


class DebtNotInCase(Refused):
    """The account is none of the case's debts. Attach it first, or leave it out to mean all debts."""

    code = "debt-not-in-case"
    title_en = "The account does not belong to the case"
    title_zh = "该账户不属于此案件"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Cleared money: `amount` minor units that came on a day from `first` to `last`, both included."""

    payment: str
    first: date
    last: date
    amount: int


def receipts(facts: CaseFacts, allocations: Mapping[str, Allocation]) -> tuple[Receipt, ...]:
    """What came and was not returned, by day: what promises and plans are judged by."""
    return tuple(
        Receipt(
            name,
            payment.period_from,
            day_of(payment),
            sum(standing.amounts.minors) + standing.unallocated.minor,
        )
        for payment in facts.all(e.PaymentReceived)
        if (standing := allocations.get(name := reference(payment))) is not None
    )


def positive(amount: Money, currency: str) -> None:
    """Raises AmountNotPositive, and CurrencyMismatch for another currency than the case's."""
    if amount <= Money(0, currency):
        raise AmountNotPositive


def of_case(account: str | None, debts: Collection[str]) -> None:
    """Raises DebtNotInCase unless the account is one of the case's debts."""
    if account is not None and account not in debts:
        raise DebtNotInCase


def receive(
    facts: CaseFacts, debts: Collection[str], currency: str, ask: RecordPayment
) -> tuple[e.CaseEvent, ...]:
    """Money came in. Raises AmountNotPositive, CurrencyMismatch, DebtNotInCase."""
    if facts.one(e.PaymentReceived, ask.ref):
        return ()
    positive(ask.amount, currency)
    of_case(ask.account, debts)
    return (
        e.PaymentReceived(
            account=ask.account,
            amount=ask.amount,
            period_from=ask.on,
            period_until=ask.on + timedelta(days=1),
            payment=ask.ref,
            channel=ask.channel,
        ),
    )


def take_back(facts: CaseFacts, currency: str, ask: RecordPaymentReturn) -> tuple[e.CaseEvent, ...]:
    """A payment bounced. Raises PaymentUnknown, AmountNotPositive, ReturnTooLarge, CurrencyMismatch."""
    if facts.one(e.PaymentReturned, ask.ref):
        return ()
    payment = facts.one(e.PaymentReceived, ask.payment)
    if payment is None:
        raise PaymentUnknown
    gone = sum(one.amount.minor for one in facts.all(e.PaymentReturned) if one.payment == ask.payment)
    if ask.amount is None and gone >= payment.amount.minor:
        raise ReturnTooLarge
    amount = ask.amount or Money(payment.amount.minor - gone, currency)
    positive(amount, currency)
    if amount.minor > payment.amount.minor - gone:
        raise ReturnTooLarge
    return (
        e.PaymentReturned(
            returned=ask.ref,
            payment=ask.payment,
            on=max(ask.on, day_of(payment)),
            amount=amount,
            reason=ask.reason,
        ),
    )


def refund(facts: CaseFacts, overpaid: Money, ask: RecordRefund) -> tuple[e.CaseEvent, ...]:
    """Overpaid money goes back. Raises AmountNotPositive, RefundTooLarge, CurrencyMismatch."""
    if facts.one(e.RefundPaid, ask.ref):
        return ()
    positive(ask.amount, overpaid.currency)
    if ask.amount > overpaid:
        raise RefundTooLarge
    return (e.RefundPaid(refund=ask.ref, on=ask.on, amount=ask.amount),)
