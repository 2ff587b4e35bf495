"""The one port behind which every channel stands: send once, say what is certain, and answer what became of a key.

`send` may be asked again under the same key after a crash. A provider that keeps keys gives the same answer again; for
one that does not, `find` answers CANNOT_TELL and nobody sends a second time.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message, ready: exact text, address in clear. `key` is the idempotency key told to the provider.

    `attachments`: (file name, media type, bytes). `subject_line` for media that have one; `addressee`: the name above
    the address, for paper. Never logged.
    """

    key: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    language: str
    subject_line: str | None = field(default=None, repr=False)
    attachments: tuple[tuple[str, str, bytes], ...] = field(default=(), repr=False)
    addressee: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider has it, under its own reference where it gives one."""

    provider_ref: str | None


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Certainly not sent. `cause` is a code (ADDRESS_UNKNOWN, BUSY, AUTHENTICATION …); `permanent`: not worth a retry.

    `wait_s`: how long the provider asks us to wait.
    """

    cause: str
    permanent: bool
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The connection broke, or time ran out, after the provider may have taken it."""

    cause: str


Sent: TypeAlias = Taken | NotTaken | Unknown
Found: TypeAlias = Taken | Literal["NEVER_SEEN", "CANNOT_TELL"]
"""What a provider says of a key: it has it, certainly never saw it, or cannot be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a provider reports later. `key` or `provider_ref` says of which message; `receipt` is its own id.

    `kind`: DELIVERED, FAILED (may be told again later), BOUNCED (the address is no good). It may come late, twice,
    out of order, or never.
    """

    kind: Literal["DELIVERED", "FAILED", "BOUNCED"]
    at: datetime
    receipt: str
    key: str | None = None
    provider_ref: str | None = None
    cause: str | None = None


class Channel(Protocol):
    """A provider of one channel. Raises nothing that it can foresee: what happened is the answer."""

    name: str
    """The provider's name in events and metrics, a code."""
    channel: str
    """sms, email, letter …"""
    keeps_keys: bool
    """Does it take a key once however often it is sent, and can `find` tell what became of it?"""

    async def send(self, message: Outgoing, *, deadline_s: float) -> Sent:
        """Hand it over once, within the deadline."""

    async def find(self, key: str, *, deadline_s: float) -> Found:
        """What became of the message with this key."""

    async def close(self) -> None:
        """Let go of connections."""
