"""What our own faults look like from outside: a 500 with a request id and nothing of the fault."""

from typing import Any

import httpx
import pytest

from shared.eventstore.port import Busy, StoreUnavailable
from shared.eventstore.projection.port import ViewsUnavailable
from shared.http.app import make
from shared.http.operations import open_to_all, routes
from shared.kernel.money import MalformedAmount
from shared.telemetry.metrics import Metrics
from tests.kit.tokens import nobody

SECRET = "debtor-4711"


async def _nothing() -> Any:
    return {}


def _client() -> httpx.AsyncClient:
    router = routes("", tag="faults")

    @router.get("/bug", **open_to_all("bug", "A fault"))
    async def bug() -> None:
        raise ZeroDivisionError(SECRET)

    @router.post("/bug", **open_to_all("bugAgain", "A fault"))
    async def again() -> None:
        raise ZeroDivisionError(SECRET)

    @router.get("/busy", **open_to_all("busy", "A fault"))
    async def busy() -> None:
        raise Busy(SECRET)

    @router.get("/down", **open_to_all("down", "A fault"))
    async def down() -> None:
        raise StoreUnavailable(SECRET)

    @router.get("/views-down", **open_to_all("viewsDown", "A fault"))
    async def views_down() -> None:
        raise ViewsUnavailable(SECRET)

    @router.get("/refused", **open_to_all("refused", "A fault"))
    async def refused() -> None:
        raise MalformedAmount(places_max=2)

    app = make(
        title="t",
        version="1",
        routers=(router,),
        ready=_nothing,
        measure=_nothing,
        metrics=Metrics(),
        access=nobody(),
    )
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://t"
    )


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/bug", 500, "internal"),
        ("/busy", 503, "temporary-reduced-capacity"),
        ("/down", 503, "temporary-reduced-capacity"),
        ("/views-down", 503, "temporary-reduced-capacity"),
        ("/refused", 422, "malformed-amount"),
    ],
)
async def test_faults_and_refusals_are_problems_without_what_was_in_them(
    path: str, status: int, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with _client() as client:
        said = await client.get(path)
    assert (said.status_code, said.json()["code"]) == (status, code)
    assert said.headers["Request-Id"] == said.json()["request_id"]
    assert SECRET not in said.text
    assert ("Retry-After" in said.headers) == (status == 503)
    shown = capsys.readouterr()
    assert SECRET not in shown.err + shown.out


async def test_a_refused_method_is_answered_with_all_the_others_of_the_path() -> None:
    async with _client() as client:
        said = await client.delete("/bug")
    assert (said.status_code, said.headers["Allow"]) == (405, "GET, POST")
