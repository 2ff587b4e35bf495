"""Cases with agencies and with the legal service, over all cases."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from services.case.api.acting import CASE, OF_A_THING
from services.case.api.books import OfCase, listed
from services.case.api.desk import Office
from services.case.api.wire import Amount
from services.case.projections import placement_book
from shared.http.listing import OF_A_LIST, AskedPage, one_of, words
from shared.http.operations import reading, routes
from shared.http.wire import PageLinks, Wire

_PLACEMENT: dict[str, Any] = {
    "id": f"plc_{OF_A_THING}",
    "case": CASE,
    "agency": "AGENCY-7",
    "placed_on": "2026-11-22",
    "until": "2027-05-22",
    "evaluated_on": "2026-06-30",
    "status": "LIVE",
    "recalled_on": None,
    "reason": None,
    "confirmed_on": None,
}
_REFERRAL: dict[str, Any] = {
    "id": f"ref_{OF_A_THING}",
    "case": CASE,
    "referred_on": "2026-11-22",
    "reason": "NO_OTHER_WAY",
    "owed": {"amount": "1234.50", "currency": "CNY"},
    "status": "LIVE",
    "ended_on": None,
    "outcome": None,
}


class PlacementShown(Wire):
    """A placement with an agency."""

    id: str
    case: str
    agency: str
    placed_on: str
    until: str = Field(description="From this day on the agency may not collect; a recall moves it up.")
    evaluated_on: str = Field(description="When the agency had last been evaluated.")
    status: str = Field(description="LIVE, RECALLED, CONFIRMED (the recall) or EXPIRED.")
    recalled_on: str | None
    reason: str | None
    confirmed_on: str | None


class PlacementPage(Wire):
    """A page of placements."""

    items: list[PlacementShown]
    page: PageLinks


class ReferralShown(Wire):
    """A referral to the legal service."""

    id: str
    case: str
    referred_on: str
    reason: str
    owed: Amount = Field(description="What was owed when the case was handed over.")
    status: str = Field(description="LIVE or ENDED.")
    ended_on: str | None
    outcome: str | None


class ReferralPage(Wire):
    """A page of referrals."""

    items: list[ReferralShown]
    page: PageLinks


def router(office: Office) -> APIRouter:
    """GET /v1/placements and /v1/legal-referrals."""
    found = routes("/v1", tag="handling")
    _placements(found, office)
    _referrals(found, office)
    return found


def _placements(found: APIRouter, office: Office) -> None:
    @found.get(
        "/placements",
        **reading(
            "listPlacements",
            "Placements with agencies by the day their term ends",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [_PLACEMENT], "page": {"next": None}},
        ),
    )
    async def list_placements(
        turn: AskedPage,
        status: Annotated[str | None, words(placement_book.STATUSES, "Those that stand like this.")] = None,
        agency: Annotated[
            str | None,
            Query(pattern=r"^[A-Za-z0-9._:/@+#-]{1,100}$", description="Those with one agency."),
        ] = None,
        case_id: OfCase = None,
    ) -> PlacementPage:
        one_of("status", status, placement_book.STATUSES)
        rows, page = await listed(
            office,
            turn,
            path="/v1/placements",
            view=placement_book.VIEW,
            filters={"status": status, "agency": agency, "case": case_id},
            rows=lambda connection, part: placement_book.placements(
                connection,
                after=part.after,
                limit=part.limit,
                pin=part.pin,
                status=status,
                agency=agency,
                case_id=case_id,
            ),
        )
        items = [PlacementShown(**row.as_json()) for row in rows]
        return PlacementPage(items=items, page=PageLinks(**page))


def _referrals(found: APIRouter, office: Office) -> None:
    @found.get(
        "/legal-referrals",
        **reading(
            "listReferrals",
            "Referrals to the legal service, the oldest first",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [_REFERRAL], "page": {"next": None}},
        ),
    )
    async def list_referrals(
        turn: AskedPage,
        status: Annotated[
            str | None, words(placement_book.REFERRAL_STATUSES, "Those that stand like this.")
        ] = None,
        case_id: OfCase = None,
    ) -> ReferralPage:
        one_of("status", status, placement_book.REFERRAL_STATUSES)
        rows, page = await listed(
            office,
            turn,
            path="/v1/legal-referrals",
            view=placement_book.VIEW,
            filters={"status": status, "case": case_id},
            rows=lambda connection, part: placement_book.referrals(
                connection,
                after=part.after,
                limit=part.limit,
                pin=part.pin,
                status=status,
                case_id=case_id,
            ),
        )
        items = [ReferralShown(**row.as_json()) for row in rows]
        return ReferralPage(items=items, page=PageLinks(**page))
