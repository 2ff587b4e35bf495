"""A message from a person to us: an attempt with direction `in`, its text, and an opt-out where it says so; one write.

Whose it is: of the message of ours that went to that point last; without one, of the person the point is recorded
for; else the debtor's.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from services.contact.domain import commands as c
from services.contact.domain import reporting, standing_acts
from services.contact.domain.events import ContactEvent
from services.contact.domain.facts.asking import Proposed
from services.contact.domain.facts.reply import ReplyRead, ReplyReceived
from services.contact.domain.facts.subject import PointRecorded
from services.contact.domain.following import ANOTHER
from services.contact.domain.history import Lookback
from services.contact.domain.pack import Pack
from services.contact.domain.refusals import AttemptUnknown
from services.contact.domain.sending.stop_words import says_stop
from services.contact.domain.subject import Subject

STOP, OTHER = "STOP", "OTHER"
TEXT_CHARS_MAX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReply:
    """Somebody wrote to us from this point. `attempt` derives from (`source`, `source_ref`), so is the same again."""

    attempt: str
    source: str
    source_ref: str
    channel: str
    point: str
    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReply:
    """Somebody of ours wants to read what came with this attempt. Each reading is on record."""

    attempt: str
    by: str


ReplyCommand: TypeAlias = TakeReply | ReadReply


def act(
    subject: Subject, command: ReplyCommand, packs: Sequence[Pack], now: datetime
) -> tuple[ContactEvent, ...]:
    """The events of a command about replies. Raises AttemptAlreadyReported, AttemptUnknown."""
    if isinstance(command, TakeReply):
        return _taken(subject, command, now)
    if command.attempt not in subject.contacts:
        raise AttemptUnknown
    return (ReplyRead(attempt=command.attempt, at=now, reader=command.by),)


def _taken(subject: Subject, command: TakeReply, now: datetime) -> tuple[ContactEvent, ...]:
    answered = last_to(subject, command.point)
    person = answered.person if answered is not None else _holder(subject, command.point)
    at = min(command.at, now)
    attempt = c.ReportAttempt(
        attempt=command.attempt, source=command.source, source_ref=command.source_ref, channel=command.channel,
        at=at, direction="in", person=person, point=command.point,
        role=answered.role if answered is not None else Lookback(subject).role_at(person, at) or ANOTHER,
        collector_role=answered.collector_role if answered is not None else "first_party",
        case=answered.case if answered is not None else None,
        debts=answered.debts if answered is not None else (),
        creditor=answered.creditor if answered is not None else None,
        agency=answered.agency if answered is not None else None,
    )  # fmt: skip
    started = reporting.act(subject, attempt, now=now)
    if not started:
        return ()
    stop = says_stop(command.text)
    said = ReplyReceived(
        attempt=command.attempt, at=at, person=person, point=command.point, meaning=STOP if stop else OTHER,
        text=readable(command.text),
    )  # fmt: skip
    if not stop:
        return (*started, said)
    # Not the number for every use: whoever stops text messages to it has not asked not to be called there.
    out = c.OptOut(person=person, channel=command.channel, point=command.point, origin="DEBTOR", at=at)
    return (*started, said, *standing_acts.act(subject, out, now=now))


def last_to(subject: Subject, point: str) -> Proposed | None:
    """What was proposed of the last message that may have reached this point."""
    sent = [one for one in subject.messages.values() if one.proposed.point == point and one.sending_at]
    last = max(sent, key=lambda one: (one.sending_at or one.queued_at, one.id), default=None)
    return last.proposed if last is not None else None


def sent_last_at(subject: Subject, point: str) -> datetime | None:
    """When the last message to this point was being sent."""
    found = [one.sending_at for one in subject.messages.values() if one.proposed.point == point]
    return max((at for at in found if at is not None), default=None)


def _holder(subject: Subject, point: str) -> str | None:
    """Whose point it is recorded to be; None: the debtor's."""
    holders = [one.person for _, one in subject.of(PointRecorded) if one.point == point]
    return holders[-1] if holders else None


def readable(text: str) -> str:
    """The text as it may be kept: no control characters but line ends, no more than TEXT_CHARS_MAX."""
    kept = (
        one for one in text[:TEXT_CHARS_MAX] if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs")
    )
    return unicodedata.normalize("NFC", "".join(kept))
