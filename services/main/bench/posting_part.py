"""A server of the http benchmarks, in a process that does nothing else: `posting_part ours|crud URL FOLDER`.

`ours` is the case service as `quittance serve case` runs it, with two operations more that take a command's body and
do nothing. Prints one JSON object once it answers: its port, and a token.
"""

import asyncio
import json
import signal
import socket
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.responses import Response

from services.case.api.acting import CaseId, example
from services.case.api.app import make_app
from services.case.api.desk import Office
from services.case.api.handling import AttemptSent
from services.case.api.payments import PaymentSent
from services.case.wiring import open_case
from services.main.bench import book, crud_app
from services.main.platform import HOST, NAMES
from services.main.serving import on_server_loop
from shared.http import bodies
from shared.http.access import Access
from shared.http.commands import Asked
from shared.http.development_issuer import ISSUER, DevelopmentIssuer
from shared.http.operations import command, routes
from shared.http.tokens import TokenChecker
from shared.kernel.clock import SystemClock
from shared.telemetry import logs
from shared.telemetry.metrics import Metrics

AUDIENCE = "bench"
_DONE = bodies.canonical(example("none") | {"events": [], "version": 1})


def no_operations() -> APIRouter:
    """The bases of http.command: everything that surrounds a command, and no command."""
    found = routes("/v1/cases", tag="bench")

    @found.post(
        "/{case_id}/no-payments",
        **command("payNothing", "Nothing", scope="payment:record", sent={}, gives={}),
    )
    async def pay_nothing(case_id: CaseId, sent: PaymentSent, asked: Asked) -> Response:
        return Response(_DONE, status_code=201, media_type=bodies.MEDIA_TYPE)

    @found.post(
        "/{case_id}/no-attempts",
        **command("attemptNothing", "Nothing", scope="contact:record", sent={}, gives={}),
    )
    async def attempt_nothing(case_id: CaseId, sent: AttemptSent, asked: Asked) -> Response:
        return Response(_DONE, status_code=201, media_type=bodies.MEDIA_TYPE)

    return found


async def _ours(opened: AsyncExitStack, url: str, at: Path, access: Access) -> FastAPI:
    office = Office()
    office.desk = await opened.enter_async_context(open_case(book.settings(url, at)))
    return make_app(
        office, metrics=Metrics(), version="0", access=access, hosts=NAMES, more=(no_operations(),)
    )


async def _serve(what: str, url: str, at: Path) -> None:
    issuer = DevelopmentIssuer.open(at / "issuer.json")
    checker = TokenChecker(issuer=ISSUER, audience=AUDIENCE, keys=issuer.keys(), clock=SystemClock())
    access = Access(checker, tenants=("default",))
    listener = socket.create_server((HOST, 0), backlog=512)
    async with AsyncExitStack() as opened:
        if what == "ours":
            app = await _ours(opened, url, at, access)
        else:
            app = crud_app.make(crud_app.engine_for(url), access)
        server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None, server_header=False))
        token = issuer.token(audience=AUDIENCE, tenant="default", clock=SystemClock())
        print(json.dumps({"port": listener.getsockname()[1], "token": token}), flush=True)
        asyncio.get_running_loop().add_signal_handler(
            signal.SIGTERM, server.handle_exit, signal.SIGTERM, None
        )
        await server.serve(sockets=[listener])


if __name__ == "__main__":
    logs.configure()
    on_server_loop(_serve(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
