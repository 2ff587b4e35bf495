"""Every route of outreach."""

from fastapi import APIRouter

from services.contact.api.desk import Office
from services.contact.api.outreach import outreaches, strategies


def routers(office: Office) -> tuple[APIRouter, ...]:
    """Outreach, and its strategies."""
    return outreaches.router(office), strategies.router(office)
