"""Charge-offs: the loss recognised in the books while the debt is still owed, and taken back."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, OF_MONEY, Act, CaseId, DatedSent, ThingId, Word, example
from services.case.api.desk import Office
from services.case.domain.money_commands import ChargeOff, ReverseChargeOff
from shared.http.bodies import AmountSent
from shared.http.commands import Asked
from shared.http.operations import command, routes


class ChargeOffSent(DatedSent):
    """The loss; what is owed stays as it is."""

    amount: AmountSent


class ReversalSent(DatedSent):
    """Why the charge-off no longer stands."""

    reason: Word = Field(examples=["RECOVERED"])


def router(office: Office) -> APIRouter:
    """The charge-offs of a case."""
    found = routes("/v1", tag="charge-offs")

    @found.post(
        "/cases/{case_id}/charge-offs",
        **command(
            "chargeOff",
            "Recognise the loss in the books; the debt is still owed",
            scope="case:write",
            problems=(*OF_A_CASE, *OF_MONEY, "amount-not-positive"),
            sent={"amount": {"amount": "900.00", "currency": "CNY"}},
            gives=example("cho"),
            if_match=True,
            links={"reverseChargeOff": {"charge_off_id": "$response.body#/id"}},
        ),
    )
    async def charge_off(case_id: CaseId, sent: ChargeOffSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("cho")
        return await act.do(ChargeOff(ref=ref, on=act.day(sent.on), amount=sent.amount.money()), id=ref)

    @found.post(
        "/charge-offs/{charge_off_id}/reversals",
        **command(
            "reverseChargeOff",
            "Take a charge-off back",
            scope="case:write",
            problems=(*OF_A_CASE, "charge-off-unknown"),
            sent={"reason": "RECOVERED"},
            gives=example(),
            if_match=True,
        ),
    )
    async def reverse_charge_off(charge_off_id: ThingId, sent: ReversalSent, asked: Asked) -> Response:
        act = Act.on(office, "cho", charge_off_id, asked)
        back = ReverseChargeOff(charge_off=charge_off_id, on=act.day(sent.on), reason=sent.reason)
        return await act.do(back)

    return found
