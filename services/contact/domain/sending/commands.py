"""What can be asked about a message. `message` is its id (`cat_…`), `permit` the id a new decision would get.

The dispatcher says what happened at the provider, provider and post say what became of it, a person retries, resolves
or withdraws. `by` is who asks.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from services.contact.domain.facts.asking import Proposed
from services.contact.domain.sending.document import Document

ReceiptKind: TypeAlias = Literal["DELIVERED", "FAILED", "BOUNCED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMessage:
    """Queue a message if it may be sent now, or at a later instant before `send_by` (exclusive)."""

    message: str
    permit: str
    proposed: Proposed
    template: str
    template_version: int
    language: str
    text_hash: str
    send_by: datetime
    values: tuple[tuple[str, str], ...] = field(repr=False)
    address: str = field(repr=False)
    by: str
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSending:
    """Take a due message: judge it again, and store the intent before the provider is asked."""

    message: str
    permit: str
    provider: str
    key: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDispatched:
    """The provider has taken it at this try, or is found to have it."""

    message: str
    try_no: int
    provider_ref: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNotSent:
    """This try certainly sent nothing. `wait_s`: how long the provider asks us to wait."""

    message: str
    try_no: int
    cause: str
    permanent: bool
    wait_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUnknown:
    """Nobody can say whether this try sent it."""

    message: str
    try_no: int
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReceipt:
    """What the provider or the post reports; `receipt` is the report's own id, None where it has none."""

    message: str
    kind: ReceiptKind
    at: datetime
    receipt: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMessageAside:
    """A message that waits cannot be sent as it is, such as one whose text comes out another than was approved."""

    message: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryMessage:
    """A person puts a message back in the queue that was set aside, is unresolved, or came too late."""

    message: str
    send_by: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveMessage:
    """A person has looked at the provider's own records: an unresolved message was `sent`, or certainly was not."""

    message: str
    sent: bool
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMessage:
    """A message that waits, or lies aside, will not be sent: `reason` a code."""

    message: str
    reason: str


MessageCommand: TypeAlias = (
    QueueMessage
    | BeginSending
    | RecordDispatched
    | RecordNotSent
    | RecordUnknown
    | RecordReceipt
    | SetMessageAside
    | RetryMessage
    | ResolveMessage
    | WithdrawMessage
)
