"""Disputes: the debtor says the debt is wrong; somebody decides."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, Act, DatedSent, PartsSent, ThingId, Word, example
from services.case.api.asked import CaseId
from services.case.api.desk import Office
from services.case.domain.case_commands import RaiseDispute, ResolveDispute
from shared.http.bodies import AmountSent, Ref
from shared.http.commands import Asked
from shared.http.operations import command, routes


class DisputeSent(DatedSent):
    """What is disputed: `amount`, or all of it."""

    scope: Word = Field(examples=["AMOUNT"])
    amount: AmountSent | None = None


class ResolutionSent(DatedSent):
    """The decision; `adjustment` is taken off what `account` owes, `first` is the dispute a duplicate repeats."""

    outcome: Word = Field(description="UPHELD, PARTLY_UPHELD, REJECTED, DUPLICATE or WITHDRAWN.")
    adjustment: PartsSent | None = None
    account: Ref | None = None
    first: Ref | None = None


def router(office: Office) -> APIRouter:
    """The disputes of a case."""
    found = routes("/v1", tag="disputes")

    @found.post(
        "/cases/{case_id}/disputes",
        **command(
            "raiseDispute",
            "Record that the debtor disputes the debt",
            scope="case:write",
            problems=(*OF_A_CASE, "dispute-scope-unknown", "amount-not-positive"),
            sent={"scope": "AMOUNT", "amount": {"amount": "80.00", "currency": "CNY"}},
            gives=example("dsp"),
        ),
    )
    async def raise_dispute(case_id: CaseId, sent: DisputeSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref, amount = act.id("dsp"), sent.amount.money() if sent.amount else None
        dispute = RaiseDispute(ref=ref, scope=sent.scope, amount=amount, on=act.day(sent.on))
        return await act.do(dispute, id=ref)

    @found.post(
        "/disputes/{dispute_id}/resolutions",
        **command(
            "resolveDispute",
            "Decide a dispute",
            scope="case:write",
            problems=(*OF_A_CASE, "dispute-unknown", "dispute-already-decided", "dispute-outcome-refused"),
            sent={"outcome": "REJECTED"},
            gives=example(),
            if_match=True,
        ),
    )
    async def resolve_dispute(dispute_id: ThingId, sent: ResolutionSent, asked: Asked) -> Response:
        act = Act.on(office, "dsp", dispute_id, asked)
        resolution = ResolveDispute(
            dispute=dispute_id,
            on=act.day(sent.on),
            outcome=sent.outcome,
            adjustment=sent.adjustment.parts() if sent.adjustment else None,
            account=sent.account,
            first=sent.first,
            by=act.by,
        )
        return await act.do(resolution)

    return found
