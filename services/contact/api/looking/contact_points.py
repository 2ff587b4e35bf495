"""Every number and address of a subject, masked; and one in clear: for a purpose, by a person, on record first."""

import json
from dataclasses import replace
from datetime import datetime
from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from services.contact.api.asking.acting import PERSON, POINT, SUBJECT, SubjectId, keyed, one_of
from services.contact.api.desk import Desk, Office
from services.contact.application.handle import SubjectUnknown
from services.contact.application.looking.revealing import Asked as AskedLook
from services.contact.application.thing_ids import is_subject
from services.contact.domain.looking.points import Point, PointUnknown
from shared.http.bodies import Sent
from shared.http.commands import Asked, Decided, Envelope
from shared.http.operations import command, reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire
from shared.kernel import ids
from shared.kernel.privacy.limits import LookOver
from shared.kernel.privacy.purposes import PURPOSES
from shared.messaging.published import instant

PointId = Annotated[
    str, Path(description="`cpt_…`, as the list of contact points gives it.", examples=[POINT])
]
_KEPT = ("Cache-Control", "Event-Position", "Idempotent-Replayed")
_REVEALS = f"/v1/subjects/{SUBJECT}/contact-points/{POINT}/reveals"


class ContactPointShown(Wire):
    """A way to reach a person, masked; `value` is null once it was erased."""

    id: str
    person: str | None = Field(description="Whose it is: null, the debtor's.")
    role: str | None = Field(description="What the person is to the debt now; null: nothing any more.")
    medium: str = Field(description="phone, email, post, im.")
    value: str | None = Field(examples=["138****8000"])
    source: str
    zone: str | None
    workplace: bool
    since: str
    ended_at: str | None = Field(description="No longer used from then on.")
    ended_reason: str | None = Field(description="DROPPED, REPLACED, DEAD.")
    misdirected_at: str | None = Field(description="Known from then on to be somebody else's.")
    checked_at: str | None = Field(description="When it was last checked that it still is the person's.")
    links: dict[str, str]


class ContactPointList(Wire):
    """All of them, in the order in which they were recorded last."""

    items: list[ContactPointShown]
    page: PageLinks


class PointReveal(Wire):
    """One in clear. It is on record under `id` who saw it; do not keep or show it after `until`."""

    id: str
    subject: str
    contact_point: str
    person: str | None
    medium: str
    value: str
    purpose: str
    until: str
    expires_in: int = Field(description="Seconds left until then, rounded up.")
    events: list[str]


class PointRevealSent(Sent):
    """What it is to be seen for."""

    purpose: str = one_of(PURPOSES)


_SHOWN: dict[str, Any] = {
    "id": POINT, "person": None, "role": "debtor", "medium": "phone", "value": "138****8000", "source": "CRM",
    "zone": "Asia/Shanghai", "workplace": False, "since": "2026-10-31T02:00:00.000000Z", "ended_at": None,
    "ended_reason": None, "misdirected_at": None, "checked_at": None, "links": {"reveals": _REVEALS},
}  # fmt: skip
_IN_CLEAR: dict[str, Any] = {
    "id": "6f1c0d1e-0000-8000-8000-000000000002", "subject": SUBJECT, "contact_point": POINT, "person": PERSON,
    "medium": "phone", "value": "+8613800138000", "purpose": "CONTACT", "until": "2026-11-22T04:01:00.000000Z",
    "expires_in": 60, "events": ["PointRevealed", "RevealCounted"],
}  # fmt: skip


def router(office: Office) -> APIRouter:
    """GET /v1/subjects/{subject_id}/contact-points, POST …/{contact_point}/reveals."""
    found = routes("/v1/subjects/{subject_id}/contact-points", tag="contact subjects")
    _list(found, office)
    _reveal(found, office)
    return found


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "",
        **reading(
            "listContactPoints",
            "Every number and address of the debtor and others, those no longer used included; masked",
            scope="contact:decide",
            problems=("not-found",),
            example={"items": [_SHOWN], "page": {"next": None}},
        ),
    )
    async def list_points(response: Response, subject_id: SubjectId) -> ContactPointList:
        try:
            version, points = await office.open_desk.reveals.masked(subject_id)
        except SubjectUnknown:
            raise Problem("not-found") from None
        if version:
            response.headers["ETag"] = etag(version)
        response.headers["Cache-Control"] = "no-store"
        return ContactPointList(items=[_shown(subject_id, one) for one in points], page=PageLinks(next=None))


def _shown(subject_id: str, one: Point) -> ContactPointShown:
    return ContactPointShown(
        id=one.point, person=one.person, role=one.role, medium=one.medium, value=one.masked, source=one.source,
        zone=one.zone, workplace=one.workplace, since=instant(one.since), ended_at=_when(one.ended_at),
        ended_reason=one.ended_reason, misdirected_at=_when(one.misdirected_at), checked_at=_when(one.checked_at),
        links={"reveals": f"/v1/subjects/{subject_id}/contact-points/{one.point}/reveals"},
    )  # fmt: skip


def _when(at: datetime | None) -> str | None:
    return None if at is None else instant(at)


def declared() -> dict[str, Any]:
    """The operation of seeing one in clear, as the document tells it."""
    said = command(
        "revealContactPoint",
        "See a number or address in clear; the look is on record before it is answered",
        scope="pii:reveal",
        problems=(
            "person-required", "quota-exceeded", "purpose-unknown", "point-forgotten", "look-over",
        ),
        sent={"purpose": "CONTACT"},
        gives={},
    )  # fmt: skip
    done = said["responses"][201]
    done |= {"model": PointReveal, "content": {"application/json": {"example": _IN_CLEAR}}}
    done["headers"].pop("ETag")
    return said


def _reveal(found: APIRouter, office: Office) -> None:
    @found.post("/{contact_point}/reveals", **declared())
    async def reveal_point(
        subject_id: SubjectId, contact_point: PointId, sent: PointRevealSent, asked: Asked
    ) -> Response:
        desk = office.open_desk
        if not is_subject(subject_id):
            raise Problem("not-found")
        mine = _own(asked, desk)
        look = AskedLook(
            subject_id=subject_id, point=contact_point, purpose=sent.purpose, actor=asked.caller.actor,
            command_id=mine.command_id(desk.ledger), dry_run=asked.dry_run,
        )  # fmt: skip

        async def decide() -> Decided:
            try:
                taken = await desk.reveals.reveal(look)
            except PointUnknown:
                raise Problem("not-found") from None
            refs = {"id": str(ids.event_id(look.command_id, 0)), "until": instant(taken.until)}
            return Decided(writes=taken.writes, policy=None, refs=refs, taken=taken.taken)

        async with desk.acts.turn(subject_id), desk.reveals.turn(look):
            recorded = await mine.carry_out(desk.ledger, stream=subject_id, decide=decide)
        if recorded.status_code != 201:
            return recorded
        return await _in_clear(desk, look, recorded)


def _own(asked: Envelope, desk: Desk) -> Envelope:
    """The command under a key that is the person's own: another person with the same key looks for themselves."""
    return replace(keyed(asked, desk), key=f"{asked.caller.subject}/{asked.key}")


async def _in_clear(desk: Desk, look: AskedLook, recorded: Response) -> Response:
    """The number itself, read anew. Raises LookOver where a look of the past is asked for again."""
    refs: dict[str, Any] = json.loads(bytes(recorded.body))
    left = (datetime.fromisoformat(refs["until"]) - desk.clock.now()).total_seconds()
    if left <= 0:
        raise LookOver
    try:
        one = await desk.reveals.shown(look.subject_id, look.point)
    except PointUnknown:  # all that was on record of the subject was erased since
        raise Problem("not-found") from None
    answer = {
        "id": refs["id"], "subject": look.subject_id, "contact_point": one.point, "person": one.person,
        "medium": one.medium, "value": one.value, "purpose": look.purpose, "until": refs["until"],
        "expires_in": ceil(left), "events": refs["events"],
    }  # fmt: skip
    headers = {name: recorded.headers[name] for name in _KEPT if name in recorded.headers}
    return JSONResponse(answer, status_code=201, headers=headers)
