"""A text message from its order to the debtor's answer: the product, a gateway, and nothing else, each a process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.contact.api.asked import PHONE, Asked
from tests.kit.command import command_in
from tests.kit.served import Served, served
from tests.kit.sms_gateway import SECRET, RunningGateway, sms_gateway

DEADLINE_S = 30.0
TEN = "2026-12-01T10:00:00+08:00"
NUMBER = PHONE["value"]
VALUES = {
    "institution": "Example Bank", "name": "Wei Zhang", "account": "1234", "amount": "1234.50 CNY",
    "due_date": "2026-11-05", "hotline": "021-95588",
}  # fmt: skip


@contextmanager
def _connected(folder: Path) -> Iterator[tuple[Served, RunningGateway]]:
    clock = folder / "clock.json"
    assert command_in(folder, QUITTANCE_TEST_CLOCK=str(clock))("clock", "set", TEN).code == 0
    with sms_gateway(clock=clock) as gateway:
        quittance = command_in(
            folder, QUITTANCE_TEST_CLOCK=str(clock), QUITTANCE_SMS_URL=gateway.address, QUITTANCE_LOG="error",
            QUITTANCE_SMS_SECRET=gateway.secret, QUITTANCE_SMS_SENDER="10690001",
        )  # fmt: skip
        with served(quittance, "all") as server:
            gateway.settings(callback=str(server.http.base_url).rstrip("/"))
            yield server, gateway


def _order(one: Asked, **more: Any) -> dict[str, Any]:
    said = {"channel": "sms", "template": "m1-remind", "language": "zh-CN", "values": VALUES, **more}
    answer = one.post("/v1/messages", subject=one.subject, **said)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + DEADLINE_S
    while time.monotonic() < ends:
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about")


def _status(one: Asked, message: str) -> str:
    return str(one.get(f"/v1/messages/{message}")["status"])


def test_a_message_is_sent_once_reported_and_answered_with_stop(tmp_path: Path) -> None:
    with _connected(tmp_path) as (server, gateway):
        gateway.behave("BREAK_AFTER")  # the gateway takes it and nobody hears
        one = Asked(server.http).described()
        message = _order(one)["id"]
        _until(lambda: _status(one, message) == "DISPATCHED")
        [held] = gateway.messages()
        assert (held["key"], held["to"], held["from"]) == (message, NUMBER, "10690001")
        assert "1,234.50" in held["text"]

        gateway.report(message, "DELIVERED")
        assert gateway.tell(times=2) == [200, 200]
        _until(lambda: _status(one, message) == "DELIVERED")

        gateway.answer(NUMBER, "退订")
        assert gateway.tell(times=2) == [200, 200]
        refused = _order(one)
        assert "ContactRefused" in refused["events"]
        assert "MessageQueued" not in refused["events"]
        assert [one["key"] for one in gateway.messages()] == [message]
        assert NUMBER not in server.http.get("/metrics").text

        gateway.answer(NUMBER, "我下周五还款")
        gateway.tell()
        shown = server.quittance.json("contact", "replies")
        assert [line["meaning"] for line in shown] == ["OTHER", "STOP"]
        assert "还款" not in str(shown)
        [unread] = server.quittance.json("contact", "replies", "--unread", "--of", one.ref)
        assert unread["id"] == shown[0]["id"]
        assert "待阅读" in server.quittance("contact", "replies", QUITTANCE_LANG="zh-CN").out
        assert server.quittance("contact", "replies", "--of", "case-1").code == 1
        words = server.http.post(
            f"/v1/inbound-messages/{unread['id']}/readings", json={},
            headers={"Idempotency-Key": "read-1", **server.token("pii:reveal")},
        )  # fmt: skip
        assert words.json()["text"] == "我下周五还款"
        assert server.quittance.json("contact", "replies", "--unread") == []


def test_what_is_not_signed_by_the_gateway_changes_nothing(tmp_path: Path) -> None:
    with _connected(tmp_path) as (server, _), sms_gateway(
        secret=SECRET[:-8] + "AAAAAAA=", clock=tmp_path / "clock.json"
    ) as stranger:  # fmt: skip
        one = Asked(server.http).described()
        message = _order(one)["id"]
        _until(lambda: _status(one, message) == "DISPATCHED")
        stranger.settings(callback=str(server.http.base_url).rstrip("/"))
        stranger.answer(NUMBER, "退订")
        assert stranger.tell() == [401]
        assert "MessageQueued" in _order(one)["events"]
