"""Money that came in, bounced, or went back; what it was put on is worked out here and nowhere else."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, OF_MONEY, Act, CaseId, DatedSent, ThingId, Word, example
from services.case.api.desk import Office
from services.case.api.gateway import carry_out
from services.case.application.payments import PREFIX, Placed
from services.case.domain.money_commands import RecordPayment, RecordPaymentReturn, RecordRefund
from shared.http.bodies import AmountSent, Ref
from shared.http.commands import Asked
from shared.http.operations import command, routes
from shared.http.problems import Problem


class PaymentSent(DatedSent):
    """Money that came in."""

    amount: AmountSent
    channel: Word = Field(examples=["BANK_TRANSFER"])
    account: Ref | None = Field(
        default=None, description="One debt of the case; all of them in order without."
    )


class ReversalSent(DatedSent):
    """A payment that bounced: all of it, or `amount`."""

    reason: Word = Field(examples=["NO_FUNDS"])
    amount: AmountSent | None = None


class RefundSent(DatedSent):
    """Overpaid money that went back."""

    amount: AmountSent


def router(office: Office) -> APIRouter:
    """The payments of a case."""
    found = routes("/v1", tag="payments")
    _payments(found, office)
    _refunds(found, office)
    return found


def _payments(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/payments",
        **command(
            "recordPayment",
            "Record a payment",
            scope="payment:record",
            problems=(*OF_A_CASE, *OF_MONEY, "amount-not-positive", "debt-not-in-case"),
            sent={"amount": {"amount": "500.00", "currency": "CNY"}, "channel": "BANK_TRANSFER"},
            gives=example("pay"),
            links={"reversePayment": {"payment_id": "$response.body#/id"}},
        ),
    )
    async def record_payment(case_id: CaseId, sent: PaymentSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref, amount = act.id("pay"), sent.amount.money()
        payment = RecordPayment(
            ref=ref, account=sent.account, on=act.day(sent.on), amount=amount, channel=sent.channel
        )
        return await act.do(payment, id=ref)

    @found.post(
        "/payments/{payment_id}/reversals",
        **command(
            "reversePayment",
            "Record that a payment bounced, in whole or in part",
            scope="payment:record",
            problems=(
                *OF_A_CASE,
                *OF_MONEY,
                "payment-unknown",
                "payment-gone-back",
                "payment-forgotten",
                "return-too-large",
                "amount-not-positive",
            ),
            sent={"reason": "NO_FUNDS"},
            gives=example("ret"),
        ),
    )
    async def reverse_payment(payment_id: ThingId, sent: ReversalSent, asked: Asked) -> Response:
        if payment_id.startswith(PREFIX):
            return await _of_entry(office, payment_id, sent, asked)
        act = Act.on(office, "pay", payment_id, asked)
        ref = act.id("ret")
        bounced = RecordPaymentReturn(
            ref=ref,
            payment=payment_id,
            on=act.day(sent.on),
            amount=sent.amount.money() if sent.amount else None,
            reason=sent.reason,
        )
        return await act.do(bounced, id=ref)


async def _of_entry(office: Office, entry_id: str, sent: ReversalSent, asked: Asked) -> Response:
    """A payment that its source took back: out of the pool, or out of the case it was matched to."""
    desk = office.open_desk
    if sent.on is not None and sent.on > desk.decisions.today:
        raise Problem("invalid", errors=[("/on", "IN_THE_FUTURE")])

    async def work() -> Placed:
        return await desk.payments.reverse(
            entry_id,
            on=sent.on or desk.decisions.today,
            amount=sent.amount.money() if sent.amount else None,
            reason=sent.reason,
            client=asked.caller.client,
            key=asked.key,
            actor=asked.caller.actor,
            dry_run=asked.dry_run,
        )

    return await carry_out(office, asked, entry_id, work)


def _refunds(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/refunds",
        **command(
            "recordRefund",
            "Record that overpaid money went back",
            scope="payment:record",
            problems=(*OF_A_CASE, *OF_MONEY, "refund-too-large", "amount-not-positive"),
            sent={"amount": {"amount": "20.00", "currency": "CNY"}},
            gives=example("rfd"),
        ),
    )
    async def record_refund(case_id: CaseId, sent: RefundSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("rfd")
        return await act.do(RecordRefund(ref=ref, on=act.day(sent.on), amount=sent.amount.money()), id=ref)
