"""Waivers: a part of what is owed is given up; above the limit a second person decides."""

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
)
from services.case.api.desk import Office
from services.case.domain.money_commands import ApproveWaiver, ProposeWaiver, RejectWaiver
from shared.http.bodies import Ref
from shared.http.commands import Asked
from shared.http.operations import command, routes

OF_A_DECISION = (*OF_A_CASE, "not-awaiting-approval", "maker-is-checker")
ACCOUNT = "account-6f1c0d1e-0000-8000-8000-000000000002"


class WaiverSent(DatedSent):
    """What is to be given up of what `account` owes."""

    account: Ref = Field(description="One of the case's `debts`.", examples=[ACCOUNT])
    amounts: PartsSent
    reason: Word = Field(examples=["GOODWILL"])


class RejectionSent(DatedSent):
    """Why not."""

    reason: Word = Field(examples=["TOO_MUCH"])


def router(office: Office) -> APIRouter:
    """The waivers of a case."""
    found = routes("/v1", tag="waivers")
    _propose(found, office)
    _decide(found, office)
    return found


def _propose(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/waivers",
        **command(
            "proposeWaiver",
            "Ask to waive a part of what is owed; below the lender's limit it stands at once",
            scope="case:write",
            problems=(*OF_A_CASE, *OF_MONEY, "waiver-too-large", "amount-not-positive"),
            sent={
                "account": ACCOUNT,
                "amounts": {"penalty": "30.00", "currency": "CNY"},
                "reason": "GOODWILL",
            },
            gives=example("wvr"),
            links={"approveWaiver": {"waiver_id": "$response.body#/id"}},
        ),
    )
    async def propose_waiver(case_id: CaseId, sent: WaiverSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("wvr")
        proposal = ProposeWaiver(
            ref=ref,
            account=sent.account,
            on=act.day(sent.on),
            amounts=sent.amounts.parts(),
            reason=sent.reason,
            by=act.by,
        )
        return await act.do(proposal, money_at="/amounts", id=ref)


def _decide(found: APIRouter, office: Office) -> None:
    @found.post(
        "/waivers/{waiver_id}/approvals",
        **command(
            "approveWaiver",
            "Approve a waiver that another person proposed",
            scope="ops:approve",
            problems=(*OF_A_DECISION, "waiver-too-large"),
            sent={},
            gives=example(),
            if_match=True,
        ),
    )
    async def approve_waiver(waiver_id: ThingId, sent: DatedSent, asked: Asked) -> Response:
        act = Act.on(office, "wvr", waiver_id, asked)
        return await act.do(ApproveWaiver(waiver=waiver_id, on=act.day(sent.on), by=act.by))

    @found.post(
        "/waivers/{waiver_id}/rejections",
        **command(
            "rejectWaiver",
            "Reject a waiver that another person proposed",
            scope="ops:approve",
            problems=OF_A_DECISION,
            sent={"reason": "TOO_MUCH"},
            gives=example(),
            if_match=True,
        ),
    )
    async def reject_waiver(waiver_id: ThingId, sent: RejectionSent, asked: Asked) -> Response:
        act = Act.on(office, "wvr", waiver_id, asked)
        return await act.do(
            RejectWaiver(waiver=waiver_id, on=act.day(sent.on), reason=sent.reason, by=act.by)
        )
