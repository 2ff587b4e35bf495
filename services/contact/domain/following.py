"""What follows from facts at once: the derived words of an outcome, flags that contacts raise or lift, breaches."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from services.contact.domain import breaches, questions
from services.contact.domain.events import ContactEvent
from services.contact.domain.facts import asking, attempt, message, standing, subject, visit
from services.contact.domain.history import DEBTOR, Lookback
from services.contact.domain.outcomes import ANSWERED, CONVERSATION, NOT_REACHED, WRONG_PARTY
from services.contact.domain.pack import Pack
from services.contact.domain.subject import DERIVED, Contact, Subject, fold_subject

ANOTHER = "third_party"
RIGHT_PARTIES = frozenset(
    {DEBTOR, "joint_debtor", "guarantor", "attorney", "lawyer", "representative", "guardian", "executor"}
)
"""Roles with which the debt itself may be spoken about."""
_EVER = datetime(1900, 1, 1, tzinfo=UTC)


def of(
    before: Subject, said: Sequence[ContactEvent], packs: Sequence[Pack], *, now: datetime
) -> tuple[ContactEvent, ...]:
    """The events that follow from what a command said."""
    if all(isinstance(event, asking.AskingEvent) for event in said):
        return ()
    after = fold_subject(said, begin=before)
    known = Lookback(after)
    words, flags = tuple(_words(known, said)), tuple(_announced(known, now))
    marks = [since for event in said if (since := _since(before, after, event)) is not None]
    if not marks:
        return (*words, *flags)
    found = breaches.rejudged(
        known,
        packs,
        now=now,
        since=min(marks),
        until=_until(before, known, said, packs),
        before=before.contacts,
    )
    return (*words, *flags, *found)


_OF_CONTACTS = (attempt.AttemptStarted, attempt.OutcomeRecorded, attempt.AttemptRetracted)


def _until(
    before: Subject, known: Lookback, said: Sequence[ContactEvent], packs: Sequence[Pack]
) -> datetime | None:
    """Up to which instant attempts must be judged anew; None: all later ones.

    A call of ours to the debtor weighs on others only as long as some rule counts it, where it changes nothing else:
    no flag, no number found wrong, no turn of answering.
    """
    contacts = [known.subject.contacts[event.attempt] for event in said if isinstance(event, _OF_CONTACTS)]
    if len(contacts) < len(said) or any(one.started.reply for one in known.contacts):
        return None
    if Lookback(before).derived != known.derived:
        return None
    for one in contacts:
        made, told = one.started, one.outcome
        if made.person is not None or made.direction != "out" or made.channel != "voice":
            return None
        if told is not None and (told.outcome == WRONG_PARTY or told.said or told.revision > 1):
            return None
    return max(one.at for one in contacts) + questions.window(packs)


def _words(known: Lookback, said: Sequence[ContactEvent]) -> Iterator[ContactEvent]:
    """The words by which an outcome is known to others: told again whenever it is corrected."""
    for event in said:
        if isinstance(event, attempt.OutcomeRecorded):
            contact = known.subject.contacts[event.attempt]
            if contact.outcome == event:
                yield from _words_of(known, contact, event)


def _words_of(known: Lookback, contact: Contact, told: attempt.OutcomeRecorded) -> Iterator[ContactEvent]:
    ref, at = contact.id, told.at
    if told.outcome in NOT_REACHED:
        yield attempt.AttemptNotConnected(attempt=ref, at=at, cause=told.outcome)
        return
    if told.outcome not in ANSWERED:
        return
    yield attempt.AttemptConnected(attempt=ref, at=at)
    meant = contact.started.person
    if told.outcome == WRONG_PARTY:
        yield attempt.WrongPartyReached(attempt=ref, at=at)
    elif told.outcome == "conversation_third_party" or (
        told.outcome in CONVERSATION and told.person not in (None, meant)
    ):
        role = known.role_at(told.person, at) if told.person is not None else None
        yield attempt.ThirdPartyReached(attempt=ref, at=at, role=role or ANOTHER)
    elif told.outcome in CONVERSATION:
        role = known.role_at(meant, at) or contact.started.role
        if role in RIGHT_PARTIES:
            yield attempt.RightPartyReached(attempt=ref, at=at)
        else:
            yield attempt.ThirdPartyReached(attempt=ref, at=at, role=role)


def _announced(lookback: Lookback, now: datetime) -> Iterator[ContactEvent]:
    """Derived flags that stand and were not told, or were told and no longer stand.

    One that was raised by mistake is lifted as of now.
    """
    stands = {(one.flag, one.person): one for one in lookback.derived if one.until is None}
    told = {key: cause for key, cause in lookback.subject.announced.items() if cause is not None}
    for (flag, person), cause in told.items():
        if (flag, person) not in stands:
            ended = [
                one
                for one in lookback.derived
                if (one.flag, one.person) == (flag, person) and one.until is not None
            ]
            last = max(ended, key=lambda one: one.until or one.at, default=None)
            at = last.until if last is not None and last.until is not None else now
            yield standing.FlagLifted(
                at=at, flag=flag, person=person, debts=(), origin=DERIVED,
                cause=last.ended_by if last is not None else cause,
            )  # fmt: skip
    for (flag, person), one in stands.items():
        if (flag, person) not in told:
            yield standing.FlagRaised(
                at=one.at, flag=flag, person=person, debts=(), until=None, origin=DERIVED, cause=one.cause
            )


_UNJUDGED = (
    asking.ContactPermitted, asking.ContactRefused, attempt.RecordingStored, visit.VisitRecorded,
)  # fmt: skip
_ALL = (
    subject.SubjectDescribed, subject.PersonLinked, subject.PersonUnlinked, subject.PointFoundMisdirected,
    visit.VisitCancelled, standing.RepresentativeAppointed,
)  # fmt: skip
"""What may change the reading of any contact, however long ago."""


def _since(before: Subject, after: Subject, event: ContactEvent) -> datetime | None:
    """From which instant on attempts must be judged anew for an event; None: none."""
    match event:
        case attempt.AttemptStarted():
            return event.at
        case attempt.OutcomeRecorded() | attempt.AttemptRetracted():
            return _EVER if _turns_wrong(before, event) else after.contacts[event.attempt].at
        case subject.CaseLinked():
            return _EVER if _other_debts(before, event) else event.at
        case subject.PointRecorded():
            return _EVER if event.zone or event.workplace or _was_wrong(before, event) else event.at
        case visit.VisitAgreed():
            return min(event.at, event.on) - timedelta(hours=2)
    if isinstance(event, message.MessageEvent):
        return _of_message(before, after, event.message)
    if isinstance(event, _UNJUDGED):
        return None
    return _EVER if isinstance(event, _ALL) else event.at


def _of_message(before: Subject, after: Subject, ref: str) -> datetime | None:
    """A message is judged when it becomes a contact, or is found to have been none, or one after all."""
    held = [one for one in (before.contacts.get(ref), after.contacts.get(ref)) if one is not None]
    return (
        min(one.at for one in held) if held and before.contacts.get(ref) != after.contacts.get(ref) else None
    )


def _turns_wrong(before: Subject, event: attempt.OutcomeRecorded | attempt.AttemptRetracted) -> bool:
    """Does it say, or unsay, that a number is another's?"""
    known = before.contacts.get(event.attempt)
    was = known.outcome.outcome if known is not None and known.outcome is not None else None
    told = event.outcome if isinstance(event, attempt.OutcomeRecorded) else None
    return WRONG_PARTY in (told, was)


def _other_debts(before: Subject, event: subject.CaseLinked) -> bool:
    return not any(
        one.case == event.case and one.debts == event.debts for _, one in before.of(subject.CaseLinked)
    )


def _was_wrong(before: Subject, event: subject.PointRecorded) -> bool:
    return (event.person, event.point) in Lookback(before).misdirected
