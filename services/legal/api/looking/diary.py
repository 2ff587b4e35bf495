"""GET /v1/court-diary: every hearing and every deadline that falls due in a span of days."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Query

from services.legal.api.desk import Office
from services.legal.api.looking.board import BY_DAY, AsOf, OfCase, sent
from services.legal.api.looking.wire import DIARY_EXAMPLE, CourtDiary, DiaryEntry
from services.legal.domain.deadlines.deadline import WHOSE
from services.legal.projections import timeline
from services.legal.projections.matters import diary
from services.legal.projections.matters.view import VIEW
from services.legal.projections.words.saying import deadline
from shared.http.asked import caught_up
from shared.http.bodies import Day
from shared.http.language import chosen
from shared.http.listing import OF_A_LIST, AskedPage, YesOrNo, listed, one_of, words
from shared.http.operations import reading
from shared.http.problems import Problem
from shared.http.wire import PageLinks

DAYS = timedelta(days=31)
"""So long is a diary of which nobody said the end."""


def span(from_: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The days asked for, the last excluded. Raises Problem `invalid` for none, or for more than a year of them."""
    first = from_ or today
    end = until or first + DAYS
    if end <= first:
        raise Problem("invalid", errors=[("until", "NOT_AFTER_FROM")])
    if (end - first).days > diary.SPAN_DAYS_MAX:
        raise Problem("invalid", errors=[("until", "TOO_FAR")], context={"days_max": diary.SPAN_DAYS_MAX})
    return first, end


def add(found: APIRouter, office: Office) -> None:
    """The diary."""

    @found.get(
        "/court-diary",
        **reading(
            "showCourtDiary",
            "Hearings and deadlines that fall due in a span of days, derived by the law pack, by day",
            scope="legal:read",
            problems=OF_A_LIST,
            example={"as_of": "2026-11-22", "items": [DIARY_EXAMPLE], "page": {"next": None}},
            links={"showLegalMatter": {"matter_id": "$response.body#/items/0/matter"}},
        ),
    )
    async def show_court_diary(
        turn: AskedPage,
        from_: Annotated[
            Day | None, Query(alias="from", description="From this day on: today unless given.")
        ] = None,
        until: Annotated[
            Day | None, Query(description="Before this day: 31 days after `from` unless given; at most 366.")
        ] = None,
        case_id: OfCase = None,
        whose: Annotated[str | None, words(WHOSE, "Those in which this side has to act.")] = None,
        met: Annotated[YesOrNo | None, Query(description="true: also what was done.")] = None,
        as_of: AsOf = None,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> CourtDiary:
        one_of("whose", whose, WHOSE)
        desk, language = office.open_desk, chosen(accept_language)
        first, end = span(from_, until, desk.acts.today)
        day = as_of or desk.acts.today
        filters = {
            "from": sent(first), "until": sent(end), "case": case_id, "whose": whose, "met": met, "as_of": sent(day),
        }  # fmt: skip
        await caught_up(turn.request, desk, timeline.VIEW)
        rows, page = await listed(
            desk, turn, path="/v1/court-diary", view=VIEW, filters=filters, keys=BY_DAY,
            cursor_of=lambda one: one.cursor,
            rows=lambda connection, behind, limit, pin: diary.diary(
                connection, desk.ground, from_=first, until=end, as_of=day, met=met == "true", whose=whose,
                case=case_id, after=behind, limit=limit, pin=pin,
            ),
        )  # fmt: skip
        turn.response.headers["Content-Language"] = language
        turn.response.headers["Vary"] = "Accept-Language"
        items = [DiaryEntry(title=deadline(one.due.name, language), **one.as_json()) for one in rows]
        return CourtDiary(as_of=day.isoformat(), items=items, page=PageLinks(**page))
