"""Every route about figures."""

from fastapi import APIRouter

from services.case.api.desk import Office
from services.case.api.figures import bookings, kpi


def routers(office: Office) -> tuple[APIRouter, ...]:
    """Figures, the things behind them, costs and targets."""
    return (kpi.router(office), *bookings.routers(office))
