"""Visits: agreed beforehand, called off, recorded as the contact they were; and the list of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import Field, StringConstraints
from starlette.responses import Response

from services.contact.api.asking.acting import (
    CASE,
    OF_A_SUBJECT,
    OF_A_THING,
    PERMIT,
    SUBJECT,
    Act,
    CaseRef,
    DatedSent,
    Debts,
    Mark,
    Marks,
    PermitRef,
    PersonRef,
    PointRef,
    SubjectId,
    Word,
    closed,
    example,
    one_of,
)
from services.contact.api.asking.attempts import AttemptOutcomeSent
from services.contact.api.desk import Office
from services.contact.api.lists import From, KnownAt, OfSubject, Until, begins, listed
from services.contact.application.thing_ids import VISIT
from services.contact.domain.asked import COLLECTOR_ROLES
from services.contact.domain.visits.commands import AgreeVisit, CancelVisit, Recording, RecordVisit
from services.contact.projections.visits import appointments
from shared.eventstore.projection.health import positions
from shared.http.asked import MinPosition, caught_up, moment, stamp
from shared.http.bodies import Moment, Ref, Sent, Whole
from shared.http.commands import Asked
from shared.http.listing import OF_A_LIST, AskedPage, words
from shared.http.listing import one_of as require_one_of
from shared.http.operations import command, reading, routes
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire

VISITS = "/v1/visits"
ID = f"vst_{OF_A_THING}"
PLACES = ("home", "office_of_lender", "agreed")
VisitId = Annotated[str, Path(description="`vst_…`, as the answer that agreed it gave it.")]
Staff = Annotated[str, StringConstraints(pattern=r"^(user|system):[A-Za-z0-9._@-]{1,80}$")]


class VisitSent(DatedSent):
    """An appointment: when, where, and with whom (the debtor unless a person is named)."""

    on: Moment = Field(description="When the visit is to be.")
    place: str = one_of(PLACES, default="home")
    address: Annotated[str, StringConstraints(min_length=3, max_length=300)] = Field(
        description="Where, in clear; sealed under the person's key.", examples=["上海市徐汇区漕溪北路 88 号"]
    )
    person: PersonRef | None = None


class VisitCancellationSent(DatedSent):
    """Why the visit will not be made."""

    reason: Word = Field(examples=["DEBTOR_ASKED"])


class VisitRecordingSent(Sent):
    """Where the recording of a visit lies, and what it hashes to."""

    uri: Annotated[
        str, StringConstraints(min_length=8, max_length=500, pattern=r"^[a-z][a-z0-9+.-]*://[^\s]+$")
    ] = Field(examples=["s3://recordings/2026/11/24/v-17.opus"])
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(examples=["9f" * 32])
    seconds: Whole | None = Field(default=None, ge=0, le=86_400)


class VisitRecordSent(Sent):
    """The visit that was made: taken whatever it broke; with fewer than two people it is a breach."""

    source: Word = Field(description="Who reports it: the code of the system.", examples=["FIELD_APP"])
    source_ref: Ref = Field(
        description="The source's own reference of this visit.", examples=["V-2026-1124-17"]
    )
    at: Moment = Field(description="When it began.")
    visitors: tuple[Staff, ...] = Field(
        min_length=1, max_length=20, description="Who went.", examples=[["user:anna", "user:ben"]]
    )
    outcome: AttemptOutcomeSent
    collector_role: str = one_of(COLLECTOR_ROLES, default="first_party")
    place: str | None = one_of(
        PLACES, default=None, description="Where it was; where it was agreed unless given."
    )
    contact_point: PointRef | None = None
    case: CaseRef | None = None
    debts: Debts = ()
    creditor: Ref | None = None
    agency: Ref | None = None
    purpose: Mark | None = None
    content: Marks = ()
    permit: PermitRef | None = Field(default=None, description="The permit taken out before going.")
    recording: VisitRecordingSent | None = None


class VisitShown(Wire):
    """A visit."""

    id: str
    subject: str
    on: str = Field(description="When it was agreed for.")
    person: str | None
    place: str
    status: str = Field(description="AGREED, CANCELLED or MADE.")
    reason: str | None = Field(description="Why it was called off.")
    attempt: str | None = Field(description="The contact that it became.")
    staff: int | None = Field(description="How many went.")
    made_at: str | None


class VisitPage(Wire):
    """A page of visits."""

    items: list[VisitShown]
    page: PageLinks


def router(office: Office) -> APIRouter:
    """The routes of visits."""
    found = routes("/v1", tag="visits")
    _agree(found, office)
    _cancel(found, office)
    _record(found, office)
    _list(found, office)
    _one(found, office)
    return found


def _agree(found: APIRouter, office: Office) -> None:
    @found.post(
        "/subjects/{subject_id}/visits",
        **command(
            "agreeVisit",
            "Put an appointment for a visit on record: without one no permit for a visit is given",
            scope="contact:record",
            problems=(*OF_A_SUBJECT, "visit-before-agreed"),
            sent={
                "on": "2026-11-24T10:00:00+08:00",
                "place": "home",
                "address": "上海市徐汇区漕溪北路 88 号",
            },
            gives=example(id=ID),
            links={
                "showVisit": {"visit_id": "$response.body#/id"},
                "recordVisit": {"visit_id": "$response.body#/id"},
                "cancelVisit": {"visit_id": "$response.body#/id"},
            },
        ),
    )
    async def agree_visit(subject_id: SubjectId, sent: VisitSent, asked: Asked) -> Response:
        closed("/place", sent.place, PLACES)
        act = Act(office, subject_id, asked)
        visit = act.desk.acts.thing_id(
            VISIT, subject_id, client=asked.caller.client, operation=asked.operation, key=asked.key
        )
        agreed = AgreeVisit(
            visit=visit, on=sent.on, place=sent.place, address=sent.address, person=sent.person, at=sent.at
        )
        answer, _ = await act.do(agreed, links={"self": f"{VISITS}/{visit}"}, id=visit)
        return answer


def _cancel(found: APIRouter, office: Office) -> None:
    @found.post(
        "/visits/{visit_id}/cancellations",
        **command(
            "cancelVisit",
            "Call a visit off",
            scope="contact:record",
            problems=(*OF_A_SUBJECT, "visit-unknown", "visit-already-made"),
            sent={"reason": "DEBTOR_ASKED"},
            gives=example(id=ID),
        ),
    )
    async def cancel_visit(visit_id: VisitId, sent: VisitCancellationSent, asked: Asked) -> Response:
        act = Act.on(office, VISIT, visit_id, asked)
        answer, _ = await act.do(CancelVisit(visit=visit_id, reason=sent.reason, at=sent.at), id=visit_id)
        return answer


_RECORD: dict[str, Any] = {
    "source": "FIELD_APP",
    "source_ref": "V-2026-1124-17",
    "at": "2026-11-24T10:05:00+08:00",
    "visitors": ["user:anna", "user:ben"],
    "outcome": {"outcome": "conversation", "identity": "VERIFIED"},
    "case": CASE,
    "permit": PERMIT,
    "recording": {"uri": "s3://recordings/2026/11/24/v-17.opus", "sha256": "9f" * 32, "seconds": 900},
}


def _record(found: APIRouter, office: Office) -> None:
    @found.post(
        "/visits/{visit_id}/records",
        **command(
            "recordVisit",
            "Take in a visit that was made, with its recording; `breach` says which rules it broke",
            scope="contact:record",
            problems=(
                *OF_A_SUBJECT, "visit-unknown", "visit-already-made", "attempt-already-reported",
                "attempt-retracted", "outcome-not-known",
            ),
            sent=_RECORD,
            gives=example(id=ID, attempt=f"cat_{OF_A_THING}")
            | {"breach": [], "breaches_found": [], "breaches_withdrawn": []},
        ),
    )  # fmt: skip
    async def record_visit(visit_id: VisitId, sent: VisitRecordSent, asked: Asked) -> Response:
        closed("/collector_role", sent.collector_role, COLLECTOR_ROLES)
        closed("/place", sent.place, PLACES)
        act = Act.on(office, VISIT, visit_id, asked)
        attempt = act.desk.acts.attempt_id(act.subject_id, sent.source, sent.source_ref)
        kept = sent.recording
        recorded = RecordVisit(
            visit=visit_id, attempt=attempt, source=sent.source, source_ref=sent.source_ref, at=sent.at,
            visitors=sent.visitors, outcome=sent.outcome.command("/outcome"),
            collector_role=sent.collector_role, place=sent.place, point=sent.contact_point, case=sent.case,
            debts=sent.debts, creditor=sent.creditor, agency=sent.agency, purpose=sent.purpose,
            content=sent.content, permit=sent.permit,
            recording=Recording(uri=kept.uri, sha256=kept.sha256, seconds=kept.seconds) if kept else None,
        )  # fmt: skip
        answer, _ = await act.do(recorded, own=attempt, id=visit_id, attempt=attempt)
        return answer


_SHOWN = {
    "id": ID, "subject": SUBJECT, "on": "2026-11-24T02:00:00.000000Z", "person": None, "place": "home",
    "status": "MADE", "reason": None, "attempt": f"cat_{OF_A_THING}", "staff": 2,
    "made_at": "2026-11-24T02:05:00.000000Z",
}  # fmt: skip


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "/visits",
        **reading(
            "listVisits",
            "Visits by the time agreed, the latest first",
            scope="contact:decide",
            problems=OF_A_LIST,
            example={"items": [_SHOWN], "page": {"next": None}},
            links={"showVisit": {"visit_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_visits(
        turn: AskedPage,
        subject: OfSubject = None,
        status: Annotated[str | None, words(appointments.STATUSES, "Those that stand like this.")] = None,
        from_: From = None,
        until: Until = None,
        known_at: KnownAt = None,
    ) -> VisitPage:
        require_one_of("status", status, appointments.STATUSES)
        zone = office.open_desk.zone
        since, before = begins(from_, name="from", zone=zone), begins(until, name="until", zone=zone)
        known = moment(known_at, name="known_at", zone=zone)
        rows, page = await listed(
            office, turn, path=VISITS, view=appointments.VIEW,
            filters={
                "subject": subject, "status": status, "from": from_, "until": until, "known_at": known_at,
            },
            rows=lambda connection, part: appointments.page(
                connection, subject=subject, status=status, from_=since, until=before, known_at=known,
                after=part.after, limit=part.limit, pin=part.pin,
            ),
        )  # fmt: skip
        return VisitPage(items=[VisitShown(**row.as_json()) for row in rows], page=PageLinks(**page))


def _one(found: APIRouter, office: Office) -> None:
    @found.get(
        "/visits/{visit_id}",
        **reading(
            "showVisit",
            "A visit and what became of it",
            scope="contact:decide",
            problems=("not-found", "malformed-request", "projection-behind"),
            example=_SHOWN,
        ),
    )
    async def show_visit(
        request: Request, response: Response, visit_id: VisitId, min_position: MinPosition = None
    ) -> VisitShown:
        desk = office.open_desk
        await caught_up(request, desk, appointments.VIEW)
        row, at = await desk.ask(
            lambda connection: (
                appointments.one(connection, visit_id),
                positions(connection, appointments.VIEW),
            )
        )
        if row is None:
            raise Problem("not-found")
        await stamp(response, desk, at)
        return VisitShown(**row.as_json())
