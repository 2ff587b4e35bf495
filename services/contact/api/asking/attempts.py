"""Contacts that were made, by us or to us: always taken, whatever they broke; what came of them; recordings."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints
from starlette.responses import Response

from services.contact.api.asking.acting import (
    ATTEMPT,
    CASE,
    OF_A_SUBJECT,
    PERMIT,
    POINT,
    SUBJECT,
    Act,
    ContactSent,
    DatedSent,
    Marks,
    PermitRef,
    PersonRef,
    Word,
    closed,
    example,
    one_of,
    point_of,
    subject_named,
)
from services.contact.api.desk import Office
from services.contact.api.texts.spoken import with_script
from services.contact.application.asking.shown import reason
from services.contact.domain.commands import (
    Outcome,
    RecordOutcome,
    ReportAttempt,
    RetractAttempt,
    StoreRecording,
)
from services.contact.domain.events import ContactEvent
from services.contact.domain.facts.asking import Failed
from services.contact.domain.facts.attempt import ContactBreached
from services.contact.domain.outcomes import OUTCOMES
from shared.http.bodies import Moment, Ref, Sent, Whole
from shared.http.commands import Asked
from shared.http.language import Language, chosen
from shared.http.operations import command, routes

ATTEMPTS = "/v1/contact-attempts"
DIRECTIONS = ("out", "in")
IDENTITIES = ("VERIFIED", "FAILED")
_OUTCOMES = sorted(OUTCOMES)
AttemptId = Annotated[str, Path(description="`cat_…`, as the answer that took it or a list gave it.")]
AcceptLanguage = Annotated[str | None, Header()]
_SAID: dict[str, Any] = {
    "breach": [
        {"rule": "NO-PERMIT", "message": "No valid permit covered this contact", "verdict": "deny", "counted": []}
    ],
    "breaches_found": [],
    "breaches_withdrawn": [],
}  # fmt: skip


class AttemptOutcomeSent(Sent):
    """What came of a contact. Another outcome than the one on record corrects it; the same again adds nothing."""

    outcome: str = one_of(_OUTCOMES)
    at: Moment | None = Field(default=None, description="When it ended; the attempt's own time unless given.")
    person: PersonRef | None = Field(default=None, description="Who was reached, where it was somebody else.")
    discussed: tuple[Ref, ...] | None = Field(default=None, max_length=200, description="Debts spoken of.")
    seconds: Whole | None = Field(default=None, ge=0, le=86_400)
    identity: str | None = one_of(IDENTITIES, default=None, description="Did they prove who they are?")
    said: Marks = Field(default=(), description="Markers of what was said, such as discloses_debt.")

    def command(self, pointer: str = "") -> Outcome:
        """As the rules take it. Raises Problem `invalid`."""
        closed(f"{pointer}/outcome", self.outcome, _OUTCOMES)
        closed(f"{pointer}/identity", self.identity, IDENTITIES)
        return Outcome(
            outcome=self.outcome, person=self.person, discussed=self.discussed, seconds=self.seconds,
            identity=self.identity, said=self.said, at=self.at,
        )  # fmt: skip


class ContactAttemptSent(ContactSent):
    """A contact that began at `at`, as its source reports it; `permit` is the token of the decision it was made on."""

    source: Word = Field(description="Who reports it: the code of the system.", examples=["DIALER"])
    source_ref: Ref = Field(
        description="The source's own reference: one report is one attempt, however often it comes.",
        examples=["CDR-20261122-000471"],
    )
    at: Moment
    direction: str = one_of(DIRECTIONS, default="out", description="in: a call or a message of theirs.")
    permit: PermitRef | None = None
    outcome: AttemptOutcomeSent | None = None


class RecordingSent(DatedSent):
    """Where a recording lies, and what it hashes to. The audio itself is never sent here."""

    uri: Annotated[
        str, StringConstraints(min_length=8, max_length=500, pattern=r"^[a-z][a-z0-9+.-]*://[^\s]+$")
    ] = Field(examples=["s3://recordings/2026/11/22/4711.opus"])
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(examples=["9f" * 32])
    seconds: Whole | None = Field(default=None, ge=0, le=86_400)


class RetractionSent(DatedSent):
    """Why there was no such contact."""

    reason: Word = Field(examples=["REPORTED_TWICE"])


def router(office: Office) -> APIRouter:
    """The commands under /v1/contact-attempts."""
    found = routes(ATTEMPTS, tag="contact attempts")
    _report(found, office)
    _outcome(found, office)
    _rest(found, office)
    return found


def _report(found: APIRouter, office: Office) -> None:
    @found.post(
        "",
        **command(
            "reportContactAttempt",
            "Take in a contact that was made, or came in; always, and `breach` says which rules it broke",
            scope="contact:record",
            problems=(*OF_A_SUBJECT, "attempt-already-reported", "attempt-retracted", "outcome-not-known"),
            sent={
                "subject": SUBJECT, "case": CASE, "channel": "voice", "contact_point": POINT, "source": "DIALER",
                "source_ref": "CDR-20261122-000471", "at": "2026-11-22T10:31:00+08:00", "permit": PERMIT,
                "outcome": {"outcome": "ring_no_answer"},
            },
            gives=example(id=ATTEMPT) | _SAID,
            links={
                "recordAttemptOutcome": {"attempt_id": "$response.body#/id"},
                "storeAttemptRecording": {"attempt_id": "$response.body#/id"},
                "retractContactAttempt": {"attempt_id": "$response.body#/id"},
                "showContactAttempt": {"attempt_id": "$response.body#/id"},
            },
        ),
    )  # fmt: skip
    async def report_attempt(
        sent: ContactAttemptSent, asked: Asked, accept_language: AcceptLanguage = None
    ) -> Response:
        desk = office.open_desk
        sent.check()
        closed("/direction", sent.direction, DIRECTIONS)
        sent = await with_script(desk, sent)
        subject_id = await subject_named(desk, sent)
        act = Act(office, subject_id, asked)
        attempt = desk.acts.attempt_id(subject_id, sent.source, sent.source_ref)
        reported = ReportAttempt(
            attempt=attempt, source=sent.source, source_ref=sent.source_ref, channel=sent.channel, at=sent.at,
            direction=sent.direction, person=sent.person, role=sent.role, collector_role=sent.collector_role,
            point=point_of(desk, sent), case=sent.case, debts=sent.debts, creditor=sent.creditor,
            agency=sent.agency, purpose=sent.purpose, place=sent.place, content=sent.content, staff=sent.staff,
            reply=sent.reply, permit=sent.permit,
            collector=asked.caller.actor if asked.caller.is_person else None,
            outcome=sent.outcome.command("/outcome") if sent.outcome else None,
        )  # fmt: skip
        links = {"self": f"{ATTEMPTS}/{attempt}"}
        answer, events = await act.do(reported, own=attempt, links=links, by_body=True, id=attempt)
        return in_words(office, answer, events, attempt, chosen(accept_language))


def in_words(
    office: Office, answer: Response, events: Sequence[ContactEvent], attempt: str, language: Language
) -> Response:
    """The answer with the rules that the attempt broke in words; what was stored are their codes."""
    if answer.status_code != 201:
        return answer
    stored: dict[str, Any] = json.loads(bytes(answer.body))
    found = next((one for one in events if isinstance(one, ContactBreached) and one.attempt == attempt), None)
    failed = (
        found.failed
        if found is not None
        else tuple(Failed(rule=rule, waits=False) for rule in stored.get("breach", ()))
    )
    packs = office.open_desk.decisions.packs
    stored["breach"] = [reason(one, packs, language=language) for one in failed]
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _OF_A_BODY}
    headers |= {"Content-Language": language, "Vary": "Accept-Language"}
    return JSONResponse(stored, status_code=201, headers=headers)


_OF_A_BODY = ("content-length", "content-type")


def _outcome(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{attempt_id}/outcomes",
        **command(
            "recordAttemptOutcome",
            "Say what came of a contact, or correct it; what that turns into a breach is found with it",
            scope="contact:record",
            problems=(*OF_A_SUBJECT, "attempt-unknown", "attempt-retracted", "outcome-not-known"),
            sent={"outcome": "conversation", "seconds": 184, "identity": "VERIFIED"},
            gives=example(id=ATTEMPT) | _SAID,
        ),
    )
    async def record_outcome(
        attempt_id: AttemptId,
        sent: AttemptOutcomeSent,
        asked: Asked,
        accept_language: AcceptLanguage = None,
    ) -> Response:
        act = Act.on(office, "cat", attempt_id, asked)
        said = RecordOutcome(attempt=attempt_id, outcome=sent.command())
        answer, events = await act.do(said, own=attempt_id, id=attempt_id)
        return in_words(office, answer, events, attempt_id, chosen(accept_language))


def _rest(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{attempt_id}/recordings",
        **command(
            "storeAttemptRecording",
            "Say where the recording of a contact lies, and what it hashes to",
            scope="contact:record",
            problems=(*OF_A_SUBJECT, "attempt-unknown"),
            sent={"uri": "s3://recordings/2026/11/22/4711.opus", "sha256": "9f" * 32, "seconds": 184},
            gives=example(id=ATTEMPT),
        ),
    )
    async def store_recording(attempt_id: AttemptId, sent: RecordingSent, asked: Asked) -> Response:
        act = Act.on(office, "cat", attempt_id, asked)
        stored = StoreRecording(
            attempt=attempt_id, uri=sent.uri, sha256=sent.sha256, seconds=sent.seconds, at=sent.at
        )
        answer, _ = await act.do(stored, id=attempt_id)
        return answer

    @found.post(
        "/{attempt_id}/retractions",
        **command(
            "retractContactAttempt",
            "Take a report back: there was no such contact",
            scope="contact:record",
            problems=(*OF_A_SUBJECT, "attempt-unknown"),
            sent={"reason": "REPORTED_TWICE"},
            gives=example(id=ATTEMPT),
        ),
    )
    async def retract_attempt(attempt_id: AttemptId, sent: RetractionSent, asked: Asked) -> Response:
        act = Act.on(office, "cat", attempt_id, asked)
        answer, _ = await act.do(
            RetractAttempt(attempt=attempt_id, reason=sent.reason, at=sent.at), id=attempt_id
        )
        return answer
