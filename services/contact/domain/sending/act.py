"""What a command about a message leads to: pure, and nothing where it is on record already."""

from datetime import datetime
from hashlib import sha256
from typing import TypeAlias

from msgspec.structs import replace

from services.contact.domain.facts import message as facts
from services.contact.domain.facts.asking import AskingEvent
from services.contact.domain.facts.message import MessageEvent
from services.contact.domain.facts.subject import PointEnded
from services.contact.domain.sending import commands as c
from services.contact.domain.sending import message as m
from services.contact.domain.sending.document import enclosing
from services.contact.domain.sending.judging import Judge
from services.contact.domain.sending.message import Message, Messages
from services.contact.domain.sending.refusals import (
    MessageNotStuck,
    MessageNotUnresolved,
    MessageUnderWay,
    MessageUnknown,
    SendByPassed,
)
from services.contact.domain.sending.retry import OF_THE_ADDRESS, RETRY, RetryPolicy, next_try
from services.contact.domain.verdict import ALLOW

Led: TypeAlias = tuple[MessageEvent | AskingEvent | PointEnded, ...]
DEAD = "DEAD"
SAID_NOT_SENT = "PERSON_SAYS_NOT_SENT"


def act(
    messages: Messages, command: c.MessageCommand, *, now: datetime, judge: Judge, retry: RetryPolicy = RETRY
) -> Led:
    """The events of a command. Raises the refusals of refusals.py."""
    known = messages.get(command.message)
    if isinstance(command, c.QueueMessage):
        return () if known else _queue(command, now, judge)
    if known is None:
        raise MessageUnknown
    match command:
        case c.BeginSending():
            return _begin(known, command, now, judge)
        case c.RecordDispatched():
            return _dispatched(known, command, now)
        case c.RecordNotSent():
            return _not_sent(known, command, now, retry)
        case c.RecordUnknown():
            return _unknown(known, command, now)
        case c.RecordReceipt():
            return _receipt(known, command, now)
        case c.SetMessageAside():
            return _aside(known, command, now)
        case c.RetryMessage():
            return _retried(known, command, now)
        case c.ResolveMessage():
            return _resolved(known, command, now)
        case c.WithdrawMessage():
            return _withdrawn(known, command, now)


def _queue(command: c.QueueMessage, now: datetime, judge: Judge) -> Led:
    """Allowed: queued. Deferred within its deadline: queued until then. Refused: only the refusal is on record."""
    if command.send_by <= now:
        raise SendByPassed
    proposed = replace(command.proposed, at=now)
    judged = judge(proposed, permit=command.permit, stands_under=None, now=now, by=command.by)
    queued = facts.MessageQueued(
        message=command.message, at=now, proposed=proposed, permit=judged.permit, template=command.template,
        template_version=command.template_version, language=command.language, text_hash=command.text_hash,
        send_by=command.send_by, values=command.values, address=command.address,
    )  # fmt: skip
    enclosed = enclosing(command.document, command.message, proposed.person, now) if command.document else ()
    if judged.outcome == ALLOW:
        return (*judged.events, queued, *enclosed)
    if judged.until is None or judged.until >= command.send_by:
        return judged.events
    later = facts.MessageDeferred(message=command.message, at=now, again_at=judged.until)
    return (*judged.events, queued, *enclosed, later)


def _begin(known: Message, command: c.BeginSending, now: datetime, judge: Judge) -> Led:
    if known.status not in m.WAITING or now < known.due_at:
        return ()
    if now >= known.send_by:
        return (_too_late(known, now),)
    proposed = replace(known.proposed, at=now)
    judged = judge(proposed, permit=command.permit, stands_under=known.permit, now=now, by=command.by)
    if judged.outcome == ALLOW:
        intent = facts.MessageSending(
            message=known.id, at=now, try_no=known.tries + 1, permit=judged.permit, provider=command.provider,
            key=command.key,
        )  # fmt: skip
        return (*judged.events, intent)
    if judged.until is not None and judged.until < known.send_by:
        later = facts.MessageDeferred(message=known.id, at=now, again_at=judged.until)
        return (*judged.events, later)
    return (*judged.events, facts.MessageWithdrawn(message=known.id, at=now, reason=m.REFUSED))


def _too_late(known: Message, now: datetime) -> MessageEvent:
    """One that was tried in vain until its deadline is for a person to see."""
    if known.tries > known.tries_before:
        return facts.MessageSetAside(message=known.id, at=now, cause=m.EXPIRED)
    return facts.MessageWithdrawn(message=known.id, at=now, reason=m.EXPIRED)


def _dispatched(known: Message, command: c.RecordDispatched, now: datetime) -> Led:
    """It counts whatever was held of it until now: what was sent was sent."""
    if known.status in m.SENT or command.try_no > known.tries:
        return ()
    return (_sent(known, now, command.provider_ref),)


def _sent(known: Message, at: datetime, provider_ref: str | None = None) -> facts.MessageDispatched:
    return facts.MessageDispatched(message=known.id, at=at, try_no=known.tries, provider_ref=provider_ref)


def _not_sent(known: Message, command: c.RecordNotSent, now: datetime, retry: RetryPolicy) -> Led:
    if known.status not in (m.SENDING, m.UNRESOLVED) or command.try_no != known.tries:
        return ()
    again = None
    if not command.permanent:
        again = next_try(
            known.tries - known.tries_before, command.cause, now, known.send_by, wait_s=command.wait_s,
            share=_share(known.id, known.tries), policy=retry,
        )  # fmt: skip
    failed = facts.MessageNotSent(
        message=known.id, at=now, try_no=known.tries, cause=command.cause, again_at=again
    )
    if again is not None:
        return (failed,)
    aside = facts.MessageSetAside(message=known.id, at=now, cause=command.cause)
    ended = _point_ended(known, now) if command.permanent and command.cause in OF_THE_ADDRESS else ()
    return (failed, aside, *ended)


def _share(message: str, try_no: int) -> float:
    """A number in [0, 1) that differs from message to message and try to try, the same in every replay."""
    return int.from_bytes(sha256(f"{message}|{try_no}".encode()).digest()[:4], "big") / 2**32


def _unknown(known: Message, command: c.RecordUnknown, now: datetime) -> Led:
    if known.status != m.SENDING or command.try_no != known.tries:
        return ()
    return (facts.MessageUnresolved(message=known.id, at=now, try_no=command.try_no, cause=command.cause),)


def _receipt(known: Message, command: c.RecordReceipt, now: datetime) -> Led:
    """A report on a message that was never tried is of no message of ours; every other proves that it was sent."""
    if known.tries == 0 or known.was_told(command.kind, command.at, command.receipt):
        return ()
    proof = () if known.status in m.SENT else (_sent(known, now),)
    if command.kind == m.DELIVERED:
        said = facts.DeliveryConfirmed(message=known.id, at=command.at, receipt=command.receipt)
        return (*proof, said)
    permanent = command.kind == m.BOUNCED
    failed = facts.DeliveryFailed(
        message=known.id, at=command.at, cause=command.cause or command.kind, permanent=permanent,
        receipt=command.receipt,
    )  # fmt: skip
    ended = _point_ended(known, now) if permanent and not known.bounced else ()
    return (*proof, failed, *ended)


def _point_ended(known: Message, now: datetime) -> tuple[PointEnded, ...]:
    point = known.proposed.point
    if point is None:
        return ()
    return (PointEnded(at=now, point=point, person=known.proposed.person, reason=DEAD),)


def _aside(known: Message, command: c.SetMessageAside, now: datetime) -> Led:
    if known.status not in m.WAITING:
        return ()
    return (facts.MessageSetAside(message=known.id, at=now, cause=command.cause),)


def _retried(known: Message, command: c.RetryMessage, now: datetime) -> Led:
    if not known.may_be_retried:
        raise MessageNotStuck
    if command.send_by <= now:
        raise SendByPassed
    return (facts.MessageRetried(message=known.id, at=now, send_by=command.send_by),)


def _resolved(known: Message, command: c.ResolveMessage, now: datetime) -> Led:
    if known.status != m.UNRESOLVED:
        raise MessageNotUnresolved
    if command.sent:
        return (_sent(known, now),)
    failed = facts.MessageNotSent(
        message=known.id, at=now, try_no=known.tries, cause=SAID_NOT_SENT, again_at=None
    )
    return (failed, facts.MessageSetAside(message=known.id, at=now, cause=SAID_NOT_SENT))


def _withdrawn(known: Message, command: c.WithdrawMessage, now: datetime) -> Led:
    if known.status == m.WITHDRAWN:
        return ()
    if known.status not in m.WAITING | m.STUCK:
        raise MessageUnderWay
    return (facts.MessageWithdrawn(message=known.id, at=now, reason=command.reason),)
