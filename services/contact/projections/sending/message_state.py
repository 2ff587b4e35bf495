"""A message's state as a view keeps it between two events: one text, the same bytes for the same state."""

import msgspec

from services.contact.domain.facts.message import (
    DeliveryConfirmed,
    DeliveryFailed,
    MessageDeferred,
    MessageDispatched,
    MessageNotSent,
    MessageQueued,
    MessageRetried,
    MessageSending,
    MessageSetAside,
    MessageUnresolved,
    MessageWithdrawn,
)
from services.contact.domain.sending.message import Message

MESSAGE_EVENTS = (
    MessageQueued, MessageDeferred, MessageSending, MessageDispatched, MessageNotSent, MessageUnresolved,
    MessageWithdrawn, MessageSetAside, MessageRetried, DeliveryConfirmed, DeliveryFailed,
)  # fmt: skip
_DECODER = msgspec.json.Decoder(Message)


def dumped(message: Message) -> str:
    """The state as text: sets in order, so that a rebuilt row equals a live one byte for byte."""
    return msgspec.json.encode(message, order="deterministic").decode()


def loaded(text: str) -> Message:
    """The state that `dumped` wrote."""
    return _DECODER.decode(text)
