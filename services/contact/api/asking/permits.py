"""May this contact be made? Permits one by one and for a dialer's list, and the decision read again."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse
from pydantic import Field, ValidationError
from starlette.responses import Response

from services.contact.api.asking import permit_wire as wire
from services.contact.api.asking.acting import (
    CASE,
    OF_A_SUBJECT,
    PERMIT,
    POINT,
    SUBJECT,
    Act,
    ContactSent,
    Mark,
    closed,
    point_of,
    subject_named,
)
from services.contact.api.desk import Desk, Office
from services.contact.api.texts.spoken import OF_A_SCRIPT, with_script
from services.contact.application.asking.shown import Shown, again, permit_of
from services.contact.application.asking.stored import decision as stored_decision
from services.contact.domain.asking.media import CHANNEL_MEDIUM
from services.contact.domain.commands import AskPermit
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused, Proposed
from services.contact.domain.history import Lookback
from services.contact.domain.permits import spending
from shared.http import bodies, problems
from shared.http.bodies import Sent
from shared.http.commands import Asked, Envelope
from shared.http.language import Language, chosen
from shared.http.operations import command, reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem
from shared.http.traffic import request_id_of
from shared.kernel.refusal import Refused

PERMITS = "/v1/contact-permits"
OPERATION = "askContactPermit"
ITEMS_MAX = 1_000
BATCH_BYTES_MAX = 4 * 1024 * 1024
_KEPT = ("Cache-Control", "ETag", "Event-Position", "Idempotent-Replayed", "Location")
SENT: dict[str, Any] = {
    "subject": SUBJECT, "case": CASE, "channel": "voice", "contact_point": POINT, "content": ["identifies_institution"],
}  # fmt: skip
PermitId = Annotated[str, Path(description="`cpm_…`, as the answer that gave it.")]
AcceptLanguage = Annotated[str | None, Header()]


class ContactPermitSent(ContactSent):
    """A contact that somebody wants to make now."""

    override: Mark | None = Field(
        default=None, description="The code of an approver who lets a rule through."
    )
    exception: Mark | None = Field(default=None, description="An agreement on file that lets a rule through.")

    def proposed(self, desk: Desk) -> Proposed:
        """The contact, pseudonymous. Raises Problem `invalid`; also for an address that the channel cannot reach."""
        self.check()
        medium = CHANNEL_MEDIUM.get(self.channel)
        if self.address is not None and medium is not None:
            closed("/address/medium", self.address.medium, (medium,))
        return Proposed(
            at=desk.clock.now(), channel=self.channel, role=self.role, collector_role=self.collector_role,
            person=self.person, point=point_of(desk, self), case=self.case, debts=self.debts,
            creditor=self.creditor, agency=self.agency, purpose=self.purpose, place=self.place,
            content=self.content, staff=self.staff, reply=self.reply, override=self.override,
            exception=self.exception,
        )  # fmt: skip


class ContactPermitBatchSent(Sent):
    """Contacts of a dialer's list: each with a `key` of its own and the fields of a single request."""

    items: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=ITEMS_MAX)


def router(office: Office) -> APIRouter:
    """The routes under /v1/contact-permits and /v1/contact-permit-batches."""
    found = routes("/v1", tag="contact permits")
    _ask(found, office)
    _ask_many(found, office)
    _show(found, office)
    return found


def _declared() -> dict[str, Any]:
    said = command(
        OPERATION,
        "May this contact be made now? The answer is on record either way; a permit holds its place in every cap",
        scope="contact:decide",
        problems=(*OF_A_SUBJECT, *OF_A_SCRIPT),
        sent=SENT,
        gives={},
        links={"showContactPermit": {"permit_id": "$response.body#/id"}},
    )
    return answered(said, 201, wire.SHOWN | {"links": {"self": f"{PERMITS}/{PERMIT}"}, "version": 7})


def answered(said: dict[str, Any], status: int, example: Mapping[str, Any]) -> dict[str, Any]:
    """A declared operation whose answer is more than references."""
    responses = dict(said["responses"])
    done = dict(responses.pop(201))
    done["content"] = {bodies.MEDIA_TYPE: {"schema": {"type": "object"}, "example": dict(example)}}
    return {**said, "status_code": status, "responses": {**responses, status: done}}


def _ask(found: APIRouter, office: Office) -> None:
    @found.post("/contact-permits", **_declared())
    async def ask_permit(
        sent: ContactPermitSent, asked: Asked, accept_language: AcceptLanguage = None
    ) -> Response:
        language = chosen(accept_language)
        answer, said = await asked_for(office, sent, asked, language=language)
        return answer if said is None else _said(answer, said, language)


async def asked_for(
    office: Office, sent: ContactPermitSent, asked: Envelope, *, language: Language, alternatives: bool = True
) -> tuple[Response, dict[str, Any] | None]:
    """Ask once; the answer as stored, and the permit as it is shown: none for a dry run."""
    desk = office.open_desk
    sent = await with_script(desk, sent, on=desk.texts.today)
    subject_id = await subject_named(desk, sent)
    act = Act(office, subject_id, asked)
    permit = desk.acts.permit_id(subject_id, client=asked.caller.client, key=asked.key)
    ask = AskPermit(permit=permit, proposed=sent.proposed(desk), asked_by=asked.caller.actor)
    links = {"self": f"{PERMITS}/{permit}"}
    answer, events = await act.do(ask, links=links, by_body=True, id=permit)
    if asked.dry_run:
        return answer, None
    shown = await _decision(desk, subject_id, permit, fresh=events, answer=answer)
    said = permit_of(
        shown, desk.decisions.packs, language=language, now=desk.clock.now(), alternatives=alternatives
    )
    stored = json.loads(bytes(answer.body))
    return answer, said | {name: stored[name] for name in ("links", "version", "events") if name in stored}


async def _decision(desk: Desk, subject_id: str, permit: str, *, fresh: Any, answer: Response) -> Shown:
    """The decision and the subject right after it: from memory where it was taken just now, else from the stream."""
    decided = next((one for one in fresh if isinstance(one, ContactPermitted | ContactRefused)), None)
    if decided is not None:
        known = desk.acts.remembered.take(subject_id)
        if known is not None:
            desk.acts.remembered.keep(known)
            if known.version == decided.inputs + len(fresh):
                return Shown(subject_id=subject_id, event=decided, after=known.state)
    found = await stored_decision(desk.acts, permit)
    assert found is not None, "what was answered is in the stream"
    return found.shown


def _said(answer: Response, said: Mapping[str, Any], language: Language) -> Response:
    headers = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
    headers |= {"Content-Language": language, "Vary": "Accept-Language"}
    return JSONResponse(dict(said), status_code=answer.status_code, headers=headers)


def _ask_many(found: APIRouter, office: Office) -> None:
    said = command(
        "askContactPermits",
        f"The same for a dialer's list of at most {ITEMS_MAX}: each item under its own key, a bad one spoils no other",
        scope="contact:decide",
        problems=OF_A_SUBJECT,
        sent={"items": [{"key": "call-4711", **SENT}]},
        gives={},
        bytes_max=BATCH_BYTES_MAX,
    )
    example = {"items": [{"key": "call-4711", "status": 201, "permit": wire.SHOWN}]}

    @found.post("/contact-permit-batches", **answered(said, 207, example))
    async def ask_permits(
        request: Request,
        sent: ContactPermitBatchSent,
        asked: Asked,
        accept_language: AcceptLanguage = None,
    ) -> Response:
        language = chosen(accept_language)
        answers = [await _item(office, one, asked, request, language) for one in sent.items]
        headers = {"Cache-Control": "no-store", "Content-Language": language, "Vary": "Accept-Language"}
        return JSONResponse({"items": answers}, status_code=207, headers=headers)


async def _item(
    office: Office, one: dict[str, Any], asked: Envelope, request: Request, language: Language
) -> dict[str, Any]:
    """One item's answer: the permit, or the problem a single request would have met. Its key is its own."""
    key = one.get("key")
    own = {name: value for name, value in one.items() if name != "key"}

    def problem(kind: problems.ProblemType, errors: Any = (), context: Any = None) -> dict[str, Any]:
        said = problems.body(
            kind, language=language, request_id=request_id_of(request.scope), errors=errors, context=context
        )
        return {"key": key if _is_key(key) else None, "status": kind.status, "problem": said}

    if not _is_key(key):
        return problem(problems.CATALOGUE["idempotency-key-missing"])
    try:
        item = ContactPermitSent.model_validate(own)
    except ValidationError as raised:
        places = sorted(
            {("/" + "/".join(map(str, error["loc"])), error["type"].upper()) for error in raised.errors()}
        )
        return problem(problems.CATALOGUE["invalid"], errors=places)
    single = Envelope(
        caller=asked.caller, operation=OPERATION, key=str(key),
        fingerprint=bodies.fingerprint("POST", PERMITS, own), expected=None, dry_run=asked.dry_run,
    )  # fmt: skip
    try:
        answer, said = await asked_for(office, item, single, language=language, alternatives=False)
    except Problem as met:
        return problem(met.kind, met.errors, met.context)
    except Refused as refused:
        return problem(problems.of_refusal(type(refused)), context=refused.context)
    if said is None:
        return {"key": key, "status": answer.status_code, "dry_run": json.loads(bytes(answer.body))}
    return {"key": key, "status": answer.status_code, "permit": said}


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and 0 < len(key) <= 255 and all("!" <= letter <= "~" for letter in key)


def _show(found: APIRouter, office: Office) -> None:
    links = {"self": f"{PERMITS}/{PERMIT}", "subject": f"/v1/subjects/{SUBJECT}/contactability"}
    taken = {"outcome": "defer", "rules": ["CN-GBT45251-HOURS"], "until": "2026-11-23T00:00:00.000000Z"}
    more = {"spent_by": None, "again": {"identical": True, "then": taken, "now": taken}, "links": links}

    @found.get(
        "/contact-permits/{permit_id}",
        **reading(
            "showContactPermit",
            "A decision as it was taken, and taken again: on what was known then, and on what is known now",
            scope="contact:decide",
            problems=("not-found",),
            example=wire.SHOWN | more,
        ),
    )
    async def show_permit(permit_id: PermitId, accept_language: AcceptLanguage = None) -> Response:
        desk, language = office.open_desk, chosen(accept_language)
        stored = await stored_decision(desk.acts, permit_id)
        if stored is None:
            raise Problem("not-found")
        shown, before, latest = stored.shown, stored.before, stored.latest
        packs = desk.decisions.packs
        once_more = again(shown, before, latest, packs)
        said = permit_of(shown, packs, language=language, now=desk.clock.now())
        page = wire.PermitPage(
            **said,
            spent_by=spending(Lookback(latest)).get(permit_id),
            again=wire.DecidedAgain(identical=once_more.identical, then=once_more.then, now=once_more.now),
            links={
                "self": f"{PERMITS}/{permit_id}",
                "subject": f"/v1/subjects/{shown.subject_id}/contactability",
            },
        )
        headers = {"Content-Language": language, "Vary": "Accept-Language", "ETag": etag(shown.after.version)}
        return JSONResponse(page.model_dump(by_alias=True), headers=headers | {"Cache-Control": "no-store"})
