"""The contact service as an HTTP application."""

from fastapi import APIRouter, FastAPI

from services.contact.api.asking import routes as asking
from services.contact.api.desk import Office
from services.contact.api.dialing import lists as dial_lists
from services.contact.api.dialing import results as dial_results
from services.contact.api.letters import letters
from services.contact.api.looking import contact_points
from services.contact.api.outreach import routes as outreach_routes
from services.contact.api.sending import callbacks, messages, replies
from services.contact.api.texts import routes as texts
from services.contact.api.visits import visits
from shared.http import feeds, index
from shared.http.access import Access
from shared.http.app import make
from shared.http.health import Health
from shared.telemetry.metrics import Metrics

SERVICE = "contact"
LINKS: dict[str, str] = {
    "contact-attempts": "/v1/contact-attempts",
    "messages": "/v1/messages",
    "templates": "/v1/templates",
}
"""What the index names of the service."""


def routers(office: Office) -> tuple[APIRouter, ...]:
    """Every route of the service's own; index and feed are those of the process."""
    paper = (visits, dial_lists, dial_results, letters)
    return (
        *asking.routers(office), contact_points.router(office),
        callbacks.router(office), messages.router(office), replies.router(office),
        *outreach_routes.routers(office), *texts.routers(office),
        *(topic.router(office) for topic in paper),
    )  # fmt: skip


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
        title="Quittance contact service",
        version=version,
        routers=(index.router(LINKS), *routers(office), feeds.router({SERVICE: office}, metrics)),
        ready=health.ready,
        measure=health.measure,
        metrics=metrics,
        hosts=hosts,
        access=access,
    )
