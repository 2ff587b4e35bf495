"""The raw stream of a case, event by event, as the ledger holds it; only facts are shown, the rest is masked."""

from fastapi import APIRouter

from services.case.api.acting import CaseId
from services.case.api.desk import Office
from services.case.application.sheet import is_case_id
from shared.http import stream_events
from shared.http.asked import CursorText, Limit
from shared.http.operations import reading, routes
from shared.http.problems import Problem
from shared.http.stream_events import EventPage

_EVENT = stream_events.example(
    "case.ReliefDeclined", {"on": "2026-11-20", "reason": "NOT_SHOWN"}, "cn-retail/1"
)


def router(office: Office) -> APIRouter:
    """GET /v1/cases/{case_id}/events."""
    found = routes("/v1/cases", tag="cases")

    @found.get(
        "/{case_id}/events",
        **reading(
            "showEvents",
            "The events of a case as the ledger holds them, personal parts masked",
            scope="case:read",
            problems=("not-found", "bad-cursor"),
            example={"items": [_EVENT], "page": {"next": None}},
        ),
    )
    async def show_events(case_id: CaseId, limit: Limit = None, cursor: CursorText = None) -> EventPage:
        if not is_case_id(case_id):
            raise Problem("not-found")
        return await stream_events.page_of(office.open_desk, case_id, limit=limit, cursor=cursor)

    return found
