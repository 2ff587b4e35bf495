"""E-mail beyond the contract: encryption, authentication, headers, addresses beyond ASCII, and what replies mean."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from services.contact.adapters.sending.email_message import BadAddress, one_line, parsed
from services.contact.adapters.sending.email_smtp import MailServer, SmtpEmail
from services.contact.application.channel_port import NotTaken, Outgoing, Sent, Taken
from shared.kernel.clock import SystemClock
from tests.contact.channels.mail_server import PASSWORD, USER, MailServerUnderTest, mail_server

MAIL = Outgoing(
    key="cat_0a", address="zhang.wei@example.com", text="您好", subject_line="提醒", language="zh-CN"
)


@asynccontextmanager
async def channel(
    folder: Path,
    *,
    tls: Literal["implicit", "starttls", "none"] = "starttls",
    auth: bool = True,
    **changes: Any,
) -> AsyncIterator[tuple[SmtpEmail, MailServerUnderTest]]:
    async with mail_server(folder, tls=tls, auth=auth) as (server, made):
        settings = MailServer(
            host="127.0.0.1", port=server.port, tls=tls, sender="reminders@lender.example",
            sender_name="示例银行, Collections", user=USER if auth else None,
            password=PASSWORD if auth else None, authority=made.authority,
        )  # fmt: skip
        opened = SmtpEmail(replace(settings, **changes), clock=SystemClock())
        try:
            yield opened, server
        finally:
            await opened.close()


async def sent(opened: SmtpEmail, mail: Outgoing = MAIL) -> Sent:
    return await opened.send(mail, deadline_s=10)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_mail_goes_over_tls_and_says_what_it_is(tmp_path: Path, tls: Any) -> None:
    async with channel(tmp_path, tls=tls, auth=tls == "starttls") as (opened, server):
        assert await sent(opened) == Taken("Q000001")
        [taken] = server.taken
    assert taken.encrypted
    assert taken.sender == "reminders+cat_0a@lender.example"
    mail = taken.mail
    assert mail["Message-ID"] == "<cat_0a@lender.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "zh-CN"
    assert mail["From"].addresses[0].display_name == "示例银行, Collections"
    assert mail["To"] == "zhang.wei@example.com"
    assert server.notices == ["RET=HDRS", "ENVID=cat_0a", "NOTIFY=SUCCESS,FAILURE"]


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    for tls in ("implicit", "starttls"):
        async with channel(tmp_path, tls=tls, auth=False, authority=None) as (opened, server):  # type: ignore[arg-type]
            assert await sent(opened) == NotTaken("TLS", permanent=False)
            assert server.taken == []


async def test_a_certificate_of_another_host_is_not_trusted(tmp_path: Path) -> None:
    async with channel(tmp_path, host="localhost") as (opened, server):
        assert await sent(opened) == NotTaken("TLS", permanent=False)
        assert server.taken == []


async def test_nothing_is_sent_in_clear_to_a_server_without_starttls(tmp_path: Path) -> None:
    async with channel(tmp_path, tls="none", auth=False) as (opened, server):
        stripped = SmtpEmail(replace(opened.server, tls="starttls"), clock=SystemClock())
        answer = await sent(stripped)
        assert isinstance(answer, NotTaken)
        assert not answer.permanent
        assert server.taken == []


async def test_a_wrong_password_is_told_and_not_shown(tmp_path: Path) -> None:
    async with channel(tmp_path, password="not the password") as (opened, server):
        assert await sent(opened) == NotTaken("AUTHENTICATION", permanent=False)
        assert "not the password" not in repr(opened.server)
        assert server.taken == []


async def test_one_connection_carries_many_mails_and_a_lost_one_is_made_anew(tmp_path: Path) -> None:
    async with channel(tmp_path) as (opened, server):
        for number in range(3):
            assert isinstance(await sent(opened, replace(MAIL, key=f"cat_{number}")), Taken)
        assert server.sessions == 1
        server.hang_up()
        assert isinstance(await sent(opened, replace(MAIL, key="cat_9")), Taken)
        assert server.sessions == 2
        assert len(server.taken) == 4


async def test_an_address_beyond_ascii_is_sent_as_such(tmp_path: Path) -> None:
    async with channel(tmp_path) as (opened, server):
        assert isinstance(await sent(opened, replace(MAIL, address="张伟@邮件.example")), Taken)
        assert isinstance(await sent(opened, replace(MAIL, address="wei@邮件.example")), Taken)
    assert [one.recipients for one in server.taken] == [
        ["张伟@xn--5nq051n.example"],
        ["wei@xn--5nq051n.example"],
    ]


async def test_an_attachment_arrives_byte_for_byte(tmp_path: Path) -> None:
    letter = bytes(range(256)) * 20
    mail = replace(MAIL, attachments=(("通知\r\nX: y.pdf", "application/pdf", letter),))
    async with channel(tmp_path) as (opened, server):
        assert isinstance(await sent(opened, mail), Taken)
        [attached] = server.taken[0].mail.iter_attachments()
    assert attached.get_content() == letter
    assert attached.get_filename() == "通知 X: y.pdf"


@pytest.mark.parametrize(
    ("reply", "cause", "permanent"),
    [
        ("550 5.1.1 no such user", "ADDRESS_UNKNOWN", True),
        ("550 no such user", "ADDRESS_UNKNOWN", True),
        ("556 5.1.10 null MX", "ADDRESS_UNKNOWN", True),
        ("552 5.2.2 mailbox full", "MAILBOX_FULL", True),
        ("452 4.2.2 mailbox full", "MAILBOX_FULL", False),
        ("450 4.7.1 greylisted", "BUSY", False),
        ("421 4.3.0 closing", "BUSY", False),
        ("550 5.7.1 looks like spam", "REFUSED", True),
        ("554 5.7.26 unauthenticated sender", "REFUSED", True),
        ("530 5.7.0 authentication required", "AUTHENTICATION", False),
    ],
)
async def test_what_a_reply_means(tmp_path: Path, reply: str, cause: str, permanent: bool) -> None:
    async with channel(tmp_path) as (opened, server):
        server.behaviour, server.refusal = "refuses", reply
        assert await sent(opened) == NotTaken(cause, permanent=permanent)
        server.behaviour = "takes"
        assert isinstance(await sent(opened, replace(MAIL, key="cat_2")), Taken)


def test_addresses_are_read_strictly() -> None:
    assert parsed(" wei@EXAMPLE.com ").addr_spec == "wei@example.com"
    assert parsed("wei.zhang+tag@bücher.example").addr_spec == "wei.zhang+tag@xn--bcher-kva.example"
    for wrong in ("wei", "@example.com", "wei@", ".wei@example.com", "w..ei@example.com", "wei@host"):
        with pytest.raises(BadAddress):
            parsed(wrong)


def test_a_line_is_one_line() -> None:
    assert one_line("a\r\nb\tc\x00 d  e") == "a b c d e"
    assert one_line("=?utf-8?q?=0D=0ABcc:_x?=").startswith("= ?"), "a reader would decode it"
