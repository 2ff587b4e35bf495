"""Parties, masked: one of them, and those of a case. Each is on record before it is shown."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from services.case.api.acting import CaseId
from services.case.api.desk import Desk, Office
from services.case.api.privacy import wire
from services.case.api.privacy.recorded import reader_of
from services.case.application.privacy.access import OF_CASE, OF_PARTY
from services.case.application.privacy.party_shown import document
from services.case.application.sheet import is_case_id
from services.case.domain.privacy.party_sheet import PartySheet
from services.case.projections import account_cases
from services.case.projections.privacy import party_roles
from shared.http.asked import MinPosition, caught_up
from shared.http.language import chosen
from shared.http.operations import reading
from shared.http.problems import Problem
from shared.http.wire import PageLinks
from shared.kernel.privacy.purposes import PURPOSES

PartyId = Annotated[
    str, Path(description="`party-…`, as a search or a case gives it.", examples=[wire.PARTY])
]
Purpose = Annotated[
    str,
    Query(
        description="What it is looked at for; it is on record.",
        json_schema_extra={"enum": list(PURPOSES)},
        examples=["COLLECTION"],
    ),
]
_PROBLEMS = ("not-found", "malformed-request", "projection-behind", "purpose-unknown")


def add(found: APIRouter, office: Office) -> None:
    """The routes."""
    _one(found, office)
    _of_case(found, office)
    _purposes(found, office)


def _one(found: APIRouter, office: Office) -> None:
    """GET /v1/parties/{party_id}."""

    @found.get(
        "/parties/{party_id}",
        **reading(
            "showParty",
            "A party, masked; the look is on record before it is answered",
            scope="case:read",
            problems=_PROBLEMS,
            example=wire.MASKED,
        ),
    )
    async def show_party(
        request: Request,
        response: Response,
        party_id: PartyId,
        purpose: Purpose = "COLLECTION",
        min_position: MinPosition = None,
    ) -> wire.PartyShown:
        desk = office.open_desk
        await caught_up(request, desk, party_roles.VIEW)
        sheets = await desk.privacy.show(
            reader_of(request), [party_id], purpose=purpose, case=None, way=OF_PARTY
        )
        if not sheets:
            raise Problem("not-found")
        [said] = await shown(desk, sheets)
        response.headers["Cache-Control"] = "no-store"
        return said


def _of_case(found: APIRouter, office: Office) -> None:
    """GET /v1/cases/{case_id}/parties."""

    @found.get(
        "/cases/{case_id}/parties",
        **reading(
            "listCaseParties",
            "Who has a role on the accounts of a case, masked; the look is on record before it is answered",
            scope="case:read",
            problems=_PROBLEMS,
            example={"items": [wire.MASKED], "page": {"next": None}},
            links={"showParty": {"party_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_case_parties(
        request: Request,
        response: Response,
        case_id: CaseId,
        purpose: Purpose = "COLLECTION",
        min_position: MinPosition = None,
    ) -> wire.PartiesShown:
        desk = office.open_desk
        if not await _is_case(desk, case_id):
            raise Problem("not-found")
        for view in (party_roles.VIEW, account_cases.VIEW):
            await caught_up(request, desk, view)
        sheets = await desk.privacy.show(
            reader_of(request), await desk.privacy.finder.in_case(case_id), purpose=purpose, case=case_id,
            way=OF_CASE,
        )  # fmt: skip
        response.headers["Cache-Control"] = "no-store"
        return wire.PartiesShown(items=await shown(desk, sheets), page=PageLinks(next=None))


async def _is_case(desk: Desk, case_id: str) -> bool:
    if not is_case_id(case_id):
        return False
    lane = await desk.ledger.lane_of(case_id, tenant=desk.tenant)
    return case_id in await desk.ledger.store.heads(lane, [case_id])


async def shown(desk: Desk, sheets: list[PartySheet]) -> list[wire.PartyShown]:
    """The parties as answers have them."""
    roles = await desk.privacy.finder.roles([sheet.party for sheet in sheets])
    return [
        wire.PartyShown(**document(sheet, roles[sheet.party]), links=wire.links(sheet.party))
        for sheet in sheets
    ]


def purpose_text(code: str | None, language: str) -> str | None:
    """What a purpose is called; None where none was given, or it is not of the list."""
    said = PURPOSES.get(code or "")
    return None if said is None else said[language == "zh-CN"]


def _purposes(found: APIRouter, office: Office) -> None:
    """GET /v1/personal-data-purposes."""
    example: dict[str, Any] = {
        "items": [{"code": "CONTACT", "text": PURPOSES["CONTACT"][0]}],
        "page": {"next": None},
    }

    @found.get(
        "/personal-data-purposes",
        **reading(
            "listPurposes",
            "What personal data may be looked at for",
            scope="case:read",
            example=example,
        ),
    )
    async def list_purposes(request: Request, response: Response) -> wire.PurposesShown:
        language = chosen(request.headers.get("accept-language"))
        response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
        items = [wire.PurposeShown(code=code, text=purpose_text(code, language) or code) for code in PURPOSES]
        return wire.PurposesShown(items=items, page=PageLinks(next=None))
