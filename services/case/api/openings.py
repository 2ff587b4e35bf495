"""A case is opened, closed and opened again."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import CASE, OF_A_CASE, OF_MONEY, Act, CaseId, DatedSent, Word, example
from services.case.api.desk import Office
from services.case.domain.case_commands import CloseCase, ReopenCase
from services.case.domain.money_commands import OpenCase
from shared.http.bodies import AmountSent, Ref, Whole
from shared.http.commands import Asked
from shared.http.operations import command, routes

HERE = f"/v1/cases/{CASE}"
GOES_ON = (
    "showCase", "showEvents", "recordPayment", "takePromise", "quotePlan", "placeHold", "raiseDispute", "logComplaint",
    "claimHardship", "proposeSettlement", "proposeWriteOff",
)  # fmt: skip
"""What is usually done with a case that was opened: operations that the document links to."""


class OpeningSent(DatedSent):
    """A debt that is past due."""

    debtor_ref: Ref = Field(description="The lender's reference of the debtor.", examples=["D-1001"])
    account_ref: Ref = Field(description="The lender's reference of the account.", examples=["A-77"])
    arrears: AmountSent
    days_past_due: Whole = Field(ge=1, le=36_500, examples=[12])


class ReasonSent(DatedSent):
    """Why."""

    reason: Word


def router(office: Office) -> APIRouter:
    """POST /v1/cases, and the closures and reopenings of one."""
    found = routes("/v1/cases", tag="cases")
    _open(found, office)
    _close(found, office)
    return found


def _open(found: APIRouter, office: Office) -> None:
    @found.post(
        "",
        **command(
            "openCase",
            "Open a case for a debt that is past due",
            scope="case:write",
            problems=(
                "case-already-open",
                "case-not-open",
                "case-forgotten",
                "nothing-overdue",
                "amount-not-positive",
                *OF_MONEY,
            ),
            sent={
                "debtor_ref": "D-1001",
                "account_ref": "A-77",
                "arrears": {"amount": "1234.50", "currency": "CNY"},
                "days_past_due": 12,
            },
            gives={"id": CASE, "episode": 1, "links": {"case": HERE, "self": HERE}},
            links={name: {"case_id": "$response.body#/id"} for name in GOES_ON},
        ),
    )
    async def open_case(sent: OpeningSent, asked: Asked) -> Response:
        desk = office.open_desk
        episode = await desk.decisions.next_episode(sent.debtor_ref)
        act = Act(office, desk.acts.case_id(sent.debtor_ref, episode), asked)
        opening = OpenCase(
            debtor_ref=sent.debtor_ref,
            episode=episode,
            debts=(desk.decisions.account_id(sent.debtor_ref, sent.account_ref),),
            on=act.day(sent.on),
            arrears=sent.arrears.money(),
            days_past_due=sent.days_past_due,
        )
        return await act.do(
            opening,
            money_at="/arrears",
            shown_at=f"/v1/cases/{act.case_id}",
            opens=True,
            id=act.case_id,
            episode=episode,
        )


def _close(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{case_id}/closures",
        **command(
            "closeCase",
            "Close a case for a reason a person may give",
            scope="case:write",
            problems=(*OF_A_CASE, "closing-reason-refused", "case-held-open", "opened-again-that-day"),
            sent={"reason": "SOLD"},
            gives=example(),
            if_match=True,
        ),
    )
    async def close_case(case_id: CaseId, sent: ReasonSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        return await act.do(CloseCase(on=act.day(sent.on), reason=sent.reason))

    @found.post(
        "/{case_id}/reopenings",
        **command(
            "reopenCase",
            "Open a closed case again",
            scope="case:write",
            problems=("not-found", "case-forgotten", "case-still-open"),
            sent={"reason": "CLOSED_IN_ERROR"},
            gives=example(),
            if_match=True,
        ),
    )
    async def reopen_case(case_id: CaseId, sent: ReasonSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        return await act.do(ReopenCase(on=act.day(sent.on), reason=sent.reason))
