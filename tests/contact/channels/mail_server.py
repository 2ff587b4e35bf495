"""A real mail server in the test's own loop: TLS by a certificate made on the spot, AUTH, and chosen behaviour."""

import asyncio
import contextlib
import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.contact.channels.provider import SLOW_S, Behaviour

USER, PASSWORD = "collections", "a password with spaces & ünlauts"


@dataclass
class Mailed:
    """One mail as it was taken: envelope, and bytes."""

    sender: str
    recipients: list[str]
    content: bytes
    encrypted: bool

    @property
    def mail(self) -> EmailMessage:
        """The mail, parsed."""
        return cast(EmailMessage, message_from_bytes(self.content, policy=SMTPUTF8))


@dataclass
class MailServerUnderTest:
    """What it took, and how it behaves. Also the handler of aiosmtpd."""

    taken: list[Mailed] = field(default_factory=list)
    behaviour: Behaviour = "takes"
    refusal: str = "550 5.1.1 no such mailbox"
    port: int = 0
    server: asyncio.Server | None = None
    sessions: int = 0
    open: list[SMTP] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """What senders asked for of delivery status notifications."""

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer what is offered, and notifications."""
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Say whether the mailbox is known, as the behaviour has it."""
        if self.behaviour == "lost_before":
            cast(asyncio.Transport, server.transport).abort()
            return "451 gone"
        if self.behaviour == "refuses":
            return self.refusal
        if self.behaviour == "busy":
            return "451 4.3.2 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the mail; answer late, or not at all, as the behaviour has it."""
        behaviour = self.behaviour
        self.taken.append(
            Mailed(
                envelope.mail_from or "", list(envelope.rcpt_tos), cast(bytes, envelope.original_content),
                cast(asyncio.Transport, server.transport).get_extra_info("sslcontext") is not None,
            )
        )  # fmt: skip
        if behaviour == "lost_after":
            cast(asyncio.Transport, server.transport).abort()
        if behaviour == "slow":
            await asyncio.sleep(SLOW_S)
        return f"250 2.0.0 OK queued as Q{len(self.taken):06}"

    def hang_up(self) -> None:
        """End every connection; new ones are taken."""
        for one in self.open:
            if one.transport is not None:
                # Python 3.11.2 knows no connection any more once the other side has left it.
                with contextlib.suppress(AttributeError):
                    cast(asyncio.Transport, one.transport).abort()
        self.open.clear()

    async def stop(self) -> None:
        """Listen no more, and end what is open."""
        self.hang_up()
        if self.server is not None:
            self.server.close()
            self.server = None


class _Server(SMTP):
    """aiosmtpd that offers delivery status notifications (RFC 3461), whose parameters it does not know itself."""

    async def smtp_MAIL(self, arg: str | None) -> None:
        """Take the sender; what RFC 3461 adds is noted."""
        await super().smtp_MAIL(_without_notices(arg, self.event_handler))

    async def smtp_RCPT(self, arg: str | None) -> None:
        """Take a recipient; what RFC 3461 adds is noted."""
        await super().smtp_RCPT(_without_notices(arg, self.event_handler))


def _without_notices(arg: str | None, under_test: "MailServerUnderTest") -> str | None:
    words = (arg or "").split(" ")
    notices = [word for word in words if word.startswith(("ENVID=", "RET=", "NOTIFY="))]
    under_test.notices += notices
    return " ".join(word for word in words if word not in notices) or None


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: LoginPassword
) -> AuthResult:
    good = login.login == USER.encode() and login.password == PASSWORD.encode()
    return AuthResult(success=good, handled=False)


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for 127.0.0.1 and localhost, in one file with its key, and apart for trusting it."""

    chain: Path
    authority: Path

    def context(self) -> ssl.SSLContext:
        """What the server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain)
        return context


def certificate(folder: Path, *, host: str = "127.0.0.1") -> Certificate:
    """Made on the spot, valid from yesterday for ten days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server under test")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = signed.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain, authority = folder / "chain.pem", folder / "authority.pem"
    chain.write_bytes(public + private)
    authority.write_bytes(public)
    return Certificate(chain, authority)


@asynccontextmanager
async def mail_server(
    folder: Path, *, tls: Literal["implicit", "starttls", "none"] = "starttls", auth: bool = True
) -> AsyncIterator[tuple[MailServerUnderTest, Certificate]]:
    """A mail server on a free port of the loopback, with its certificate; gone at the end."""
    made = certificate(folder)
    under_test = MailServerUnderTest()
    context = None if tls == "none" else made.context()

    def session() -> SMTP:
        under_test.sessions += 1
        options: dict[str, Any] = {}
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if auth:
            options |= {
                "authenticator": _authenticate, "auth_required": True, "auth_require_tls": tls == "starttls",
            }  # fmt: skip
        made_for_it = _Server(
            under_test, hostname="mail.test", enable_SMTPUTF8=True, timeout=30, loop=asyncio.get_running_loop(),
            **options,
        )  # fmt: skip
        under_test.open.append(made_for_it)
        return made_for_it

    listening = await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", 0, ssl=context if tls == "implicit" else None
    )
    under_test.server, under_test.port = listening, listening.sockets[0].getsockname()[1]
    try:
        yield under_test, made
    finally:
        await under_test.stop()
