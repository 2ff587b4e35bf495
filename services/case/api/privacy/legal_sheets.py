"""A case as a lawyer needs it, handed to the legal service: on record before it is answered."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.case.api.acting import CASE
from services.case.api.clocks import AsOf, day_asked
from services.case.api.desk import Office
from services.case.api.privacy.recorded import reader_of
from services.case.application.sheet import CaseUnknown
from services.case.projections import account_cases
from services.case.projections.privacy import party_roles
from shared.eventstore.projection.health import positions
from shared.http.asked import MinPosition, caught_up, stamp
from shared.http.operations import reading
from shared.http.problems import Problem
from shared.kernel.parts import NAMES

_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NOTHING = {"amount": "0.00", "currency": "CNY"}
_OWED = {"amount": "1234.50", "currency": "CNY"}
_EXAMPLE: dict[str, Any] = {
    "items": [
        {
            "case": CASE, "subject": "subject-6f1c0d1e-0000-8000-8000-000000000001", "as_of": "2026-11-22",
            "version": 17,
            "debts": [
                {
                    "debt": "account-6f1c0d1e-0000-8000-8000-000000000004", "tail": "4711",
                    "owed": dict.fromkeys(NAMES, _NOTHING) | {"principal": _OWED, "total": _OWED},
                }
            ],
            "people": [
                {
                    "person": None, "roles": ["DEBTOR"], "reference": "D-1001", "name": "Wei Zhang",
                    "identity_no": "110101199003071234", "language": "zh-CN",
                    "postal": ["1 Jianguo Road, Chaoyang, Beijing"], "email": [],
                }
            ],
        }
    ],
    "page": {"next": None},
}  # fmt: skip


def add(found: APIRouter, office: Office) -> None:
    """GET /v1/legal-sheets."""

    @found.get(
        "/legal-sheets",
        **reading(
            "listLegalSheets",
            "A case as a lawyer needs it: balances of its debts at the end of a day, and who owes them",
            scope="legal:address",
            problems=("not-found", "malformed-request", "projection-behind"),
            example=_EXAMPLE,
        ),
    )
    async def list_legal_sheets(
        request: Request,
        response: Response,
        case: Annotated[str | None, Query(pattern=f"^case-{_UUID}$", examples=[CASE])] = None,
        as_of: AsOf = None,
        min_position: MinPosition = None,
    ) -> dict[str, Any]:
        desk = office.open_desk
        day = day_asked(office, as_of)
        for view in (party_roles.VIEW, account_cases.VIEW):
            await caught_up(request, desk, view)
        at = await desk.ask(lambda connection: positions(connection, party_roles.VIEW))
        sheets = []
        try:
            if case is not None:
                sheets.append(await desk.legal_sheets.about(reader_of(request), case, as_of=day))
        except CaseUnknown:
            raise Problem("not-found") from None
        await stamp(response, desk, at)
        response.headers["Cache-Control"] = "no-store"
        return {"items": sheets, "page": {"next": None}}
