"""GET /v1/contact-cases/{case_id}: whose contact a case is about, as the case service told it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.contact.api.asking.acting import CASE, SUBJECT
from services.contact.api.desk import Office
from services.contact.projections import case_subjects
from shared.eventstore.projection.health import positions
from shared.http.asked import MinPosition, caught_up, stamp
from shared.http.operations import reading, routes
from shared.http.problems import Problem
from shared.http.wire import Wire

CaseId = Annotated[str, Path(description="`case-…`, as the case service shows it.")]


class ContactCase(Wire):
    """A case that contact heard of, and the subject it is about; `stage` as the case service last said."""

    case: str
    subject: str
    stage: str | None
    open: bool
    links: dict[str, str]


def _links(subject: str, case: str) -> dict[str, str]:
    return {"contactability": f"/v1/subjects/{subject}/contactability", "case": f"/v1/cases/{case}"}


_EXAMPLE: dict[str, Any] = {
    "case": CASE, "subject": SUBJECT, "stage": "M1", "open": True, "links": _links(SUBJECT, CASE),
}  # fmt: skip


def router(office: Office) -> APIRouter:
    """GET /v1/contact-cases/{case_id}."""
    found = routes("/v1", tag="contact subjects")

    @found.get(
        "/contact-cases/{case_id}",
        **reading(
            "showContactCase",
            "Whose contact a case is about, once the case service told of it",
            scope="contact:decide",
            problems=("not-found", "malformed-request", "projection-behind"),
            example=_EXAMPLE,
            links={"showContactability": {"subject_id": "$response.body#/subject"}},
        ),
    )
    async def show_case(
        request: Request, response: Response, case_id: CaseId, min_position: MinPosition = None
    ) -> ContactCase:
        desk, view = office.open_desk, case_subjects.VIEW
        await caught_up(request, desk, view)
        row, at = await desk.ask(
            lambda connection: (case_subjects.one(connection, case_id), positions(connection, view))
        )
        if row is None:
            raise Problem("not-found")
        await stamp(response, desk, at)
        return ContactCase(**row.as_json(), links=_links(row.subject, row.case_id))

    return found
