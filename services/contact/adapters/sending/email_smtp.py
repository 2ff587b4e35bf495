"""E-mail over SMTP: TLS with a verified certificate, authentication, one message a transaction.

SMTP keeps no keys and cannot be asked later. So what is certain is said exactly: until the content is handed over
nothing was sent; a reply of 4xx or 5xx to it is a refusal; a connection that ends in between leaves it unknown.
RFC 5321, 3207 and 8314 (TLS), 4954 (AUTH), 3461 (delivery status), 3463 (enhanced codes).
"""

import asyncio
import re
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path
from time import monotonic
from typing import Literal

import aiosmtplib as smtp

from services.contact.adapters.sending.email_message import BadAddress, composed, needs_utf8, parsed
from services.contact.application.channel_port import Found, NotTaken, Outgoing, Sent, Taken, Unknown
from services.contact.domain.sending import retry
from shared.kernel.clock import Clock

NAME = "smtp"
CONNECT_S = 10.0
STEP_S = 30.0
IDLE_S = 20.0
"""How long a connection is kept for the next message; servers end idle ones after minutes."""
QUIT_S = 2.0
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
NO_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""The address is no good: no such mailbox or domain, moved, null MX, disabled (RFC 3463, 7505)."""
_FULL, _TLS, _REFUSED = "MAILBOX_FULL", "TLS", "REFUSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over. `tls`: from the first byte (`implicit`), by `starttls`, or `none` on the loopback.

    `sender`: the From address; bounces go to `bounces` (None: the sender) with the message's key behind a plus sign
    where `tagged` (VERP). `authority`: a file of certificates to trust besides the machine's.
    """

    host: str
    port: int
    tls: Literal["implicit", "starttls", "none"]
    sender: str
    sender_name: str = ""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    bounces: str | None = None
    tagged: bool = True
    authority: Path | None = None


class SmtpEmail:
    """The e-mail channel."""

    channel = "email"
    keeps_keys = False

    def __init__(self, server: MailServer, *, clock: Clock, name: str = NAME) -> None:
        self.name, self.server, self._clock = name, server, clock
        self._tls = ssl.create_default_context()
        if server.authority is not None:
            self._tls.load_verify_locations(cafile=server.authority)
        sender = parsed(server.sender)
        self._sender = Address(server.sender_name, sender.username, sender.domain)
        self._bounces = parsed(server.bounces) if server.bounces else sender
        self._idle: list[tuple[float, smtp.SMTP]] = []

    async def send(self, message: Outgoing, *, deadline_s: float) -> Sent:
        """Hand it over once. The key is the Message-ID, the envelope's id, and the tag of the bounce address."""
        try:
            to = parsed(message.address)
        except BadAddress:
            return NotTaken("ADDRESS_INVALID", permanent=True)
        content = composed(
            message, to=to, sender=self._sender, at=self._clock.now(), message_id=self.message_id(message.key)
        )
        handing = _Handing()
        try:
            async with asyncio.timeout(deadline_s):
                return await self._handed_over(message.key, to, content, handing)
        except TimeoutError:
            return handing.broken("TIMEOUT")

    def message_id(self, key: str) -> str:
        """The Message-ID of the message with this key."""
        return f"<{key}@{self._sender.domain}>"

    async def find(self, key: str, *, deadline_s: float) -> Found:
        """A mail server cannot be asked what it took."""
        return "CANNOT_TELL"

    async def close(self) -> None:
        """End idle connections."""
        while self._idle:
            await _quit(self._idle.pop()[1])

    async def _handed_over(self, key: str, to: Address, content: bytes, handing: "_Handing") -> Sent:
        connection = self._reused()
        if connection is not None:
            sent = await self._over(connection, key, to, content, handing)
            if not (isinstance(sent, NotTaken) and sent.cause == retry.PROVIDER_DOWN):
                return sent
            # An idle connection that the server had ended took nothing: a fresh one is tried.
        try:
            connection = await self._connected()
        except (smtp.SMTPException, ssl.SSLError, OSError) as problem:
            return _unconnected(problem)
        return await self._over(connection, key, to, content, handing)

    def _reused(self) -> smtp.SMTP | None:
        """A connection on which another message went out a moment ago."""
        while self._idle:
            since, connection = self._idle.pop()
            if connection.is_connected and monotonic() - since < IDLE_S:
                return connection
            connection.close()
        return None

    async def _connected(self) -> smtp.SMTP:
        server = self.server
        client = smtp.SMTP(
            hostname=server.host, port=server.port, timeout=CONNECT_S, use_tls=server.tls == "implicit",
            start_tls=server.tls == "starttls", local_hostname=self._sender.domain,
            username=server.user, password=server.password,
            tls_context=None if server.tls == "none" else self._tls,
        )  # fmt: skip
        await client.connect()
        client.timeout = STEP_S
        return client

    async def _over(
        self, client: smtp.SMTP, key: str, to: Address, content: bytes, handing: "_Handing"
    ) -> Sent:
        """One transaction on an open connection, which is kept for the next where it is still good."""
        try:
            answer = await self._transaction(client, key, to, content, handing)
        except smtp.SMTPResponseException as refused:
            if not await _reset(client):
                client.close()
            else:
                self._idle.append((monotonic(), client))
            return _refusal(refused)
        except (smtp.SMTPNotSupported, UnicodeError, ValueError):
            client.close()
            return NotTaken("ADDRESS_UNSUPPORTED", permanent=True)
        except (smtp.SMTPException, OSError):
            client.close()
            return handing.broken(retry.PROVIDER_DOWN)
        except BaseException:
            client.close()
            raise
        self._idle.append((monotonic(), client))
        return answer

    async def _transaction(
        self, client: smtp.SMTP, key: str, to: Address, content: bytes, handing: "_Handing"
    ) -> Taken:
        utf8 = needs_utf8(to) or needs_utf8(self._sender)
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        if utf8 and not client.supports_extension("smtputf8"):
            raise smtp.SMTPNotSupported("SMTPUTF8")
        sending = ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else []
        receiving: list[str] = []
        if client.supports_extension("dsn"):
            sending += ["RET=HDRS", f"ENVID={key}"]
            receiving += ["NOTIFY=SUCCESS,FAILURE"]
        encoding = "utf-8" if utf8 else "ascii"
        await client.mail(self._return_path(key), options=sending, encoding=encoding)
        await client.rcpt(to.addr_spec, options=receiving, encoding=encoding)
        handing.begun = True
        reply = await client.data(content)
        return Taken(_queue_id(reply.message))

    def _return_path(self, key: str) -> str:
        if not self.server.tagged:
            return self._bounces.addr_spec
        return f"{self._bounces.username}+{key}@{self._bounces.domain}"


class _Handing:
    """How far a message got: once its content is on the way, a lost connection leaves it unknown."""

    def __init__(self) -> None:
        self.begun = False

    def broken(self, cause: str) -> Sent:
        return (
            Unknown("CONNECTION_LOST" if cause == retry.PROVIDER_DOWN else cause)
            if self.begun
            else NotTaken(cause, permanent=False)
        )


def _queue_id(reply: str) -> str | None:
    """What servers say after taking it holds their queue id; kept as it stands where it is short and plain."""
    word = reply.split()[-1] if reply.split() else ""
    return word if re.fullmatch(r"[0-9A-Za-z<>@._=-]{4,80}", word) else None


def _unconnected(problem: Exception) -> NotTaken:
    """Nothing was handed over: the settings, the certificate, the password, or the server is down."""
    if isinstance(problem, smtp.SMTPAuthenticationError):
        if problem.code >= 500:
            return NotTaken(retry.AUTHENTICATION, permanent=False)
        return NotTaken(retry.BUSY, permanent=False)
    if isinstance(problem, ssl.SSLError) or isinstance(problem.__cause__, ssl.SSLError):
        return NotTaken(_TLS, permanent=False)
    if isinstance(problem, smtp.SMTPResponseException):
        return NotTaken(retry.BUSY, permanent=False)
    if isinstance(problem, smtp.SMTPConnectError | smtp.SMTPTimeoutError | OSError):
        return NotTaken(retry.PROVIDER_DOWN, permanent=False)
    return NotTaken(retry.CONFIGURATION, permanent=False)


def _refusal(refused: smtp.SMTPResponseException) -> NotTaken:
    """What a 4xx or 5xx reply means, by the enhanced code where there is one."""
    found = _ENHANCED.search(str(refused.message))
    enhanced = ".".join(found.groups()) if found else ""
    if refused.code < 500 or refused.code == 421:
        return NotTaken(_FULL if enhanced == "4.2.2" else retry.BUSY, permanent=False)
    if refused.code in (530, 534, 535, 538):
        return NotTaken(retry.AUTHENTICATION, permanent=False)
    if isinstance(refused, smtp.SMTPSenderRefused):
        return NotTaken(retry.CONFIGURATION, permanent=False)
    if enhanced == "5.2.2":
        return NotTaken(_FULL, permanent=True)
    if isinstance(refused, smtp.SMTPRecipientRefused) and (enhanced in NO_MAILBOX or not enhanced):
        return NotTaken(retry.ADDRESS_UNKNOWN, permanent=True)
    return NotTaken(_REFUSED, permanent=True)


async def _reset(client: smtp.SMTP) -> bool:
    try:
        async with asyncio.timeout(QUIT_S):
            await client.rset()
    except (smtp.SMTPException, OSError, TimeoutError):
        return False
    return client.is_connected


async def _quit(client: smtp.SMTP) -> None:
    try:
        async with asyncio.timeout(QUIT_S):
            await client.quit()
    except (smtp.SMTPException, OSError, TimeoutError):
        pass
    client.close()
