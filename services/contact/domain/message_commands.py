"""What can be asked of a message that we send ourselves. Its rules lie in `sending/act.py`.

`message` is `cat_…`: the same id names the attempt that the message becomes once it is being sent.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from services.contact.domain.facts.asking import Proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMessage:
    """Put a message into the queue; `send_by` (exclusive): later than that it is not sent."""

    message: str
    proposed: Proposed
    template: str
    template_version: int
    language: str
    text_hash: str
    send_by: datetime
    values: tuple[tuple[str, str], ...] = field(repr=False)
    address: str = field(repr=False)
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSending:
    """Judge it again and note the intent, before the provider is asked. `permit`: the id its permit gets."""

    message: str
    permit: str
    provider: str
    key: str
    asked_by: str = "system:dispatcher"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDispatched:
    """The provider has taken this try."""

    message: str
    try_no: int
    provider_ref: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNotSent:
    """This try certainly sent nothing; `again_at`: when the next may be made, None: there is none."""

    message: str
    try_no: int
    cause: str
    again_at: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteUnresolved:
    """Nobody can say whether this try was sent."""

    message: str
    try_no: int
    cause: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMessage:
    """It will not be sent."""

    message: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMessageAside:
    """No more tries: it lies where a person can see it."""

    message: str
    cause: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryMessage:
    """A person puts it back into the queue."""

    message: str
    send_by: datetime
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReceipt:
    """What the provider or the post reports of it: `kind` DELIVERED, FAILED or BOUNCED."""

    message: str
    kind: str
    receipt: str | None = None
    cause: str | None = None
    at: datetime | None = None


MessageCommand: TypeAlias = (
    QueueMessage
    | BeginSending
    | NoteDispatched
    | NoteNotSent
    | NoteUnresolved
    | WithdrawMessage
    | SetMessageAside
    | RetryMessage
    | TakeReceipt
)
