"""Which messages wait, are being sent, were sent, bounced, lie aside; and how are the channels?

One row a message, as the record has it now; one row a step it took, from which a channel's hours are counted.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.contact.domain.facts import message as f
from services.contact.domain.facts.message import MessageEvent
from services.contact.domain.sending import message as m
from services.contact.projections.ledger_pages import SUBJECT, After, instant, newest_first, placed, stored
from services.contact.projections.sending.leases import LEASE
from services.contact.projections.sending.message_state import MESSAGE_EVENTS, dumped, loaded
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

NO_PROVIDER = "NONE"
"""Stands for the provider of a message that none was asked to send yet."""

_META = sa.MetaData()
OUTBOX = sa.Table(
    "contact_outbox_v1",
    _META,
    *placed(),
    sa.Column("at", Instant, nullable=False),
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in ("channel", "status", "template", "language", "permit")
    ),
    sa.Column("template_version", sa.Integer, nullable=False),
    sa.Column("text_hash", sa.Text, nullable=False),
    *(sa.Column(name, sa.Text) for name in ("case_id", "provider", "provider_ref", "cause", "receipt")),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("send_by", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("said_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Index("contact_outbox_v1_at", "at", "thing"),
    sa.Index("contact_outbox_v1_status", "status", "due_at"),
    sa.Index("contact_outbox_v1_subject", "subject", "at"),
    sa.Index("contact_outbox_v1_sent", "status", "sent_at"),
)
STEPS = sa.Table(
    "contact_outbox_step_v1",
    _META,
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hour", Instant, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("channel", "provider", "step")),
    sa.Index("contact_outbox_step_v1_hour", "hour"),
)

MessageSeen: TypeAlias = Recorded[MessageEvent | Erased]


class MessageRow(NamedTuple):
    """A message. `at`: when it was queued; `due_at`: when it may be sent next; `send_by`: when it is too late.

    `said_at`: when the record came to say so.
    """

    thing: str
    lane: int
    made_at: int
    subject: str
    at: datetime
    channel: str
    status: str
    template: str
    language: str
    permit: str
    template_version: int
    text_hash: str
    case_id: str | None
    provider: str | None
    provider_ref: str | None
    cause: str | None
    receipt: str | None
    tries: int
    due_at: datetime
    send_by: datetime
    sent_at: datetime | None
    said_at: datetime
    state: str

    @property
    def cursor(self) -> After:
        """What `page(after=…)` takes to go on behind this row."""
        return self.at, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.thing,
            "subject": self.subject,
            "case": self.case_id,
            "channel": self.channel,
            "status": self.status,
            "queued_at": instant(self.at),
            "next_at": instant(self.due_at) if self.status in m.WAITING else None,
            "send_by": instant(self.send_by),
            "sent_at": instant(self.sent_at),
            "tries": self.tries,
            "provider": self.provider,
            "provider_ref": self.provider_ref,
            "receipt": self.receipt,
            "cause": self.cause,
            "template": self.template,
            "template_version": self.template_version,
            "language": self.language,
            "text_hash": self.text_hash,
            "permit": self.permit,
            "recorded_at": instant(self.said_at),
        }


def wants(seen: MessageSeen) -> Iterable[tuple[str, str]]:
    """The message's row."""
    event = seen.event
    return () if isinstance(event, Erased) else ((OUTBOX.name, event.message),)


def apply(seen: MessageSeen, rows: Working) -> None:
    """The message after one more event about it; one whose queuing was erased is not shown."""
    event = seen.event
    if isinstance(event, Erased):
        return
    found = rows.get(OUTBOX, event.message)
    before = MessageRow(*found) if found else None
    message = m.evolve(loaded(before.state) if before else None, event)
    if message is None:
        return
    if before is None:
        if not isinstance(event, f.MessageQueued):
            return
        before = _queued(event, message, seen)
    sent_at = event.at if isinstance(event, f.MessageDispatched) else before.sent_at
    receipt = event.receipt if isinstance(event, f.DeliveryConfirmed | f.DeliveryFailed) else before.receipt
    row = before._replace(
        status=message.status, permit=message.permit, provider=message.provider, provider_ref=message.provider_ref,
        cause=message.cause, receipt=receipt, tries=message.tries, due_at=message.due_at, send_by=message.send_by,
        sent_at=sent_at, said_at=seen.recorded_at, state=dumped(message),
    )  # fmt: skip
    rows.put(OUTBOX, row.thing, row)
    step = event.at.replace(minute=0, second=0, microsecond=0)
    rows.add(STEPS, (seen.lane, seen.position, step, row.channel, row.provider or NO_PROVIDER, _step(event)))


def _queued(event: f.MessageQueued, message: m.Message, seen: MessageSeen) -> MessageRow:
    return MessageRow(
        message.id, seen.lane, seen.position, seen.stream, event.at, event.proposed.channel, message.status,
        event.template, event.language, message.permit, event.template_version, event.text_hash, event.proposed.case,
        None, None, None, None, 0, message.due_at, message.send_by, None, seen.recorded_at, "",
    )  # fmt: skip


QUEUED, DEFERRED, TRIED, SENT, NOT_SENT = "QUEUED", "DEFERRED", "TRIED", "SENT", "NOT_SENT"
_STEP: dict[type[Any], str] = {
    f.MessageQueued: QUEUED, f.MessageDeferred: DEFERRED, f.MessageSending: TRIED, f.MessageDispatched: SENT,
    f.MessageNotSent: NOT_SENT, f.MessageUnresolved: m.UNRESOLVED, f.MessageWithdrawn: m.WITHDRAWN,
    f.MessageSetAside: m.SET_ASIDE, f.MessageRetried: QUEUED, f.DeliveryConfirmed: m.DELIVERED,
}  # fmt: skip
STEP_NAMES = (
    QUEUED, DEFERRED, TRIED, SENT, NOT_SENT, m.UNRESOLVED, m.WITHDRAWN, m.SET_ASIDE, m.DELIVERED, m.FAILED,
    m.BOUNCED,
)  # fmt: skip
"""What a channel's hours are counted by."""


def _step(event: MessageEvent) -> str:
    if isinstance(event, f.DeliveryFailed):
        return m.BOUNCED if event.permanent else m.FAILED
    return _STEP[type(event)]


VIEW = View(
    name="contact.outbox",
    version=1,
    tables=(OUTBOX, STEPS),
    apply=apply,
    wants=wants,
    streams=(SUBJECT,),
    types=stored(*MESSAGE_EVENTS),
    ephemeral=(LEASE,),
)


def page(
    connection: sa.Connection,
    *,
    subject: str | None = None,
    case_id: str | None = None,
    channel: str | None = None,
    status: str | None = None,
    provider: str | None = None,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[MessageRow]:
    """Messages, those queued last first, at most PAGE_MAX."""
    columns = OUTBOX.c
    named = {
        "subject": subject, "case_id": case_id, "channel": channel, "status": status, "provider": provider,
    }  # fmt: skip
    query = sa.select(OUTBOX).where(
        *(columns[name] == value for name, value in named.items() if value is not None)
    )
    query = newest_first(query, columns, after=after, limit=limit, pin=pin)
    return [MessageRow(*row) for row in connection.execute(query)]


def one(connection: sa.Connection, message: str) -> MessageRow | None:
    """The message of this id, None where the outbox has none."""
    found = connection.execute(sa.select(OUTBOX).where(OUTBOX.c.thing == message)).first()
    return MessageRow(*found) if found else None
