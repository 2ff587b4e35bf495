"""Every route about the staff and the sharing out of cases."""

from fastapi import APIRouter

from services.case.api.desk import Office
from services.case.api.staffing import allocations, directory, staff


def routers(office: Office) -> tuple[APIRouter, ...]:
    """In the order of the document."""
    return (staff.router(office), directory.router(office), allocations.router(office))
