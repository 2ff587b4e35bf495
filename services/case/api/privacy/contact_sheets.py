"""Who is reached about a case, and how, handed to the contact service: on record before it is answered."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.case.api.acting import CASE
from services.case.api.desk import Office
from services.case.api.privacy.recorded import reader_of
from services.case.projections import account_cases
from services.case.projections.privacy import party_roles
from shared.http.asked import MinPosition, caught_up
from shared.http.operations import reading
from shared.http.problems import Problem

_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_EXAMPLE: dict[str, Any] = {
    "items": [
        {
            "case": CASE, "debtor_ref": "D-1001",
            "people": [
                {
                    "reference": "D-1001", "roles": ["DEBTOR"], "language": "zh-CN",
                    "points": [
                        {"medium": "PHONE", "label": "MOBILE", "zone": None, "value": "+8613800138000"}
                    ],
                }
            ],
            "accounts": [{"account": "account-6f1c0d1e-0000-8000-8000-000000000004", "tail": "4711"}],
        }
    ],
    "page": {"next": None},
}  # fmt: skip


def add(found: APIRouter, office: Office) -> None:
    """GET /v1/contact-sheets."""

    @found.get(
        "/contact-sheets",
        **reading(
            "listContactSheets",
            "Who is reached about open cases, and how: of one case, or of those that a party or an account is in",
            scope="contact:address",
            problems=("malformed-request", "projection-behind"),
            example=_EXAMPLE,
        ),
    )
    async def list_contact_sheets(
        request: Request,
        response: Response,
        case: Annotated[str | None, Query(pattern=f"^case-{_UUID}$", examples=[CASE])] = None,
        party: Annotated[str | None, Query(pattern=f"^party-{_UUID}$")] = None,
        account: Annotated[str | None, Query(pattern=f"^account-{_UUID}$")] = None,
        min_position: MinPosition = None,
    ) -> dict[str, Any]:
        if sum(one is not None for one in (case, party, account)) > 1:
            raise Problem(
                "invalid", errors=[("case", "NAME_ONE_OF")], context={"allowed": ["case", "party", "account"]}
            )
        for view in (party_roles.VIEW, account_cases.VIEW):
            await caught_up(request, office.open_desk, view)
        sheets = await office.open_desk.contact_sheets.about(
            reader_of(request), case=case, party=party, account=account
        )
        response.headers["Cache-Control"] = "no-store"
        return {"items": sheets, "page": {"next": None}}
