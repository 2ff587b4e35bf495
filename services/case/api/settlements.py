"""Settlements and write-offs: one person proposes, and above the limits another one decides."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, OF_MONEY, Act, CaseId, DatedSent, ThingId, Word, example
from services.case.api.desk import Office
from services.case.domain.money_commands import (
    ApproveSettlement,
    ApproveWriteOff,
    ProposeSettlement,
    ProposeWriteOff,
    RejectSettlement,
    RejectWriteOff,
)
from shared.http.bodies import AmountSent, Day
from shared.http.commands import Asked
from shared.http.operations import command, routes

OF_A_DECISION = (*OF_A_CASE, "not-awaiting-approval", "maker-is-checker")


class SettlementSent(DatedSent):
    """The claim ends for `amount`, paid by `pay_by`."""

    amount: AmountSent
    pay_by: Day


class ReasonSent(DatedSent):
    """Why."""

    reason: Word = Field(examples=["TOO_LOW"])


def router(office: Office) -> APIRouter:
    """The settlements and write-offs of a case."""
    found = routes("/v1", tag="settlements")
    _propose(found, office)
    _decide(found, office)
    _write_off(found, office)
    return found


def _propose(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/settlements",
        **command(
            "proposeSettlement",
            "Offer to end the claim for a sum",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                *OF_MONEY,
                "settlement-terms-refused",
                "settlement-already-open",
                "amount-not-positive",
            ),
            sent={"amount": {"amount": "700.00", "currency": "CNY"}, "pay_by": "2026-12-10"},
            gives=example("stl"),
            links={"approveSettlement": {"settlement_id": "$response.body#/id"}},
        ),
    )
    async def propose_settlement(case_id: CaseId, sent: SettlementSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref, amount = act.id("stl"), sent.amount.money()
        offer = ProposeSettlement(ref=ref, on=act.day(sent.on), amount=amount, pay_by=sent.pay_by, by=act.by)
        return await act.do(offer, id=ref)


def _decide(found: APIRouter, office: Office) -> None:
    @found.post(
        "/settlements/{settlement_id}/approvals",
        **command(
            "approveSettlement",
            "Approve a settlement that another person proposed",
            scope="ops:approve",
            problems=OF_A_DECISION,
            sent={},
            gives=example(),
            if_match=True,
        ),
    )
    async def approve_settlement(settlement_id: ThingId, sent: DatedSent, asked: Asked) -> Response:
        act = Act.on(office, "stl", settlement_id, asked)
        return await act.do(ApproveSettlement(settlement=settlement_id, on=act.day(sent.on), by=act.by))

    @found.post(
        "/settlements/{settlement_id}/rejections",
        **command(
            "rejectSettlement",
            "Reject a settlement that another person proposed",
            scope="ops:approve",
            problems=OF_A_DECISION,
            sent={"reason": "TOO_LOW"},
            gives=example(),
            if_match=True,
        ),
    )
    async def reject_settlement(settlement_id: ThingId, sent: ReasonSent, asked: Asked) -> Response:
        act = Act.on(office, "stl", settlement_id, asked)
        return await act.do(
            RejectSettlement(settlement=settlement_id, on=act.day(sent.on), reason=sent.reason, by=act.by)
        )


def _write_off(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/write-offs",
        **command(
            "proposeWriteOff",
            "Propose to give the debt up",
            scope="case:write",
            problems=OF_A_CASE,
            sent={"reason": "UNCOLLECTABLE"},
            gives=example("wof"),
            links={"approveWriteOff": {"write_off_id": "$response.body#/id"}},
        ),
    )
    async def propose_write_off(case_id: CaseId, sent: ReasonSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("wof")
        proposal = ProposeWriteOff(ref=ref, on=act.day(sent.on), reason=sent.reason, by=act.by)
        return await act.do(proposal, id=ref)

    @found.post(
        "/write-offs/{write_off_id}/approvals",
        **command(
            "approveWriteOff",
            "Approve a write-off that another person proposed: the case closes",
            scope="ops:approve",
            problems=OF_A_DECISION,
            sent={},
            gives=example(),
            if_match=True,
        ),
    )
    async def approve_write_off(write_off_id: ThingId, sent: DatedSent, asked: Asked) -> Response:
        act = Act.on(office, "wof", write_off_id, asked)
        return await act.do(ApproveWriteOff(write_off=write_off_id, on=act.day(sent.on), by=act.by))

    @found.post(
        "/write-offs/{write_off_id}/rejections",
        **command(
            "rejectWriteOff",
            "Reject a write-off that another person proposed",
            scope="ops:approve",
            problems=OF_A_DECISION,
            sent={"reason": "STILL_COLLECTABLE"},
            gives=example(),
            if_match=True,
        ),
    )
    async def reject_write_off(write_off_id: ThingId, sent: ReasonSent, asked: Asked) -> Response:
        act = Act.on(office, "wof", write_off_id, asked)
        rejection = RejectWriteOff(write_off=write_off_id, on=act.day(sent.on), reason=sent.reason, by=act.by)
        return await act.do(rejection)
