"""What waits for a second person, and who decided what was proposed."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field

from services.case.api.acting import CASE, OF_A_THING
from services.case.api.books import OfCase, listed
from services.case.api.desk import Office
from services.case.api.wire import Amount
from services.case.projections import approvals
from shared.http.listing import OF_A_LIST, AskedPage, YesOrNo, one_of, words
from shared.http.operations import caller_of, reading, routes
from shared.http.wire import PageLinks, Wire

_DECIDED_AT = {
    approvals.SETTLEMENT: "/v1/settlements/{}/approvals",
    approvals.WAIVER: "/v1/waivers/{}/approvals",
    approvals.WRITE_OFF: "/v1/write-offs/{}/approvals",
    approvals.RETENTION: "/v1/retentions/{}/approvals",
    approvals.ASSISTANCE: "/v1/assistances/{}/approvals",
}
_OFFER = f"stl_{OF_A_THING}"
_EXAMPLE: dict[str, Any] = {
    "id": _OFFER,
    "kind": "SETTLEMENT",
    "case": CASE,
    "amount": {"amount": "700.00", "currency": "CNY"},
    "given_up": {"amount": "300.00", "currency": "CNY"},
    "proposed_by": "bank/5b0e",
    "proposed_on": "2026-11-22",
    "expires_on": "2026-12-10",
    "status": "WAITING",
    "approvable": True,
    "mine": False,
    "decided_by": None,
    "decided_on": None,
    "reason": None,
    "became": None,
    "links": {"case": f"/v1/cases/{CASE}", "approve": f"/v1/settlements/{_OFFER}/approvals"},
}


class ApprovalShown(Wire):
    """A proposal that needs two people, as the caller sees it."""

    id: str
    kind: str = Field(description="SETTLEMENT, WAIVER, WRITE_OFF, RETENTION or ASSISTANCE.")
    case: str
    amount: Amount | None = Field(description="What a settlement would bring.")
    given_up: Amount | None = Field(description="Null where no money is given up.")
    proposed_by: str | None = Field(description="Null once the name was erased.")
    proposed_on: str
    expires_on: str | None = Field(description="From this day on nothing can be decided.")
    status: str = Field(description="WAITING, APPROVED, REJECTED or LAPSED.")
    approvable: bool = Field(description="May the caller decide it now? Never who proposed it.")
    mine: bool = Field(description="Did the caller propose it?")
    decided_by: str | None
    decided_on: str | None
    reason: str | None
    became: str | None = Field(description="What an approved settlement came to: PAID, LAPSED or DEFAULTED.")
    links: dict[str, str]


class ApprovalPage(Wire):
    """A page of approvals."""

    items: list[ApprovalShown]
    page: PageLinks


def router(office: Office) -> APIRouter:
    """GET /v1/approvals."""
    found = routes("/v1", tag="approvals")

    @found.get(
        "/approvals",
        **reading(
            "listApprovals",
            "What waits for a second person, the oldest first, and how the rest was decided",
            scope="ops:approve",
            problems=OF_A_LIST,
            example={"items": [_EXAMPLE], "page": {"next": None}},
        ),
    )
    async def list_approvals(
        request: Request,
        turn: AskedPage,
        status: Annotated[str | None, words(approvals.STATUSES, "Those that stand like this.")] = None,
        kind: Annotated[str | None, words(approvals.KINDS, "Those of one kind.")] = None,
        mine: Annotated[
            YesOrNo | None, Query(description="`true`: what the caller proposed; `false`: what others did.")
        ] = None,
        case_id: OfCase = None,
    ) -> ApprovalPage:
        one_of("status", status, approvals.STATUSES)
        one_of("kind", kind, approvals.KINDS)
        caller, today = caller_of(request).actor, office.open_desk.decisions.today
        rows, page = await listed(
            office,
            turn,
            path="/v1/approvals",
            view=approvals.VIEW,
            filters={"status": status, "kind": kind, "mine": mine, "case": case_id},
            rows=lambda connection, part: approvals.page(
                connection,
                after=part.after,
                limit=part.limit,
                pin=part.pin,
                status=status,
                kind=kind,
                case_id=case_id,
                maker=caller if mine == "true" else None,
                not_by=caller if mine == "false" else None,
            ),
        )
        items = [
            ApprovalShown(**said, links=_links(said))
            for said in (row.as_json(by=caller, today=today) for row in rows)
        ]
        return ApprovalPage(items=items, page=PageLinks(**page))

    return found


def _links(said: dict[str, Any]) -> dict[str, str]:
    """Where to go on; where to approve it is told only to who may."""
    links = {"case": f"/v1/cases/{said['case']}"}
    return links | ({"approve": _DECIDED_AT[said["kind"]].format(said["id"])} if said["approvable"] else {})
