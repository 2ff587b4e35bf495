"""Sharing cases out over HTTP: a run with its preview, what became of each case, and what is to be shared out anew."""

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field, StringConstraints

from services.case.api.acting import CASE
from services.case.api.books import listed
from services.case.api.desk import Office
from services.case.api.staffing.directory import OfTeam
from services.case.api.staffing.staff import STAFF, Team
from services.case.application.staffing.allocation_desk import CASES_MAX, Plan, Wanted
from services.case.domain.staffing.sharing import OUTCOMES
from services.case.projections import work_queue
from services.case.projections.staffing import directory, floor, runs
from shared.eventstore.projection.health import positions
from shared.http.asked import CursorText, Limit, MinPosition, caught_up, page_size, stamp
from shared.http.bodies import Sent, Whole
from shared.http.commands import Asked, Decided
from shared.http.listing import OF_A_LIST, AskedPage
from shared.http.operations import command, reading, routes
from shared.http.preconditions import position_text
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire

RUN = "alr_4a1b6c2d3e4f5061"
RunId = Annotated[str, Path(description="`alr_…`, as the answer that began the run, or a list, gave it.")]
CaseRef = Annotated[
    str,
    StringConstraints(pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    Field(examples=[CASE]),
]
_COUNTS = {"given": 12, "kept": 300, "left": 1, "refused": 0}


class AllocationSent(Sent):
    """What to share out, among whom, by which rule; nothing said: every worked case among all, by the first rule."""

    queue: Literal["M1", "M2", "M3", "M4+", "nothing-owed"] | None = None
    team: Team | None = None
    cases: list[CaseRef] | None = Field(default=None, min_length=1, max_length=1_000)
    rule: str | None = Field(
        default=None, pattern=r"^[a-z][a-z0-9-]{0,39}$", description="By name.", examples=["by-band"]
    )
    seed: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9._-]{1,40}$",
        description="What ties are drawn by; the run's id unless given.",
    )
    limit: Whole = Field(
        default=CASES_MAX, ge=1, le=CASES_MAX, description="Cases looked at, best rank first."
    )


class TermsShown(Wire):
    """The rule as it was."""

    rule: str
    roles: list[str]
    keep: bool
    keep_leave_days: int
    rotation_days: int | None
    last_first: bool
    share: str
    over: str
    bands: list[int]


class RunShown(Wire):
    """A run that shared cases out."""

    id: str
    on: str
    rule: str
    terms: TermsShown
    seed: str
    queue: str | None
    team: str | None
    given: int
    kept: int
    left: int = Field(description="Nobody could take them; the items say why.")
    refused: int
    status: str = Field(description="BEGUN, or FINISHED: every case that was given is with its collector.")
    carried_out: int | None = Field(description="Cases with their collectors by it.")
    by: str
    links: dict[str, str]


class RunPage(Wire):
    """A page of runs."""

    items: list[RunShown]
    page: PageLinks


class ItemShown(Wire):
    """What was decided of a case."""

    case: str
    outcome: str = Field(description="GIVEN, KEPT, LEFT or REFUSED.")
    reason: str
    staff: str | None = Field(description="Who has it by the run; an id of the staff directory.")
    before: str | None = Field(description="Who had it.")
    overtaken: str | None = Field(description="Why it was not given after all: a problem's code.")


class ItemPage(Wire):
    """Cases of a run, by id."""

    items: list[ItemShown]
    page: PageLinks


class ToShareOut(Wire):
    """An open case whose collector has left, or is in no directory."""

    case: str
    queue: str
    collector: str
    why: str = Field(description="LEFT or NOT_IN_DIRECTORY.")
    since: str | None


class Reallocations(Wire):
    """Cases to be shared out anew, by collector, at most as many as asked for."""

    items: list[ToShareOut]


_TERMS: dict[str, Any] = {
    "rule": "cn-staffing/1/by-band", "roles": ["COLLECTOR"], "keep": True, "keep_leave_days": 7,
    "rotation_days": None, "last_first": True, "share": "COUNT", "over": "RUN", "bands": [1000, 5000],
}  # fmt: skip
_RUN: dict[str, Any] = {
    "id": RUN, "on": "2026-11-22", "rule": "cn-staffing/1/by-band", "terms": _TERMS, "seed": RUN, "queue": "M1",
    "team": "SHANGHAI_M1", **_COUNTS, "status": "FINISHED", "carried_out": 12, "by": "bank/chief",
    "links": {"self": f"/v1/allocations/{RUN}", "items": f"/v1/allocations/{RUN}/items"},
}  # fmt: skip
_ITEM: dict[str, Any] = {
    "case": CASE, "outcome": "GIVEN", "reason": "EVEN_COUNT", "staff": STAFF, "before": None, "overtaken": None,
}  # fmt: skip


def router(office: Office) -> APIRouter:
    """POST and GET /v1/allocations, and GET /v1/reallocations."""
    found = routes("/v1", tag="staff")
    _allocate(found, office)
    _list(found, office)
    _one(found, office)
    _items(found, office)
    _anew(found, office)
    return found


def _links(run: str) -> dict[str, str]:
    return {"self": f"/v1/allocations/{run}", "items": f"/v1/allocations/{run}/items"}


def _allocate(found: APIRouter, office: Office) -> None:
    of_it = {"run_id": "$response.body#/id"}

    @found.post(
        "/allocations",
        **command(
            "allocateCases",
            "Share cases out by rule; a dry run says what would become of each. Cases are with their collectors when "
            "it answers; cut off, the next run goes on with it first",
            scope="staff:write",
            problems=("allocation-rule-unknown", "contended", "projection-behind"),
            sent={"queue": "M1", "team": "SHANGHAI_M1", "rule": "by-band"},
            gives={"id": RUN, **_COUNTS, "links": _links(RUN)},
            links={"showAllocation": of_it, "listAllocationItems": of_it},
        ),
    )
    async def allocate_cases(sent: AllocationSent, asked: Asked) -> Response:
        desk, room = office.open_desk, office.open_desk.staffing
        terms = room.rules.named(sent.rule)
        wanted = Wanted(
            queue=sent.queue,
            team=sent.team,
            cases=None if sent.cases is None else tuple(dict.fromkeys(sent.cases)),
            limit=sent.limit,
        )
        run = room.allocations.run_id(asked.caller.client, asked.key)

        async def decide() -> Decided:
            if not asked.dry_run:
                await room.allocations.finish()
            plan = await room.allocations.plan(wanted, terms, run=run, seed=sent.seed)
            writes = await room.allocations.write(plan, dry_run=asked.dry_run)
            return Decided(
                writes=writes,
                policy=desk.decisions.policy.version.id,
                refs={"id": run, **plan.counts, "links": _links(run)},
                known=_nothing_given(plan),
            )

        answer = await asked.carry_out(desk.ledger, stream=room.allocations.stream, decide=decide)
        if not asked.dry_run and await room.allocations.finish() is not None:
            lanes = await desk.ledger.lanes(desk.tenant)
            reached = {lane.lane: lane.head for lane in lanes}
            answer.headers["Event-Position"] = position_text([lane.lane for lane in lanes], reached)
        return answer


def _nothing_given(plan: Plan) -> dict[str, Any]:
    """How a run came out that gives nothing, and so is not recorded: the counts, and the cases left over or refused."""
    left = [one for one in plan.shares if one.outcome in OUTCOMES[2:]]
    said = [{"case": one.seen.case, "outcome": one.outcome, "reason": one.reason} for one in left[:1_000]]
    return {**plan.counts, "items": said}


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "/allocations",
        **reading(
            "listAllocations",
            "The runs that shared cases out, the oldest first",
            scope="staff:read",
            problems=OF_A_LIST,
            example={"items": [_RUN], "page": {"next": None}},
            links={"showAllocation": {"run_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_allocations(turn: AskedPage, team: OfTeam = None) -> RunPage:
        rows, page = await listed(
            office,
            turn,
            path="/v1/allocations",
            view=runs.VIEW,
            filters={"team": team},
            rows=lambda connection, part: runs.page(
                connection, after=part.after, limit=part.limit, pin=part.pin, team=team
            ),
        )
        items = [RunShown(**row.as_json(), links=_links(row.run)) for row in rows]
        return RunPage(items=items, page=PageLinks(**page))


def _one(found: APIRouter, office: Office) -> None:
    @found.get(
        "/allocations/{run_id}",
        **reading(
            "showAllocation",
            "One run: its rule, seed and counts, and whether it is finished",
            scope="staff:read",
            problems=("not-found", "malformed-request", "projection-behind"),
            example=_RUN,
            links={"listAllocationItems": {"run_id": "$response.body#/id"}},
        ),
    )
    async def show_allocation(
        request: Request, response: Response, run_id: RunId, min_position: MinPosition = None
    ) -> RunShown:
        desk = office.open_desk
        await caught_up(request, desk, runs.VIEW)
        row, at = await desk.ask(
            lambda connection: (runs.one(connection, run_id), positions(connection, runs.VIEW))
        )
        await stamp(response, desk, at)
        if row is None:
            raise Problem("not-found")
        return RunShown(**row.as_json(), links=_links(run_id))


def _items(found: APIRouter, office: Office) -> None:
    @found.get(
        "/allocations/{run_id}/items",
        **reading(
            "listAllocationItems",
            "What was decided of each case of a run, and why",
            scope="staff:read",
            problems=("not-found", *OF_A_LIST),
            example={"items": [_ITEM], "page": {"next": None}},
            links={"showCase": {"case_id": "$response.body#/items/0/case"}},
        ),
    )
    async def list_allocation_items(
        request: Request,
        response: Response,
        run_id: RunId,
        outcome: Annotated[
            Literal["GIVEN", "KEPT", "LEFT", "REFUSED"] | None, Query(description="Those that came out so.")
        ] = None,
        limit: Limit = None,
        cursor: CursorText = None,
        min_position: MinPosition = None,
    ) -> ItemPage:
        desk, size = office.open_desk, page_size(limit)
        await caught_up(request, desk, runs.VIEW)

        # A run's items never change once it is told: a case's id is cursor enough.
        def question(connection: sa.Connection) -> tuple[bool, list[runs.ItemRow], dict[int, int]]:
            known = runs.one(connection, run_id) is not None
            found = runs.items(connection, run_id, after=cursor or "", limit=size + 1, outcome=outcome)
            return known, found, positions(connection, runs.VIEW)

        known, rows, at = await desk.ask(question)
        await stamp(response, desk, at)
        if not known:
            raise Problem("not-found")
        following = rows[size - 1].case_id if len(rows) > size else None
        items = [ItemShown(**row.as_json()) for row in rows[:size]]
        return ItemPage(items=items, page=PageLinks(next=following))


def _anew(found: APIRouter, office: Office) -> None:
    @found.get(
        "/reallocations",
        **reading(
            "listReallocations",
            "Open cases whose collector has left or is in no directory: to be shared out anew",
            scope="staff:read",
            problems=("malformed-request", "projection-behind"),
            example={
                "items": [
                    {
                        "case": CASE,
                        "queue": "M2",
                        "collector": "user:5b0e",
                        "why": "LEFT",
                        "since": "2026-10-01",
                    }
                ]
            },
            links={"showCase": {"case_id": "$response.body#/items/0/case"}},
        ),
    )
    async def list_reallocations(
        request: Request, response: Response, limit: Limit = None, min_position: MinPosition = None
    ) -> Reallocations:
        desk, size = office.open_desk, page_size(limit)
        today = desk.decisions.today
        for view in (work_queue.VIEW, directory.VIEW):
            await caught_up(request, desk, view)
        rows, at = await desk.ask(
            lambda connection: (
                floor.to_share_out_anew(connection, today, limit=size),
                positions(connection, work_queue.VIEW),
            )
        )
        await stamp(response, desk, at)
        return Reallocations(
            items=[
                ToShareOut(
                    case=row.case_id,
                    queue=row.queue,
                    collector=str(row.assignee),
                    why=why,
                    since=row.allocated_on.isoformat() if row.allocated_on else None,
                )
                for row, why in rows
            ]
        )
