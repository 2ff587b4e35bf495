"""A letter as it stands, its PDF made again, and the texts there are."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from services.legal.api.acting import MatterId
from services.legal.api.desk import Desk, Office
from services.legal.api.letters.wire import OF_A_PDF, SHOWN, LetterId, LetterShown, shown
from services.legal.application.letters.texts import shown as text_shown
from services.legal.application.thing_ids import matter_of
from services.legal.domain.refusals import MatterUnknown
from services.legal.domain.thing_ids import LETTER
from services.legal.domain.tracks.machine import TrackUnknown
from shared.http.operations import reading
from shared.http.preconditions import etag
from shared.http.problems import Problem

PDF = "application/pdf"
TEXT: dict[str, Any] = {
    "template": "demand", "version": 1, "effective_from": "2026-01-01", "kind": "DEMAND", "audience": "debtor",
    "answer_days": 15, "languages": ["zh-CN", "en"],
    "values": [{"name": "firm_name", "kind": "institution"}], "content": "9f" * 32,
}  # fmt: skip


class LetterTextShown(BaseModel):
    """A version of a text, and the values that whoever drafts by it types in."""

    template: str
    version: int
    effective_from: str
    kind: str
    audience: str
    answer_days: int
    languages: list[str]
    values: list[dict[str, str]]
    content: str


class LetterTextsShown(BaseModel):
    """Every version of every text, by name and version."""

    items: list[LetterTextShown]


def add(found: APIRouter, office: Office) -> None:
    """The routes of this page, under /v1/legal-matters."""

    @found.get(
        "/{matter_id}/letters/{letter_id}",
        **reading(
            "showLawyerLetter",
            "A letter as it stands: where it is, what may follow, the hash of its draft; no name and no words",
            scope="legal:read",
            problems=("not-found",),
            example=SHOWN,
        ),
    )
    async def show_letter(response: Response, matter_id: MatterId, letter_id: LetterId) -> LetterShown:
        _of_the_matter(matter_id, letter_id)
        try:
            matter = (await office.open_desk.acts.load(matter_id)).matter
            said = shown(matter_id, matter, letter_id)
        except (MatterUnknown, ValueError):
            raise Problem("not-found") from None
        response.headers["ETag"] = etag(matter.version)
        return said

    document = reading(
        "letterPdf",
        "The letter's PDF, made again and compared with the hash on record: the very bytes that are signed",
        scope="legal:write",
        problems=("not-found", "step-out-of-order", *OF_A_PDF),
    )
    document["responses"][200] = {
        "description": "The letter", "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
    }  # fmt: skip

    @found.get("/{matter_id}/letters/{letter_id}/pdf", **document, response_class=Response)
    async def letter_pdf(matter_id: MatterId, letter_id: LetterId) -> Response:
        _of_the_matter(matter_id, letter_id)
        return await _pdf(office.open_desk, letter_id)


async def _pdf(desk: Desk, letter_id: str) -> Response:
    try:
        made = await desk.letters.dispatching.pdf(letter_id)
    except (MatterUnknown, TrackUnknown):
        raise Problem("not-found") from None
    headers = {
        "Cache-Control": "no-store", "ETag": f'"{made.sha256}"', "Content-Disposition": 'inline; filename="letter.pdf"',
    }  # fmt: skip
    return Response(made.pdf, media_type=PDF, headers=headers)


def _of_the_matter(matter_id: str, letter_id: str) -> None:
    if matter_of(LETTER, letter_id) != matter_id:
        raise Problem("not-found")


def add_texts(found: APIRouter, office: Office) -> None:
    """GET /v1/legal-letter-templates."""

    @found.get(
        "/legal-letter-templates",
        **reading(
            "listLegalLetterTemplates",
            "The texts of lawyers' letters: what each does at law, and which values it wants",
            scope="legal:read",
            example={"items": [TEXT]},
        ),
    )
    async def list_letter_templates() -> LetterTextsShown:
        texts = office.open_desk.letters.texts.all()
        return LetterTextsShown(items=[LetterTextShown(**text_shown(one)) for one in texts])
