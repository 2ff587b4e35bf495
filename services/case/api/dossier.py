"""One case: exact and on two clocks from the ledger, and at one glance from a view."""

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Header, Request, Response

from services.case.api import wire
from services.case.api.acting import CASE, OF_A_THING, CaseId
from services.case.api.clocks import AsOf, KnownAt, seen_on
from services.case.api.desk import Desk, Office
from services.case.application.case_shown import THINGS, document, forgotten
from services.case.application.sheet import CaseUnknown, is_case_id
from services.case.projections import dossier
from shared.eventstore.projection.health import positions
from shared.http.asked import MinPosition, before, caught_up, moment, stamp
from shared.http.operations import reading
from shared.http.preconditions import etag, position_text
from shared.http.problems import Problem
from shared.kernel import parts

_SUM = {"amount": "1234.50", "currency": "CNY"}
_OWED = dict.fromkeys((*parts.NAMES, "total"), _SUM)
_LINKS = ("timeline", "balance", "standing", "dossier")
_EXAMPLE: dict[str, Any] = {
    "id": CASE, "debtor_ref": "D-4711", "episode": 1, "lifecycle": "open", "stage": "M1", "days_past_due": 30,
    "arrears": _SUM, "paid": None, "as_of": "2026-10-31", "opened_on": "2026-10-31", "closed_on": None,
    "reason": None, "version": 17, "payments": 1, "debts": [],
    "asked": {"as_of": "2026-11-22", "known_at": None}, "mode": "INTERNAL", "cured": False, "keeps_open": [],
    "owed": _OWED, "owed_by_account": {}, "overpaid": _SUM, "collector": "user:chen",
    "circumstances": [
        {"id": "cir_1", "topic": "ABILITY", "on": "2026-11-20", "value": "PARTLY", "source": "DEBTOR"}
    ],
    "contact": {"attempts": 0, "last": None},
} | {name: {} for name in THINGS} | {
    "promises": {
        f"prm_{OF_A_THING}": {
            "status": "ACTIVE", "amount": _SUM, "due": "2026-11-30", "judged_on": "2026-12-02",
            "appropriated": _SUM, "because": [],
        }
    },
    "plan_offers": {},
    "links": {"self": f"/v1/cases/{CASE}"},
}  # fmt: skip


def one(found: APIRouter, office: Office) -> None:
    """GET /v1/cases/{case_id}."""
    shown = reading(
        "showCase",
        "One case on two clocks, from the ledger itself",
        scope="case:read",
        problems=("not-found",),
        example=_EXAMPLE,
    )
    shown["responses"][304] = {
        "description": "Unchanged since the `ETag` in `If-None-Match`; never where the answer changes with the day."
    }

    @found.get("/{case_id}", **shown)
    async def show_case(
        response: Response,
        case_id: CaseId,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Any:
        desk = office.open_desk
        try:
            seen = await seen_on(office, case_id, as_of, known_at)
        except Problem:
            said, version, position = await _forgotten(desk, case_id, as_of, known_at)
            lasting = True
        else:
            said, version, position = document(seen), seen.version, seen.position
            lasting = as_of is not None or seen.facts.plain
        lanes = await desk.ledger.lane_numbers(desk.tenant)
        lane = await desk.ledger.lane_of(case_id, tenant=desk.tenant)
        headers = {"ETag": etag(version), "Event-Position": position_text(lanes, {lane: position})}
        asked = [tag.strip() for tag in (if_none_match or "").split(",")]
        if lasting and headers["ETag"] in asked:
            return Response(status_code=304, headers=headers)
        response.headers.update(headers)
        return wire.CaseSheet(**said, links=links(case_id))


_GLANCE: dict[str, Any] = {
    "id": CASE, "debtor_ref": "D-4711", "collector": "user:chen", "episode": 1, "lifecycle": "open",
    "opened_on": "2026-10-31", "closed_on": None, "reason": None, "mode": "INTERNAL", "stage": "M1",
    "days_past_due": 30, "reported_on": "2026-10-31", "arrears": _SUM, "keeps_open": [],
    "promise_due": "2026-11-30", "plan_status": None, "instalment_due": None, "attempts": 2,
    "last_attempt": {"at": "2026-11-20T02:00:00.000000Z", "channel": "VOICE", "outcome": "REACHED"},
    "last_payment": {"on": "2026-11-05", "amount": _SUM, "returned": {"amount": "0.00", "currency": "CNY"}},
    "holds": {},
    "open": {"promises": {f"prm_{OF_A_THING}": {"status": "ACTIVE", "amount": _SUM, "due": "2026-11-30"}}},
    "as_of": "2026-11-22", "version": 17, "recorded_at": "2026-11-21T01:02:03.000000Z",
    "links": {"self": f"/v1/cases/{CASE}"},
}  # fmt: skip


def glance(found: APIRouter, office: Office) -> None:
    """GET /v1/cases/{case_id}/dossier."""

    @found.get(
        "/{case_id}/dossier",
        **reading(
            "showDossier",
            "A case at one glance, as the record has it now",
            scope="case:read",
            problems=("not-found", "malformed-request", "projection-behind"),
            example=_GLANCE,
        ),
    )
    async def show_dossier(
        request: Request, response: Response, case_id: CaseId, min_position: MinPosition = None
    ) -> wire.DossierShown:
        desk = office.open_desk
        await caught_up(request, desk, dossier.VIEW)

        def question(connection: sa.Connection) -> tuple[dossier.Dossier | None, dict[int, int]]:
            return dossier.dossier(connection, case_id), positions(connection, dossier.VIEW)

        row, at = await desk.ask(question)
        if row is None:
            raise Problem("not-found")
        await stamp(response, desk, at)
        response.headers["ETag"] = etag(row.version)
        today = desk.decisions.today.isoformat()
        said = row.as_json()
        held = {ref: one for ref, one in said["open"].pop("holds", {}).items() if _covers(one, today)}
        return wire.DossierShown(**said, holds=held, as_of=today, links=links(case_id))


def _covers(hold: dict[str, Any], day: str) -> bool:
    """Is a hold in force on a day? Its interval is half-open; without an end it runs on."""
    until = hold["until"]
    return bool(hold["from"] <= day and (until is None or day < until))


def links(case_id: str) -> dict[str, str]:
    """Where more is told of a case."""
    here = f"/v1/cases/{case_id}"
    return {"self": here} | {name: f"{here}/{name}" for name in _LINKS}


async def _forgotten(
    desk: Desk, case_id: str, as_of: str | None, known_at: str | None
) -> tuple[dict[str, Any], int, int]:
    """A case whose facts were erased, with its version and position. Raises Problem `not-found`."""
    if not is_case_id(case_id):
        raise Problem("not-found")
    try:
        sheet = await desk.cases.sheet(
            case_id,
            effective_before=before(moment(as_of, name="as_of", zone=desk.zone)),
            known_at=moment(known_at, name="known_at", zone=desk.zone),
        )
    except CaseUnknown:
        raise Problem("not-found") from None
    if sheet.opened_on is not None:
        raise Problem("not-found")
    return forgotten(sheet), sheet.version, sheet.position
