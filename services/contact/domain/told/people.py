"""Who is reached about a debtor's open cases, by the lender's book: what is new is recorded, what is gone is ended.

Only what came from the book is ended by the book: a number that staff recorded stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.contact.domain import commands as c
from services.contact.domain.facts import standing, subject
from services.contact.domain.subject import Subject

BOOK = "BOOK"
DROPPED = "DROPPED"
ACTING = frozenset({"attorney", "representative"})
"""Roles of who acts for the debtor."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach somebody; `value` in its normal form."""

    point: str
    medium: str
    value: str
    zone: str | None
    workplace: bool


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the book: the debtor (`person` None), or a pseudonym with the role and the book's reference."""

    person: str | None
    role: str
    reference: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everybody of all open cases of a debtor."""

    debtor_ref: str
    language: str | None
    people: tuple[Somebody, ...]
    accounts: tuple[tuple[str, str], ...] = ()
    """(stream, how its reference ends) of the accounts that the book knows."""


def follow(sheet: Sheet, known: Subject, *, places: tuple[str, ...]) -> tuple[Any, ...]:
    """The commands by which the subject says what the sheet says; none where it does."""
    return (
        *_described(sheet, known, places),
        *_roles(sheet, known),
        *_ways(sheet, known),
        *_accounts(sheet, known),
    )


def _described(sheet: Sheet, known: Subject, places: tuple[str, ...]) -> Iterator[Any]:
    told = [one for _, one in known.of(subject.SubjectDescribed)]
    if not sheet.people:
        return
    if not told or (told[-1].source == BOOK and told[-1].language != sheet.language):
        yield c.DescribeSubject(
            debtor_ref=sheet.debtor_ref, jurisdictions=places, language=sheet.language, source=BOOK
        )


def _accounts(sheet: Sheet, known: Subject) -> Iterator[Any]:
    named = {one.account: one.tail for _, one in known.of(subject.AccountNamed)}
    for account, tail in sheet.accounts:
        if named.get(account) != tail:
            yield c.NameAccount(account=account, tail=tail, source=BOOK)


def _roles(sheet: Sheet, known: Subject) -> Iterator[Any]:
    linked, acting = (
        _held(known, subject.PersonLinked, subject.PersonUnlinked),
        _held(known, standing.RepresentativeAppointed, standing.RepresentativeDismissed),
    )
    named = {one.person: one for one in sheet.people if one.person is not None}
    for person, one in named.items():
        held = acting if one.role in ACTING else linked
        if person in held and held[person].role == one.role:
            continue
        if one.role in ACTING:
            yield c.AppointRepresentative(person=person, role=one.role, person_ref=one.reference, origin=BOOK)
        else:
            yield c.LinkPerson(person=person, role=one.role, person_ref=one.reference, source=BOOK)
    for person, was in linked.items():
        if was.source == BOOK and (person not in named or named[person].role in ACTING):
            yield c.UnlinkPerson(person=person, reason=DROPPED)
    for person, was in acting.items():
        if was.origin == BOOK and (person not in named or named[person].role not in ACTING):
            yield c.DismissRepresentative(person=person, origin=BOOK)


def _held(known: Subject, began: type, ended: type) -> dict[str, Any]:
    """Who has a role of this kind, by what was recorded last."""
    told: list[tuple[int, Any]] = [*known.of(began), *known.of(ended)]
    found: dict[str, Any] = {}
    for _, event in sorted(told, key=lambda one: one[0]):
        person: str = event.person
        if isinstance(event, began):
            found[person] = event
        else:
            found.pop(person, None)
    return found


def _ways(sheet: Sheet, known: Subject) -> Iterator[Any]:
    held = _points(known)
    named = {(one.person, way.point): way for one in sheet.people for way in one.ways}
    for (person, point), way in named.items():
        if (person, point) not in held:
            yield c.RecordPoint(
                point=point, medium=way.medium, value=way.value, person=person, zone=way.zone, source=BOOK,
                workplace=way.workplace,
            )  # fmt: skip
    for (person, point), was in held.items():
        if was.source == BOOK and (person, point) not in named:
            yield c.EndPoint(point=point, reason=DROPPED, person=person)


def _points(known: Subject) -> dict[tuple[str | None, str], subject.PointRecorded]:
    """The points in use, by what was recorded last."""
    told: list[tuple[int, Any]] = [*known.of(subject.PointRecorded), *known.of(subject.PointEnded)]
    found: dict[tuple[str | None, str], subject.PointRecorded] = {}
    for _, event in sorted(told, key=lambda one: one[0]):
        if isinstance(event, subject.PointRecorded):
            found[event.person, event.point] = event
        else:
            found.pop((event.person, event.point), None)
    return found
