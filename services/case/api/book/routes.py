"""Every route about the lender's book."""

from fastapi import APIRouter

from services.case.api.book import accounts, parties
from services.case.api.desk import Office


def routers(office: Office) -> tuple[APIRouter, ...]:
    """In the order of the document."""
    return (accounts.router(office), parties.router(office))
