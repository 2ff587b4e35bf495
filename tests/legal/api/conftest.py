"""The legal service over HTTP: `serve legal` on a real socket and `work legal` beside it, shared by a module."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.case.api.declared import checked
from tests.kit.command import Command, command_in
from tests.kit.served import Served, served
from tests.legal.api.asked import Asked, told_of

STOP_DEADLINE_S = 15


@contextmanager
def _working(quittance: Command) -> Iterator[None]:
    """Keep its views current."""
    process: subprocess.Popen[str] = quittance.start("work", "legal")
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running server that was told of cases, with a matter that has lived; every answer is checked."""
    store = tmp_path_factory.mktemp("served") / "store"
    told_of(store)
    quittance = command_in(store.parent, QUITTANCE_LOG="error", QUITTANCE_STORE=f"sqlite:///{store}/")
    with served(quittance, "legal") as running, _working(quittance):
        document = running.http.get("/openapi.json").json()
        running.http.event_hooks = {"response": [checked(document)]}
        Asked(running.http).opened().lived()
        yield running


@pytest.fixture
def http(server: Served) -> httpx.Client:
    """A client for it."""
    return server.http
