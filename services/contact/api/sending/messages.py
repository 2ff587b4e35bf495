"""Messages that we are to send: ordered under a permit, sent again by hand, settled by a person, called off."""

import base64
import binascii
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints
from starlette.responses import Response

from services.contact.api.asking.acting import (
    ATTEMPT,
    CASE,
    OF_A_SUBJECT,
    PERMIT,
    Act,
    Debts,
    Mark,
    Marks,
    OfSubjectSent,
    PersonRef,
    PointRef,
    Word,
    closed,
    example,
    one_of,
    subject_named,
)
from services.contact.api.desk import Office
from services.contact.api.sending.outbox import MESSAGES, MessageId
from services.contact.application.sending.messages import MEDIUM_OF, SEND_WITHIN, Wanted
from services.contact.domain.asked import COLLECTOR_ROLES
from services.contact.domain.sending import commands as c
from services.contact.domain.sending.document import DOCUMENT_BYTES_MAX, Document
from services.contact.domain.sending.message import WAITING
from services.contact.projections.ledger_pages import instant
from shared.http.bodies import Moment, Ref, Sent
from shared.http.commands import Asked
from shared.http.operations import command, routes
from shared.http.problems import Problem
from shared.kernel.clock import in_utc

SENT_BY_US = tuple(MEDIUM_OF)
REFUSED = "REFUSED"
"""How a message is shown that was never queued: the decision says why."""
OF_A_TEXT = (
    "template-unknown", "template-not-in-force", "template-of-another-channel", "template-language-missing",
    "template-value-unfit",
)  # fmt: skip
VALUES = {
    "institution": "Example Bank", "name": "Wei Zhang", "account": "1234", "amount": "1234.50 CNY",
    "due_date": "2026-11-05", "hotline": "021-95588",
}  # fmt: skip
BASE64_CHARS_MAX = (DOCUMENT_BYTES_MAX + 2) // 3 * 4
BODY_BYTES_MAX = BASE64_CHARS_MAX + 65_536
Template = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+){0,9}$", max_length=60),
    Field(examples=["m1-remind"]),
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$"), Field(examples=["zh-CN"])]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Value = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class DocumentSent(Sent):
    """A document that goes out as it is: attached to an e-mail; a letter is this document and nothing else."""

    name: str = Field(max_length=64, examples=["letter.pdf"])
    media_type: Literal["application/pdf"]
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Of the content, in hex.")
    content: Annotated[
        str, StringConstraints(min_length=1, max_length=BASE64_CHARS_MAX), Field(repr=False)
    ] = Field(description=f"The document in base64 (RFC 4648, 4), at most {DOCUMENT_BYTES_MAX} bytes of it.")

    def document(self) -> Document:
        """As the desk takes it. Raises Problem `invalid`."""
        try:
            content = base64.b64decode(self.content, validate=True)
        except binascii.Error:
            raise Problem("invalid", errors=[("/document/content", "NOT_BASE64")]) from None
        return Document(name=self.name, media_type=self.media_type, sha256=self.sha256, content=content)


class MessageSent(OfSubjectSent):
    """A message to send: a template with its values, to a point on record, and a letter that was signed elsewhere."""

    channel: str = one_of(SENT_BY_US)
    template: Template
    version: int | None = Field(default=None, ge=1, strict=True, description="The one in force unless given.")
    language: Language = "zh-CN"
    values: dict[Name, Value] = Field(default={}, max_length=40, examples=[{"amount": "1234.50 CNY"}])
    contact_point: PointRef | None = Field(default=None, description="The person's newest unless given.")
    person: PersonRef | None = Field(default=None, description="Who it is for; the debtor unless given.")
    role: Mark = "debtor"
    collector_role: str = one_of(COLLECTOR_ROLES, default="first_party")
    debts: Debts = ()
    creditor: Ref | None = None
    agency: Ref | None = None
    purpose: Mark | None = Field(default=None, examples=["collection"])
    content: Marks = Field(default=(), description="Markers of what it says besides those of its text.")
    reply: bool = Field(default=False, strict=True, description="It answers a message of the person.")
    override: Mark | None = None
    exception: Mark | None = None
    send_by: Moment | None = Field(
        default=None, description=f"From then on it is too late; {SEND_WITHIN} from now unless given."
    )
    document: DocumentSent | None = Field(default=None, description="Of letters and e-mails only.")

    def wanted(self) -> Wanted:
        """As the desk takes it. Raises Problem `invalid`."""
        closed("/channel", self.channel, SENT_BY_US)
        closed("/collector_role", self.collector_role, COLLECTOR_ROLES)
        return Wanted(
            channel=self.channel, template=self.template, version=self.version, language=self.language,
            values=self.values, point=self.contact_point, person=self.person, role=self.role,
            collector_role=self.collector_role, case=self.case, debts=self.debts, creditor=self.creditor,
            agency=self.agency, purpose=self.purpose, content=self.content, reply=self.reply,
            override=self.override, exception=self.exception, send_by=self.send_by,
            document=self.document.document() if self.document else None,
        )  # fmt: skip


class MessageRetrySent(Sent):
    """Put it back in the queue."""

    send_by: Moment | None = Field(
        default=None, description=f"From then on it is too late; {SEND_WITHIN} from now unless given."
    )


class MessageResolutionSent(Sent):
    """What the provider's own records show of a message of which nobody could say whether it was sent."""

    outcome: Literal["SENT", "NOT_SENT"]


class MessageWithdrawalSent(Sent):
    """Why it is called off."""

    reason: Word = Field(examples=["NO_LONGER_NEEDED"])


def router(office: Office) -> APIRouter:
    """The commands under /v1/messages."""
    found = routes("/v1", tag="messages")
    _order(found, office)
    _retry(found, office)
    _settle(found, office)
    return found


def _order(found: APIRouter, office: Office) -> None:
    @found.post(
        "/messages",
        **command(
            "sendMessage",
            "Send a text message, an e-mail or a letter: queued under a permit, or refused with the rules that failed",
            scope="contact:decide",
            problems=(*OF_A_SUBJECT, *OF_A_TEXT, "no-point-to-send-to", "document-unfit", "send-by-passed"),
            bytes_max=BODY_BYTES_MAX,
            sent={
                "case": CASE, "channel": "sms", "template": "m1-remind", "language": "zh-CN", "values": VALUES,
            },
            gives=example(id=ATTEMPT, permit=PERMIT, status="QUEUED", next_at=None),
            links={
                "showMessage": {"message_id": "$response.body#/id"},
                "showContactPermit": {"permit_id": "$response.body#/permit"},
                "withdrawMessage": {"message_id": "$response.body#/id"},
            },
        ),
    )  # fmt: skip
    async def send_message(sent: MessageSent, asked: Asked) -> Response:
        desk, wanted, caller = office.open_desk, sent.wanted(), asked.caller
        subject_id = await subject_named(desk, sent)
        act = Act(office, subject_id, asked)
        message, permit = desk.messages.ids(subject_id, client=caller.client, key=asked.key)

        async def prepared() -> c.QueueMessage:
            return await desk.messages.prepared(
                subject_id, wanted, client=caller.client, key=asked.key, by=caller.actor
            )

        links = {"self": f"{MESSAGES}/{message}", "permit": f"/v1/contact-permits/{permit}"}
        answer, _ = await act.do(prepared, links=links, by_body=True, id=message, permit=permit)
        if asked.dry_run:
            return answer
        return await _standing(office, subject_id, message, answer)


async def _standing(office: Office, subject_id: str, message: str, answer: Response) -> Response:
    """The answer, with how the message stands now: what was stored of it are its references."""
    known = (await office.open_desk.acts.load(subject_id)).state.messages.get(message)
    waits = known is not None and known.status in WAITING
    said: dict[str, Any] = json.loads(bytes(answer.body))
    said |= {
        "status": known.status if known else REFUSED,
        "next_at": instant(in_utc(known.due_at)) if known and waits else None,
    }
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name.lower() not in ("content-length", "content-type")
    }
    return JSONResponse(said, status_code=answer.status_code, headers=headers)


def _retry(found: APIRouter, office: Office) -> None:
    @found.post(
        "/messages/{message_id}/retries",
        **command(
            "retryMessage",
            "Send again what was set aside, is unresolved, or came too late; it is judged again before it is sent",
            scope="contact:record",
            problems=(*OF_A_SUBJECT, "message-unknown", "message-not-stuck", "send-by-passed"),
            sent={"send_by": "2026-11-24T12:00:00+08:00"},
            gives=example(id=ATTEMPT),
            links={"showMessage": {"message_id": "$response.body#/id"}},
        ),
    )
    async def retry_message(message_id: MessageId, sent: MessageRetrySent, asked: Asked) -> Response:
        act = Act.on(office, "cat", message_id, asked)
        until = sent.send_by or office.open_desk.clock.now() + SEND_WITHIN
        retry = c.RetryMessage(message=message_id, send_by=until, by=asked.caller.actor)
        answer, _ = await act.do(retry, links=_self(message_id), id=message_id)
        return answer


def _settle(found: APIRouter, office: Office) -> None:
    @found.post(
        "/messages/{message_id}/resolutions",
        **command(
            "resolveMessage",
            "Say whether an unresolved message was sent, as the provider's own records show",
            scope="contact:record",
            problems=(*OF_A_SUBJECT, "message-unknown", "message-not-unresolved"),
            sent={"outcome": "SENT"},
            gives=example(id=ATTEMPT),
            links={"showMessage": {"message_id": "$response.body#/id"}},
        ),
    )
    async def resolve_message(message_id: MessageId, sent: MessageResolutionSent, asked: Asked) -> Response:
        act = Act.on(office, "cat", message_id, asked)
        resolved = c.ResolveMessage(message=message_id, sent=sent.outcome == "SENT", by=asked.caller.actor)
        answer, _ = await act.do(resolved, links=_self(message_id), id=message_id)
        return answer

    @found.post(
        "/messages/{message_id}/withdrawals",
        **command(
            "withdrawMessage",
            "Call off a message that waits or lies aside",
            scope="contact:record",
            problems=(*OF_A_SUBJECT, "message-unknown", "message-under-way"),
            sent={"reason": "NO_LONGER_NEEDED"},
            gives=example(id=ATTEMPT),
            links={"showMessage": {"message_id": "$response.body#/id"}},
        ),
    )
    async def withdraw_message(message_id: MessageId, sent: MessageWithdrawalSent, asked: Asked) -> Response:
        act = Act.on(office, "cat", message_id, asked)
        withdrawn = c.WithdrawMessage(message=message_id, reason=sent.reason)
        answer, _ = await act.do(withdrawn, links=_self(message_id), id=message_id)
        return answer


def _self(message: str) -> dict[str, str]:
    return {"self": f"{MESSAGES}/{message}"}
