"""What people and other services do with messages: queue one, try it again, say what became of it, call it off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.contact.application import thing_ids
from services.contact.application.handle import ContactDesk, Handled, Meta
from services.contact.application.sending.ports import Texts
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused, Proposed
from services.contact.domain.facts.message import MessageDeferred, MessageQueued
from services.contact.domain.facts.subject import PointEnded, PointFoundMisdirected, PointRecorded
from services.contact.domain.sending import commands as c
from services.contact.domain.sending.document import Document, require_fit
from services.contact.domain.sending.refusals import MessageUnknown
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import ERASED, Erased
from shared.kernel.clock import Clock
from shared.kernel.refusal import Refused

SEND_WITHIN = timedelta(hours=24)
"""How long a message waits where nobody says how long."""
MEDIUM_OF = {"sms": "phone", "email": "email", "letter": "post"}
"""What kind of point a message of a channel goes to."""


class NoPointToSendTo(Refused):
    """The person has no such number or address on record, or it is no longer used, or it is of another medium.

    Record it first (`POST /v1/subjects/{id}/contact-points`), or name another point.
    """

    code = "no-point-to-send-to"
    title_en = "There is no number or address to send it to"
    title_zh = "没有可用于发送的号码或地址"


class ChannelSendsNoMessages(Refused):
    """Only text messages, e-mails and letters are sent by us. A call or a visit is made and then reported."""

    code = "channel-sends-no-messages"
    title_en = "Messages cannot be sent by that channel"
    title_zh = "该渠道不能发送消息"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A message somebody wants to be sent. `point` None: the newest of the person; `version` None: the one in force.

    `content`: markers of what it says besides those of its text. `send_by` None: within SEND_WITHIN. `document` goes
    out as it is: attached to an e-mail; a letter is nothing else.
    """

    channel: str
    template: str
    language: str
    values: Mapping[str, str] = field(repr=False)
    version: int | None = None
    point: str | None = None
    person: str | None = None
    role: str = "debtor"
    collector_role: str = "first_party"
    case: str | None = None
    debts: tuple[str, ...] = ()
    creditor: str | None = None
    agency: str | None = None
    purpose: str | None = None
    content: tuple[str, ...] = ()
    reply: bool = False
    override: str | None = None
    exception: str | None = None
    send_by: datetime | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What came of wanting a message. `decision`: None where the request was answered before.

    `queued`: whether it waits to be sent; `at`: from when on, where a rule stands against it until then.
    """

    message: str
    permit: str
    handled: Handled
    queued: bool
    decision: ContactPermitted | ContactRefused | None
    at: datetime | None


class MessageDesk:
    """Messages of one tenant."""

    def __init__(self, *, desk: ContactDesk, texts: Texts, clock: Clock) -> None:
        self._desk, self._texts, self._clock = desk, texts, clock

    async def order(self, subject_id: str, wanted: Wanted, meta: Meta) -> Ordered:
        """Queue it, if it may be sent by `send_by`; the decision is on record either way.

        Raises: ChannelSendsNoMessages, DocumentUnfit, NoPointToSendTo, SubjectUnknown, SendByPassed, the refusals of
        the texts, what handling raises.
        """
        command = await self.prepared(subject_id, wanted, client=meta.client, key=meta.key, by=meta.actor)
        handled = await self._desk.handle(subject_id, command, meta)
        known = handled.subject.messages.get(command.message)
        decided = [one for one in handled.events if isinstance(one, ContactPermitted | ContactRefused)]
        later = [one.again_at for one in handled.events if isinstance(one, MessageDeferred)]
        return Ordered(
            message=command.message, permit=command.permit, handled=handled, queued=known is not None,
            decision=decided[0] if decided else await self._desk.decision(command.permit),
            at=later[0] if later else None,
        )  # fmt: skip

    def ids(self, subject_id: str, *, client: str, key: str) -> tuple[str, str]:
        """The message that a request makes and the permit it stands under, the same when it is repeated.

        Raises SubjectUnknown.
        """
        message = self._desk.thing_id(
            thing_ids.ATTEMPT, subject_id, client=client, operation="message", key=key
        )
        return message, self._desk.permit_id(subject_id, client=client, key=f"message|{key}")

    async def prepared(
        self, subject_id: str, wanted: Wanted, *, client: str, key: str, by: str
    ) -> c.QueueMessage:
        """The command to queue it, its text rendered and its address found; the same for the same request."""
        medium = MEDIUM_OF.get(wanted.channel)
        if medium is None:
            raise ChannelSendsNoMessages(channels=tuple(MEDIUM_OF))
        if wanted.document is not None:
            require_fit(wanted.document, wanted.channel)
        history = await self._desk.history(subject_id)
        point = _point(history, wanted.person, medium, wanted.point)
        text = await self._texts.ready(
            wanted.template, wanted.version, channel=wanted.channel, language=wanted.language,
            values=wanted.values,
        )  # fmt: skip
        now = self._clock.now()
        proposed = Proposed(
            at=now, channel=wanted.channel, role=wanted.role, collector_role=wanted.collector_role,
            person=wanted.person, point=point.point, case=wanted.case, debts=wanted.debts,
            creditor=wanted.creditor, agency=wanted.agency, purpose=text.purpose or wanted.purpose,
            content=tuple(dict.fromkeys((*text.markers, *wanted.content))), reply=wanted.reply,
            override=wanted.override, exception=wanted.exception, workplace=point.workplace,
        )  # fmt: skip
        return c.QueueMessage(
            message=self.message_id(subject_id, client=client, key=key),
            permit=self._desk.permit_id(subject_id, client=client, key=f"message|{key}"),
            proposed=proposed, template=text.template, template_version=text.version, language=text.language,
            text_hash=self._desk.text_print(text.hash), send_by=wanted.send_by or now + SEND_WITHIN,
            values=tuple(sorted(wanted.values.items())), address=point.value, by=by, document=wanted.document,
        )  # fmt: skip

    def message_id(self, subject_id: str, *, client: str, key: str) -> str:
        """The id of the message that a request makes, the same when it is repeated. Raises SubjectUnknown."""
        return self._desk.thing_id(thing_ids.ATTEMPT, subject_id, client=client, operation="message", key=key)

    async def retry(self, message: str, meta: Meta, *, send_by: datetime | None = None) -> Handled:
        """Put it back in the queue. Raises MessageUnknown, MessageNotStuck, SendByPassed."""
        until = send_by or self._clock.now() + SEND_WITHIN
        return await self._do(c.RetryMessage(message=message, send_by=until, by=meta.actor), meta)

    async def resolve(self, message: str, meta: Meta, *, sent: bool) -> Handled:
        """Say what the provider's records show. Raises MessageUnknown, MessageNotUnresolved."""
        return await self._do(c.ResolveMessage(message=message, sent=sent, by=meta.actor), meta)

    async def withdraw(self, message: str, meta: Meta, *, reason: str) -> Handled:
        """Call it off. Raises MessageUnknown, MessageUnderWay."""
        return await self._do(c.WithdrawMessage(message=message, reason=reason), meta)

    async def _do(self, command: c.MessageCommand, meta: Meta) -> Handled:
        subject_id = thing_ids.subject_of(thing_ids.ATTEMPT, command.message)
        if subject_id is None:
            raise MessageUnknown
        return await self._desk.handle(subject_id, command, meta)

    async def queued(self, message: str) -> MessageQueued | None:
        """How a message was queued, None where it was not, or that was erased."""
        subject_id = thing_ids.subject_of(thing_ids.ATTEMPT, message)
        if subject_id is None:
            return None
        for seen in await self._desk.history(subject_id):
            if isinstance(seen.event, MessageQueued) and seen.event.message == message:
                return seen.event
        return None


def _point(
    history: Sequence[Recorded[Any]],
    person: str | None,
    medium: str,
    wanted: str | None,
) -> PointRecorded:
    """The point to send to: the one that is named, or the person's newest that is in use. Raises NoPointToSendTo."""
    points: dict[str, PointRecorded] = {}
    for seen in history:
        event = seen.event
        if isinstance(event, Erased):
            continue
        if isinstance(event, PointRecorded) and event.person == person and event.medium == medium:
            points.pop(event.point, None)
            points[event.point] = event
        elif isinstance(event, PointEnded | PointFoundMisdirected) and event.person == person:
            points.pop(event.point, None)
    found = points.get(wanted) if wanted else next(reversed(points.values()), None)
    value: object = found.value if found else ERASED
    if found is None or value is ERASED:
        raise NoPointToSendTo
    return found
