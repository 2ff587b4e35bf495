"""The SMS channel against a gateway of its own process that refuses, throttles, hangs, breaks and talks nonsense."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contact.adapters.sending.sms_gateway import (
    GatewayUnusable,
    SmsGateway,
    SmsSettings,
    receipt_of,
)
from services.contact.application.channel_port import NotTaken, Outgoing, Taken, Unknown
from services.main.demo.gateway_desk import Does
from shared.http.signing_keys import signing_key
from shared.kernel.clock import FixedClock, SystemClock
from tests.contact.channels.mail_server import certificate
from tests.kit.sms_gateway import SECRET, RunningGateway, sms_gateway

DEADLINE_S = 10.0
SHORT_S = 0.5
NUMBER = "+8613912345678"


@pytest.fixture(scope="module")
def gateway() -> Iterator[RunningGateway]:
    with sms_gateway() as running:
        yield running


@pytest.fixture
async def channel(gateway: RunningGateway) -> AsyncIterator[SmsGateway]:
    made = SmsGateway(_settings(gateway.address), clock=SystemClock())
    yield made
    await made.close()


def _settings(url: str, secret: str = SECRET, **other: Any) -> SmsSettings:
    return SmsSettings(url=url, key=signing_key(secret), sender="10690001", **other)


def _message(key: str, *, address: str = "139 1234 5678", text: str = "请联系我们 TD退订") -> Outgoing:
    return Outgoing(key=key, address=address, text=text, language="zh-CN")


def _of(gateway: RunningGateway, key: str) -> list[dict[str, Any]]:
    return [one for one in gateway.messages() if one["key"] == key]


async def test_a_message_is_handed_over_to_the_normalised_number_and_found_by_its_key(
    gateway: RunningGateway, channel: SmsGateway
) -> None:
    taken = await channel.send(_message("cat_a-1"), deadline_s=DEADLINE_S)
    assert isinstance(taken, Taken)
    [held] = _of(gateway, "cat_a-1")
    assert held["to"] == NUMBER
    assert held["text"] == "请联系我们 TD退订"
    assert held["from"] == "10690001"
    assert await channel.find("cat_a-1", deadline_s=DEADLINE_S) == taken
    assert await channel.find("cat_nobody", deadline_s=DEADLINE_S) == "NEVER_SEEN"


async def test_the_same_key_again_is_the_same_message(gateway: RunningGateway, channel: SmsGateway) -> None:
    first = await channel.send(_message("cat_b-1"), deadline_s=DEADLINE_S)
    assert await channel.send(_message("cat_b-1"), deadline_s=DEADLINE_S) == first
    assert len(_of(gateway, "cat_b-1")) == 1


@pytest.mark.parametrize(
    ("does", "answer"),
    [
        ("REFUSE_ADDRESS", NotTaken("ADDRESS_UNKNOWN", permanent=True)),
        ("REFUSE_REQUEST", NotTaken("REFUSED", permanent=True)),
        ("TOO_LARGE", NotTaken("TOO_LARGE", permanent=True)),
        ("REFUSE_KEY", NotTaken("AUTHENTICATION", permanent=False)),
        ("UNPAID", NotTaken("CONFIGURATION", permanent=False)),
        ("NOT_HERE", NotTaken("CONFIGURATION", permanent=False)),
        ("THROTTLE", NotTaken("RATE_LIMITED", permanent=False, wait_s=1.0)),
        ("IN_PROGRESS", Unknown("IN_PROGRESS")),
        ("FAIL_BEFORE", Unknown("PROVIDER_FAILED")),
        ("REDIRECT", Unknown("REDIRECTED")),
        ("BREAK_BEFORE", Unknown("CONNECTION_BROKEN")),
    ],
)
async def test_what_the_gateway_does_not_take(
    gateway: RunningGateway, channel: SmsGateway, does: Does, answer: NotTaken | Unknown
) -> None:
    key = f"cat_{does}"
    gateway.behave(does)
    assert await channel.send(_message(key), deadline_s=DEADLINE_S) == answer
    assert _of(gateway, key) == []
    assert await channel.find(key, deadline_s=DEADLINE_S) == "NEVER_SEEN"


@pytest.mark.parametrize(
    ("does", "cause"),
    [
        ("FAIL_AFTER", "PROVIDER_FAILED"),
        ("BREAK_AFTER", "CONNECTION_BROKEN"),
        ("HANG_AFTER", "NO_ANSWER_IN_TIME"),
        ("DRIP", "NO_ANSWER_IN_TIME"),
        ("GARBAGE", "NOT_UNDERSTOOD"),
        ("HUGE", "NOT_UNDERSTOOD"),
    ],
)
async def test_what_may_have_been_taken_is_unknown_and_found_afterwards(
    gateway: RunningGateway, channel: SmsGateway, does: Does, cause: str
) -> None:
    key = f"cat_{does}"
    gateway.behave(does)
    deadline_s = SHORT_S if cause == "NO_ANSWER_IN_TIME" else DEADLINE_S
    assert await channel.send(_message(key), deadline_s=deadline_s) == Unknown(cause)
    assert isinstance(await channel.find(key, deadline_s=DEADLINE_S), Taken)
    assert len(_of(gateway, key)) == 1


@pytest.mark.parametrize(
    "does",
    [
        "NOT_HERE",
        "REFUSE_KEY",
        "FAIL_BEFORE",
        "GARBAGE",
        "HUGE",
        "DRIP",
        "REDIRECT",
        "BREAK_BEFORE",
        "HANG_BEFORE",
    ],
)
async def test_a_gateway_that_cannot_be_asked_is_not_taken_for_one_that_never_saw_the_key(
    gateway: RunningGateway, channel: SmsGateway, does: Does
) -> None:
    gateway.behave(does, on="find")
    assert await channel.find("cat_never", deadline_s=SHORT_S) == "CANNOT_TELL"
    gateway.behave(does, on="find")
    assert await channel.receipts("cat_never", deadline_s=SHORT_S) is None
    assert await channel.find("cat_never", deadline_s=DEADLINE_S) == "NEVER_SEEN"


async def test_a_gateway_that_is_not_there_was_certainly_not_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = SmsGateway(_settings(f"http://127.0.0.1:{taken.getsockname()[1]}"), clock=SystemClock())
        answer = await nobody.send(_message("cat_x"), deadline_s=DEADLINE_S)
        assert answer == NotTaken("PROVIDER_DOWN", permanent=False)
        assert await nobody.find("cat_x", deadline_s=DEADLINE_S) == "CANNOT_TELL"
        await nobody.close()


async def test_a_wrong_key_and_a_wrong_clock_are_refused_by_the_gateway(gateway: RunningGateway) -> None:
    late = FixedClock(SystemClock().now() - timedelta(hours=1))
    wrong = SECRET[:-8] + "AAAAAAA="
    for settings, clock in (
        (_settings(gateway.address, wrong), SystemClock()),
        (_settings(gateway.address), late),
    ):
        channel = SmsGateway(settings, clock=clock)
        answer = await channel.send(_message("cat_forged"), deadline_s=DEADLINE_S)
        assert answer == NotTaken("AUTHENTICATION", permanent=False)
        await channel.close()
    assert _of(gateway, "cat_forged") == []


async def test_a_certificate_nobody_vouches_for_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=certificate(tmp_path).context())
    async with server:
        port = server.sockets[0].getsockname()[1]
        channel = SmsGateway(_settings(f"https://127.0.0.1:{port}"), clock=SystemClock())
        answer = await channel.send(_message("cat_tls"), deadline_s=DEADLINE_S)
        assert answer == NotTaken("PROVIDER_DOWN", permanent=False)
        assert not any(heard)
        await channel.close()


@pytest.mark.parametrize(
    "address",
    ["", "12", "not a number", "+", "+999999999999999999", "张三", "tel:13912345678", "13912345678\r\nX: y"],
)
async def test_what_is_no_number_is_never_sent(
    gateway: RunningGateway, channel: SmsGateway, address: str
) -> None:
    answer = await channel.send(_message("cat_none", address=address), deadline_s=DEADLINE_S)
    assert answer == NotTaken("ADDRESS_INVALID", permanent=True)
    assert "cat_none" not in gateway.posts()


async def test_a_text_of_too_many_parts_is_never_sent(gateway: RunningGateway, channel: SmsGateway) -> None:
    long = await channel.send(_message("cat_long", text="款" * (67 * 255 + 1)), deadline_s=DEADLINE_S)
    assert long == NotTaken("TOO_LARGE", permanent=True)
    assert isinstance(await channel.send(_message("cat_fits", text="款" * 670), deadline_s=DEADLINE_S), Taken)


async def test_many_at_once_are_each_sent_once(gateway: RunningGateway, channel: SmsGateway) -> None:
    keys = [f"cat_many-{number}" for number in range(40)]
    sent = await asyncio.gather(*(channel.send(_message(key), deadline_s=DEADLINE_S) for key in keys))
    assert all(isinstance(one, Taken) for one in sent)
    assert sorted(one["key"] for one in gateway.messages() if one["key"].startswith("cat_many-")) == sorted(
        keys
    )


async def test_reports_that_got_lost_can_be_asked_for(gateway: RunningGateway, channel: SmsGateway) -> None:
    await channel.send(_message("cat_r"), deadline_s=DEADLINE_S)
    assert await channel.receipts("cat_r", deadline_s=DEADLINE_S) == ()
    gateway.report("cat_r", "FAILED", cause="NO_COVERAGE", lost=True)
    gateway.report("cat_r", "DELIVERED", lost=True)
    found = await channel.receipts("cat_r", deadline_s=DEADLINE_S)
    assert found is not None
    assert [(one.kind, one.key, one.cause) for one in found] == [
        ("FAILED", "cat_r", "NO_COVERAGE"),
        ("DELIVERED", "cat_r", None),
    ]
    assert await channel.receipts("cat_nobody", deadline_s=DEADLINE_S) == ()


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("7", 7.0),
        ("999999999", 86_400.0),
        ("Sun, 22 Nov 2026 04:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 03:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
async def test_retry_after_is_seconds_or_an_instant(header: str, wait_s: float | None) -> None:
    def throttled(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"Retry-After": header})

    channel = SmsGateway(
        _settings("https://gateway.example/sms"),
        clock=FixedClock(datetime(2026, 11, 22, 4, 0, tzinfo=UTC)),
        transport=httpx.MockTransport(throttled),
    )
    answer = await channel.send(_message("cat_w"), deadline_s=DEADLINE_S)
    assert answer == NotTaken("RATE_LIMITED", permanent=False, wait_s=wait_s)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"null",
        b'{"id": "gw_1"}',
        b'{"id": 1, "key": "cat_w"}',
        b'{"id": "", "key": "cat_w"}',
        b'{"id": "gw_1", "key": "cat_other"}',
        b"\xff",
        b"[" * 60_000,
    ],
)
async def test_an_answer_about_something_else_is_not_believed(answer: bytes) -> None:
    said = httpx.MockTransport(lambda _: httpx.Response(200, content=answer))
    channel = SmsGateway(_settings("https://gateway.example"), clock=SystemClock(), transport=said)
    assert await channel.send(_message("cat_w"), deadline_s=DEADLINE_S) == Unknown("NOT_UNDERSTOOD")
    assert await channel.find("cat_w", deadline_s=DEADLINE_S) == "CANNOT_TELL"


@pytest.mark.parametrize(
    "url",
    [
        "", "gateway.example", "http://gateway.example", "ftp://127.0.0.1/", "https://", "https://a:b@gateway.example",
        "https://gateway.example/?key=1", "https://gateway.example/#here", "http://127.0.0.1.example/",
        "https://gateway.example/a b", "https://例子.example/", "https://gateway.example/\n",
    ],
)  # fmt: skip
def test_an_address_that_would_betray_the_messages_is_refused(url: str) -> None:
    with pytest.raises(GatewayUnusable) as refused:
        SmsGateway(_settings(url), clock=SystemClock())
    assert "a:b" not in str(refused.value)


@pytest.mark.parametrize(
    ("sender", "region"), [("", "CN"), ("a\r\nb", "CN"), ("10690001", "cn"), ("10690001", "")]
)
def test_a_sender_or_region_that_is_none_is_refused(sender: str, region: str) -> None:
    settings = SmsSettings(url="https://a.example", key=signing_key(SECRET), sender=sender, region=region)
    with pytest.raises(GatewayUnusable):
        settings.checked()


def test_no_secret_is_shown() -> None:
    assert SECRET[6:] not in repr(_settings("https://a.example"))
    assert NUMBER not in repr(_message("cat_a", address=NUMBER))


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"kind": "READ"}, {"at": "yesterday"}, {"at": "2026-11-22T04:00:00"}, {"report": ""}, {"report": "a b"},
        {"key": None}, {"key": "x" * 101}, {"at": None},
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_read_is_none(wrong: dict[str, Any]) -> None:
    right = {"kind": "DELIVERED", "at": "2026-11-22T04:00:00+00:00", "report": "rcp_1", "key": "cat_1"}
    assert receipt_of(right) is not None
    assert receipt_of(right | wrong if wrong else {}) is None


def test_a_cause_that_is_no_code_is_left_out() -> None:
    said = {"kind": "FAILED", "at": "2026-11-22T04:00:00Z", "report": "rcp_1", "key": "cat_1"}
    for hostile in ("<script>", "Zhang San +8613912345678", "x" * 200, 7):
        read = receipt_of(said | {"cause": hostile})
        assert read is not None
        assert read.cause is None
