"""A subject of contact as its stream has it: a pure fold over its facts, in the order in which they were recorded.

What is kept says when it holds in the world, so that any instant can be judged by all that is known: a fact that
comes late takes its place in the past. What was known at an earlier time is the fold of the stream up to there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from services.contact.domain.facts import asking, attempt, message, standing, subject, visit
from services.contact.domain.facts.asking import Proposed
from services.contact.domain.facts.told import AttemptTold
from services.contact.domain.sending import message as sending
from services.contact.domain.sending.message import Message

DEFAULT_PLACES = ("CN",)
HISTORY, LIVE, LATE, DERIVED = "HISTORY", "LIVE", "LATE", "DERIVED"
Person = str | None
K = TypeVar("K")
V = TypeVar("V")
_NONE: Mapping[Any, Any] = MappingProxyType({})


def _none() -> Mapping[Any, Any]:
    return _NONE


@dataclass(frozen=True, slots=True)
class Permit:
    """A permit that was given: for `proposed` (decided at `proposed.at`), until `valid_until` (exclusive)."""

    id: str
    proposed: Proposed
    valid_until: datetime
    number: int
    """The event's place in the stream: of two permits the lower was given first."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An attempt, or a message from the moment it is being sent. `outcome` is the newest that was told."""

    started: attempt.AttemptStarted
    outcome: attempt.OutcomeRecorded | None = None
    revision: int = 0
    retracted: bool = False
    told: frozenset[tuple[object, ...]] = frozenset()
    """Every outcome that was ever told of it, by its time and content."""

    @property
    def id(self) -> str:
        """`cat_…`."""
        return self.started.attempt

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.started.at


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that stands from its own `at` on; `number` is its place in the stream."""

    number: int
    event: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """All that decisions need. Mappings are never changed, only replaced.

    `places`: those of a debtor whom nobody described. `facts`: what stands, in the order it was recorded, by kind.
    `breaches`: rules that an attempt is recorded to have broken, none: withdrawn, with the number of the revision.
    `announced`: flags derived from contacts, as they were last told (flag, person) -> cause, None: lifted.
    """

    places: tuple[str, ...] = DEFAULT_PLACES
    version: int = 0
    facts: Mapping[type, tuple[Fact, ...]] = field(default_factory=_none)
    contacts: Mapping[str, Contact] = field(default_factory=_none)
    permits: Mapping[str, Permit] = field(default_factory=_none)
    refusals: Mapping[str, str] = field(default_factory=_none)
    """Permits that were not given, or not honoured when they were to be spent -> the outcome."""
    messages: Mapping[str, Message] = field(default_factory=_none)
    visits: Mapping[str, Any] = field(default_factory=_none)
    breaches: Mapping[str, tuple[int, tuple[str, ...]]] = field(default_factory=_none)
    announced: Mapping[tuple[str, Person], str | None] = field(default_factory=_none)
    recordings: Mapping[str, frozenset[str]] = field(default_factory=_none)
    told: Mapping[str, AttemptTold] = field(default_factory=_none)
    """What the case service was last told of each attempt."""
    debtor_ref: str | None = field(default=None, repr=False)

    def of(self, kind: type[V]) -> "Iterable[tuple[int, V]]":
        """(place in the stream, event) of every fact of a kind."""
        return ((one.number, one.event) for one in self.facts.get(kind, ()))


def fold_subject(
    events: Iterable[Any], *, places: tuple[str, ...] = DEFAULT_PLACES, begin: Subject | None = None
) -> Subject:
    """The subject after these events."""
    found = begin if begin is not None else Subject(places=places)
    for event in events:
        found = evolve(found, event)
    return found


def skipped(subject: Subject) -> Subject:
    """The subject after an event whose facts were erased: it happened, and says nothing any more."""
    return replace(subject, version=subject.version + 1)


def evolve(subject: Subject, event: Any) -> Subject:
    """The subject after one more event."""
    after = _evolved(subject, event, subject.version + 1)
    return replace(after, version=subject.version + 1)


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return {**mapping, key: value}


def _evolved(known: Subject, event: Any, number: int) -> Subject:
    match event:
        case attempt.AttemptStarted():
            return replace(known, contacts=_with(known.contacts, event.attempt, Contact(event)))
        case attempt.OutcomeRecorded() | attempt.AttemptRetracted() | attempt.RecordingStored():
            return _told(known, event)
        case attempt.ContactBreached():
            broken = tuple(failed.rule for failed in event.failed)
            return replace(known, breaches=_with(known.breaches, event.attempt, (event.revision, broken)))
        case AttemptTold():
            return replace(known, told=_with(known.told, event.attempt, event))
        case attempt.BreachWithdrawn():
            return replace(known, breaches=_with(known.breaches, event.attempt, (event.revision, ())))
        case asking.ContactPermitted():
            given = Permit(event.permit, event.proposed, event.valid_until, number)
            return replace(known, permits=_with(known.permits, event.permit, given))
        case asking.ContactRefused():
            refusals = _with(known.refusals, event.permit, event.outcome)
            if event.at_dispatch is not None:
                refusals = _with(refusals, event.at_dispatch, event.outcome)
            return replace(known, refusals=refusals)
        case visit.VisitAgreed() | visit.VisitCancelled() | visit.VisitRecorded():
            before = known.visits.get(event.visit, ())
            return replace(known, visits=_with(known.visits, event.visit, (*before, event)))
        case standing.FlagRaised(origin=origin) if origin == DERIVED:
            key = event.flag, event.person
            return replace(known, announced=_with(known.announced, key, event.cause))
        case standing.FlagLifted(origin=origin) if origin == DERIVED:
            return replace(known, announced=_with(known.announced, (event.flag, event.person), None))
        case _ if isinstance(event, message.MessageEvent):
            return _message(known, event)
        case _ if type(event) in STANDING:
            facts = (*known.facts.get(type(event), ()), Fact(number, event))
            ref = event.debtor_ref if isinstance(event, subject.SubjectDescribed) else None
            named = ref if isinstance(ref, str) else known.debtor_ref
            return replace(known, facts=_with(known.facts, type(event), facts), debtor_ref=named)
    return known


STANDING: frozenset[type] = frozenset(
    {
        subject.SubjectDescribed, subject.CaseLinked, subject.CaseUnlinked, subject.PersonLinked,
        subject.PersonUnlinked, subject.PointRecorded, subject.PointEnded, subject.PointFoundMisdirected,
        subject.ReassignmentChecked, subject.AccountNamed,
        standing.ConsentGiven, standing.ConsentRevoked, standing.MediumOptedOut,
        standing.InconvenientTimeDeclared, standing.AgreementFiled, standing.AgreementEnded,
        standing.RepresentativeAppointed, standing.RepresentativeDismissed, standing.FlagRaised,
        standing.FlagLifted, standing.MandateRecorded, standing.MandateEnded,
    }
)  # fmt: skip
"""Kinds kept as they are: what they mean at an instant is asked of them (history.py)."""


def _told(
    known: Subject, event: attempt.OutcomeRecorded | attempt.AttemptRetracted | attempt.RecordingStored
) -> Subject:
    contact = known.contacts.get(event.attempt)
    if contact is None:
        return known
    if isinstance(event, attempt.RecordingStored):
        kept = known.recordings.get(event.attempt, frozenset()) | {event.sha256}
        return replace(known, recordings=_with(known.recordings, event.attempt, kept))
    if isinstance(event, attempt.AttemptRetracted):
        return replace(known, contacts=_with(known.contacts, contact.id, replace(contact, retracted=True)))
    newest = contact.outcome is None or supersedes(event, contact.outcome)
    changed = replace(
        contact,
        outcome=event if newest else contact.outcome,
        revision=event.revision,
        told=contact.told | {(event.at, *says(event))},
    )
    return replace(known, contacts=_with(known.contacts, contact.id, changed))


def says(told: attempt.OutcomeRecorded) -> tuple[object, ...]:
    """What an outcome says, whenever it was told."""
    return told.outcome, told.person, told.discussed, told.seconds, told.identity, told.said


def supersedes(event: attempt.OutcomeRecorded, recorded: attempt.OutcomeRecorded) -> bool:
    """Does what is told now stand? What was told later by its own time does; of one time, what came later."""
    return (event.at, event.revision) > (recorded.at, recorded.revision)


def _message(known: Subject, event: message.MessageEvent) -> Subject:
    """A message counts as a contact from its sending on, unless this try certainly sent nothing."""
    before = known.messages.get(event.message)
    after = sending.evolve(before, event)
    if after is None:
        return known
    changed = replace(known, messages=_with(known.messages, event.message, after))
    started = known.contacts.get(event.message)
    if not after.counts:
        if started is None or started.retracted:
            return changed
        return replace(
            changed, contacts=_with(known.contacts, event.message, replace(started, retracted=True))
        )
    if started is not None and not started.retracted and started.at == after.sending_at:
        return changed
    sent = Contact(_as_attempt(after))
    return replace(changed, contacts=_with(known.contacts, event.message, sent))


def _as_attempt(sent: Message) -> attempt.AttemptStarted:
    """The contact that a message is."""
    asked = sent.proposed
    return attempt.AttemptStarted(
        attempt=sent.id, at=sent.sending_at or sent.queued_at, source=sent.provider or "", origin=LIVE,
        channel=asked.channel, direction="out", person=asked.person, role=asked.role,
        collector_role=asked.collector_role, point=asked.point, case=asked.case, debts=asked.debts,
        creditor=asked.creditor, agency=asked.agency, purpose=asked.purpose, place=asked.place,
        content=asked.content, staff=asked.staff, reply=asked.reply, permit=sent.permit, source_ref=sent.id,
        collector=None,
    )  # fmt: skip
