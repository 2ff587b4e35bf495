"""The plan calendar, and one plan on two clocks."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.case.api.acting import CASE, OF_A_THING, ThingId
from services.case.api.books import OfCase, listed, sent
from services.case.api.clocks import AsOf, KnownAt, seen_on
from services.case.api.desk import Office
from services.case.api.wire import Amount
from services.case.application.asked_as_of import CaseAsOf
from services.case.application.thing_ids import case_of
from services.case.domain import plan
from services.case.domain.case_facts import CaseFacts
from services.case.domain.events import PlanAgreed, PlanOffered, PlanQuoted
from services.case.projections import plan_calendar
from shared.http.bodies import Day
from shared.http.listing import OF_A_LIST, AskedPage, one_of, words
from shared.http.operations import reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire
from shared.kernel.money import Money, to_json
from shared.messaging.published import instant

INSTALMENTS = "/v1/plan-instalments"
_PLAN = f"pln_{OF_A_THING}"
_AMOUNT = {"amount": "333.34", "currency": "CNY"}
_EXAMPLE: dict[str, Any] = {
    "plan": _PLAN,
    "case": CASE,
    "number": 2,
    "due": "2027-01-10",
    "amount": _AMOUNT,
    "status": "MISSED",
    "plan_status": "BREACHED",
    "cure_by": "2027-01-28",
}


class CalendarEntry(Wire):
    """An instalment, with how its plan stands."""

    plan: str
    case: str
    number: int = Field(description="From 1.")
    due: str
    amount: Amount
    status: str = Field(description="OPEN, PAID or MISSED.")
    plan_status: str = Field(description="ACTIVE, BREACHED, DEFAULTED, COMPLETED or TERMINATED.")
    cure_by: str | None = Field(description="The last day to cure a breach.")


class CalendarPage(Wire):
    """A page of the plan calendar."""

    items: list[CalendarEntry]
    page: PageLinks


class InstalmentAsOf(Wire):
    """An instalment as of a day; `paid` is the part of it that cleared money covers."""

    number: int
    due: str
    amount: Amount
    paid: Amount
    status: str


class PlanAsOf(Wire):
    """A plan as of a day, by what was known at a time."""

    id: str
    case: str
    status: str = Field(description="OFFERED or LAPSED before it is signed, then as in the calendar.")
    total: Amount
    offered_on: str | None
    expires_on: str | None = Field(description="The last day on which an offer can be signed.")
    agreed_on: str | None
    since: str = Field(description="The day on which the status began.")
    cure_by: str | None
    supplement: str | None
    affordability: str
    instalments: list[InstalmentAsOf]
    because: list[str] = Field(description="The payments it was judged by.")
    as_of: str
    known_at: str | None
    version: int = Field(description="The newest event of the case that counts.")
    links: dict[str, str]


def router(office: Office) -> APIRouter:
    """GET /v1/plan-instalments and /v1/plans/{plan_id}."""
    found = routes("/v1", tag="plans")
    _list(found, office)
    _one(found, office)
    return found


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "/plan-instalments",
        **reading(
            "listPlanInstalments",
            "The plan calendar: instalments by the day they are due",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [_EXAMPLE], "page": {"next": None}},
            links={"showPlan": {"plan_id": "$response.body#/items/0/plan"}},
        ),
    )
    async def list_plan_instalments(
        turn: AskedPage,
        status: Annotated[str | None, words(plan_calendar.STATUSES, "Those that stand like this.")] = None,
        plan_status: Annotated[
            str | None, words(plan_calendar.PLAN_STATUSES, "Those of plans that stand like this.")
        ] = None,
        due_from: Annotated[Day | None, Query(description="Due on this day or later.")] = None,
        due_until: Annotated[Day | None, Query(description="Due before this day.")] = None,
        case_id: OfCase = None,
    ) -> CalendarPage:
        one_of("status", status, plan_calendar.STATUSES)
        one_of("plan_status", plan_status, plan_calendar.PLAN_STATUSES)
        filters = {
            "status": status, "plan_status": plan_status, "due_from": sent(due_from),
            "due_until": sent(due_until), "case": case_id,
        }  # fmt: skip
        rows, page = await listed(
            office,
            turn,
            path=INSTALMENTS,
            view=plan_calendar.VIEW,
            filters=filters,
            rows=lambda connection, part: plan_calendar.page(
                connection,
                after=part.after,
                limit=part.limit,
                pin=part.pin,
                status=status,
                plan_status=plan_status,
                due_from=due_from,
                due_until=due_until,
                case_id=case_id,
            ),
        )
        items = [CalendarEntry(**row.as_json()) for row in rows]
        return CalendarPage(items=items, page=PageLinks(**page))


def _one(found: APIRouter, office: Office) -> None:
    @found.get(
        "/plans/{plan_id}",
        **reading(
            "showPlan",
            "One plan, judged from its case's facts on two clocks",
            scope="case:read",
            problems=("not-found",),
            example={
                "id": _PLAN,
                "case": CASE,
                "status": "ACTIVE",
                "total": {"amount": "1000.00", "currency": "CNY"},
                "offered_on": "2026-11-21",
                "expires_on": "2026-12-05",
                "agreed_on": "2026-11-22",
                "since": "2026-11-22",
                "cure_by": None,
                "supplement": "DOC-55",
                "affordability": "AFF-12",
                "instalments": [
                    {"number": 1, "due": "2026-12-10", "amount": _AMOUNT, "paid": _AMOUNT, "status": "PAID"}
                ],
                "because": [f"pay_{OF_A_THING}"],
                "as_of": "2026-12-12",
                "known_at": None,
                "version": 17,
                "links": {"self": f"/v1/plans/{_PLAN}", "case": f"/v1/cases/{CASE}"},
            },
        ),
    )
    async def show_plan(
        response: Response, plan_id: ThingId, as_of: AsOf = None, known_at: KnownAt = None
    ) -> PlanAsOf:
        case_id = case_of("pln", plan_id)
        if case_id is None:
            raise Problem("not-found")
        seen = await seen_on(office, case_id, as_of, known_at)
        response.headers["ETag"] = etag(seen.version)
        return _shown(seen, plan_id)


def _shown(seen: CaseAsOf, ref: str) -> PlanAsOf:
    """The plan as the case's facts have it. Raises Problem `not-found` where it was not offered by then."""
    view, agreed = seen.picture.plans.get(ref), seen.facts.one(PlanAgreed, ref)
    offer = plan.offered(seen.facts, ref, as_of=seen.as_of)
    if view is not None and agreed is not None:
        said = _agreed(view, agreed, seen.facts)
    elif offer is not None:
        said = _offer(offer)
    else:
        raise Problem("not-found")
    return PlanAsOf(
        id=ref,
        case=seen.case_id,
        **said,
        as_of=seen.as_of.isoformat(),
        known_at=instant(seen.known_at) if seen.known_at else None,
        version=seen.version,
        links={"self": f"/v1/plans/{ref}", "case": f"/v1/cases/{seen.case_id}"},
    )


def _agreed(view: plan.PlanView, agreed: PlanAgreed, facts: CaseFacts) -> dict[str, Any]:
    """A plan that was signed, judged by the money that came."""
    offered, quoted = facts.one(PlanOffered, agreed.plan), facts.one(PlanQuoted, agreed.quote)
    return {
        "status": view.status,
        "total": to_json(view.total),
        "offered_on": offered.on.isoformat() if offered else None,
        "expires_on": quoted.expires.isoformat() if quoted else None,
        "agreed_on": agreed.on.isoformat(),
        "since": view.since.isoformat(),
        "cure_by": view.cure_by.isoformat() if view.cure_by else None,
        "supplement": agreed.supplement,
        "affordability": agreed.affordability,
        "instalments": [
            {"number": one.number, "due": one.due.isoformat(), "amount": to_json(one.amount)}
            | {"paid": to_json(one.paid), "status": one.status}
            for one in view.instalments
        ],
        "because": list(view.because),
    }


def _offer(offer: plan.OfferView) -> dict[str, Any]:
    """A plan that nobody has signed."""
    nothing = to_json(Money(0, offer.total.currency))
    return {
        "status": offer.status,
        "total": to_json(offer.total),
        "offered_on": offer.offered_on.isoformat(),
        "expires_on": offer.expires.isoformat(),
        "agreed_on": None,
        "since": offer.since.isoformat(),
        "cure_by": None,
        "supplement": None,
        "affordability": offer.affordability,
        "instalments": [
            {"number": one.number, "due": one.due.isoformat(), "amount": to_json(one.amount)}
            | {"paid": nothing, "status": plan.OPEN}
            for one in offer.instalments
        ],
        "because": [],
    }
