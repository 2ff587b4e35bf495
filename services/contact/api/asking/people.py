"""Who belongs to a subject and how they are reached: descriptions, people, numbers and addresses, mandates."""

from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter
from pydantic import Field, RootModel, StringConstraints
from starlette.responses import Response

from services.contact.api.asking.acting import (
    OF_A_SUBJECT,
    PERSON,
    POINT,
    Act,
    AddressSent,
    DatedSent,
    Mark,
    PersonRef,
    PointRef,
    SubjectId,
    Word,
    closed,
    example,
    normal_form,
    one_of,
)
from services.contact.api.desk import Office
from services.contact.domain import commands as c
from services.contact.domain.asking.media import MEDIA
from shared.http.bodies import Moment, Ref
from shared.http.commands import Asked
from shared.http.operations import command, routes
from shared.http.problems import Problem
from shared.kernel.clock import zone as known_zone
from shared.kernel.refusal import Refused

ENDS = ("DROPPED", "REPLACED", "DEAD")
Place = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"), Field(examples=["CN"])]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=60), Field(examples=["Asia/Shanghai"])]


class ContactPointSent(DatedSent):
    """A number or address of a person, in clear: it is sealed under the person's key and looked up by its HMAC."""

    address: AddressSent
    person: PersonRef | None = Field(default=None, description="Whose it is; the debtor's unless given.")
    zone: Zone | None = Field(default=None, description="Where it hints that the person is.")
    source: Word = Field(default="STAFF", examples=["CRM"])
    workplace: bool = Field(default=False, strict=True, description="The address is the employer's.")


class MisdirectedSent(DatedSent):
    """The number or address is somebody else's: contacts to it never reached this person, and count no more."""

    kind: Literal["misdirected"]
    contact_point: PointRef
    person: PersonRef | None = None
    source: Word = Field(default="STAFF", examples=["DIALER"])


class PointEndedSent(DatedSent):
    """The number or address is no longer used."""

    kind: Literal["ended"]
    contact_point: PointRef
    person: PersonRef | None = None
    reason: str = one_of(ENDS)


class PointCheckedSent(DatedSent):
    """It was checked that the number still is this person's (二次放号)."""

    kind: Literal["checked"]
    contact_point: PointRef
    person: PersonRef | None = None
    source: Word = Field(examples=["CARRIER"])


Corrected: TypeAlias = Annotated[
    MisdirectedSent | PointEndedSent | PointCheckedSent, Field(discriminator="kind")
]


class PointCorrectionSent(RootModel[Corrected]):
    """What is now known of a number or address; `kind` says what."""


class ContactPersonSent(DatedSent):
    """Somebody who has to do with the debt, known by a reference of yours."""

    reference: Ref = Field(description="Your reference of the person.", examples=["P-0815"])
    role: Mark = Field(examples=["guarantor"])
    source: Word = Field(default="STAFF", examples=["CRM"])


class ContactPersonGoneSent(DatedSent):
    """A person no longer has to do with the debt."""

    person: PersonRef
    reason: Word = Field(examples=["RELEASED"])


class DescriptionSent(DatedSent):
    """Every place and every zone the debtor may plausibly be in; without zones all those of the places count."""

    debtor_ref: Ref = Field(description="The lender's reference of the debtor.", examples=["TW-0004711"])
    jurisdictions: Annotated[tuple[Place, ...], Field(min_length=1, max_length=20)]
    zones: Annotated[tuple[Zone, ...], Field(min_length=1, max_length=50)] | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$", examples=["zh-CN"])] | None = None
    source: Word = Field(default="STAFF", examples=["CRM"])


class MandateSent(DatedSent):
    """A third party may collect for a creditor until `until` (exclusive)."""

    agency: Ref = Field(examples=["AGENCY-9"])
    creditor: Ref | None = None
    until: Moment | None = None


class MandateEndedSent(DatedSent):
    """The mandate of an agency ended."""

    agency: Ref = Field(examples=["AGENCY-9"])
    creditor: Ref | None = None


def router(office: Office) -> APIRouter:
    """The routes under /v1/subjects/{subject_id} that say who it is and how they are reached."""
    found = routes("/v1/subjects/{subject_id}", tag="contact subjects")
    _describe(found, office)
    _points(found, office)
    _people(found, office)
    _mandates(found, office)
    return found


def _zoned(pointer: str, name: str | None) -> None:
    """Raises Problem `invalid` for a zone that is not of the IANA database."""
    try:
        if name is not None:
            known_zone(name)
    except Refused:
        raise Problem("invalid", errors=[(pointer, "NOT_A_ZONE")]) from None


def _describe(found: APIRouter, office: Office) -> None:
    @found.post(
        "/descriptions",
        **command(
            "describeContactSubject",
            "Say every place and zone the debtor may be in; the newest description counts whole",
            scope="contact:record",
            problems=OF_A_SUBJECT,
            sent={"debtor_ref": "TW-0004711", "jurisdictions": ["CN"], "zones": ["Asia/Shanghai"]},
            gives=example(),
        ),
    )
    async def describe_subject(subject_id: SubjectId, sent: DescriptionSent, asked: Asked) -> Response:
        act = Act(office, subject_id, asked)
        if office.open_desk.acts.subject_id(sent.debtor_ref) != subject_id:
            raise Problem("invalid", errors=[("/debtor_ref", "NOT_OF_THE_SUBJECT")])
        for number, name in enumerate(sent.zones or ()):
            _zoned(f"/zones/{number}", name)
        said = c.DescribeSubject(
            debtor_ref=sent.debtor_ref, jurisdictions=sent.jurisdictions, zones=sent.zones,
            language=sent.language, source=sent.source, at=sent.at,
        )  # fmt: skip
        answer, _ = await act.do(said)
        return answer


def _points(found: APIRouter, office: Office) -> None:
    @found.post(
        "/contact-points",
        **command(
            "addContactPoint",
            "Record a number or address of a person",
            scope="contact:record",
            problems=OF_A_SUBJECT,
            sent={"address": {"medium": "phone", "value": "+8613800138000"}, "source": "CRM"},
            gives=example(id=POINT),
        ),
    )
    async def add_point(subject_id: SubjectId, sent: ContactPointSent, asked: Asked) -> Response:
        act, desk = Act(office, subject_id, asked), office.open_desk
        closed("/address/medium", sent.address.medium, MEDIA)
        _zoned("/zone", sent.zone)
        value = normal_form(desk, sent.address, "/address/value")
        point = desk.acts.point_id(sent.address.medium, value)
        recorded = c.RecordPoint(
            point=point, medium=sent.address.medium, value=value, person=sent.person, zone=sent.zone,
            source=sent.source, workplace=sent.workplace, at=sent.at,
        )  # fmt: skip
        answer, _ = await act.do(recorded, id=point)
        return answer

    @found.post(
        "/contact-points/corrections",
        **command(
            "correctContactPoint",
            "Say what is now known of a number: another's, no longer used, or checked; counts follow from then on",
            scope="contact:record",
            problems=OF_A_SUBJECT,
            sent={"kind": "misdirected", "contact_point": POINT, "source": "DIALER"},
            gives=example(id=POINT, breaches_found=[], breaches_withdrawn=[]),
        ),
    )
    async def correct_point(subject_id: SubjectId, sent: PointCorrectionSent, asked: Asked) -> Response:
        act, said = Act(office, subject_id, asked), sent.root
        corrected: c.MisdirectPoint | c.EndPoint | c.CheckReassignment
        match said:
            case MisdirectedSent():
                corrected = c.MisdirectPoint(
                    point=said.contact_point, source=said.source, person=said.person, at=said.at
                )
            case PointEndedSent():
                closed("/reason", said.reason, ENDS)
                corrected = c.EndPoint(
                    point=said.contact_point, reason=said.reason, person=said.person, at=said.at
                )
            case PointCheckedSent():
                corrected = c.CheckReassignment(
                    point=said.contact_point, source=said.source, person=said.person, at=said.at
                )
        answer, _ = await act.do(corrected, id=said.contact_point)
        return answer


def _people(found: APIRouter, office: Office) -> None:
    @found.post(
        "/people",
        **command(
            "linkContactPerson",
            "Say who else has to do with the debt, and as what",
            scope="contact:record",
            problems=OF_A_SUBJECT,
            sent={"reference": "P-0815", "role": "guarantor", "source": "CRM"},
            gives=example(id=PERSON),
        ),
    )
    async def link_person(subject_id: SubjectId, sent: ContactPersonSent, asked: Asked) -> Response:
        act = Act(office, subject_id, asked)
        person = office.open_desk.acts.person_id(sent.reference)
        linked = c.LinkPerson(
            person=person, role=sent.role, person_ref=sent.reference, source=sent.source, at=sent.at
        )
        answer, _ = await act.do(linked, id=person)
        return answer

    @found.post(
        "/people/removals",
        **command(
            "unlinkContactPerson",
            "Say that a person no longer has to do with the debt",
            scope="contact:record",
            problems=OF_A_SUBJECT,
            sent={"person": PERSON, "reason": "RELEASED"},
            gives=example(id=PERSON),
        ),
    )
    async def unlink_person(subject_id: SubjectId, sent: ContactPersonGoneSent, asked: Asked) -> Response:
        act = Act(office, subject_id, asked)
        answer, _ = await act.do(
            c.UnlinkPerson(person=sent.person, reason=sent.reason, at=sent.at), id=sent.person
        )
        return answer


def _mandates(found: APIRouter, office: Office) -> None:
    @found.post(
        "/mandates",
        **command(
            "recordContactMandate",
            "Say that a third party may collect, for whom and until when",
            scope="contact:record",
            problems=OF_A_SUBJECT,
            sent={"agency": "AGENCY-9", "until": "2027-05-01T00:00:00+08:00"},
            gives=example(),
        ),
    )
    async def record_mandate(subject_id: SubjectId, sent: MandateSent, asked: Asked) -> Response:
        act = Act(office, subject_id, asked)
        answer, _ = await act.do(
            c.RecordMandate(agency=sent.agency, creditor=sent.creditor, until=sent.until, at=sent.at)
        )
        return answer

    @found.post(
        "/mandates/endings",
        **command(
            "endContactMandate",
            "Say that the mandate of a third party ended",
            scope="contact:record",
            problems=OF_A_SUBJECT,
            sent={"agency": "AGENCY-9"},
            gives=example(),
        ),
    )
    async def end_mandate(subject_id: SubjectId, sent: MandateEndedSent, asked: Asked) -> Response:
        act = Act(office, subject_id, asked)
        answer, _ = await act.do(c.EndMandate(agency=sent.agency, creditor=sent.creditor, at=sent.at))
        return answer
