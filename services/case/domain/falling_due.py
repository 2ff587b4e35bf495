"""What is to be done by a day, and whether it was: first contact, answers, reviews of a relief.

A duty that a policy brings begins with the policy: nobody was late by a rule that did not exist yet. What was said to
be late and proves not to have been, because a fact was told later, is taken back by an event.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain import attempts, relief
from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.events import CaseEvent
from services.case.domain.facts.due import (
    COMPLAINT_ANSWER,
    DISPUTE_ANSWER,
    FIRST_CONTACT,
    RELIEF_REVIEW,
)
from services.case.domain.judge import Picture, judge
from services.case.domain.judged import FELL_DUE, Judged
from services.case.domain.person import FORBID_CONTACT
from services.case.domain.policy import CasePolicy


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done by the end of `by`; `number` counts the reviews of one relief, from 1."""

    what: str
    subject: str
    by: date
    number: int = 0


def duties(facts: CaseFacts, picture: Picture, policy: CasePolicy) -> Iterator[Duty]:
    """All there is to be done by a day, done or not, past or still to come."""
    yield from _first_contact(facts, policy)
    for granted in facts.all(e.ReliefGranted):
        yield from _reviews(granted, picture, policy)
    for ref, disputed in picture.disputes.items():
        yield Duty(DISPUTE_ANSWER, ref, disputed.answer_by)
    for ref, complained in picture.complaints.items():
        yield Duty(COMPLAINT_ANSWER, ref, complained.answer_by)


def first_contact_by(opened: date, policy: CasePolicy) -> date | None:
    """The day by which somebody tries to reach the debtor of a case; None where the policy has no rule, or none yet."""
    days = policy.life.first_contact_days
    return opened + timedelta(days=days) if days and opened >= policy.duties_from else None


def _first_contact(facts: CaseFacts, policy: CasePolicy) -> Iterator[Duty]:
    opened = next(facts.all(e.CaseOpened), None)
    by = first_contact_by(opened.as_of, policy) if opened else None
    if by is not None:
        yield Duty(FIRST_CONTACT, "", by)


def _reviews(granted: e.ReliefGranted, picture: Picture, policy: CasePolicy) -> Iterator[Duty]:
    """A review every so many days from the grant, while the relief runs."""
    view, days = picture.reliefs.get(granted.relief), policy.life.relief_review_days
    if view is None or not days or view.status not in (relief.GRANTED, relief.ENDED):
        return
    number, by = 1, granted.on + timedelta(days=days)
    while by < view.until:
        if by >= policy.duties_from:
            yield Duty(RELIEF_REVIEW, granted.relief, by, number)
        number, by = number + 1, by + timedelta(days=days)


def undone(duty: Duty, facts: CaseFacts, picture: Picture) -> bool:
    """Had it not been done by the end of its day, as far as these facts tell?"""
    match duty.what:
        case "FIRST_CONTACT":
            return all(one.on > duty.by for one in attempts.known(facts))
        case "RELIEF_REVIEW":
            running = picture.reliefs.get(duty.subject)
            return running is not None and duty.by < running.until
    answered = (picture.disputes if duty.what == DISPUTE_ANSWER else picture.complaints).get(duty.subject)
    return answered is not None and (answered.until is None or answered.until > duty.by)


def said_of(
    facts: CaseFacts, picture: Picture, judged: Judged, policy: CasePolicy, *, is_open: bool
) -> Iterator[CaseEvent]:
    """What fell due by the picture's day and is not on record, and what is on record and had not.

    `is_open` False: nobody is called any more about a case that is over; answers are owed all the same.
    """
    told = facts.until(picture.as_of)
    for duty in duties(told, picture, policy):
        known = judged.of(FELL_DUE, duty.what, duty.subject, duty.number)
        if known is not None or duty.by > picture.as_of or not undone(duty, told, picture):
            continue
        if duty.what == FIRST_CONTACT:
            yield from _late_contact(duty, told, picture, policy, is_open=is_open)
        else:
            yield _event(duty, told)
    for (kind, *named), by in judged.said.items():
        if kind != FELL_DUE or by is None:
            continue
        what, subject, number = named
        duty = Duty(str(what), str(subject), by, int(number))
        if not undone(duty, told, picture):
            yield e.FellDueRetracted(
                what=duty.what, subject=duty.subject, number=duty.number, due_on=by, as_of=picture.as_of
            )


def said_of_plain(facts: CaseFacts, as_of: date, judged: Judged, policy: CasePolicy) -> Iterator[CaseEvent]:
    """The same for an open case of which only statements tell: nobody has tried to reach the debtor."""
    for duty in _first_contact(facts, policy):
        if duty.by <= as_of and judged.of(FELL_DUE, FIRST_CONTACT, "", 0) is None:
            yield _event(duty, facts)


def _late_contact(
    duty: Duty, facts: CaseFacts, picture: Picture, policy: CasePolicy, *, is_open: bool
) -> Iterator[CaseEvent]:
    """While a hold forbids contact nobody is late; what it kept from being done is due on the day it ends."""
    if not is_open or picture.ended is not None or FORBID_CONTACT & picture.hold_kinds:
        return
    if FORBID_CONTACT & judge(facts, duty.by, policy).hold_kinds:
        duty = Duty(duty.what, "", picture.as_of)
    if undone(duty, facts, picture):
        yield _event(duty, facts)


def _event(duty: Duty, facts: CaseFacts) -> CaseEvent:
    match duty.what:
        case "FIRST_CONTACT":
            opened = next(facts.all(e.CaseOpened))
            return e.FirstContactFellDue(as_of=duty.by, opened_on=opened.as_of)
        case "RELIEF_REVIEW":
            return e.ReliefReviewFellDue(relief=duty.subject, number=duty.number, as_of=duty.by)
        case "DISPUTE_ANSWER":
            return e.DisputeAnswerFellDue(dispute=duty.subject, as_of=duty.by)
    return e.ComplaintAnswerFellDue(complaint=duty.subject, as_of=duty.by)
