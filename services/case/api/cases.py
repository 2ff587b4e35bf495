"""Routes about cases: a list from the views, one case from the ledger, its timeline."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Header, Query, Request, Response

from services.case.api import dossier, wire
from services.case.api.acting import CaseId
from services.case.api.desk import Office
from services.case.application.sheet import CaseUnknown
from services.case.domain.mode import AGENCY, INTERNAL, LEGAL
from services.case.projections import case_list, case_timeline, work_queue
from services.case.projections import dossier as dossier_view
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View
from shared.http.asked import CursorText, Limit, MinPosition, caught_up, stamp
from shared.http.language import chosen
from shared.http.operations import caller_of, reading, routes
from shared.http.paging import Paging, paging
from shared.http.problems import Problem
from shared.http.wire import PageLinks

STATUSES = ("open", "closed")
STAGES = ("M0", "M1", "M2", "M3", "M4+")
MODES = (INTERNAL, AGENCY, LEGAL)
STAFF = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$"
_EXAMPLE: dict[str, Any] = {
    "id": "case-6f1c0d1e-0000-8000-8000-000000000001",
    "debtor_ref": "TWC-000059",
    "episode": 1,
    "lifecycle": "open",
    "stage": "M1",
    "days_past_due": 30,
    "arrears": {"amount": "1234.50", "currency": "TWD"},
    "paid": None,
    "as_of": "2005-09-30",
    "opened_on": "2005-08-31",
    "closed_on": None,
    "reason": None,
    "version": 17,
}
_ENTRY: dict[str, Any] = {
    "version": 1,
    "position": 4711,
    "type": "case.CaseOpened",
    "effective_at": "2005-08-31T16:00:00.000000Z",
    "recorded_at": "2005-09-01T01:02:03.000000Z",
    "actor": "import",
    "policy": "cn-retail/1",
    "title": "Case opened",
    "text": "The case was opened.",
    "facts": {"episode": 1},
}


def _one_of(name: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise Problem("invalid", errors=[(name, "NOT_ONE_OF")], context={"allowed": list(allowed)})


Keyed: TypeAlias = tuple[case_list.CaseRow, tuple[Any, ...]]
"""A row with its sort key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases are asked for. `assignee` is a collector's staff id; `dpd_until` is no longer in the range."""

    stage: str | None
    status: str | None
    queue: str | None
    dpd_from: int | None
    dpd_until: int | None
    mode: str | None
    assignee: str | None

    def require_sense(self) -> None:
        """Raises Problem `invalid` for a value, or two, that the list does not take."""
        _one_of("stage", self.stage, STAGES)
        _one_of("status", self.status, STATUSES)
        _one_of("queue", self.queue, work_queue.QUEUES)
        _one_of("mode", self.mode, MODES)
        others = [name for name, value in asdict(self).items() if value is not None and name != "queue"]
        if self.queue is not None and others:
            raise Problem("invalid", errors=[("queue", "NOT_TOGETHER")], context={"not_with": sorted(others)})

    @property
    def views(self) -> tuple[View, ...]:
        """The views that answer."""
        if self.queue is not None:
            return (work_queue.VIEW,)
        return (case_list.VIEW,) if self._among is None else (case_list.VIEW, dossier_view.VIEW)

    @property
    def _among(self) -> sa.Select[tuple[str]] | None:
        return dossier_view.among(collector=self.assignee, mode=self.mode)

    def by_age(self, connection: sa.Connection, asked: Paging) -> list[Keyed]:
        """Cases in the order in which they were opened."""
        since = None
        if asked.after is not None:
            since = (date.fromisoformat(str(asked.after[0])), str(asked.after[1]))
        rows = case_list.page(
            connection,
            after=since,
            limit=asked.size + 1,
            stage=self.stage,
            lifecycle=self.status,
            days_from=self.dpd_from,
            days_until=self.dpd_until,
            among=self._among,
            pin=asked.pin,
        )
        return [(row, (row.opened_on.isoformat(), row.case_id)) for row in rows]


def _question(asked: Paging, wanted: Wanted) -> Callable[[sa.Connection], tuple[list[Keyed], Pin]]:
    """One page, with the sort key of each row, and the position it was read at."""

    def question(connection: sa.Connection) -> tuple[list[Keyed], Pin]:
        if wanted.queue is not None:
            return _by_rank(connection, asked, wanted.queue), asked.position(connection, work_queue.VIEW)
        return wanted.by_age(connection, asked), asked.position(connection, case_list.VIEW)

    return question


def _by_rank(connection: sa.Connection, asked: Paging, queue: str) -> list[Keyed]:
    """Cases of a queue in working order, those that there were at the pin."""
    found: list[Keyed] = []
    since: Any = asked.after
    while len(found) <= asked.size:
        top = work_queue.top(connection, queue, limit=asked.size + 1, after=since)
        known = case_list.some(connection, [row.case_id for row in top])
        for row in top:
            case = known.get(row.case_id)
            if case and (asked.pin is None or case.made_at <= asked.pin.get(case.lane, 0)):
                found.append((case, (row.rank, row.case_id)))
        if len(top) <= asked.size:
            break
        since = (top[-1].rank, top[-1].case_id)
    return found[: asked.size + 1]


def router(office: Office) -> APIRouter:
    """The routes under /v1/cases."""
    found = routes("/v1/cases", tag="cases")
    _list(found, office)
    dossier.one(found, office)
    dossier.glance(found, office)
    _timeline(found, office)
    return found


_LISTING = reading(
    "listCases",
    "Cases, oldest first; in working order with `queue`",
    scope="case:read",
    problems=("bad-cursor", "malformed-request", "projection-behind"),
    example={"items": [_EXAMPLE], "page": {"next": None}},
    links={
        "showCase": {"case_id": "$response.body#/items/0/id"},
        "showTimeline": {"case_id": "$response.body#/items/0/id"},
    },
)


def _list(found: APIRouter, office: Office) -> None:
    """GET /v1/cases."""

    @found.get("", **_LISTING)
    async def list_cases(
        request: Request,
        response: Response,
        stage: Annotated[str | None, Query(json_schema_extra={"enum": list(STAGES)})] = None,
        status: Annotated[str | None, Query(json_schema_extra={"enum": list(STATUSES)})] = None,
        queue: Annotated[
            str | None,
            Query(
                description="A work queue; not together with the others.",
                json_schema_extra={"enum": list(work_queue.QUEUES)},
            ),
        ] = None,
        dpd_from: Annotated[int | None, Query(ge=0, description="Days past due, at least.")] = None,
        dpd_until: Annotated[int | None, Query(ge=0, description="Days past due, fewer than.")] = None,
        mode: Annotated[str | None, Query(json_schema_extra={"enum": list(MODES)})] = None,
        assignee: Annotated[
            str | None,
            Query(
                pattern=STAFF,
                description="`me`, or the staff id of the collector whom the case was given to.",
            ),
        ] = None,
        limit: Limit = None,
        cursor_text: Annotated[CursorText, Query(alias="cursor")] = None,
        min_position: MinPosition = None,
    ) -> wire.CasePage:
        wanted = Wanted(
            stage=stage, status=status, queue=queue, dpd_from=dpd_from, dpd_until=dpd_until, mode=mode,
            assignee=caller_of(request).subject if assignee == "me" else assignee,
        )  # fmt: skip
        wanted.require_sense()
        filters, desk = asdict(wanted), office.open_desk
        kinds = (int, str) if queue else (str, str)
        asked = await paging(desk, cursor_text=cursor_text, filters=filters, kinds=kinds, limit=limit)
        for view in wanted.views:
            await caught_up(request, desk, view)
        try:
            rows, at = await desk.ask(_question(asked, wanted))
        except ValueError:
            raise Problem("bad-cursor") from None
        await stamp(response, desk, at)
        size = asked.size
        following = asked.following(rows[size - 1][1] if len(rows) > size else None, at)
        if following:
            kept = {name: value for name, value in filters.items() if value is not None}
            query = urlencode({**kept, "limit": size, "cursor": following})
            response.headers["Link"] = f'</v1/cases?{query}>; rel="next"'
        items = [wire.CaseSummary(**row.as_json()) for row, _ in rows[:size]]
        return wire.CasePage(items=items, page=PageLinks(next=following))


def _timeline(found: APIRouter, office: Office) -> None:
    """GET /v1/cases/{case_id}/timeline."""

    @found.get(
        "/{case_id}/timeline",
        **reading(
            "showTimeline",
            "What happened in a case, in words, oldest first",
            scope="case:read",
            problems=("not-found", "bad-cursor", "malformed-request", "projection-behind"),
            example={"items": [_ENTRY], "page": {"next": None}},
        ),
    )
    async def show_timeline(
        request: Request,
        response: Response,
        case_id: CaseId,
        limit: Limit = None,
        cursor_text: Annotated[CursorText, Query(alias="cursor")] = None,
        accept_language: Annotated[str | None, Header()] = None,
        min_position: MinPosition = None,
    ) -> wire.TimelinePage:
        language, desk = chosen(accept_language), office.open_desk
        asked = await paging(
            desk, cursor_text=cursor_text, filters={"case": case_id}, kinds=(int,), limit=limit
        )
        size, after = asked.size, int((asked.after or (0,))[0] or 0)
        await caught_up(request, desk, case_timeline.VIEW)

        def question(connection: sa.Connection) -> tuple[list[case_timeline.Entry], Pin]:
            at = asked.position(connection, case_timeline.VIEW)
            found = case_timeline.entries(connection, case_id, after=after, limit=size + 1, pin=asked.pin)
            return found, at

        entries, at = await desk.ask(question)
        if not entries:
            await _sheet(office, case_id)
        await stamp(response, desk, at)
        response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
        following = asked.following((entries[size - 1].version,) if len(entries) > size else None, at)
        items = [wire.TimelineEntry(**entry.as_json(language)) for entry in entries[:size]]
        return wire.TimelinePage(items=items, page=PageLinks(next=following))


async def _sheet(office: Office, case_id: str, **when: Any) -> Any:
    """The case of this id; a reference of the lender is no id here. Raises Problem `not-found`."""
    if not case_id.startswith("case-"):
        raise Problem("not-found")
    try:
        return await office.open_desk.cases.sheet(case_id, **when)
    except CaseUnknown:
        raise Problem("not-found") from None
