"""The routes of this room."""

from fastapi import APIRouter

from services.case.api.desk import Office
from services.case.api.privacy import access_log, contact_sheets, legal_sheets, parties, reveals, searches
from shared.http.operations import routes


def routers(office: Office) -> tuple[APIRouter, ...]:
    """Finding, showing and revealing personal data, and who did."""
    people, audit = routes("/v1", tag="parties"), routes("/v1", tag="audit")
    searches.add(people, office)
    parties.add(people, office)
    reveals.add(people, office)
    contact_sheets.add(people, office)
    legal_sheets.add(people, office)
    access_log.add(audit, office)
    return people, audit
