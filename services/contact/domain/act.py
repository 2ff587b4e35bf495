"""What a command about a subject leads to: a pure function of its state, the command, the packs and the instant.

First what the command itself says; then what follows from it: derived words of an outcome, flags that contacts raise
or lift, and the breaches that are known now and were not before. All of it is one write.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from services.contact.domain import commands as c
from services.contact.domain import following, permits, reporting, standing_acts
from services.contact.domain.events import ContactEvent
from services.contact.domain.looking import points
from services.contact.domain.looking.points import RevealPoint
from services.contact.domain.pack import Pack
from services.contact.domain.sending import act as sending
from services.contact.domain.sending import commands as messages
from services.contact.domain.sending import replies
from services.contact.domain.subject import Subject
from services.contact.domain.told import telling
from services.contact.domain.visits import act as visits
from services.contact.domain.visits.commands import VisitCommand

AnyCommand: TypeAlias = c.ContactCommand | VisitCommand | replies.ReplyCommand | RevealPoint
Led: TypeAlias = tuple[ContactEvent, ...]
Act = Callable[[Subject, Any, Sequence[Pack], datetime], Led]


def act(subject: Subject, command: Any, packs: Sequence[Pack], *, now: datetime) -> Led:
    """The events of a command, none where it is on record already. Raises the rules' refusals."""
    said = _said(subject, command, packs, now)
    if not said:
        return ()
    led = (*said, *following.of(subject, said, packs, now=now))
    return (*led, *telling.of(subject, led, now=now))


def _said(subject: Subject, command: Any, packs: Sequence[Pack], now: datetime) -> Led:
    """What the command itself says."""
    if isinstance(command, c.AskPermit):
        return permits.asked(subject, command, packs, now=now)
    if isinstance(command, c.AttemptCommand):
        return reporting.act(subject, command, now=now)
    if isinstance(command, messages.MessageCommand):
        return sending.act(subject.messages, command, now=now, judge=permits.judge_of(subject, packs))
    for kinds, room in ROOMS:
        if isinstance(command, kinds):
            return room(subject, command, packs, now)
    return standing_acts.act(subject, command, now=now)


ROOMS: list[tuple[Any, Act]] = [
    (VisitCommand, visits.act),
    (replies.ReplyCommand, replies.act),
    (RevealPoint, points.act),
]
"""Rooms with commands of their own: (its commands, its act). They name themselves here."""
