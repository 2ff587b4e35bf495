"""The case service as an HTTP application."""

from fastapi import APIRouter, FastAPI

from services.case.api import (
    assignments,
    audit,
    balance,
    books_approvals,
    books_complaints,
    books_placements,
    books_plans,
    books_promises,
    cases,
    charge_offs,
    complaints,
    debts,
    disputes,
    events,
    gateway,
    handling,
    hardship,
    holds,
    leases,
    next_actions,
    openings,
    payments,
    person,
    placements,
    plans,
    promises,
    queues,
    reports,
    settlements,
    waivers,
)
from services.case.api.bank import returns as payment_returns
from services.case.api.book import routes as lenders_book
from services.case.api.desk import Office
from services.case.api.figures import routes as figures
from services.case.api.history import imports
from services.case.api.privacy import routes as privacy
from services.case.api.staffing import routes as staffing
from services.case.api.treatment import routes as treatment
from shared.http import feeds, index
from shared.http.access import Access
from shared.http.app import make
from shared.http.health import Health
from shared.telemetry.metrics import Metrics

SERVICE = "case"


LINKS = {"cases": "/v1/cases", "queues": "/v1/queues"}
"""What the index names of the service."""


def routers(office: Office) -> tuple[APIRouter, ...]:
    """Every route of the service's own; index and feed are those of the process."""
    acting = (
        openings, balance, debts, payments, gateway, payment_returns, promises, plans, holds, disputes, complaints,
        hardship, settlements, waivers, charge_offs, placements, handling, person, events,
        queues, leases, assignments, next_actions,
    )  # fmt: skip
    books = (books_promises, books_plans, books_approvals, books_complaints, books_placements)
    return (
        cases.router(office),
        *(topic.router(office) for topic in acting),
        *(book.router(office) for book in books),
        *lenders_book.routers(office),
        *staffing.routers(office),
        *treatment.routers(office),
        *privacy.routers(office),
        audit.router(office),
        reports.router(office),
        *figures.routers(office),
        imports.router(office),
    )


def make_app(
    office: Office,
    *,
    metrics: Metrics,
    version: str,
    access: Access,
    hosts: frozenset[str] | None = None,
    more: tuple[APIRouter, ...] = (),
) -> FastAPI:
    """The application; `office` is given its desk by whoever opens the service.

    `hosts`: the names it answers under (None: any). `more`: operations beside the service's own.
    """
    health = Health({SERVICE: office}, metrics)
    return make(
        title="Quittance case service",
        version=version,
        routers=(index.router(LINKS), *routers(office), feeds.router({SERVICE: office}, metrics), *more),
        ready=health.ready,
        measure=health.measure,
        metrics=metrics,
        hosts=hosts,
        access=access,
    )
