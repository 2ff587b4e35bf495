"""A feed over HTTP when the other side is slow, broken, refusing, or answers rubbish: every fault has its name."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shared.messaging.over_http import FeedOverHttp
from shared.messaging.source import CursorLost, FeedFault, FeedGarbled, FeedRefused, FeedUnavailable

EVENT: dict[str, Any] = {
    "specversion": "1.0", "id": "6f1c0d1e-0000-8000-8000-000000000002", "type": "quittance.case.StageEntered.v1",
    "source": "/case", "subject": "case-6f1c0d1e-0000-8000-8000-000000000001", "time": "2005-09-30T16:00:00.000000Z",
    "recordedtime": "2005-10-01T01:02:03.000000Z", "feedposition": "6", "streamversion": 3,
    "correlationid": "6f1c0d1e-0000-8000-8000-000000000003", "data": {"stage": "M2"},
    "debtorsubject": "subject-6f1c0d1e-0000-8000-8000-000000000001",
}  # fmt: skip
PLACES = {"Feed-Final": "9", "Feed-Head": "12"}
Answer = Callable[[httpx.Request], httpx.Response]


def source(answer: Answer | Any, *, deadline_s: float = 5.0) -> FeedOverHttp:
    return FeedOverHttp(
        "http://case.test", "case", token=lambda: "a-token", deadline_s=deadline_s,
        transport=httpx.MockTransport(answer),
    )  # fmt: skip


async def read(one: FeedOverHttp) -> Any:
    try:
        return await one.read((5,), types=("case.*",), limit=10, wait_s=0)
    finally:
        await one.close()


async def test_a_page_is_asked_for_with_the_token_and_read() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=[EVENT], headers=PLACES)

    batch = await read(source(answer))
    assert (batch.reached, batch.head) == ((9,), (12,))
    [event] = batch.events
    assert (event.type, event.name, event.version, event.position) == (
        "case.StageEntered",
        "StageEntered",
        3,
        6,
    )
    assert event.beside["debtorsubject"].startswith("subject-")
    assert asked[0].headers["Authorization"] == "Bearer a-token"
    assert dict(asked[0].url.params) == {"limit": "10", "wait": "0", "types": "case.*", "after": "5"}


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (503, b"", FeedUnavailable), (500, b"boom", FeedUnavailable), (429, b"{}", FeedUnavailable),
        (401, b"{}", FeedRefused), (403, b"{}", FeedRefused), (404, b"", FeedRefused), (302, b"", FeedRefused),
        (400, json.dumps({"code": "bad-cursor"}).encode(), CursorLost),
        (200, b"<html>", FeedGarbled), (200, b"{}", FeedGarbled), (200, b"[1]", FeedGarbled),
        (200, b"\xff\xfe", FeedGarbled), (200, json.dumps([{**EVENT, "type": "x"}]).encode(), FeedGarbled),
        (200, json.dumps([{**EVENT, "data": None}]).encode(), FeedGarbled),
        (200, json.dumps([{**EVENT, "feedposition": "4"}]).encode(), FeedGarbled),
        (200, json.dumps([{**EVENT, "feedposition": "6.1"}]).encode(), FeedGarbled),
        (200, json.dumps([{**EVENT, "streamversion": True}]).encode(), FeedGarbled),
        (200, json.dumps([{**EVENT, "time": "2005-09-30T16:00:00"}]).encode(), FeedGarbled),
    ],
)  # fmt: skip
async def test_what_is_no_page_is_named(status: int, body: bytes, fault: type[FeedFault]) -> None:
    with pytest.raises(FeedFault) as raised:
        await read(source(lambda request: httpx.Response(status, content=body, headers=PLACES)))
    assert type(raised.value) is fault
    assert "6f1c0d1e" not in str(raised.value), "no value stands in a message"


async def test_a_page_without_its_place_is_none() -> None:
    with pytest.raises(FeedGarbled):
        await read(source(lambda request: httpx.Response(200, json=[EVENT])))


async def test_it_waits_as_long_as_it_was_told() -> None:
    with pytest.raises(FeedUnavailable) as raised:
        await read(source(lambda request: httpx.Response(503, headers={"Retry-After": "7"})))
    assert raised.value.wait_s == 7


async def test_a_server_that_does_not_answer_is_left() -> None:
    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with asyncio.timeout(20):
        with pytest.raises(FeedUnavailable, match="in time"):
            await read(source(never, deadline_s=0.1))


async def test_a_server_that_cannot_be_reached_is_unavailable() -> None:
    def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(FeedUnavailable, match="ConnectError"):
        await read(source(refused))


async def test_an_endless_answer_is_left() -> None:
    async def endless() -> Any:
        while True:
            yield b"[" * 65_536

    with pytest.raises(FeedGarbled, match="page"):
        await read(source(lambda request: httpx.Response(200, content=endless(), headers=PLACES)))


async def test_an_erased_event_keeps_its_place() -> None:
    erased = {name: value for name, value in EVENT.items() if name != "data"} | {"erased": True}
    batch = await read(source(lambda request: httpx.Response(200, json=[erased], headers=PLACES)))
    assert batch.events[0].data is None
