"""Instalment plans: worked out first, then agreed from a quote and nothing else."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, Act, DatedSent, ThingId, Word, example
from services.case.api.asked import CaseId
from services.case.api.desk import Office
from services.case.domain.money_commands import AgreePlan, QuotePlan, TerminatePlan
from shared.http.bodies import AmountSent, Day, Ref
from shared.http.commands import Asked
from shared.http.operations import command, routes


class QuoteSent(DatedSent):
    """`count` monthly instalments of `total`, the first on `first_due`."""

    total: AmountSent
    count: int = Field(ge=1, le=600, examples=[6])
    first_due: Day


class PlanSent(DatedSent):
    """The debtor signed a quote."""

    quote_id: Ref
    supplement: Ref = Field(description="Where the written supplement is kept.", examples=["DOC-55"])
    affordability: Ref = Field(description="The check of what the debtor can pay.", examples=["AFF-12"])


class TerminationSent(DatedSent):
    """Why the plan ends early."""

    reason: Word = Field(examples=["DEBTOR_ASKED"])


def router(office: Office) -> APIRouter:
    """The plans of a case."""
    found = routes("/v1", tag="plans")
    _quote(found, office)
    _plan(found, office)
    return found


def _quote(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/plan-quotes",
        **command(
            "quotePlan",
            "Work out an instalment plan; the quote expires",
            scope="case:write",
            problems=(*OF_A_CASE, "plan-terms-refused", "plan-too-large", "amount-not-positive"),
            sent={
                "total": {"amount": "600.00", "currency": "CNY"},
                "count": 6,
                "first_due": "2026-12-10",
            },
            gives=example("quo"),
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
        return await act.do(quote, id=ref)


def _plan(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/plans",
        **command(
            "agreePlan",
            "Agree a plan from a quote the debtor signed",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                "quote-unknown",
                "quote-expired",
                "supplement-missing",
                "plan-already-running",
            ),
            sent={"quote_id": "quo_0123", "supplement": "DOC-55", "affordability": "AFF-12"},
            gives=example("pln"),
            if_match=True,
        ),
    )
    async def agree_plan(case_id: CaseId, sent: PlanSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("pln")
        plan = AgreePlan(
            ref=ref,
            quote=sent.quote_id,
            on=act.day(sent.on),
            supplement=sent.supplement,
            affordability=sent.affordability,
        )
        return await act.do(plan, id=ref)

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
