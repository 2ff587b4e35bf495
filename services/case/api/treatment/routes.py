"""Every route of treatment."""

from fastapi import APIRouter

from services.case.api.desk import Office
from services.case.api.treatment import segments, strategies


def routers(office: Office) -> tuple[APIRouter, ...]:
    """Strategies, segments and steps."""
    return strategies.router(office), segments.router(office)
