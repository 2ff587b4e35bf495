"""The case service as an HTTP application."""

from typing import Any

import sqlalchemy as sa
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
    feed,
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
from services.case.application.view_health import Standing, StuckWatch, parked, standings
from shared.eventstore.port import LedgerError
from shared.eventstore.projection.port import ProjectionError
from shared.http.access import Access
from shared.http.app import make
from shared.http.operations import open_to_all, routes
from shared.telemetry.metrics import Metrics

SERVICE = "case"
UNREADABLE = (LedgerError, ProjectionError, sa.exc.SQLAlchemyError, OSError)


def _index() -> APIRouter:
    router = routes("", tag="operations")

    @router.get(
        "/", **open_to_all("showIndex", "What is served here", example={"name": "quittance", "links": {}})
    )
    async def index() -> dict[str, Any]:
        return {
            "name": "quittance",
            "links": {
                "cases": "/v1/cases",
                "queues": "/v1/queues",
                "feeds": "/v1/feeds",
                "openapi": "/openapi.json",
                "alive": "/livez",
                "ready": "/readyz",
                "metrics": "/metrics",
            },
        }

    return router


class Health:
    """What the probes and the meters say of ledger and views."""

    def __init__(self, office: Office, metrics: Metrics) -> None:
        self._office, self._metrics = office, metrics
        self._watch = StuckWatch()

    async def _standings(self) -> list[Standing]:
        desk = self._office.open_desk
        lanes = await desk.ledger.lanes(desk.tenant)
        return await desk.ask(lambda connection: standings(connection, desk.views, lanes))

    async def ready(self) -> dict[str, str]:
        """What is missing, by part: an ending process, an unreachable ledger, a view that stands still."""
        if self._office.desk is None or self._office.closing.is_set():
            return {"process": "starting or ending"}
        try:
            found = await self._standings()
        except UNREADABLE:
            return {"ledger": "cannot be read"}
        return dict.fromkeys(self._watch.stuck(found), "behind and standing still")

    async def measure(self) -> None:
        """Bring the gauges up to date; what cannot be read now is left out rather than told as it was."""
        if self._office.desk is None:
            return
        desk, metrics = self._office.desk, self._metrics
        try:
            found, waiting = await self._standings(), await desk.ask(parked)
        except UNREADABLE:
            found, waiting = None, {}
        for meter in (metrics.head, metrics.position, metrics.lag, metrics.parked):
            meter.clear()
        if found is None:
            return
        for standing in found:
            lane = str(standing.lane)
            metrics.head.labels(SERVICE, lane).set(standing.head)
            metrics.position.labels(standing.view, lane).set(standing.position)
            metrics.lag.labels(standing.view, lane).set(standing.lag)
        for view in desk.views:
            metrics.parked.labels(view.name).set(waiting.get(view.name, 0))


def routers(office: Office, metrics: Metrics) -> tuple[APIRouter, ...]:
    """Every route of the service."""
    acting = (
        openings, balance, debts, payments, gateway, payment_returns, promises, plans, holds, disputes, complaints,
        hardship, settlements, waivers, charge_offs, placements, handling, person, events,
        queues, leases, assignments, next_actions,
    )  # fmt: skip
    books = (books_promises, books_plans, books_approvals, books_complaints, books_placements)
    return (
        _index(),
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
        feed.router(office, metrics),
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
    health = Health(office, metrics)
    return make(
        title="Quittance case service",
        version=version,
        routers=(*routers(office, metrics), *more),
        ready=health.ready,
        measure=health.measure,
        metrics=metrics,
        hosts=hosts,
        access=access,
    )
