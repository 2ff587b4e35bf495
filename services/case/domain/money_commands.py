"""What can be asked about the money of a case: debts, payments, promises, plans, ways to end it."""

from datetime import date
from typing import TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.parts import Parts


class OpenCase(Struct, frozen=True, gc=False, kw_only=True):
    """Open a case by hand or from another system; `debts` are account stream ids, the first one owes `arrears`."""

    debtor_ref: str
    episode: int
    debts: tuple[str, ...]
    on: date
    arrears: Money
    days_past_due: int


class AttachDebt(Struct, frozen=True, gc=False, kw_only=True):
    """One more account joins the case."""

    account: str
    on: date
    arrears: Money
    days_past_due: int


class DetachDebt(Struct, frozen=True, gc=False, kw_only=True):
    """An account leaves the case."""

    account: str
    on: date
    reason: str


class BookInstalment(Struct, frozen=True, gc=False, kw_only=True):
    """An instalment of a debt fell due (`on` is its due date): days past due count from the oldest unpaid one."""

    ref: str
    account: str
    on: date
    amounts: Parts


class BookCharge(Struct, frozen=True, gc=False, kw_only=True):
    """A fee, cost or interest the debtor owes; `amounts` may be negative to take one back."""

    ref: str
    account: str
    on: date
    amounts: Parts
    reason: str


class SetPenaltyTerms(Struct, frozen=True, gc=False, kw_only=True):
    """The contract's penalty interest on overdue principal: parts per million a day, from `on`."""

    ref: str
    account: str
    on: date
    ppm_per_day: int


class RecordPayment(Struct, frozen=True, gc=False, kw_only=True):
    """Money came in, on a known day. `account` None: over all debts in order."""

    ref: str
    account: str | None
    on: date
    amount: Money
    channel: str


class RecordPaymentReturn(Struct, frozen=True, gc=False, kw_only=True):
    """A payment bounced, in whole or in part."""

    ref: str
    payment: str
    on: date
    amount: Money | None
    reason: str


class RecordRefund(Struct, frozen=True, gc=False, kw_only=True):
    """Overpaid money went back to the debtor."""

    ref: str
    on: date
    amount: Money


class TakePromise(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor, a representative or a payer promises an amount by a day."""

    ref: str
    on: date
    amount: Money
    due: date
    given_by: str


class AmendPromise(Struct, frozen=True, gc=False, kw_only=True):
    """A promise is changed before it was judged: from `on` it is for `amount` by `due`."""

    promise: str
    on: date
    amount: Money
    due: date


class CancelPromise(Struct, frozen=True, gc=False, kw_only=True):
    """A promise is taken back before it was judged."""

    promise: str
    on: date
    reason: str


class QuotePlan(Struct, frozen=True, gc=False, kw_only=True):
    """Work out a plan: `count` monthly instalments of `total`, the first on `first_due`."""

    ref: str
    on: date
    total: Money
    count: int
    first_due: date


class OfferPlan(Struct, frozen=True, gc=False, kw_only=True):
    """Put a quote to the debtor as a plan; `affordability` refers to the check of what the debtor can pay."""

    ref: str
    quote: str
    on: date
    affordability: str


class AgreePlan(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor signed the offered plan; `supplement` refers to the written supplement."""

    plan: str
    on: date
    supplement: str


class TerminatePlan(Struct, frozen=True, gc=False, kw_only=True):
    """The plan ends early, by the debtor, hardship or death."""

    plan: str
    on: date
    reason: str


class ProposeSettlement(Struct, frozen=True, gc=False, kw_only=True):
    """Offer to end the claim for `amount`, paid by `pay_by`; the offer stands until then."""

    ref: str
    on: date
    amount: Money
    pay_by: date
    by: str


class ApproveSettlement(Struct, frozen=True, gc=False, kw_only=True):
    """A second person approves a proposed settlement."""

    settlement: str
    on: date
    by: str


class RejectSettlement(Struct, frozen=True, gc=False, kw_only=True):
    """A second person rejects a proposed settlement."""

    settlement: str
    on: date
    reason: str
    by: str


class ProposeWaiver(Struct, frozen=True, gc=False, kw_only=True):
    """Ask to waive `amounts` on an account."""

    ref: str
    account: str
    on: date
    amounts: Parts
    reason: str
    by: str


class ApproveWaiver(Struct, frozen=True, gc=False, kw_only=True):
    """A second person approves a waiver."""

    waiver: str
    on: date
    by: str


class RejectWaiver(Struct, frozen=True, gc=False, kw_only=True):
    """A second person rejects a waiver."""

    waiver: str
    on: date
    reason: str
    by: str


class ChargeOff(Struct, frozen=True, gc=False, kw_only=True):
    """Recognise the loss in the books; the debt is still owed."""

    ref: str
    on: date
    amount: Money


class ReverseChargeOff(Struct, frozen=True, gc=False, kw_only=True):
    """Take a charge-off back."""

    charge_off: str
    on: date
    reason: str


class ProposeWriteOff(Struct, frozen=True, gc=False, kw_only=True):
    """Propose to give the debt up."""

    ref: str
    on: date
    reason: str
    by: str


class ApproveWriteOff(Struct, frozen=True, gc=False, kw_only=True):
    """A second person approves; the debt is written off and the case closed."""

    write_off: str
    on: date
    by: str


class RejectWriteOff(Struct, frozen=True, gc=False, kw_only=True):
    """A second person does not agree to give the debt up."""

    write_off: str
    on: date
    reason: str
    by: str


MoneyCommand: TypeAlias = (
    OpenCase
    | AttachDebt
    | DetachDebt
    | BookInstalment
    | BookCharge
    | SetPenaltyTerms
    | RecordPayment
    | RecordPaymentReturn
    | RecordRefund
    | TakePromise
    | AmendPromise
    | CancelPromise
    | QuotePlan
    | OfferPlan
    | AgreePlan
    | TerminatePlan
    | ProposeSettlement
    | ApproveSettlement
    | RejectSettlement
    | ProposeWaiver
    | ApproveWaiver
    | RejectWaiver
    | ChargeOff
    | ReverseChargeOff
    | ProposeWriteOff
    | ApproveWriteOff
    | RejectWriteOff
)
