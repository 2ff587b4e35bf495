"""What contacts themselves bring about: a debtor who cannot be reached, a person who will not be contacted again.

Computed from the contacts as they are known, never taken from what was said of them before, so that a correction
undoes exactly what the wrong report had done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.contact.domain.facts import subject as facts
from services.contact.domain.outcomes import NOT_REACHED, WRONG_PARTY
from services.contact.domain.subject import Contact, Person, Subject

UNREACHABLE, REFUSED_CONTACT = "debtor_unreachable", "contact_refused"
FAILED_IN_A_ROW = 3
"""连续3次拨打无法联系上本人 (中国银行业协会 2026, as reported; compliance.md CN-06)."""
SAYS_STOP = "refused_contact"
"""Said by a person who will not be contacted again: 当联系人明确拒绝或要求不再联系时."""
DEAD_NUMBER = "not_in_service"
_NOT_THE_DEBTOR = NOT_REACHED | {"conversation_third_party", WRONG_PARTY}


@dataclass(frozen=True, slots=True)
class Stands:
    """A derived flag that stands from `at` until `until` (exclusive, None: still). `cause` is the attempt or point."""

    flag: str
    person: Person
    at: datetime
    cause: str
    until: datetime | None = None
    ended_by: str | None = None


def misdirected(subject: Subject) -> dict[tuple[Person, str], datetime]:
    """(person, point) -> since when we know that they do not belong together; one that was recorded again does."""
    found: dict[tuple[Person, str], datetime] = {}
    told = [(one.at, one.person, one.point) for _, one in subject.of(facts.PointFoundMisdirected)]
    for contact in subject.contacts.values():
        said, point = contact.outcome, contact.started.point
        if not contact.retracted and said is not None and said.outcome == WRONG_PARTY and point is not None:
            told.append((said.at, contact.started.person, point))
    for at, person, point in sorted(told, key=lambda one: one[0], reverse=True):
        found[person, point] = at
    for _, one in subject.of(facts.PointRecorded):
        since = [at for at, person, point in told if (person, point) == (one.person, one.point)]
        if since and max(since) < one.at:
            found.pop((one.person, one.point), None)
    return found


def flags(subject: Subject, contacts: Sequence[Contact]) -> Iterable[Stands]:
    """Every derived flag that ever stood. `contacts`: those that were made, in order."""
    yield from _refused(contacts)
    yield from _unreachable(subject, contacts)


def _refused(contacts: Sequence[Contact]) -> Iterable[Stands]:
    for contact in contacts:
        said = contact.outcome
        if said is None or SAYS_STOP not in said.said:
            continue
        person = said.person or contact.started.person
        if person is not None:
            yield Stands(REFUSED_CONTACT, person, said.at, contact.id)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Something that bears on whether the debtor can be reached: `kind` is fails, dead, reached or number."""

    at: datetime
    kind: str
    cause: str


def _unreachable(subject: Subject, contacts: Sequence[Contact]) -> Iterable[Stands]:
    row = 0
    since: tuple[datetime, str, bool] | None = None
    for turn in sorted(_turns(subject, contacts), key=lambda one: (one.at, one.kind, one.cause)):
        row = 0 if turn.kind == "reached" else row + (turn.kind in ("fails", "dead"))
        if since is None:
            dead = turn.kind == "dead" and not _another_number(subject, turn.at)
            if dead or row >= FAILED_IN_A_ROW:
                since = turn.at, turn.cause, dead
        elif turn.kind == "reached" or (turn.kind == "number" and since[2]):
            yield Stands(UNREACHABLE, None, since[0], since[1], turn.at, turn.cause)
            since = None
    if since is not None:
        yield Stands(UNREACHABLE, None, since[0], since[1])


def _turns(subject: Subject, contacts: Sequence[Contact]) -> Iterable[_Turn]:
    wrong = misdirected(subject)
    for contact in contacts:
        yield from _turn_of(contact, wrong)
    for (person, point), at in wrong.items():
        if person is None:
            yield _Turn(at, "dead", point)
    for _, ended in subject.of(facts.PointEnded):
        if ended.person is None and ended.reason == "DEAD":
            yield _Turn(ended.at, "dead", ended.point)
    for _, told in subject.of(facts.PointRecorded):
        if told.person is None and told.medium == "phone":
            yield _Turn(told.at, "number", told.point)


def _turn_of(contact: Contact, wrong: dict[tuple[Person, str], datetime]) -> Iterable[_Turn]:
    started, said = contact.started, contact.outcome
    if started.person is not None or (None, started.point or "") in wrong:
        return
    if started.channel != "voice":
        if started.direction == "in":
            yield _Turn(contact.at, "reached", contact.id)
        return
    if said is None:
        return
    if said.outcome == "conversation" and said.person is None:
        yield _Turn(contact.at, "reached", contact.id)
    elif started.direction == "out" and said.outcome == DEAD_NUMBER:
        yield _Turn(contact.at, "dead", contact.id)
    elif started.direction == "out" and (said.outcome in _NOT_THE_DEBTOR or said.outcome == "conversation"):
        yield _Turn(contact.at, "fails", contact.id)


def _another_number(subject: Subject, at: datetime) -> bool:
    """Is there a telephone number of the debtor, on record by then, that nobody found dead or wrong?"""
    numbers = {
        one.point
        for _, one in subject.of(facts.PointRecorded)
        if one.person is None and one.medium == "phone" and one.at <= at
    }
    ended = {one.point for _, one in subject.of(facts.PointEnded) if one.person is None and one.at <= at}
    dead = {
        contact.started.point
        for contact in subject.contacts.values()
        if contact.outcome is not None and contact.outcome.outcome == DEAD_NUMBER and contact.at <= at
    }
    wrong = {point for (person, point) in misdirected(subject) if person is None}
    return bool(numbers - ended - dead - wrong)
