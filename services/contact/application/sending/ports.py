"""What sending needs of others: texts, the queue of due messages with its leases, and channels behind their guards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from services.contact.application.channel_port import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyText:
    """A text as it goes out. `markers`: what it says, for the rules on content; `hash`: SHA-256, in hex.

    `purpose`: what the text was approved for, where its template says so; no message of it has another.
    """

    template: str
    version: int
    language: str
    text: str = field(repr=False)
    subject_line: str | None = field(repr=False)
    markers: tuple[str, ...]
    hash: str
    purpose: str | None = None


class Texts(Protocol):
    """Approved templates."""

    async def ready(
        self, template: str, version: int | None, *, channel: str, language: str, values: Mapping[str, str]
    ) -> ReadyText:
        """The text with these values, the same bytes at any time. `version` None: the one in force.

        Raises refusals: no such template or version, not of this channel or language, values that do not fit.
        """


class Due(NamedTuple):
    """A message that may be sent now, or whose sending was begun by somebody who is gone (status SENDING).

    `said_at`: since when the record says so; `provider`: who was asked last, if anybody.
    """

    message: str
    subject: str
    channel: str
    status: str
    tries: int
    send_by: datetime
    provider: str | None
    said_at: datetime


class DueMessages(Protocol):
    """The queue as workers share it: a message is one worker's until its lease ends."""

    async def take(
        self, *, owner: str, limit: int, lease_s: float, now: datetime, channels: frozenset[str]
    ) -> Sequence[Due]:
        """At most `limit` messages, due longest first, leased to `owner` for `lease_s` seconds of real time.

        Those that wait and are due, of these channels; of any, those that are too late or were being sent.
        """

    async def settle(self, owner: str, done: Mapping[str, float | None]) -> None:
        """Give messages back: at once (None), or after so many seconds. What was recorded of them is seen first."""


class GuardedChannel(Channel, Protocol):
    """A channel behind its guards (guarded.py)."""

    async def room_s(self) -> float:
        """Seconds until a message could be tried; 0: now."""
