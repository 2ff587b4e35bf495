"""What a command about a visit leads to. A visit by one alone, or elsewhere, is judged as any contact, not refused."""

from collections.abc import Sequence
from datetime import datetime

from services.contact.domain import reporting
from services.contact.domain.commands import ReportAttempt, StoreRecording
from services.contact.domain.events import ContactEvent
from services.contact.domain.facts.visit import VisitAgreed, VisitCancelled, VisitEvent, VisitRecorded
from services.contact.domain.pack import Pack
from services.contact.domain.subject import Subject, fold_subject
from services.contact.domain.visits.commands import AgreeVisit, CancelVisit, RecordVisit, VisitCommand
from services.contact.domain.visits.refusals import VisitAlreadyMade, VisitBeforeAgreed, VisitUnknown

Led = tuple[ContactEvent, ...]


def act(known: Subject, command: VisitCommand, packs: Sequence[Pack], now: datetime) -> Led:
    """The events of a command, none where it is on record. Raises the refusals of refusals.py and of reporting.py."""
    told: tuple[VisitEvent, ...] = known.visits.get(command.visit, ())
    if isinstance(command, AgreeVisit):
        return () if told else _agreed(command, now)
    if not told:
        raise VisitUnknown
    made = next((one for one in told if isinstance(one, VisitRecorded)), None)
    if isinstance(command, CancelVisit):
        return _cancelled(command, told, made, now)
    return _recorded(known, command, told, made, now)


def _agreed(command: AgreeVisit, now: datetime) -> Led:
    at = command.at or now
    reporting.not_ahead(at, now)
    if command.on < at:
        raise VisitBeforeAgreed
    agreed = VisitAgreed(
        visit=command.visit,
        at=at,
        on=command.on,
        person=command.person,
        place=command.place,
        address=command.address,
    )
    return (agreed,)


def _cancelled(
    command: CancelVisit, told: Sequence[VisitEvent], made: VisitRecorded | None, now: datetime
) -> Led:
    if any(isinstance(one, VisitCancelled) for one in told):
        return ()
    if made is not None:
        raise VisitAlreadyMade
    at = command.at or now
    reporting.not_ahead(at, now)
    return (VisitCancelled(visit=command.visit, at=at, reason=command.reason),)


def _recorded(
    known: Subject,
    command: RecordVisit,
    told: Sequence[VisitEvent],
    made: VisitRecorded | None,
    now: datetime,
) -> Led:
    """The attempt, its recording, and that it was this visit; one called off and made all the same is a fact."""
    if made is not None and made.attempt != command.attempt:
        raise VisitAlreadyMade
    agreed = next(one for one in told if isinstance(one, VisitAgreed))
    said: Led = reporting.act(known, _report(known, command, agreed), now=now)
    if command.recording is not None:
        kept = StoreRecording(
            attempt=command.attempt,
            uri=command.recording.uri,
            sha256=command.recording.sha256,
            seconds=command.recording.seconds,
            at=command.at,
        )
        said = (*said, *reporting.act(fold_subject(said, begin=known), kept, now=now))
    if made is not None:
        return said
    recorded = VisitRecorded(
        visit=command.visit,
        at=command.at,
        attempt=command.attempt,
        staff=len(command.visitors),
        visitors=command.visitors,
    )
    return (*said, recorded)


def _report(known: Subject, command: RecordVisit, agreed: VisitAgreed) -> ReportAttempt:
    permit = known.permits.get(command.permit or "")
    return ReportAttempt(
        attempt=command.attempt,
        source=command.source,
        source_ref=command.source_ref,
        channel="visit",
        at=command.at,
        person=agreed.person,
        role=permit.proposed.role if permit is not None else "debtor",
        collector_role=command.collector_role,
        point=command.point or (permit.proposed.point if permit is not None else None),
        case=command.case,
        debts=command.debts,
        creditor=command.creditor,
        agency=command.agency,
        purpose=command.purpose,
        place=command.place or agreed.place,
        content=command.content,
        staff=len(command.visitors),
        permit=command.permit,
        outcome=command.outcome,
    )
