"""Every route about the staff and the sharing out of cases."""

from fastapi import APIRouter

from services.case.api.desk import Office
from services.case.api.staffing import allocations, directory, keeping, staff


def routers(office: Office) -> tuple[APIRouter, ...]:
    """In the order of the document."""
    topics = (staff, directory, allocations, keeping)
    return tuple(topic.router(office) for topic in topics)
