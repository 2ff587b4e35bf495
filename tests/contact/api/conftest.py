"""The contact service over HTTP: `serve contact` on a real socket and `work contact` beside it, shared by a module."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.case.api.declared import checked
from tests.contact.api.asked import Asked
from tests.kit.command import Command, command_in
from tests.kit.served import Served, served

STOP_DEADLINE_S = 15


@contextmanager
def _working(quittance: Command) -> Iterator[None]:
    """Keep its views current."""
    process: subprocess.Popen[str] = quittance.start("work", "contact")
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
    """A running server with a subject that was called, refused and described; every answer is checked."""
    quittance = command_in(tmp_path_factory.mktemp("served"), QUITTANCE_LOG="error")
    with served(quittance, "contact") as running, _working(quittance):
        document = running.http.get("/openapi.json").json()
        running.http.event_hooks = {"response": [checked(document)]}
        Asked(running.http).described().lived()
        yield running


@pytest.fixture
def http(server: Served) -> httpx.Client:
    """A client for it."""
    return server.http
