"""The work queues: how long each is, and its head with the reasons for the order and who holds what."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import Field

from services.case.api.acting import CASE
from services.case.api.desk import Office
from services.case.api.staffing.directory import OfTeam
from services.case.api.wire import Amount
from services.case.domain.queue import APART, INTERNAL_MODE, MODE_OF
from services.case.projections import handing_out, queue_words, work_queue
from services.case.projections.handing_out import QueueStanding
from services.case.projections.queue_lease import Leased
from services.case.projections.queue_row import QueueRow
from services.case.projections.queue_words import is_chinese
from services.case.projections.staffing import directory
from services.case.projections.treatment import segments
from services.case.projections.treatment.segments import StepRow
from shared.eventstore.projection.health import positions
from shared.http.asked import Limit, MinPosition, caught_up, page_size, stamp
from shared.http.language import chosen
from shared.http.operations import reading, routes
from shared.http.problems import Problem
from shared.http.wire import Wire
from shared.messaging.published import instant

QueueId = Annotated[
    str, Path(description="M1, M2, M3, M4+, nothing-owed; promised, on-hold, agency, legal.", examples=["M2"])
]


class QueueShown(Wire):
    """A queue and how many cases stand in it."""

    id: str = Field(examples=["M2"])
    title: str
    mode: str = Field(description="Who collects the cases in it: INTERNAL, AGENCY or LEGAL.")
    worked: bool = Field(description="Whether collectors are handed cases from it.")
    cases: int
    held: int = Field(description="Cases that a collector holds now.")
    unallocated: int = Field(description="Cases in it, of whatever team, that were given to nobody.")


class QueueList(Wire):
    """Every queue, in working order."""

    items: list[QueueShown]


class WaitsShown(Wire):
    """Why a case stands apart."""

    kind: str = Field(description="MODE, HOLD or WORD (a promise or settlement whose day has not come).")
    code: str = Field(examples=["DISPUTE"])
    ref: str | None = Field(description="The hold, promise or settlement.")
    until: str | None = Field(description="The day it ends, where one is known.")


class RankParts(Wire):
    """What a rank is made of; the parts add up to it."""

    stage: int
    days: int
    arrears: int
    broken_promises: int
    never_reached: int


class QueuedCase(Wire):
    """A case in its queue. Figures are as last reported, with what was paid and booked since."""

    id: str
    queue: str
    rank: int = Field(description="The higher, the sooner.")
    rank_parts: RankParts
    why: str = Field(description="The reason for its place, as a sentence.")
    policy: str = Field(description="The policy whose weights made the rank.")
    stage: str
    days_past_due: int
    arrears: Amount
    opened_on: str
    as_of: str
    assignee: str | None = Field(description="The collector it was given to; others are not handed it.")
    waits_for: list[WaitsShown]
    steps_due: list[str] = Field(
        description="Steps of the treatment strategy that are due, the most urgent first."
    )
    held_by: str | None = Field(description="The collector who holds it now.")
    held_until: str | None


class QueueHead(QueueShown):
    """A queue with its first cases."""

    items: list[QueuedCase]


QUEUED: dict[str, Any] = {
    "id": CASE,
    "queue": "M2",
    "rank": 4070,
    "rank_parts": {"stage": 4000, "days": 60, "arrears": 10, "broken_promises": 0, "never_reached": 0},
    "why": "stage M2: 4000; 60 days past due: 60; 5678.00 CNY in arrears: 10; together 4070 under cn-retail/1",
    "policy": "cn-retail/1",
    "stage": "M2",
    "days_past_due": 60,
    "arrears": {"amount": "5678.00", "currency": "CNY"},
    "opened_on": "2026-09-30",
    "as_of": "2026-10-31",
    "assignee": None,
    "waits_for": [],
    "steps_due": ["2.first-call"],
    "held_by": None,
    "held_until": None,
}
_QUEUE: dict[str, Any] = {
    "id": "M2", "title": "stage M2", "mode": "INTERNAL", "worked": True, "cases": 128, "held": 3, "unallocated": 20,
}  # fmt: skip


def queued(row: QueueRow, held: Leased | None, language: str, steps: Sequence[StepRow] = ()) -> QueuedCase:
    """A row as answers have it; `steps`: those of the strategy that are due."""
    return QueuedCase(
        **row.as_json(),
        why=("；" if is_chinese(language) else "; ").join(
            [row.why(language), *(one.words(language) for one in steps)]
        ),
        steps_due=[one.step for one in steps],
        held_by=held.collector if held else None,
        held_until=instant(held.until) if held else None,
    )


def known_queue(name: str) -> str:
    """The queue of that name. Raises Problem `not-found`."""
    if name not in work_queue.QUEUES:
        raise Problem("not-found")
    return name


def _of(connection: sa.Connection, team: str | None, today: date) -> list[str] | None:
    """The collectors of a team on a day; None where no team is asked about."""
    if team is None:
        return None
    return [one.staff_ref for one in directory.members(connection, today, team=team)]


def _shown(standing: QueueStanding, language: str) -> dict[str, Any]:
    return {
        "id": standing.queue,
        "title": queue_words.queue(standing.queue, language),
        "mode": MODE_OF.get(standing.queue, INTERNAL_MODE),
        "worked": standing.queue not in APART,
        "cases": standing.cases,
        "held": standing.held,
        "unallocated": standing.unallocated,
    }


def router(office: Office) -> APIRouter:
    """GET /v1/queues and /v1/queues/{queue_id}."""
    found = routes("/v1/queues", tag="queues")
    _all(found, office)
    _head(found, office)
    return found


def _all(found: APIRouter, office: Office) -> None:
    @found.get(
        "",
        **reading(
            "listQueues",
            "The work queues and how many cases stand in each, or how many of them a team has",
            scope="case:read",
            problems=("malformed-request", "projection-behind"),
            example={"items": [_QUEUE]},
            links={"showQueue": {"queue_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_queues(
        request: Request,
        response: Response,
        team: OfTeam = None,
        accept_language: Annotated[str | None, Header()] = None,
        min_position: MinPosition = None,
    ) -> QueueList:
        desk, language = office.open_desk, chosen(accept_language)
        for view in (work_queue.VIEW, directory.VIEW):
            await caught_up(request, desk, view)
        now, today = desk.clock.now(), desk.decisions.today
        standings, at = await desk.ask(
            lambda connection: (
                handing_out.standings(connection, now=now, of=_of(connection, team, today)),
                positions(connection, work_queue.VIEW),
            )
        )
        await stamp(response, desk, at)
        response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
        return QueueList(items=[QueueShown(**_shown(one, language)) for one in standings])


def _head(found: APIRouter, office: Office) -> None:
    @found.get(
        "/{queue_id}",
        **reading(
            "showQueue",
            "The head of a queue: who comes first, why, and who holds it; all of it is `GET /v1/cases?queue=`",
            scope="case:read",
            problems=("not-found", "malformed-request", "projection-behind"),
            example=_QUEUE | {"items": [QUEUED]},
            links={"showCase": {"case_id": "$response.body#/items/0/id"}},
        ),
    )
    async def show_queue(
        request: Request,
        response: Response,
        queue_id: QueueId,
        limit: Limit = None,
        team: OfTeam = None,
        accept_language: Annotated[str | None, Header()] = None,
        min_position: MinPosition = None,
    ) -> QueueHead:
        desk, language, name = office.open_desk, chosen(accept_language), known_queue(queue_id)
        for view in (work_queue.VIEW, directory.VIEW):
            await caught_up(request, desk, view)
        now, today, size = desk.clock.now(), desk.decisions.today, page_size(limit)

        def question(
            connection: sa.Connection,
        ) -> tuple[
            QueueStanding, list[QueueRow], dict[str, Leased], dict[str, list[StepRow]], dict[int, int]
        ]:
            of = _of(connection, team, today)
            every = handing_out.standings(connection, now=now, of=of)
            [standing] = [one for one in every if one.queue == name]
            rows = work_queue.top(connection, name, limit=size, of=of)
            cases = [row.case_id for row in rows]
            held = handing_out.holders(connection, cases, now=now)
            due = segments.due_of(connection, cases)
            return standing, rows, held, due, positions(connection, work_queue.VIEW)

        standing, rows, held, due, at = await desk.ask(question)
        await stamp(response, desk, at)
        response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
        items = [queued(row, held.get(row.case_id), language, due.get(row.case_id, ())) for row in rows]
        return QueueHead(**_shown(standing, language), items=items)
