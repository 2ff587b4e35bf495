"""What people wrote to us: a list without their words, and the words, on record first and to a person only."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field
from starlette.responses import JSONResponse

from services.contact.api.asking.acting import ATTEMPT, OF_A_SUBJECT, PERSON, POINT, SUBJECT, Act, example
from services.contact.api.desk import Office
from services.contact.api.lists import OfSubject, listed
from services.contact.application.sending.reading import ReadingOver, ReplyUnknown, still_shown, words_of
from services.contact.domain.sending.replies import OTHER, STOP, ReadReply
from services.contact.projections.sending import replies
from shared.http.bodies import Sent
from shared.http.commands import Asked
from shared.http.listing import OF_A_LIST, AskedPage, one_of, words
from shared.http.operations import command, reading, routes
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire

REPLIES = "/v1/inbound-messages"
MEANINGS = (STOP, OTHER)
YES_OR_NO = ("true", "false")
ReplyId = Annotated[str, Path(description="`cat_…`: what somebody wrote is a contact under the same id.")]
_REPLY: dict[str, Any] = {
    "id": ATTEMPT, "subject": SUBJECT, "at": "2026-11-22T02:31:00.000000Z", "meaning": OTHER,
    "contact_point": POINT, "person": PERSON, "recorded_at": "2026-11-22T02:31:01.000000Z", "read_at": None,
}  # fmt: skip


class ReplyShown(Wire):
    """A message from somebody; its words are not here."""

    id: str
    subject: str
    at: str
    meaning: str = Field(description="STOP: no more messages to this number; OTHER: a person has to read it.")
    contact_point: str
    person: str | None = Field(description="Who it is from: null, the debtor.")
    recorded_at: str
    read_at: str | None = Field(description="When it was read first.")


class ReplyList(Wire):
    """A page of what people wrote, the latest first."""

    items: list[ReplyShown]
    page: PageLinks


class ReadingSent(Sent):
    """Nothing needs to be said: who reads is in the token, and that it was read goes on record."""


def router(office: Office) -> APIRouter:
    """GET /v1/inbound-messages, POST /v1/inbound-messages/{message_id}/readings."""
    found = routes("/v1", tag="messages")
    _list(found, office)
    _read(found, office)
    return found


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "/inbound-messages",
        **reading(
            "listInboundMessages",
            "What people wrote to us: from whom and when, whether it says stop, and whether anybody read it",
            scope="contact:decide",
            problems=OF_A_LIST,
            example={"items": [_REPLY], "page": {"next": None}},
            links={"readInboundMessage": {"message_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_inbound_messages(
        turn: AskedPage,
        subject: OfSubject = None,
        meaning: Annotated[str | None, words(MEANINGS, "Those that mean this.")] = None,
        read: Annotated[str | None, words(YES_OR_NO, "Those that somebody has read, or nobody has.")] = None,
    ) -> ReplyList:
        one_of("meaning", meaning, MEANINGS)
        one_of("read", read, YES_OR_NO)
        filters = {"subject": subject, "meaning": meaning, "read": read}
        was_read = None if read is None else read == "true"
        rows, page = await listed(
            office, turn, path=REPLIES, view=replies.VIEW, filters=filters,
            rows=lambda connection, part: replies.page(
                connection, subject=subject, meaning=meaning, read=was_read, after=part.after, limit=part.limit,
                pin=part.pin,
            ),
        )  # fmt: skip
        return ReplyList(items=[ReplyShown(**row.as_json()) for row in rows], page=PageLinks(**page))


def _read(found: APIRouter, office: Office) -> None:
    @found.post(
        "/inbound-messages/{message_id}/readings",
        **command(
            "readInboundMessage",
            "Read what somebody wrote; that it was read is on record before it is shown",
            scope="pii:reveal",
            problems=(*OF_A_SUBJECT, "person-required", "attempt-unknown", "reply-forgotten", "reading-over"),
            sent={},
            gives=example(id=ATTEMPT, text="我下周五还款"),
        ),
    )
    async def read_inbound_message(message_id: ReplyId, sent: ReadingSent, asked: Asked) -> Response:
        act = Act.on(office, "cat", message_id, asked)
        desk = office.open_desk
        try:
            text = await words_of(desk.acts, message_id)
        except ReplyUnknown:
            raise Problem("not-found") from None
        answer, _ = await act.do(ReadReply(attempt=message_id, by=asked.caller.actor), id=message_id)
        if asked.dry_run:
            return answer
        again = "Idempotent-Replayed" in answer.headers
        if again and not await still_shown(desk.acts, message_id, now=desk.clock.now()):
            raise ReadingOver
        kept = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() not in ("content-length", "content-type")
        }
        said = json.loads(bytes(answer.body)) | {"text": text}
        return JSONResponse(said, status_code=answer.status_code, headers=kept)
