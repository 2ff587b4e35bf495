"""Every event type of the contact service and the name it is stored under (docs/how-to/add-an-event.md).

`STORED_AS`: stored name -> type. To change one, add the next version beside it with an upcast in `UPCASTS`.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct

from services.contact.domain.facts import (
    asking,
    attempt,
    dialing,
    letters,
    looking,
    message,
    outreach,
    reply,
    standing,
    subject,
    texts,
    visit,
)
from services.contact.domain.facts.asking import AskingEvent
from services.contact.domain.facts.attempt import AttemptEvent
from services.contact.domain.facts.looking import LookingEvent
from services.contact.domain.facts.message import MessageEvent
from services.contact.domain.facts.reply import ReplyEvent
from services.contact.domain.facts.standing import StandingEvent
from services.contact.domain.facts.subject import SubjectEvent
from services.contact.domain.facts.told import AttemptTold, AttemptToldFirst, since_it_says_what_it_was
from services.contact.domain.facts.visit import VisitEvent

ContactEvent: TypeAlias = (
    SubjectEvent
    | StandingEvent
    | AskingEvent
    | AttemptEvent
    | MessageEvent
    | ReplyEvent
    | VisitEvent
    | LookingEvent
    | AttemptTold
)
"""What a subject's stream holds."""

_OF_A_SUBJECT: tuple[type[Struct], ...] = (
    subject.SubjectDescribed, subject.CaseLinked, subject.CaseUnlinked, subject.PersonLinked,
    subject.PersonUnlinked, subject.PointRecorded, subject.PointEnded, subject.PointFoundMisdirected,
    subject.ReassignmentChecked, subject.AccountNamed,
    standing.ConsentGiven, standing.ConsentRevoked, standing.MediumOptedOut, standing.InconvenientTimeDeclared,
    standing.AgreementFiled, standing.AgreementEnded, standing.RepresentativeAppointed,
    standing.RepresentativeDismissed, standing.FlagRaised, standing.FlagLifted, standing.MandateRecorded,
    standing.MandateEnded,
    asking.ContactPermitted, asking.ContactRefused,
    attempt.AttemptStarted, attempt.OutcomeRecorded, attempt.AttemptConnected, attempt.AttemptNotConnected,
    attempt.RightPartyReached, attempt.WrongPartyReached, attempt.ThirdPartyReached, attempt.AttemptRetracted,
    attempt.RecordingStored, attempt.ContactBreached, attempt.BreachWithdrawn,
    message.MessageQueued, message.DocumentEnclosed, message.MessageDeferred, message.MessageSending,
    message.MessageDispatched, message.MessageNotSent, message.MessageUnresolved, message.MessageWithdrawn,
    message.MessageSetAside, message.MessageRetried, message.DeliveryConfirmed, message.DeliveryFailed,
    reply.ReplyReceived, reply.ReplyRead,
    visit.VisitAgreed, visit.VisitCancelled, visit.VisitRecorded,
)  # fmt: skip

STORED_AS: dict[str, type[Struct]] = {
    f"contact.{one.__name__}/v1": one
    for one in (
        *_OF_A_SUBJECT,
        *outreach.EVENTS,
        *letters.EVENTS,
        *dialing.EVENTS,
        *texts.EVENTS,
        *looking.EVENTS,
    )
} | {"contact.AttemptTold/v1": AttemptToldFirst, "contact.AttemptTold/v2": AttemptTold}
UPCASTS: dict[str, Callable[[Any], Any]] = {"contact.AttemptTold/v1": since_it_says_what_it_was}
