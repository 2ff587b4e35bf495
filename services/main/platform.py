"""The services of one process: opened, worked on, and put together as one application.

Apart, each service has a process, a store and an OpenAPI document of its own. Together they share a port, a document
and an event loop, and hear each other without a wire between.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from services.case.api import app as case_app
from services.case.api.desk import Office as CaseOffice
from services.case.wiring import CaseService, open_case
from services.contact.api import app as contact_app
from services.contact.api.desk import Office as ContactOffice
from services.contact.wiring import ContactService, open_contact
from services.legal.api import app as legal_app
from services.legal.api.desk import Office as LegalOffice
from services.legal.wiring import LegalService, open_legal
from services.main.commands.version import number
from services.main.hearing import Deaf, between, from_elsewhere
from services.main.past import TellsContact, TellsLegal
from services.main.reaching import reached
from services.main.session import CASE, CONTACT, LEGAL, Session
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

if TYPE_CHECKING:
    from services.main.session import AnyService

ALL = "all"
HOST = "127.0.0.1"
NAMES = frozenset({HOST, "localhost"})
GRACE_S = 5


@dataclass(frozen=True, slots=True)
class Running:
    """The services that are open in this process."""

    case: CaseService | None
    contact: ContactService | None
    legal: LegalService | None = None

    @property
    def services(self) -> dict[str, "AnyService"]:
        """Those that are open, by name."""
        named: dict[str, AnyService | None] = {CASE: self.case, CONTACT: self.contact, LEGAL: self.legal}
        return {name: one for name, one in named.items() if one is not None}


async def opening(opened: AsyncExitStack, session: Session, name: str) -> Running:
    """Open the service of that name, or all; their stores are made where there are none."""
    case = contact = legal = None
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
    if name in (ALL, LEGAL):
        legal = await opened.enter_async_context(
            open_legal(session.legal_settings, clock=session.clock, provision=True)
        )
        if case is not None:
            case.history.reach_legal(TellsLegal(legal.past))
        for file in reached(legal, session.settings, case=case, contact=contact):
            opened.push_async_callback(file.close)
    return Running(case, contact, legal)


async def working(opened: AsyncExitStack, session: Session, running: Running) -> list[Deaf]:
    """Start what works beside requests: views, sweeps, senders, and hearing the other services.

    Returns who hears whom not, with the variable that would say where that one is.
    """
    told: list[Callable[[], None]] = []
    for service in running.services.values():
        told.append(await opened.enter_async_context(_following(service.projections)))
    if running.case is not None:
        await opened.enter_async_context(sweeping(running.case))
    workers: list[Worker] = []
    for keeper in (running.contact, running.legal):
        workers += () if keeper is None else keeper.workers
    elsewhere, deaf = from_elsewhere(session.settings, running.services)
    for reader in (*between(running.services), *elsewhere):
        opened.push_async_callback(reader.close)
        workers.append(reader)
    for worker in workers:
        await opened.enter_async_context(at_work(worker))
        told.append(worker.stop)
    opened.callback(_tell, told)
    return deaf


def _tell(told: Sequence[Callable[[], None]]) -> None:
    """Tell all that work of the end before the first is waited for: they finish side by side."""
    for stop in told:
        stop()


def application(running: Running, admits: Access, ends: asyncio.Event) -> FastAPI:
    """What is served: one service's own application, or all of them in one. `ends`: the process is about to end."""
    metrics, version = Metrics(), number()
    case, contact = CaseOffice(ends, running.case), ContactOffice(ends, running.contact)
    legal = LegalOffice(ends, running.legal)
    if len(running.services) == 1:
        alone: dict[str, Callable[..., FastAPI]] = {
            CASE: partial(case_app.make_app, case), CONTACT: partial(contact_app.make_app, contact),
            LEGAL: partial(legal_app.make_app, legal),
        }  # fmt: skip
        [name] = running.services
        return alone[name](metrics=metrics, version=version, access=admits, hosts=NAMES)
    offices: dict[str, OpenOffice[Any]] = {CASE: case, CONTACT: contact, LEGAL: legal}
    health = Health(offices, metrics)
    return make(
        title="Quittance",
        version=version,
        routers=(
            index.router({**case_app.LINKS, **contact_app.LINKS, **legal_app.LINKS}),
            *case_app.routers(case),
            *contact_app.routers(contact),
            *legal_app.routers(legal),
            feeds.router(offices, metrics),
        ),
        ready=health.ready,
        measure=health.measure,
        metrics=metrics,
        hosts=NAMES,
        access=admits,
    )


@asynccontextmanager
async def _following(projections: Projections) -> AsyncIterator[Callable[[], None]]:
    """The views of a service kept current, and how to stop; the leases are given back at the end."""
    log = logs.logger("projection")
    follower = projections.follower(lambda lane, error: log.warning("fault", lane=lane, error=error))
    task = asyncio.create_task(follower.run())
    try:
        yield follower.stop
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
