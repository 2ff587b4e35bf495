"""Contacts that were made: reported once, corrected by later outcomes, retracted where they never happened."""

from datetime import datetime, timedelta

from services.contact.domain import commands as c
from services.contact.domain.facts import attempt as facts
from services.contact.domain.facts.attempt import AttemptEvent
from services.contact.domain.outcomes import OUTCOMES
from services.contact.domain.refusals import (
    AttemptAlreadyReported,
    AttemptRetractedAlready,
    AttemptUnknown,
    HappensInTheFuture,
    OutcomeNotKnown,
)
from services.contact.domain.subject import LATE, LIVE, Contact, Subject, says

SKEW = timedelta(minutes=1)
"""How far another's clock may be ahead of ours."""
LATE_AFTER = timedelta(minutes=5)
"""A contact reported longer after it began than this was not reported as it happened."""


def act(subject: Subject, command: c.AttemptCommand, *, now: datetime) -> tuple[AttemptEvent, ...]:
    """The events of a command about an attempt. Raises the refusals of refusals.py."""
    if isinstance(command, c.ReportAttempt):
        return _reported(subject, command, now)
    known = subject.contacts.get(command.attempt)
    if known is None:
        raise AttemptUnknown
    match command:
        case c.RecordOutcome():
            return _outcome(known, command.outcome, now)
        case c.RetractAttempt():
            return _retracted(known, command, now)
        case c.StoreRecording():
            return _recording(subject, command, now)


def _reported(subject: Subject, command: c.ReportAttempt, now: datetime) -> tuple[AttemptEvent, ...]:
    not_ahead(command.at, now)
    started = _started(command, now)
    known = subject.contacts.get(command.attempt)
    if known is None:
        first: tuple[AttemptEvent, ...] = (started,)
        return (
            first if command.outcome is None else (*first, *_outcome(Contact(started), command.outcome, now))
        )
    if not _same(known.started, started):
        raise AttemptAlreadyReported
    if command.outcome is None or (known.outcome is not None and not known.retracted):
        return ()
    return _outcome(known, command.outcome, now)


def _started(command: c.ReportAttempt, now: datetime) -> facts.AttemptStarted:
    late = now - command.at > LATE_AFTER
    return facts.AttemptStarted(
        attempt=command.attempt, at=command.at, source=command.source,
        origin=command.origin or (LATE if late else LIVE), channel=command.channel,
        direction=command.direction, person=command.person, role=command.role,
        collector_role=command.collector_role, point=command.point, case=command.case,
        debts=tuple(sorted(command.debts)), creditor=command.creditor, agency=command.agency,
        purpose=command.purpose, place=command.place, content=tuple(sorted(command.content)),
        staff=command.staff, reply=command.reply, permit=command.permit, source_ref=command.source_ref,
        collector=command.collector,
    )  # fmt: skip


def _same(known: facts.AttemptStarted, told: facts.AttemptStarted) -> bool:
    """Do both reports say the same? When it was reported, by whom and what was forgotten since does not count."""
    told_again = facts.AttemptStarted(
        **{
            field: getattr(known if field in _NOT_COMPARED else told, field)
            for field in facts.AttemptStarted.__struct_fields__
        }
    )
    return told_again == known


_NOT_COMPARED = ("origin", "collector", "source_ref")


def _outcome(known: Contact, told: c.Outcome, now: datetime) -> tuple[AttemptEvent, ...]:
    if known.retracted:
        raise AttemptRetractedAlready
    if told.outcome not in OUTCOMES:
        raise OutcomeNotKnown
    at = told.at or (known.outcome.at if known.outcome is not None else known.at)
    not_ahead(at, now)
    said = facts.OutcomeRecorded(
        attempt=known.id, revision=known.revision + 1, at=max(at, known.at), outcome=told.outcome,
        person=told.person, discussed=None if told.discussed is None else tuple(sorted(told.discussed)),
        seconds=told.seconds, identity=told.identity, said=tuple(sorted(told.said)),
    )  # fmt: skip
    if told.at is not None:
        return () if (said.at, *says(said)) in known.told else (said,)
    return () if known.outcome is not None and says(said) == says(known.outcome) else (said,)


def _retracted(known: Contact, command: c.RetractAttempt, now: datetime) -> tuple[AttemptEvent, ...]:
    if known.retracted:
        return ()
    at = command.at or now
    not_ahead(at, now)
    return (facts.AttemptRetracted(attempt=known.id, at=at, reason=command.reason),)


def _recording(subject: Subject, command: c.StoreRecording, now: datetime) -> tuple[AttemptEvent, ...]:
    if command.sha256 in subject.recordings.get(command.attempt, frozenset()):
        return ()
    at = command.at or now
    not_ahead(at, now)
    stored = facts.RecordingStored(
        attempt=command.attempt, at=at, sha256=command.sha256, seconds=command.seconds, uri=command.uri
    )
    return (stored,)


def not_ahead(at: datetime, now: datetime) -> None:
    """Raises HappensInTheFuture for an instant to come."""
    if at > now + SKEW:
        raise HappensInTheFuture
