"""Promises to pay, and those taken back."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, OF_MONEY, Act, CaseId, DatedSent, ThingId, Word, example
from services.case.api.desk import Office
from services.case.domain.money_commands import AmendPromise, CancelPromise, TakePromise
from shared.http.bodies import AmountSent, Day
from shared.http.commands import Asked
from shared.http.operations import command, routes


class PromiseSent(DatedSent):
    """An amount promised by a day."""

    amount: AmountSent
    due_on: Day
    given_by: Word = Field(default="DEBTOR", examples=["DEBTOR"])


class AmendmentSent(DatedSent):
    """What is promised from now on."""

    amount: AmountSent
    due_on: Day


class CancellationSent(DatedSent):
    """Why the promise no longer stands."""

    reason: Word = Field(examples=["DEBTOR_ASKED"])


def router(office: Office) -> APIRouter:
    """The promises of a case."""
    found = routes("/v1", tag="promises")
    _take(found, office)
    _change(found, office)
    return found


def _take(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/promises",
        **command(
            "takePromise",
            "Take a promise to pay",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                *OF_MONEY,
                "promise-already-open",
                "promise-too-far",
                "promise-too-large",
                "amount-not-positive",
            ),
            sent={"amount": {"amount": "500.00", "currency": "CNY"}, "due_on": "2026-12-01"},
            gives=example("prm", shown_at="/v1/promises"),
            links={
                "amendPromise": {"promise_id": "$response.body#/id"},
                "cancelPromise": {"promise_id": "$response.body#/id"},
            },
        ),
    )
    async def take_promise(case_id: CaseId, sent: PromiseSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("prm")
        promise = TakePromise(
            ref=ref,
            on=act.day(sent.on),
            amount=sent.amount.money(),
            due=sent.due_on,
            given_by=sent.given_by,
        )
        return await act.do(promise, shown_at=f"/v1/promises/{ref}", id=ref)


def _change(found: APIRouter, office: Office) -> None:
    @found.post(
        "/promises/{promise_id}/amendments",
        **command(
            "amendPromise",
            "Change a promise before it is judged",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                *OF_MONEY,
                "promise-unknown",
                "promise-already-judged",
                "promise-too-far",
                "promise-too-large",
                "amount-not-positive",
            ),
            sent={"amount": {"amount": "400.00", "currency": "CNY"}, "due_on": "2026-12-08"},
            gives=example(),
            if_match=True,
        ),
    )
    async def amend_promise(promise_id: ThingId, sent: AmendmentSent, asked: Asked) -> Response:
        act = Act.on(office, "prm", promise_id, asked)
        change = AmendPromise(
            promise=promise_id, on=act.day(sent.on), amount=sent.amount.money(), due=sent.due_on
        )
        return await act.do(change)

    @found.post(
        "/promises/{promise_id}/cancellations",
        **command(
            "cancelPromise",
            "Take a promise back before it is judged",
            scope="case:write",
            problems=(*OF_A_CASE, "promise-unknown", "promise-already-judged"),
            sent={"reason": "DEBTOR_ASKED"},
            gives=example(),
        ),
    )
    async def cancel_promise(promise_id: ThingId, sent: CancellationSent, asked: Asked) -> Response:
        act = Act.on(office, "prm", promise_id, asked)
        return await act.do(CancelPromise(promise=promise_id, on=act.day(sent.on), reason=sent.reason))
