"""GET /v1/legal-matters: the board."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.legal.api.acting import CASE, MATTERS
from services.legal.api.desk import Office
from services.legal.api.looking.wire import MATTER_EXAMPLE, BoardMatter, MatterBoard
from services.legal.domain.tracks.all_tracks import MACHINES
from services.legal.projections import timeline
from services.legal.projections.matters import board
from services.legal.projections.matters.board import BoardFilter
from services.legal.projections.matters.view import VIEW
from shared.http.asked import caught_up
from shared.http.bodies import Day
from shared.http.listing import OF_A_LIST, AskedPage, Keys, listed, one_of, words
from shared.http.operations import reading
from shared.http.wire import PageLinks

KINDS = tuple(one.kind for one in MACHINES)
OfCase = Annotated[
    str | None,
    Query(
        alias="case",
        pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="Those about one case.",
        examples=[CASE],
    ),
]
AsOf = Annotated[
    Day | None, Query(description="The day at whose end deadlines are judged: today unless given.")
]
Code = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")]


def after(on: str, thing: str) -> tuple[date, str]:
    """The place that a cursor names. ValueError for what is no day."""
    return date.fromisoformat(on), thing


BY_DAY = Keys(kinds=(str, str), written=lambda last: (last[0].isoformat(), last[1]), read=after)


def sent(day: date | None) -> str | None:
    """A day as it stands in a link."""
    return None if day is None else day.isoformat()


def add(found: APIRouter, office: Office) -> None:
    """The list of matters."""

    @found.get(
        "",
        **reading(
            "listLegalMatters",
            "The matter board: every matter with its tracks, its firm, its age and what falls due next, oldest first",
            scope="legal:read",
            problems=OF_A_LIST,
            example={"as_of": "2026-11-22", "items": [MATTER_EXAMPLE], "page": {"next": None}},
            links={
                "showLegalMatter": {"matter_id": "$response.body#/items/0/id"},
                "showLegalTimeline": {"matter_id": "$response.body#/items/0/id"},
            },
        ),
    )
    async def list_legal_matters(
        turn: AskedPage,
        case_id: OfCase = None,
        status: Annotated[str | None, words(board.STATUSES, "Those that stand like this.")] = None,
        kind: Annotated[str | None, words(KINDS, "Those with a track of this kind.")] = None,
        step: Annotated[
            str | None,
            Query(
                pattern=r"^[A-Z][A-Z_]{0,39}$",
                description="Those with a track that stands at this status, of `kind` where that is given.",
                examples=["APPEAL_PERIOD"],
            ),
        ] = None,
        firm: Annotated[Code, Query(description="Those that this firm has, by its code.")] = None,
        due_before: Annotated[
            Day | None,
            Query(description="Those with something to do that falls due before this day, or is over."),
        ] = None,
        as_of: AsOf = None,
    ) -> MatterBoard:
        one_of("status", status, board.STATUSES)
        one_of("kind", kind, KINDS)
        desk = office.open_desk
        day = as_of or desk.acts.today
        wanted = BoardFilter(
            case=case_id, status=status, kind=kind, step=step, firm=firm, due_before=due_before
        )
        filters = {
            "case": case_id, "status": status, "kind": kind, "step": step, "firm": firm,
            "due_before": sent(due_before), "as_of": sent(as_of),
        }  # fmt: skip
        await caught_up(turn.request, desk, timeline.VIEW)
        rows, page = await listed(
            desk, turn, path=MATTERS, view=VIEW, filters=filters, keys=BY_DAY,
            cursor_of=lambda one: one.row.cursor,
            rows=lambda connection, behind, limit, pin: board.board(
                connection, wanted, desk.ground, as_of=day, after=behind, limit=limit, pin=pin
            ),
        )  # fmt: skip
        items = [BoardMatter(**one.as_json()) for one in rows]
        return MatterBoard(as_of=day.isoformat(), items=items, page=PageLinks(**page))
