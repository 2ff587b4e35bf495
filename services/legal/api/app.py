"""The legal service as an HTTP application."""

from fastapi import APIRouter, FastAPI

from services.legal.api.desk import Office
from services.legal.api.letters import routes as letters
from services.legal.api.limitation import routes as limitation
from services.legal.api.looking import routes as looking
from services.legal.api.matters import routes as matters
from services.legal.api.packs import packs
from services.legal.api.steps import steps
from shared.http import feeds, index
from shared.http.access import Access
from shared.http.app import make
from shared.http.health import Health
from shared.telemetry.metrics import Metrics

SERVICE = "legal"
LINKS: dict[str, str] = {"legal-matters": "/v1/legal-matters"}
"""What the index names of the service."""


def routers(office: Office) -> tuple[APIRouter, ...]:
    """Every route of the service's own; index and feed are those of the process."""
    return (
        *matters.routers(office),
        *limitation.routers(office),
        *letters.routers(office),
        *looking.routers(office),
        packs.router(office),
        steps.router(office),
    )


def make_app(
    office: Office,
    *,
    metrics: Metrics,
    version: str,
    access: Access,
    hosts: frozenset[str] | None = None,
) -> FastAPI:
    """The application; `office` is given its desk by whoever opens the service. `hosts`: as in shared/http/app.py."""
    health = Health({SERVICE: office}, metrics)
    return make(
        title="Quittance legal service",
        version=version,
        routers=(index.router(LINKS), *routers(office), feeds.router({SERVICE: office}, metrics)),
        ready=health.ready,
        measure=health.measure,
        metrics=metrics,
        hosts=hosts,
        access=access,
    )
