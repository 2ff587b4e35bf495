"""The server of the permit benchmark: the contact service alone, as `quittance serve contact` runs it.

`asking_part PLACE FOLDER`: PLACE is the URL of a database, or `sqlite` for a file in FOLDER. Its clock begins at ten in
the morning in Shanghai whatever the time is: at night every ask would be put off. Prints one JSON object once it
answers: its port, and a token.
"""

import asyncio
import json
import signal
import socket
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from services.contact.api.app import make_app
from services.contact.api.desk import Office
from services.contact.wiring import ContactSettings, open_contact
from services.main.bench.posting_part import AUDIENCE
from services.main.serving import on_server_loop
from shared.http.access import Access
from shared.http.development_issuer import ISSUER, DevelopmentIssuer
from shared.http.tokens import TokenChecker
from shared.kernel.clock import SystemClock
from shared.telemetry import logs
from shared.telemetry.metrics import Metrics

HOST = "127.0.0.1"
BEGINS = datetime(2026, 11, 18, 2, tzinfo=UTC)


class Morning:
    """The system's clock, set to BEGINS when it is made."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._behind = self._clock.now() - BEGINS

    def now(self) -> datetime:
        """The present instant of this clock."""
        return self._clock.now() - self._behind


def settings(place: str, at: Path) -> ContactSettings:
    """The contact service of the benchmark."""
    return ContactSettings(
        place=at / "contact.db" if place == "sqlite" else place,
        key_file=at / "keys.json",
        deployment="bench",
        tenant="default",
        shards=1 if place == "sqlite" else 8,
    )


async def _serve(place: str, at: Path) -> None:
    issuer = DevelopmentIssuer.open(at / "issuer.json")
    checker = TokenChecker(issuer=ISSUER, audience=AUDIENCE, keys=issuer.keys(), clock=SystemClock())
    listener = socket.create_server((HOST, 0), backlog=512)
    async with AsyncExitStack() as opened:
        office = Office()
        office.desk = await opened.enter_async_context(
            open_contact(settings(place, at), clock=Morning(), provision=True)
        )
        app = make_app(
            office, metrics=Metrics(), version="0", access=Access(checker, tenants=("default",)), hosts=None
        )
        server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None, server_header=False))
        token = issuer.token(audience=AUDIENCE, tenant="default", clock=SystemClock())
        print(json.dumps({"port": listener.getsockname()[1], "token": token}), flush=True)
        asyncio.get_running_loop().add_signal_handler(
            signal.SIGTERM, server.handle_exit, signal.SIGTERM, None
        )
        await server.serve(sockets=[listener])


if __name__ == "__main__":
    logs.configure()
    on_server_loop(_serve(sys.argv[1], Path(sys.argv[2])))
