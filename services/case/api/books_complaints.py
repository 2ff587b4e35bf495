"""Complaints and disputes over all cases, by the day an answer is due."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from services.case.api.acting import CASE, OF_A_THING
from services.case.api.books import OfCase, listed
from services.case.api.desk import Office
from services.case.api.wire import Amount
from services.case.projections import complaint_book
from shared.http.listing import OF_A_LIST, AskedPage, YesOrNo, one_of, words
from shared.http.operations import reading, routes
from shared.http.wire import PageLinks, Wire

_COMPLAINT: dict[str, Any] = {
    "id": f"cmp_{OF_A_THING}",
    "case": CASE,
    "kind": "CONDUCT",
    "received_on": "2026-11-22",
    "answer_by": "2026-12-07",
    "overdue": False,
    "status": "OPEN",
    "answered_on": None,
    "finding": None,
    "redress": None,
    "escalated_on": None,
    "escalated_to": None,
}
_DISPUTE: dict[str, Any] = {
    "id": f"dsp_{OF_A_THING}",
    "case": CASE,
    "scope": "AMOUNT",
    "amount": {"amount": "80.00", "currency": "CNY"},
    "raised_on": "2026-11-22",
    "answer_by": "2026-12-12",
    "overdue": False,
    "status": "OPEN",
    "previous": None,
    "acknowledged_on": None,
    "decided_on": None,
    "first": None,
}
Overdue = Annotated[
    YesOrNo | None, Query(description="`true`: those whose day has passed without an answer; else all.")
]


class ComplaintShown(Wire):
    """A complaint."""

    id: str
    case: str
    kind: str
    received_on: str
    answer_by: str = Field(description="The last day for an answer.")
    overdue: bool
    status: str = Field(description="OPEN, ANSWERED or ESCALATED.")
    answered_on: str | None
    finding: str | None = Field(description="BREACH or NO_BREACH.")
    redress: Amount | None
    escalated_on: str | None
    escalated_to: str | None


class ComplaintPage(Wire):
    """A page of complaints."""

    items: list[ComplaintShown]
    page: PageLinks


class DisputeShown(Wire):
    """A dispute."""

    id: str
    case: str
    scope: str
    amount: Amount | None = Field(description="Null: all of the debt is disputed.")
    raised_on: str
    answer_by: str = Field(description="The last day for a decision.")
    overdue: bool
    status: str = Field(description="OPEN, UPHELD, PARTLY_UPHELD, REJECTED, DUPLICATE or WITHDRAWN.")
    previous: str | None = Field(description="The decided dispute that this one goes on from.")
    acknowledged_on: str | None
    decided_on: str | None
    first: str | None = Field(description="The dispute that a duplicate repeats.")


class DisputePage(Wire):
    """A page of disputes."""

    items: list[DisputeShown]
    page: PageLinks


def router(office: Office) -> APIRouter:
    """GET /v1/complaints and /v1/disputes."""
    found = routes("/v1", tag="complaints")
    _complaints(found, office)
    _disputes(found, office)
    return found


def _complaints(found: APIRouter, office: Office) -> None:
    @found.get(
        "/complaints",
        **reading(
            "listComplaints",
            "Complaints by the day an answer is due",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [_COMPLAINT], "page": {"next": None}},
        ),
    )
    async def list_complaints(
        turn: AskedPage,
        status: Annotated[str | None, words(complaint_book.STATUSES, "Those that stand like this.")] = None,
        overdue: Overdue = None,
        case_id: OfCase = None,
    ) -> ComplaintPage:
        one_of("status", status, complaint_book.STATUSES)
        today = office.open_desk.decisions.today
        rows, page = await listed(
            office,
            turn,
            path="/v1/complaints",
            view=complaint_book.VIEW,
            filters={"status": status, "overdue": overdue, "case": case_id},
            rows=lambda connection, part: complaint_book.complaints(
                connection,
                after=part.after,
                limit=part.limit,
                pin=part.pin,
                status=status,
                overdue_on=today if overdue == "true" else None,
                case_id=case_id,
            ),
        )
        items = [ComplaintShown(**row.as_json(today=today)) for row in rows]
        return ComplaintPage(items=items, page=PageLinks(**page))


def _disputes(found: APIRouter, office: Office) -> None:
    @found.get(
        "/disputes",
        **reading(
            "listDisputes",
            "Disputes by the day a decision is due",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [_DISPUTE], "page": {"next": None}},
        ),
    )
    async def list_disputes(
        turn: AskedPage,
        status: Annotated[
            str | None, words(complaint_book.DISPUTE_STATUSES, "Those that stand like this.")
        ] = None,
        overdue: Overdue = None,
        case_id: OfCase = None,
    ) -> DisputePage:
        one_of("status", status, complaint_book.DISPUTE_STATUSES)
        today = office.open_desk.decisions.today
        rows, page = await listed(
            office,
            turn,
            path="/v1/disputes",
            view=complaint_book.VIEW,
            filters={"status": status, "overdue": overdue, "case": case_id},
            rows=lambda connection, part: complaint_book.disputes(
                connection,
                after=part.after,
                limit=part.limit,
                pin=part.pin,
                status=status,
                overdue_on=today if overdue == "true" else None,
                case_id=case_id,
            ),
        )
        items = [DisputeShown(**row.as_json(today=today)) for row in rows]
        return DisputePage(items=items, page=PageLinks(**page))
