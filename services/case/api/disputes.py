"""Disputes: the debtor says the debt is wrong; somebody decides."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import (
    OF_A_CASE,
    OF_MONEY,
    Act,
    CaseId,
    DatedSent,
    PartsSent,
    ThingId,
    Word,
    example,
    one_of,
)
from services.case.api.desk import Office
from services.case.domain.case_commands import (
    AcknowledgeDispute,
    RaiseDispute,
    ReopenDispute,
    ResolveDispute,
)
from services.case.domain.dispute import SCOPES
from shared.http.bodies import AmountSent, Ref
from shared.http.commands import Asked
from shared.http.operations import command, routes


class DisputeSent(DatedSent):
    """What is disputed: `amount`, or all of it."""

    scope: Word = one_of(SCOPES)
    amount: AmountSent | None = None


class ReopeningSent(DatedSent):
    """What is new."""

    material: Ref = Field(description="Where the new material is kept.", examples=["DOC-78"])


class ResolutionSent(DatedSent):
    """The decision; `adjustment` is taken off what `account` (or the only debt) owes; a duplicate names the `first`."""

    outcome: Word = one_of(("REJECTED", "UPHELD", "PARTLY_UPHELD", "DUPLICATE", "WITHDRAWN"))
    adjustment: PartsSent | None = None
    account: Ref | None = None
    first: Ref | None = None


def router(office: Office) -> APIRouter:
    """The disputes of a case."""
    found = routes("/v1", tag="disputes")
    _raise(found, office)
    _course(found, office)
    _resolve(found, office)
    return found


def _raise(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/disputes",
        **command(
            "raiseDispute",
            "Record that the debtor disputes the debt",
            scope="case:write",
            problems=(*OF_A_CASE, *OF_MONEY, "dispute-scope-unknown", "amount-not-positive"),
            sent={"scope": "AMOUNT", "amount": {"amount": "80.00", "currency": "CNY"}},
            gives=example("dsp"),
            links={
                "acknowledgeDispute": {"dispute_id": "$response.body#/id"},
                "resolveDispute": {"dispute_id": "$response.body#/id"},
            },
        ),
    )
    async def raise_dispute(case_id: CaseId, sent: DisputeSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref, amount = act.id("dsp"), sent.amount.money() if sent.amount else None
        dispute = RaiseDispute(ref=ref, scope=sent.scope, amount=amount, on=act.day(sent.on))
        return await act.do(dispute, id=ref)


def _course(found: APIRouter, office: Office) -> None:
    @found.post(
        "/disputes/{dispute_id}/acknowledgements",
        **command(
            "acknowledgeDispute",
            "Record that the debtor was told the dispute arrived",
            scope="case:write",
            problems=(*OF_A_CASE, "dispute-unknown", "dispute-already-decided"),
            sent={},
            gives=example(),
        ),
    )
    async def acknowledge_dispute(dispute_id: ThingId, sent: DatedSent, asked: Asked) -> Response:
        act = Act.on(office, "dsp", dispute_id, asked)
        return await act.do(AcknowledgeDispute(dispute=dispute_id, on=act.day(sent.on), by=act.by))

    @found.post(
        "/disputes/{dispute_id}/reopenings",
        **command(
            "reopenDispute",
            "Open a decided dispute again on new material: it goes on under an id of its own",
            scope="case:write",
            problems=(*OF_A_CASE, "dispute-unknown", "dispute-still-open"),
            sent={"material": "DOC-78"},
            gives=example("dsp"),
            if_match=True,
        ),
    )
    async def reopen_dispute(dispute_id: ThingId, sent: ReopeningSent, asked: Asked) -> Response:
        act = Act.on(office, "dsp", dispute_id, asked)
        ref = act.id("dsp")
        again = ReopenDispute(ref=ref, dispute=dispute_id, on=act.day(sent.on), material=sent.material)
        return await act.do(again, id=ref)


def _resolve(found: APIRouter, office: Office) -> None:
    @found.post(
        "/disputes/{dispute_id}/resolutions",
        **command(
            "resolveDispute",
            "Decide a dispute",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                *OF_MONEY,
                "dispute-unknown",
                "dispute-already-decided",
                "dispute-outcome-refused",
                "adjustment-too-large",
                "debt-not-in-case",
            ),
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
        return await act.do(resolution, money_at="/adjustment")
