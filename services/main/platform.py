"""The services of one process: opened, worked on, and put together as one application.

Apart, each service has a process, a store and an OpenAPI document of its own. Together they share a port, a document
and an event loop, and hear each other without a wire between.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from services.case.api import app as case_app
from services.case.api.desk import Office as CaseOffice
from services.case.wiring import CaseService, open_case
from services.contact.api import app as contact_app
from services.contact.api.desk import Office as ContactOffice
from services.contact.wiring import ContactService, open_contact
from services.main.commands.version import number
from services.main.hearing import between, from_elsewhere
from services.main.past import TellsContact
from services.main.session import CASE, CONTACT, Session
from services.main.sweeping import sweeping
from shared.eventstore.projection.projections import Projections
from shared.http import feeds, index
from shared.http.access import Access
from shared.http.app import make
from shared.http.health import Health
from shared.http.office import OpenOffice
from shared.kernel.worker import Worker
from shared.telemetry import logs
from shared.telemetry.metrics import Metrics

ALL = "all"
HOST = "127.0.0.1"
NAMES = frozenset({HOST, "localhost"})
GRACE_S = 5


@dataclass(frozen=True, slots=True)
class Running:
    """The services that are open in this process."""

    case: CaseService | None
    contact: ContactService | None


async def opening(opened: AsyncExitStack, session: Session, name: str) -> Running:
    """Open the service of that name, or all; their stores are made where there are none."""
    case = contact = None
    if name in (ALL, CASE):
        case = await opened.enter_async_context(
            open_case(session.case_settings, clock=session.clock, provision=True)
        )
    if name in (ALL, CONTACT):
        contact = await opened.enter_async_context(
            open_contact(session.contact_settings, clock=session.clock, provision=True)
        )
    if case is not None and contact is not None:
        case.history.reach(TellsContact(contact.past))
    return Running(case, contact)


async def working(opened: AsyncExitStack, session: Session, running: Running) -> list[tuple[str, str]]:
    """Start what works beside requests: views, sweeps, senders, and hearing the other service.

    Returns who hears nobody, with the variable that would say where the other service is.
    """
    case, contact = running.case, running.contact
    if case is not None:
        await opened.enter_async_context(_following(case.projections))
        await opened.enter_async_context(sweeping(case))
    if contact is not None:
        await opened.enter_async_context(_following(contact.projections))
        for worker in contact.workers:
            await opened.enter_async_context(at_work(worker))
    deaf: list[tuple[str, str]] = []
    if case is not None and contact is not None:
        readers = between(case, contact)
    else:
        readers, deaf = from_elsewhere(session.settings, case, contact)
    for reader in readers:
        opened.push_async_callback(reader.close)
        await opened.enter_async_context(at_work(reader))
    return deaf


def application(running: Running, admits: Access, ends: asyncio.Event) -> FastAPI:
    """What is served: one service's own application, or all of them in one. `ends`: the process is about to end."""
    metrics, version = Metrics(), number()
    case, contact = CaseOffice(ends, running.case), ContactOffice(ends, running.contact)
    if running.contact is None:
        return case_app.make_app(case, metrics=metrics, version=version, access=admits, hosts=NAMES)
    if running.case is None:
        return contact_app.make_app(contact, metrics=metrics, version=version, access=admits, hosts=NAMES)
    offices: dict[str, OpenOffice[Any]] = {CASE: case, CONTACT: contact}
    health = Health(offices, metrics)
    return make(
        title="Quittance",
        version=version,
        routers=(
            index.router({**case_app.LINKS, **contact_app.LINKS}),
            *case_app.routers(case),
            *contact_app.routers(contact),
            feeds.router(offices, metrics),
        ),
        ready=health.ready,
        measure=health.measure,
        metrics=metrics,
        hosts=NAMES,
        access=admits,
    )


@asynccontextmanager
async def _following(projections: Projections) -> AsyncIterator[None]:
    """The views of a service kept current; the leases are given back at the end."""
    log = logs.logger("projection")
    follower = projections.follower(lambda lane, error: log.warning("fault", lane=lane, error=error))
    task = asyncio.create_task(follower.run())
    try:
        yield
    finally:
        follower.stop()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def at_work(worker: Worker) -> AsyncIterator[None]:
    """A worker, running; at the end it finishes the thing at hand, or is cut short: what was committed stays."""
    task = asyncio.create_task(worker.run(), name=worker.name)
    try:
        yield
    finally:
        worker.stop()
        await asyncio.wait({task}, timeout=GRACE_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def importing(case: CaseService) -> AsyncIterator[None]:
    """Imports asked for over HTTP are taken in; whoever comes next goes on with one that is under way at the end."""
    log = logs.logger("imports")
    task = asyncio.create_task(
        case.importing.run(lambda job, error: log.warning("fault", job=job, error=error))
    )
    try:
        yield
    finally:
        case.importing.end()
        await asyncio.wait({task}, timeout=GRACE_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
