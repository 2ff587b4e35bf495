"""What can be asked about a message. `message` is its id (`cat_…`), `permit` the id a new decision would get.

The dispatcher says what happened at the provider, provider and post say what became of it, a person retries, resolves
or withdraws. `by` is who asks.
"""

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from services.contact.domain.facts.asking import Proposed

ReceiptKind: TypeAlias = Literal["DELIVERED", "FAILED", "BOUNCED"]


class QueueMessage(Struct, frozen=True, kw_only=True):
    """Queue a message if it may be sent now, or at a later instant before `send_by` (exclusive)."""

    message: str
    permit: str
    proposed: Proposed
    template: str
    template_version: int
    language: str
    text_hash: str
    send_by: datetime
    values: tuple[tuple[str, str], ...]
    address: str
    by: str


class BeginSending(Struct, frozen=True, kw_only=True):
    """Take a due message: judge it again, and store the intent before the provider is asked."""

    message: str
    permit: str
    provider: str
    key: str
    by: str


class RecordDispatched(Struct, frozen=True, kw_only=True):
    """The provider has taken it at this try, or is found to have it."""

    message: str
    try_no: int
    provider_ref: str | None


class RecordNotSent(Struct, frozen=True, kw_only=True):
    """This try certainly sent nothing. `wait_s`: how long the provider asks us to wait."""

    message: str
    try_no: int
    cause: str
    permanent: bool
    wait_s: float | None = None


class RecordUnknown(Struct, frozen=True, kw_only=True):
    """Nobody can say whether this try sent it."""

    message: str
    try_no: int
    cause: str


class RecordReceipt(Struct, frozen=True, kw_only=True):
    """What the provider or the post reports; `receipt` is the report's own id, None where it has none."""

    message: str
    kind: ReceiptKind
    at: datetime
    receipt: str | None = None
    cause: str | None = None


class RetryMessage(Struct, frozen=True, kw_only=True):
    """A person puts a message back in the queue that was set aside, is unresolved, or came too late."""

    message: str
    send_by: datetime
    by: str


class ResolveMessage(Struct, frozen=True, kw_only=True):
    """A person has looked at the provider's own records: an unresolved message was `sent`, or certainly was not."""

    message: str
    sent: bool
    by: str


class WithdrawMessage(Struct, frozen=True, kw_only=True):
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
    | RetryMessage
    | ResolveMessage
    | WithdrawMessage
)
