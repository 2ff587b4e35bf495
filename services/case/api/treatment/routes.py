"""Every route of treatment."""

from fastapi import APIRouter

from services.case.api.desk import Office
from services.case.api.treatment import early_warning, segments, strategies


def routers(office: Office) -> tuple[APIRouter, ...]:
    """Strategies, segments and steps, early warning."""
    return strategies.router(office), segments.router(office), early_warning.router(office)
