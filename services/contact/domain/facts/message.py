"""Messages that we send ourselves: queued under a permit, sent once, and what the provider says became of them.

A message is an attempt from MessageSending on, under the same id (`cat_…`): what may have reached the debtor counts.
"""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from services.contact.domain.facts.asking import Proposed
from services.contact.domain.facts.sections import PERSON_CONTACT
from shared.kernel.section import FACTS


class MessageQueued(Struct, frozen=True, kw_only=True):
    """A message waits to be sent: the exact text can be made again from template, version and values.

    `text_hash` is an HMAC, in hex, of the hash of renderer, language, subject line and text (texts/rendering.py): a
    plain one would tell a text to whoever tries names. `send_by` (exclusive): later than that it is not sent at all.
    `permit`: the decision it was queued by; it is judged again when its turn comes.
    """

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    proposed: Annotated[Proposed, FACTS]
    permit: Annotated[str, FACTS]
    template: Annotated[str, FACTS]
    template_version: Annotated[int, FACTS]
    language: Annotated[str, FACTS]
    text_hash: Annotated[str, FACTS]
    send_by: Annotated[datetime, FACTS]
    values: Annotated[tuple[tuple[str, str], ...], PERSON_CONTACT]
    address: Annotated[str, PERSON_CONTACT]


class DocumentEnclosed(Struct, frozen=True, kw_only=True):
    """A document that goes out with the message as it is: part `part` (from 1) of `parts`, each an event of its own.

    `person` whom it is for (None: the debtor). `sha256` (hex) and `size` (bytes) are of the whole document. A letter
    is this document and nothing else; an e-mail has it attached under `name`.
    """

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    person: Annotated[str | None, FACTS]
    name: Annotated[str, FACTS]
    media_type: Annotated[str, FACTS]
    sha256: Annotated[str, FACTS]
    size: Annotated[int, FACTS]
    part: Annotated[int, FACTS]
    parts: Annotated[int, FACTS]
    content: Annotated[bytes, PERSON_CONTACT]


class MessageDeferred(Struct, frozen=True, kw_only=True):
    """Not now: a rule stands against it until `again_at`, when it is judged again (the refusal is beside it)."""

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    again_at: Annotated[datetime, FACTS]


class MessageSending(Struct, frozen=True, kw_only=True):
    """The intent, before the provider is asked: permit spent, provider named, `key` the idempotency key told to it."""

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    try_no: Annotated[int, FACTS]
    permit: Annotated[str, FACTS]
    provider: Annotated[str, FACTS]
    key: Annotated[str, FACTS]


class MessageDispatched(Struct, frozen=True, kw_only=True):
    """The provider has taken it."""

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    try_no: Annotated[int, FACTS]
    provider_ref: Annotated[str | None, FACTS]


class MessageNotSent(Struct, frozen=True, kw_only=True):
    """This try certainly sent nothing; `again_at`: when the next may be made, None: there is none."""

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    try_no: Annotated[int, FACTS]
    cause: Annotated[str, FACTS]
    again_at: Annotated[datetime | None, FACTS]


class MessageUnresolved(Struct, frozen=True, kw_only=True):
    """Nobody can say whether it was sent, and the provider cannot be asked: it is not sent again; a person may look."""

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    try_no: Annotated[int, FACTS]
    cause: Annotated[str, FACTS]


class MessageWithdrawn(Struct, frozen=True, kw_only=True):
    """It will not be sent: refused at dispatch (`REFUSED`), too late (`EXPIRED`), or called off by a person or fact."""

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    reason: Annotated[str, FACTS]


class MessageSetAside(Struct, frozen=True, kw_only=True):
    """No more tries: it lies where a person can see it, and send it again or leave it (dead letter)."""

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    cause: Annotated[str, FACTS]


class MessageRetried(Struct, frozen=True, kw_only=True):
    """A person put it back in the queue."""

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    send_by: Annotated[datetime, FACTS]


class DeliveryConfirmed(Struct, frozen=True, kw_only=True):
    """The provider or the post says it arrived; `receipt` names its report."""

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    receipt: Annotated[str | None, FACTS]


class DeliveryFailed(Struct, frozen=True, kw_only=True):
    """It did not arrive: `cause` a code; `permanent`: the address is no good."""

    message: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    cause: Annotated[str, FACTS]
    permanent: Annotated[bool, FACTS]
    receipt: Annotated[str | None, FACTS]


MessageEvent: TypeAlias = (
    MessageQueued
    | DocumentEnclosed
    | MessageDeferred
    | MessageSending
    | MessageDispatched
    | MessageNotSent
    | MessageUnresolved
    | MessageWithdrawn
    | MessageSetAside
    | MessageRetried
    | DeliveryConfirmed
    | DeliveryFailed
)
