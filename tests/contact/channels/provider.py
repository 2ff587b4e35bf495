"""What the contract suite needs of a provider: the channel under test, and a server whose behaviour can be chosen.

To put a new channel under the suite: make a class like `MailProvider` (mail_provider.py) and add it to PROVIDERS in
providers.py.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from services.contact.application.channel_port import Channel

Behaviour = Literal["takes", "refuses", "busy", "slow", "lost_before", "lost_after"]
"""takes it; refuses for good, or for now; answers after SLOW_S; ends the connection before or after taking it."""
SLOW_S = 1.0


@dataclass(frozen=True)
class Accepted:
    """One message as the server took it: the key it was sent under, to whom, its text and its subject line."""

    key: str
    address: str
    text: str
    subject_line: str | None = None


class Provider(Protocol):
    """A real server of a channel, running."""

    channel: Channel
    address: str
    """An address the server knows."""
    hostile_addresses: tuple[str, ...]
    """Such as no server must ever be told."""
    keeps_keys: bool
    """Does the server itself see to it that a key is taken once, and say what became of it?"""
    has_subject: bool

    def behave(self, how: Behaviour) -> None:
        """From the next message on."""

    def accepted(self) -> list[Accepted]:
        """What it has taken, oldest first."""

    async def stop(self) -> None:
        """The server is gone: nothing listens there any more."""


@runtime_checkable
class ShowsOtherwise(Protocol):
    """A provider whose medium does not carry a text letter by letter: paper breaks lines where they end."""

    def as_shown(self, text: str) -> str | None:
        """How a text reads there; None for one that the medium cannot carry, and that is refused for good."""


def as_shown(provider: Provider, text: str) -> str | None:
    """How a text reads when it has arrived."""
    return provider.as_shown(text) if isinstance(provider, ShowsOtherwise) else text


class Running(Protocol):
    """Starts a provider; at the end server and channel are closed."""

    def __call__(self) -> AbstractAsyncContextManager[Provider]:
        """The provider, running."""
