"""E-mail under the contract suite: our SMTP channel against a mail server with STARTTLS and AUTH."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from services.contact.adapters.sending.email_smtp import MailServer, SmtpEmail
from shared.kernel.clock import SystemClock
from tests.contact.channels.mail_server import PASSWORD, USER, Mailed, MailServerUnderTest, mail_server
from tests.contact.channels.provider import Accepted, Behaviour


@dataclass
class MailProvider:
    """The e-mail channel and its server."""

    channel: SmtpEmail
    server: MailServerUnderTest
    address: str = "zhang.wei@example.com"
    hostile_addresses: tuple[str, ...] = (
        "",
        "no at sign",
        "a@example.com\r\nRCPT TO:<b@example.com>",
        "a@example.com>,<b@example.com",
        "a@example.com, b@example.com",
        '"a b"@example.com',
        "a@b@example.com",
        "a@exa mple.com",
        "a@-example-.com",
        f"{'a' * 65}@example.com",
        f"a@{'b' * 250}.com",
        "a\x00b@example.com",
        "<a@example.com>",
    )
    keeps_keys: bool = False
    has_subject: bool = True

    def behave(self, how: Behaviour) -> None:
        """From the next message on."""
        self.server.behaviour = how

    def accepted(self) -> list[Accepted]:
        """What the server took."""
        return [_accepted(one) for one in self.server.taken]

    async def stop(self) -> None:
        """The server is gone."""
        await self.server.stop()


def _accepted(one: Mailed) -> Accepted:
    mail = one.mail
    body = mail.get_body()
    assert body is not None
    [address] = one.recipients
    return Accepted(
        key=str(mail["Message-ID"]).strip("<>").partition("@")[0],
        address=address,
        text=body.get_content().removesuffix("\n").removesuffix("\r"),
        subject_line=str(mail["Subject"]),
    )


@asynccontextmanager
async def e_mail() -> AsyncIterator[MailProvider]:
    """The provider, running."""
    with TemporaryDirectory() as folder:
        async with mail_server(Path(folder)) as (server, made):
            channel = SmtpEmail(
                MailServer(
                    host="127.0.0.1", port=server.port, tls="starttls", sender="reminders@lender.example",
                    user=USER, password=PASSWORD, authority=made.authority,
                ),
                clock=SystemClock(),
            )  # fmt: skip
            try:
                yield MailProvider(channel, server)
            finally:
                await channel.close()
