"""The case service over HTTP: `serve all` on a real socket, over the bundled sample, shared by a module's tests."""

import re
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.case.api.declared import checked
from tests.kit.command import command_in
from tests.kit.importing import SAMPLE
from tests.kit.served import Served, served

CAUGHT_UP_S = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running server whose views have caught up. It logs errors only: nobody empties the pipe while it runs."""
    quittance = command_in(tmp_path_factory.mktemp("served"), QUITTANCE_LOG="error")
    assert quittance("import", "statements", SAMPLE).code == 0
    assert quittance("sweep").code == 0, "so that the server finds nothing to say while it is asked"
    assert quittance("report", "cases").code == 0
    assert quittance("audit", "list", "--limit", "1").code == 0
    assert quittance("projection", "rebuild", "case.timeline").code == 0
    with served(quittance) as running:
        _catch_up(running.http)
        document = running.http.get("/openapi.json").json()
        running.http.event_hooks = {"response": [checked(document)]}
        yield running


def _catch_up(http: httpx.Client) -> None:
    """Wait until every view holds the sample."""
    ends = time.monotonic() + CAUGHT_UP_S
    while time.monotonic() < ends:
        lags = re.findall(r"^quittance_view_lag_events\{.*\} (\S+)$", http.get("/metrics").text, re.MULTILINE)
        if lags and not any(map(float, lags)):
            return
        time.sleep(0.1)
    raise AssertionError("the views did not catch up")


@pytest.fixture
def http(server: Served) -> httpx.Client:
    """A client for it."""
    return server.http
