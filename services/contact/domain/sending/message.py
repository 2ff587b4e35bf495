"""What state a message is in: a pure fold over its facts.

    QUEUED ──► SENDING ──► DISPATCHED ──► DELIVERED | FAILED | BOUNCED   (by the latest receipt)
      ▲ │         ├──────► RETRY (again at) ──► SENDING
      │ ▼         └──────► UNRESOLVED
    WITHDRAWN  SET_ASIDE ──(a person)──► QUEUED

A receipt or an answer that comes late proves that the message was sent, whatever was held of it until then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.contact.domain.facts import message as facts
from services.contact.domain.facts.asking import Proposed
from services.contact.domain.facts.message import MessageEvent

QUEUED, SENDING, DISPATCHED, RETRY = "QUEUED", "SENDING", "DISPATCHED", "RETRY"
UNRESOLVED, WITHDRAWN, SET_ASIDE = "UNRESOLVED", "WITHDRAWN", "SET_ASIDE"
DELIVERED, FAILED, BOUNCED = "DELIVERED", "FAILED", "BOUNCED"

WAITING = frozenset({QUEUED, RETRY})
"""It will be sent when its time comes."""
STUCK = frozenset({SET_ASIDE, UNRESOLVED})
"""It lies where a person has to look."""
SENT = frozenset({DISPATCHED, DELIVERED, FAILED, BOUNCED})
"""The provider has taken it."""
STATUSES = (QUEUED, SENDING, RETRY, DISPATCHED, DELIVERED, FAILED, BOUNCED, UNRESOLVED, SET_ASIDE, WITHDRAWN)

EXPIRED, REFUSED = "EXPIRED", "REFUSED"
"""Why one was withdrawn: its deadline passed; a rule stood against it for good."""
_RANK = {FAILED: 0, DELIVERED: 1, BOUNCED: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as its stream has it; no text, value or address.

    `tries`: how often an intent was stored; `tries_before`: how many of them before a person put it back. `due_at`:
    when it may be sent next. `permit`: the decision it stands under. `reported`: (at, rank) of the latest receipt.
    `perhaps_sent`: the try of which nobody could say whether it was sent; it counts whatever becomes of the message.
    """

    id: str
    status: str
    proposed: Proposed
    permit: str
    send_by: datetime
    due_at: datetime
    queued_at: datetime
    tries: int = 0
    tries_before: int = 0
    sending_at: datetime | None = None
    provider: str | None = None
    key: str | None = None
    provider_ref: str | None = None
    cause: str | None = None
    receipts: frozenset[str] = frozenset()
    reported: tuple[datetime, int] | None = None
    bounced: bool = False
    perhaps_sent: int | None = None

    @property
    def counts(self) -> bool:
        """May it have reached anybody? Then it is an attempt under the caps."""
        return self.status in SENT or self.status == SENDING or self.perhaps_sent is not None

    def was_told(self, kind: str, at: datetime, receipt: str | None) -> bool:
        """Is this receipt on record? One without an id of its own is known by what it says."""
        if receipt is not None:
            return receipt in self.receipts
        return self.reported == (at, _RANK[kind])

    @property
    def may_be_retried(self) -> bool:
        """Can a person put it back in the queue?"""
        return self.status in STUCK or (self.status == WITHDRAWN and self.cause == EXPIRED)


Messages = Mapping[str, Message]


def evolve(message: Message | None, event: MessageEvent) -> Message | None:
    """The message after one more fact about it. Facts about one whose queuing was forgotten change nothing."""
    if message is None:
        return _queued(event) if isinstance(event, facts.MessageQueued) else None
    match event:
        case facts.MessageQueued() | facts.DocumentEnclosed():
            return message
        case facts.MessageDeferred():
            return replace(message, due_at=event.again_at)
        case facts.MessageSending():
            return replace(
                message, status=SENDING, tries=event.try_no, sending_at=event.at, provider=event.provider,
                key=event.key, permit=event.permit, cause=None,
            )  # fmt: skip
        case facts.MessageDispatched():
            return replace(
                message,
                status=DISPATCHED,
                provider_ref=event.provider_ref or message.provider_ref,
                cause=None,
            )
        case facts.MessageNotSent():
            perhaps = None if message.perhaps_sent == event.try_no else message.perhaps_sent
            return replace(
                message, status=RETRY if event.again_at else SET_ASIDE, cause=event.cause,
                due_at=event.again_at or message.due_at, perhaps_sent=perhaps,
            )  # fmt: skip
        case facts.MessageUnresolved():
            return replace(message, status=UNRESOLVED, cause=event.cause, perhaps_sent=event.try_no)
        case facts.MessageWithdrawn():
            return replace(message, status=WITHDRAWN, cause=event.reason)
        case facts.MessageSetAside():
            return replace(message, status=SET_ASIDE, cause=event.cause)
        case facts.MessageRetried():
            return replace(
                message, status=QUEUED, send_by=event.send_by, due_at=event.at, tries_before=message.tries,
                cause=None,
            )  # fmt: skip
        case facts.DeliveryConfirmed():
            return _reported(message, DELIVERED, event.at, event.receipt, None)
        case facts.DeliveryFailed():
            kind = BOUNCED if event.permanent else FAILED
            return _reported(message, kind, event.at, event.receipt, event.cause)


def evolve_all(messages: dict[str, Message], event: MessageEvent) -> None:
    """Fold one fact into the messages of a subject, in place."""
    after = evolve(messages.get(event.message), event)
    if after is not None:
        messages[event.message] = after


def _queued(event: facts.MessageQueued) -> Message:
    return Message(
        id=event.message, status=QUEUED, proposed=event.proposed, permit=event.permit, send_by=event.send_by,
        due_at=event.at, queued_at=event.at,
    )  # fmt: skip


def _reported(message: Message, kind: str, at: datetime, receipt: str | None, cause: str | None) -> Message:
    """The latest receipt by the provider's own clock says what became of it; of one instant the gravest."""
    said = (at, _RANK[kind])
    seen = message.receipts if receipt is None else message.receipts | {receipt}
    bounced = message.bounced or kind == BOUNCED
    if message.reported is not None and said <= message.reported:
        return replace(message, receipts=seen, bounced=bounced)
    return replace(message, status=kind, reported=said, receipts=seen, bounced=bounced, cause=cause)
