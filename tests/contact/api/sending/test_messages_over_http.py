"""A message from the order to the bounce, as its users see it: HTTP, the worker of `serve all`, the command line.

A real mail server takes, refuses and loses; the service is a process of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.contact.api.asked import Asked
from tests.contact.channels.mail_server import PASSWORD, USER, MailServerUnderTest, mail_server
from tests.contact.channels.test_bounces import dsn
from tests.kit.command import Command, command_in
from tests.kit.served import served

ADDRESS = {"medium": "email", "value": "zhang.wei@example.com"}
VALUES = {
    "institution": "Example Bank", "name": "张伟", "account": "1234", "amount": "1234.50 CNY",
    "due_date": "2026-11-05", "hotline": "021-95588",
}  # fmt: skip
DEADLINE_S = 30.0


@dataclass
class Sending:
    """The service with a mail server, at ten in the morning in China."""

    mails: MailServerUnderTest
    asked: Asked
    quittance: Command

    async def post(self, path: str, **sent: Any) -> Any:
        """A command over HTTP; the mail server goes on meanwhile."""
        return await asyncio.to_thread(self.asked.post, path, **sent)

    async def order(self, **changes: Any) -> dict[str, Any]:
        """An e-mail to the debtor; the answer."""
        sent = {
            "subject": self.asked.subject, "channel": "email", "template": "m1-email", "language": "zh-CN",
            "values": VALUES, **changes,
        }  # fmt: skip
        answer = await self.post("/v1/messages", **sent)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def until(self, message: str, status: str) -> dict[str, Any]:
        """The message once it stands like this. Fails after DEADLINE_S."""
        ends = time.monotonic() + DEADLINE_S
        while True:
            answer = await asyncio.to_thread(self.asked.http.get, f"/v1/messages/{message}")
            if answer.status_code == 200 and answer.json()["status"] == status:
                return dict(answer.json())
            assert time.monotonic() < ends, answer.text
            await asyncio.sleep(0.1)

    async def run(self, *arguments: str | Path, **environment: str) -> Any:
        """A command beside the running server."""
        return await asyncio.to_thread(self.quittance, *arguments, **environment)


@asynccontextmanager
async def sending(folder: Path) -> AsyncIterator[Sending]:
    async with mail_server(folder) as (mails, made):
        quittance = command_in(
            folder,
            QUITTANCE_TEST_CLOCK=str(folder / "clock.json"),
            QUITTANCE_SMTP_URL=f"smtp://127.0.0.1:{mails.port}",
            QUITTANCE_SMTP_USER=USER,
            QUITTANCE_SMTP_PASSWORD=PASSWORD,
            QUITTANCE_SMTP_FROM="reminders@lender.example",
            QUITTANCE_SMTP_AUTHORITY=str(made.authority),
        )
        assert (await asyncio.to_thread(quittance, "clock", "set", "2030-03-05T10:00:00+08:00")).code == 0
        running = served(quittance, "all")
        server = await asyncio.to_thread(running.__enter__)
        try:
            asked = Asked(server.http)
            here = Sending(mails, asked, quittance)
            await asyncio.to_thread(_described, asked)
            yield here
        finally:
            await asyncio.to_thread(running.__exit__, None, None, None)


def _described(asked: Asked) -> None:
    asked.subject = asked.done(
        "/v1/contact-permits", debtor_ref=asked.ref, channel="letter", content=["identifies_institution"]
    )["subject"]
    asked.done("/descriptions", debtor_ref=asked.ref, jurisdictions=["CN"], zones=["Asia/Shanghai"])
    asked.point = asked.done("/contact-points", address=ADDRESS)["id"]


async def test_a_message_is_ordered_sent_and_bounces(tmp_path: Path) -> None:
    async with sending(tmp_path) as here:
        ordered = await here.order()
        assert ordered["status"] in ("QUEUED", "SENDING", "DISPATCHED")
        sent = await here.until(ordered["id"], "DISPATCHED")
        assert (sent["tries"], sent["provider"], sent["template"]) == (1, "smtp", "m1-email")
        [mail] = here.mails.taken
        body = mail.mail.get_body()
        assert body is not None
        assert "张伟您好" in body.get_content()
        assert "1,234.50" in body.get_content()
        bounce = tmp_path / "bounce.eml"
        bounce.write_bytes(dsn(envelope=f"Original-Envelope-Id: {ordered['id']}\n"))
        for recorded in (1, 0):
            done = await here.run("contact", "bounces", bounce, "--json")
            assert done.answer["reports"] == 1, done.err
            assert bool(done.answer["recorded"]) is bool(recorded)
        bounced = await here.until(ordered["id"], "BOUNCED")
        assert bounced["cause"] == "ADDRESS_UNKNOWN"
        again = await here.post(
            "/v1/messages", subject=here.asked.subject, channel="email", template="m1-email", values=VALUES
        )
        assert (again.status_code, again.json()["code"]) == (422, "no-point-to-send-to")
        assert "zhang.wei" not in (await here.run("contact", "outbox")).out


async def test_a_dead_letter_is_seen_and_sent_again(tmp_path: Path) -> None:
    async with sending(tmp_path) as here:
        here.mails.behaviour, here.mails.refusal = "refuses", "550 5.7.1 not today"
        ordered = await here.order()
        aside = await here.until(ordered["id"], "SET_ASIDE")
        assert aside["cause"] == "REFUSED"
        [listed] = (await here.run("contact", "outbox", "--set-aside", "--json")).answer
        assert listed["id"] == ordered["id"]
        here.mails.behaviour = "takes"
        told = await here.run("contact", "retry", ordered["id"], QUITTANCE_LANG="zh-CN")
        assert (told.code, told.out) == (0, "已重新排队等待发送\n")
        await here.until(ordered["id"], "DISPATCHED")
        refused = await here.run("contact", "retry", ordered["id"])
        assert refused.code == 1
        assert "not one that can be sent again" in refused.err


async def test_one_of_which_nobody_knows_is_resolved_by_a_person(tmp_path: Path) -> None:
    async with sending(tmp_path) as here:
        here.mails.behaviour = "lost_after"
        ordered = await here.order()
        await here.until(ordered["id"], "UNRESOLVED")
        assert len(here.mails.taken) == 1
        done = await here.run("contact", "resolve", ordered["id"], "--sent", "--json")
        assert done.answer["events"] == ["MessageDispatched"]
        await here.until(ordered["id"], "DISPATCHED")
        again = await here.post(f"/v1/messages/{ordered['id']}/resolutions", outcome="NOT_SENT")
        assert (again.status_code, again.json()["code"]) == (409, "message-not-unresolved")
        assert len(here.mails.taken) == 1


async def test_what_may_not_be_sent_is_told_with_its_permit(tmp_path: Path) -> None:
    async with sending(tmp_path) as here:
        stop = await here.post("/preferences", kind="channel", channel="email")
        assert stop.status_code == 201, stop.text
        refused = await here.order()
        assert (refused["status"], refused["next_at"]) == ("REFUSED", None)
        assert refused["events"] == ["ContactRefused"]
        permit = await asyncio.to_thread(here.asked.get, refused["links"]["permit"])
        assert permit["outcome"] == "deny"
        gone = await here.post(f"/v1/messages/{refused['id']}/retries")
        assert gone.status_code == 404


async def test_the_same_order_again_is_answered_the_same(tmp_path: Path) -> None:
    async with sending(tmp_path) as here:
        first, again = await here.order(key="one"), await here.order(key="one")
        assert first["id"] == again["id"]
        other = await here.post(
            "/v1/messages", key="one", subject=here.asked.subject, channel="email", template="m1-email"
        )
        assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
        await here.until(first["id"], "DISPATCHED")
        third = await here.order(key="one")
        assert (third["id"], third["status"]) == (first["id"], "DISPATCHED")
        assert len(here.mails.taken) == 1


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


async def test_what_cannot_be_ordered_says_why(tmp_path: Path) -> None:
    async with sending(tmp_path) as here:
        for changes, code in CANNOT:
            sent = {
                "subject": here.asked.subject, "channel": "email", "template": "m1-email", "values": VALUES,
                **changes,
            }  # fmt: skip
            answer = await here.post("/v1/messages", **sent)
            assert (answer.status_code in (404, 409, 422), answer.json().get("code")) == (True, code), changes
            assert "张伟" not in answer.text
        assert here.mails.taken == []
