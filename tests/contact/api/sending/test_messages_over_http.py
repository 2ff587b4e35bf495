"""A message from the order to the bounce, as its users see it: HTTP, the worker of `serve all`, the command line.

A real mail server takes, refuses and loses; the service is a process of its own.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contact.api.asked import Asked
from tests.contact.channels.mail_server import (
    PASSWORD,
    USER,
    Certificate,
    Mailed,
    MailServerUnderTest,
    mail_server,
)
from tests.contact.channels.test_answers import mail as answered
from tests.contact.channels.test_bounces import dsn
from tests.kit.command import Command, command_in
from tests.kit.served import Served, served

ADDRESS = {"medium": "email", "value": "zhang.wei@example.com"}
VALUES = {
    "institution": "Example Bank", "name": "张伟", "account": "1234", "amount": "1234.50 CNY",
    "due_date": "2026-11-05", "hotline": "021-95588",
}  # fmt: skip
DEADLINE_S = 30.0


@dataclass
class Sending:
    """The service with a mail server, at ten in the morning in China; and a debtor with an address."""

    mails: MailServerUnderTest
    asked: Asked
    quittance: Command

    def post(self, path: str, **sent: Any) -> httpx.Response:
        """A command over HTTP."""
        return self.asked.post(path, **sent)

    def order(self, **changes: Any) -> dict[str, Any]:
        """An e-mail to the debtor; the answer."""
        sent = {
            "subject": self.asked.subject, "channel": "email", "template": "m1-email", "language": "zh-CN",
            "values": VALUES, **changes,
        }  # fmt: skip
        answer = self.post("/v1/messages", **sent)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def until(self, message: str, status: str) -> dict[str, Any]:
        """The message once it stands like this. Fails after DEADLINE_S."""
        ends = time.monotonic() + DEADLINE_S
        while True:
            answer = self.asked.http.get(f"/v1/messages/{message}")
            if answer.status_code == 200 and answer.json()["status"] == status:
                return dict(answer.json())
            assert time.monotonic() < ends, answer.text
            time.sleep(0.05)

    def mailed(self, message: str) -> list[Mailed]:
        """What the mail server took of a message."""
        return [one for one in self.mails.taken if message in one.sender]


@contextmanager
def mail_server_beside(folder: Path) -> Iterator[tuple[MailServerUnderTest, Certificate]]:
    """The mail server in a thread of its own, so that tests may wait for the service."""
    ready: list[tuple[MailServerUnderTest, Certificate]] = []
    up, loop = threading.Event(), asyncio.new_event_loop()
    ends = asyncio.Event()

    async def serving() -> None:
        async with mail_server(folder) as made:
            ready.append(made)
            up.set()
            await ends.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serving(),))
    thread.start()
    try:
        assert up.wait(DEADLINE_S)
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(ends.set)
        thread.join(DEADLINE_S)
        loop.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MailServerUnderTest, Served]]:
    """The service and its mail server, for all tests here."""
    folder = tmp_path_factory.mktemp("sending")
    with mail_server_beside(folder) as (mails, made):
        quittance = command_in(
            folder,
            QUITTANCE_TEST_CLOCK=str(folder / "clock.json"),
            QUITTANCE_SMTP_URL=f"smtp://127.0.0.1:{mails.port}",
            QUITTANCE_SMTP_USER=USER,
            QUITTANCE_SMTP_PASSWORD=PASSWORD,
            QUITTANCE_SMTP_FROM="reminders@lender.example",
            QUITTANCE_SMTP_AUTHORITY=str(made.authority),
        )
        assert quittance("clock", "set", "2030-03-05T10:00:00+08:00").code == 0
        with served(quittance, "all") as server:
            yield mails, server


@pytest.fixture
def here(running: tuple[MailServerUnderTest, Served]) -> Sending:
    """A new debtor, and a mail server that takes what it is given."""
    mails, server = running
    mails.behaviour, mails.refusal = "takes", "550 5.1.1 no such mailbox"
    asked = Asked(server.http)
    _described(asked)
    return Sending(mails, asked, server.quittance)


def _described(asked: Asked) -> None:
    asked.subject = asked.done(
        "/v1/contact-permits", debtor_ref=asked.ref, channel="letter", content=["identifies_institution"]
    )["subject"]
    asked.done("/descriptions", debtor_ref=asked.ref, jurisdictions=["CN"], zones=["Asia/Shanghai"])
    asked.point = asked.done("/contact-points", address=ADDRESS)["id"]


def test_a_message_is_ordered_sent_and_bounces(here: Sending, tmp_path: Path) -> None:
    ordered = here.order()
    assert ordered["status"] in ("QUEUED", "SENDING", "DISPATCHED")
    sent = here.until(ordered["id"], "DISPATCHED")
    assert (sent["tries"], sent["provider"], sent["template"]) == (1, "smtp", "m1-email")
    [mail] = here.mailed(ordered["id"])
    body = mail.mail.get_body()
    assert body is not None
    assert "张伟您好" in body.get_content()
    assert "1,234.50" in body.get_content()
    bounce = tmp_path / "bounce.eml"
    bounce.write_bytes(dsn(envelope=f"Original-Envelope-Id: {ordered['id']}\n"))
    for recorded in (1, 0):
        done = here.quittance("contact", "bounces", bounce, "--json")
        assert done.answer["reports"] == 1, done.err
        assert bool(done.answer["recorded"]) is bool(recorded)
    bounced = here.until(ordered["id"], "BOUNCED")
    assert bounced["cause"] == "ADDRESS_UNKNOWN"
    again = here.post(
        "/v1/messages", subject=here.asked.subject, channel="email", template="m1-email", values=VALUES
    )
    assert (again.status_code, again.json()["code"]) == (422, "no-point-to-send-to")
    assert "zhang.wei" not in here.quittance("contact", "outbox").out


def test_a_dead_letter_is_seen_and_sent_again(here: Sending) -> None:
    here.mails.behaviour, here.mails.refusal = "refuses", "550 5.7.1 not today"
    ordered = here.order()
    aside = here.until(ordered["id"], "SET_ASIDE")
    assert aside["cause"] == "REFUSED"
    [listed] = here.quittance("contact", "outbox", "--set-aside", "--json").answer
    assert listed["id"] == ordered["id"]
    here.mails.behaviour = "takes"
    told = here.quittance("contact", "retry", ordered["id"], QUITTANCE_LANG="zh-CN")
    assert (told.code, told.out) == (0, "1 条已重新排队等待发送\n")
    here.until(ordered["id"], "DISPATCHED")
    refused = here.quittance("contact", "retry", ordered["id"], "cat_no", "--json")
    assert refused.code == 1
    assert [one["refused"] for one in refused.answer] == ["message-not-stuck", "message-unknown"]
    assert "not one that can be sent again" in refused.err


def test_one_of_which_nobody_knows_is_resolved_by_a_person(here: Sending) -> None:
    here.mails.behaviour = "lost_after"
    ordered = here.order()
    here.until(ordered["id"], "UNRESOLVED")
    assert len(here.mailed(ordered["id"])) == 1
    done = here.quittance("contact", "resolve", ordered["id"], "--sent", "--json")
    assert done.answer["events"] == ["MessageDispatched"]
    here.until(ordered["id"], "DISPATCHED")
    again = here.post(f"/v1/messages/{ordered['id']}/resolutions", outcome="NOT_SENT")
    assert (again.status_code, again.json()["code"]) == (409, "message-not-unresolved")
    assert len(here.mailed(ordered["id"])) == 1


def test_what_may_not_be_sent_is_told_with_its_permit(here: Sending) -> None:
    stop = here.post("/preferences", kind="channel", channel="email")
    assert stop.status_code == 201, stop.text
    refused = here.order()
    assert (refused["status"], refused["next_at"]) == ("REFUSED", None)
    assert refused["events"] == ["ContactRefused"]
    permit = here.asked.get(refused["links"]["permit"])
    assert permit["outcome"] == "deny"
    gone = here.post(f"/v1/messages/{refused['id']}/retries")
    assert gone.status_code == 404


def test_the_same_order_again_is_answered_the_same(here: Sending) -> None:
    first, again = here.order(key="one"), here.order(key="one")
    assert first["id"] == again["id"]
    other = here.post(
        "/v1/messages", key="one", subject=here.asked.subject, channel="email", template="m1-email"
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    here.until(first["id"], "DISPATCHED")
    third = here.order(key="one")
    assert (third["id"], third["status"]) == (first["id"], "DISPATCHED")
    assert len(here.mailed(first["id"])) == 1


def test_an_answer_that_says_stop_is_an_opt_out(here: Sending, tmp_path: Path) -> None:
    ordered = here.order()
    here.until(ordered["id"], "DISPATCHED")
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "1").write_bytes(
        answered("退订\n\n> 张伟您好", **{"Message-ID": f"<{tmp_path.name}@example.com>"})
    )
    (folder / "2").write_bytes(b"no mail at all")
    first, again = (here.quittance("contact", "bounces", folder, "--json").answer for _ in range(2))
    assert (first["answers"], first["recorded"], first["other"]) == (1, 1, 1)
    assert (again["answers"], again["recorded"], again["other"]) == (1, 0, 1)
    assert here.order()["status"] == "REFUSED"


def test_one_that_waits_is_called_off(here: Sending) -> None:
    times = here.post("/preferences", kind="inconvenient", channel="email", to="18:00", **{"from": "09:00"})
    assert times.status_code == 201, times.text
    ordered = here.order()
    assert (ordered["status"], ordered["next_at"]) == ("QUEUED", "2030-03-05T10:00:00.000000Z")
    gone = here.post(f"/v1/messages/{ordered['id']}/withdrawals", reason="NO_LONGER_NEEDED")
    assert gone.status_code == 201, gone.text
    assert here.until(ordered["id"], "WITHDRAWN")["cause"] == "NO_LONGER_NEEDED"
    assert here.mailed(ordered["id"]) == []


CANNOT: tuple[tuple[dict[str, Any], str], ...] = (
    ({"template": "no-such-thing"}, "template-unknown"),
    ({"template": "m1-remind"}, "template-of-another-channel"),
    ({"language": "fr"}, "template-language-missing"),
    ({"values": {}}, "template-value-unfit"),
    ({"channel": "voice"}, "invalid"),
    ({"channel": "sms", "template": "m1-remind"}, "no-point-to-send-to"),
    ({"send_by": "2030-03-05T09:00:00+08:00"}, "send-by-passed"),
    ({"subject": "subject-no"}, "invalid"),
)


def test_what_cannot_be_ordered_says_why(here: Sending) -> None:
    before = len(here.mails.taken)
    for changes, code in CANNOT:
        sent = {
            "subject": here.asked.subject, "channel": "email", "template": "m1-email", "values": VALUES,
            **changes,
        }  # fmt: skip
        answer = here.post("/v1/messages", **sent)
        assert (answer.status_code in (404, 409, 422), answer.json().get("code")) == (True, code), changes
        assert "张伟" not in answer.text
    assert len(here.mails.taken) == before
