"""What happened: the timeline of a matter and of a case's limitation in words, and a matter's events as they are."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Header, Path, Query, Request, Response

from services.legal.api.acting import MatterId
from services.legal.api.desk import Office
from services.legal.api.looking.wire import ENTRY_EXAMPLE, LegalTimeline, LegalTimelineEntry
from services.legal.application.thing_ids import is_about
from services.legal.domain.thing_ids import is_matter, proofs_of
from services.legal.projections import timeline
from shared.eventstore.projection.pinned import Pin
from shared.http import stream_events
from shared.http.asked import CursorText, Limit, MinPosition, caught_up, stamp
from shared.http.language import chosen
from shared.http.operations import reading
from shared.http.paging import paging
from shared.http.problems import Problem
from shared.http.stream_events import EventPage
from shared.http.wire import PageLinks

Cursor = Annotated[CursorText, Query(alias="cursor")]
AcceptLanguage = Annotated[str | None, Header()]
About = Annotated[
    str,
    Path(description="`case-…`, or `account-…` of one of its debts."),
]
_EVENT = stream_events.example(
    "legal.SuitFiled", {"on": "2026-11-20", "amount": {"minor": 123450, "currency": "CNY"}}, "cn.law/2026.1.0"
)
_OF_A_TIMELINE = ("not-found", "bad-cursor", "malformed-request", "projection-behind")


def add(matters: APIRouter, others: APIRouter, office: Office) -> None:
    """`matters`: under /v1/legal-matters; `others`: under /v1."""
    _of_matter(matters, office)
    _of_limitation(others, office)
    _events(matters, office)


def _of_matter(found: APIRouter, office: Office) -> None:
    @found.get(
        "/{matter_id}/timeline",
        **reading(
            "showLegalTimeline",
            "What happened in a matter, in words, oldest first",
            scope="legal:read",
            problems=_OF_A_TIMELINE,
            example={"items": [ENTRY_EXAMPLE], "page": {"next": None}},
        ),
    )
    async def show_legal_timeline(
        request: Request,
        response: Response,
        matter_id: MatterId,
        limit: Limit = None,
        cursor_text: Cursor = None,
        accept_language: AcceptLanguage = None,
        min_position: MinPosition = None,
    ) -> LegalTimeline:
        if not is_matter(matter_id):
            raise Problem("not-found")
        return await _told(office, request, response, matter_id, limit, cursor_text, accept_language)


def _of_limitation(found: APIRouter, office: Office) -> None:
    @found.get(
        "/limitation-timelines/{about}",
        **reading(
            "showLimitationTimeline",
            "What was recorded that bears on the limitation of a case, or of one debt, in words, oldest first",
            scope="legal:read",
            problems=_OF_A_TIMELINE,
            example={"items": [ENTRY_EXAMPLE], "page": {"next": None}},
        ),
    )
    async def show_limitation_timeline(
        request: Request,
        response: Response,
        about: About,
        limit: Limit = None,
        cursor_text: Cursor = None,
        accept_language: AcceptLanguage = None,
        min_position: MinPosition = None,
    ) -> LegalTimeline:
        if not is_about(about):
            raise Problem("not-found")
        return await _told(office, request, response, proofs_of(about), limit, cursor_text, accept_language)


async def _told(
    office: Office,
    request: Request,
    response: Response,
    stream: str,
    limit: int | None,
    cursor_text: str | None,
    accept_language: str | None,
) -> LegalTimeline:
    """A page of a stream's timeline. Raises Problem `not-found` where nothing is on the stream."""
    desk, language = office.open_desk, chosen(accept_language)
    asked = await paging(
        desk, cursor_text=cursor_text, filters={"timeline": stream}, kinds=(int,), limit=limit
    )
    size, after = asked.size, int((asked.after or (0,))[0] or 0)
    await caught_up(request, desk, timeline.VIEW)

    def question(connection: sa.Connection) -> tuple[list[timeline.Entry], Pin]:
        at = asked.position(connection, timeline.VIEW)
        return timeline.entries(connection, stream, after=after, limit=size + 1, pin=asked.pin), at

    entries, at = await desk.ask(question)
    if not entries and not await desk.ledger.read_stream(stream, limit=1, tenant=desk.tenant):
        raise Problem("not-found")
    await stamp(response, desk, at)
    response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
    following = asked.following((entries[size - 1].version,) if len(entries) > size else None, at)
    items = [LegalTimelineEntry(**entry.as_json(language)) for entry in entries[:size]]
    return LegalTimeline(items=items, page=PageLinks(next=following))


def _events(found: APIRouter, office: Office) -> None:
    @found.get(
        "/{matter_id}/events",
        **reading(
            "showLegalEvents",
            "The events of a matter as the ledger holds them, personal parts masked",
            scope="legal:read",
            problems=("not-found", "bad-cursor"),
            example={"items": [_EVENT], "page": {"next": None}},
        ),
    )
    async def show_legal_events(
        matter_id: MatterId, limit: Limit = None, cursor: CursorText = None
    ) -> EventPage:
        if not is_matter(matter_id):
            raise Problem("not-found")
        return await stream_events.page_of(office.open_desk, matter_id, limit=limit, cursor=cursor)
