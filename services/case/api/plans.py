"""Instalment plans: worked out first, offered from a quote and nothing else, and running once the debtor signed.

A plan is replaced by ending it and offering the next: both stand on record, and on every day one of them runs at most.
"""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import (
    CASE,
    OF_A_CASE,
    OF_A_THING,
    OF_MONEY,
    Act,
    CaseId,
    DatedSent,
    ThingId,
    Word,
    example,
)
from services.case.api.desk import Office
from services.case.domain.money_commands import AgreePlan, OfferPlan, QuotePlan, TerminatePlan
from shared.http.bodies import AmountSent, Day, Ref, Whole
from shared.http.commands import Asked
from shared.http.operations import command, routes

QUOTE, PLAN = f"quo_{OF_A_THING}", f"pln_{OF_A_THING}"


class QuoteSent(DatedSent):
    """`count` monthly instalments of `total`, the first on `first_due`."""

    total: AmountSent
    count: Whole = Field(ge=1, le=600, examples=[6])
    first_due: Day


class OfferSent(DatedSent):
    """A quote that is put to the debtor, after the check of what the debtor can pay."""

    quote_id: Ref = Field(examples=[QUOTE])
    affordability: Ref = Field(description="The check of what the debtor can pay.", examples=["AFF-12"])


class AcceptanceSent(DatedSent):
    """The debtor signed."""

    supplement: Ref = Field(description="Where the written supplement is kept.", examples=["DOC-55"])


class TerminationSent(DatedSent):
    """Why the plan ends early."""

    reason: Word = Field(examples=["DEBTOR_ASKED"])


def router(office: Office) -> APIRouter:
    """The plans of a case."""
    found = routes("/v1", tag="plans")
    _quote(found, office)
    _plan(found, office)
    _end(found, office)
    return found


def _quote(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/plan-quotes",
        **command(
            "quotePlan",
            "Work out an instalment plan; the quote expires",
            scope="case:write",
            problems=(*OF_A_CASE, *OF_MONEY, "plan-terms-refused", "plan-too-large", "amount-not-positive"),
            sent={
                "total": {"amount": "600.00", "currency": "CNY"},
                "count": 6,
                "first_due": "2026-12-10",
            },
            gives=example("quo"),
            links={"offerPlan": {"case_id": "$request.path.case_id"}},
        ),
    )
    async def quote_plan(case_id: CaseId, sent: QuoteSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("quo")
        quote = QuotePlan(
            ref=ref,
            on=act.day(sent.on),
            total=sent.total.money(),
            count=sent.count,
            first_due=sent.first_due,
        )
        return await act.do(quote, money_at="/total", id=ref)


def _plan(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/plans",
        **command(
            "offerPlan",
            "Put a quote to the debtor as a plan; nothing else can become one",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                "quote-unknown",
                "quote-expired",
                "affordability-missing",
                "plan-already-running",
            ),
            sent={"quote_id": QUOTE, "affordability": "AFF-12"},
            gives=example("pln", shown_at="/v1/plans"),
            links={"acceptPlan": {"plan_id": "$response.body#/id"}},
        ),
    )
    async def offer_plan(case_id: CaseId, sent: OfferSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("pln")
        plan = OfferPlan(ref=ref, quote=sent.quote_id, on=act.day(sent.on), affordability=sent.affordability)
        return await act.do(plan, shown_at=f"/v1/plans/{ref}", id=ref)

    @found.post(
        "/plans/{plan_id}/acceptances",
        **command(
            "acceptPlan",
            "Record that the debtor signed the offered plan: it runs",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                "plan-unknown",
                "quote-unknown",
                "quote-expired",
                "supplement-missing",
                "plan-already-running",
            ),
            sent={"supplement": "DOC-55"},
            gives={"id": PLAN, "links": {"case": f"/v1/cases/{CASE}", "self": f"/v1/plans/{PLAN}"}},
            if_match=True,
            links={"terminatePlan": {"plan_id": "$request.path.plan_id"}},
        ),
    )
    async def accept_plan(plan_id: ThingId, sent: AcceptanceSent, asked: Asked) -> Response:
        act = Act.on(office, "pln", plan_id, asked)
        signed = AgreePlan(plan=plan_id, on=act.day(sent.on), supplement=sent.supplement)
        return await act.do(signed, shown_at=f"/v1/plans/{plan_id}", id=plan_id)


def _end(found: APIRouter, office: Office) -> None:
    @found.post(
        "/plans/{plan_id}/terminations",
        **command(
            "terminatePlan",
            "End a plan early",
            scope="case:write",
            problems=(*OF_A_CASE, "plan-unknown", "plan-ended"),
            sent={"reason": "DEBTOR_ASKED"},
            gives=example(),
        ),
    )
    async def terminate_plan(plan_id: ThingId, sent: TerminationSent, asked: Asked) -> Response:
        act = Act.on(office, "pln", plan_id, asked)
        return await act.do(TerminatePlan(plan=plan_id, on=act.day(sent.on), reason=sent.reason))
