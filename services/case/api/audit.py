"""The audit trail over HTTP: searches with their bounds and position stated, their records page by page, one record."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Path, Request, Response
from pydantic import Field, StringConstraints

from services.case.api.desk import Office
from services.case.application.audit_search import ANY, Search, SearchUnknown, Wanted
from services.case.projections import audit_trail
from shared.eventstore.projection.audit_trail import AuditFilter, AuditRecord
from shared.eventstore.projection.columns import from_micros, to_micros
from shared.eventstore.projection.pinned import Pin
from shared.http.asked import CursorText, Limit, MinPosition, caught_up, reached, stamp
from shared.http.bodies import Moment, Ref, Sent
from shared.http.commands import Asked, Decided
from shared.http.operations import command, reading, routes
from shared.http.paging import Paging, paging
from shared.http.preconditions import position_text, wait_s
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire
from shared.messaging.published import instant

SEARCH = "search-6f1c0d1e-0000-8000-8000-000000000007"
EVENT = "6f1c0d1e-0000-8000-8000-000000000002"
SearchId = Annotated[str, Path(description="`search-…`, as the answer that began it gave it.")]
Stream = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
_BOUNDS: dict[str, Any] = {
    "case": None, "debtor": True, "actor": None, "type": "CaseOpened", "recorded_from": None,
    "recorded_until": None, "effective_from": "2026-03-01T00:00:00.000000Z", "effective_until": None,
}  # fmt: skip
_SEARCH: dict[str, Any] = {
    "id": SEARCH,
    "searched_at": "2026-03-12T09:30:00.000000Z",
    "position": "18236",
    "bounds": _BOUNDS,
    "links": {"self": f"/v1/audit/searches/{SEARCH}", "records": f"/v1/audit/searches/{SEARCH}/records"},
}
_RECORD: dict[str, Any] = {
    "lane": 1, "position": 4711, "stream": "case-6f1c0d1e-0000-8000-8000-000000000001", "version": 1,
    "type": "case.CaseOpened/v1", "event_id": EVENT, "effective_at": "2005-08-31T16:00:00.000000Z",
    "recorded_at": "2005-09-01T01:02:03.000000Z", "actor": "system:import", "caused_by": None,
    "correlation_id": EVENT, "command_id": EVENT, "policy": "cn-retail/1", "leaf_hash": "9f" * 32,
}  # fmt: skip


class SearchSent(Sent):
    """What to look for; every bound that is given must hold, and none is everything. Ranges end before `…_until`."""

    case: Stream | None = Field(
        default=None, description="A case's id; that of an account or a payment works as well."
    )
    debtor_ref: Ref | None = Field(
        default=None,
        description="The lender's reference: everything about this debtor. It is kept nowhere and never told again.",
        examples=["D-1001"],
    )
    actor: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._:/-]{1,129}$", examples=["system:import"])
    type: str | None = Field(
        default=None, pattern=r"^[A-Za-z]{1,20}(\.[A-Za-z]{1,80})?$|^[A-Za-z]{1,80}$", examples=["CaseOpened"]
    )
    recorded_from: Moment | None = Field(default=None, description="Learnt at or after this time.")
    recorded_until: Moment | None = Field(default=None, description="Learnt before this time.")
    effective_from: Moment | None = Field(default=None, description="Happened at or after this time.")
    effective_until: Moment | None = Field(default=None, description="Happened before this time.")


class Bounds(Wire):
    """What a search looks for. `debtor`: whether it is about one debtor; which one is not told."""

    case: str | None
    debtor: bool
    actor: str | None
    type: str | None
    recorded_from: str | None
    recorded_until: str | None
    effective_from: str | None
    effective_until: str | None


class SearchShown(Wire):
    """A search: nothing that was recorded after `position` is in it."""

    id: str
    searched_at: str
    position: str = Field(description="The last position it reads, one number a lane, joined by dots.")
    bounds: Bounds
    links: dict[str, str]


class RecordShown(Wire):
    """One event of the trail; what it says is not in it."""

    lane: int
    position: int
    stream: str
    version: int
    type: str = Field(examples=["case.CaseOpened/v1"])
    event_id: str
    effective_at: str = Field(description="When it happened in the world.")
    recorded_at: str = Field(description="When we learnt it.")
    actor: str
    caused_by: str | None = Field(description="The event that led to it.")
    correlation_id: str
    command_id: str
    policy: str | None = Field(description="The version of the rules that decided it.")
    leaf_hash: str = Field(description="RFC 6962's, in hex.")


class RecordPage(Wire):
    """A page of a search's records, in the order of recording."""

    search: SearchShown
    items: list[RecordShown]
    page: PageLinks


def router(office: Office) -> APIRouter:
    """The routes under /v1/audit."""
    found = routes("/v1/audit", tag="audit")
    _search(found, office)
    _records(found, office)
    _record(found, office)
    return found


def _search(found: APIRouter, office: Office) -> None:
    """POST /v1/audit/searches and GET of one."""

    @found.post(
        "/searches",
        **command(
            "searchAudit",
            "Search the audit trail as it is now",
            scope="audit:read",
            sent={"debtor_ref": "D-1001", "effective_from": "2026-03-01T00:00:00+08:00"},
            gives={name: _SEARCH[name] for name in ("id", "position", "links")},
            links={
                "showAuditSearch": {"search_id": "$response.body#/id"},
                "listAuditRecords": {"search_id": "$response.body#/id"},
            },
        ),
    )
    async def search_audit(sent: SearchSent, asked: Asked) -> Response:
        desk = office.open_desk
        _in_order(sent)
        search_id = desk.audit.search_id(asked.caller.client, asked.key)
        wanted = Wanted(
            stream=sent.case,
            debtor_ref=sent.debtor_ref,
            actor=sent.actor,
            type=sent.type,
            recorded_from=sent.recorded_from,
            recorded_until=sent.recorded_until,
            effective_from=sent.effective_from,
            effective_until=sent.effective_until,
        )

        async def decide() -> Decided:
            writes = await desk.audit.begin(
                search_id, wanted, actor=asked.caller.actor, dry_run=asked.dry_run
            )
            heads = writes[0].events[0].event.heads
            refs = {"id": search_id, "position": ".".join(map(str, heads)), "links": _links(search_id)}
            return Decided(writes=writes, policy=None, refs=refs)

        return await asked.carry_out(desk.ledger, stream=search_id, decide=decide)

    @found.get(
        "/searches/{search_id}",
        **reading(
            "showAuditSearch",
            "A search of the audit trail: its bounds and its position",
            scope="audit:read",
            problems=("not-found",),
            example=_SEARCH,
        ),
    )
    async def show_audit_search(search_id: SearchId) -> SearchShown:
        return await _shown(office, search_id, await _found(office, search_id))


def _in_order(sent: SearchSent) -> None:
    """Raises Problem `invalid` for a range that ends before it begins."""
    for clock in ("recorded", "effective"):
        first, end = getattr(sent, f"{clock}_from"), getattr(sent, f"{clock}_until")
        if first is not None and end is not None and end <= first:
            raise Problem("invalid", errors=[(f"/{clock}_until", "NOT_AFTER_THE_BEGINNING")])


def _links(search_id: str) -> dict[str, str]:
    here = f"/v1/audit/searches/{search_id}"
    return {"self": here, "records": f"{here}/records"}


async def _found(office: Office, search_id: str) -> Search:
    """The search of this id. Raises Problem `not-found`."""
    try:
        return await office.open_desk.audit.load(search_id)
    except SearchUnknown:
        raise Problem("not-found") from None


async def _shown(office: Office, search_id: str, search: Search) -> SearchShown:
    said = search.said
    times = ("recorded_from", "recorded_until", "effective_from", "effective_until")
    told = {name: getattr(said, name) for name in times}
    lanes = await office.open_desk.ledger.lane_numbers(office.open_desk.tenant)
    return SearchShown(
        id=search_id,
        searched_at=instant(search.searched_at),
        position=position_text(lanes, search.pin),
        bounds=Bounds(
            case=said.stream,
            debtor=said.debtor != ANY,
            actor=said.actor,
            type=said.type,
            **{name: None if at is None else instant(at) for name, at in told.items()},
        ),
        links=_links(search_id),
    )


def _records(found: APIRouter, office: Office) -> None:
    """GET /v1/audit/searches/{id}/records."""

    @found.get(
        "/searches/{search_id}/records",
        **reading(
            "listAuditRecords",
            "The records that a search finds, in the order of recording; what came after it began is not in it",
            scope="audit:read",
            problems=("not-found", "bad-cursor", "malformed-request", "projection-behind"),
            example={"search": _SEARCH, "items": [_RECORD], "page": {"next": None}},
            links={"showAuditRecord": {"record_id": "$response.body#/items/0/event_id"}},
        ),
    )
    async def list_audit_records(
        request: Request,
        response: Response,
        search_id: SearchId,
        limit: Limit = None,
        cursor: CursorText = None,
    ) -> RecordPage:
        desk, search = office.open_desk, await _found(office, search_id)
        asked = await paging(
            desk, cursor_text=cursor, filters={"search": search_id}, kinds=(int, int, int), limit=limit
        )
        asked = replace(asked, pin=search.pin)
        await reached(desk, audit_trail.VIEW, search.pin, wait_s=wait_s(request))
        rows, at = await desk.ask(_question(asked, search))
        await stamp(response, desk, at)
        size = asked.size
        last = rows[size - 1].cursor if len(rows) > size else None
        following = asked.following(None if last is None else (to_micros(last[0]), *last[1:]), at)
        return RecordPage(
            search=await _shown(office, search_id, search),
            items=[RecordShown(**row.as_json()) for row in rows[:size]],
            page=PageLinks(next=following),
        )


def _question(asked: Paging, search: Search) -> Any:
    """One page of the records. Raises Problem `bad-cursor`."""
    said = search.said
    which = AuditFilter(
        stream=said.stream,
        subjects=search.subjects,
        actor=said.actor,
        type=said.type,
        from_=said.recorded_from,
        until=said.recorded_until,
        effective_from=said.effective_from,
        effective_until=said.effective_until,
    )
    after = _place(asked.after)

    def question(connection: sa.Connection) -> tuple[list[AuditRecord], Pin]:
        at = asked.position(connection, audit_trail.VIEW)
        found = audit_trail.TRAIL.records(connection, which, after=after, limit=asked.size + 1, pin=at)
        return found, at

    return question


def _place(after: tuple[Any, ...] | None) -> Any:
    """The sort key that a cursor carries. Raises Problem `bad-cursor`."""
    if after is None:
        return None
    micros, lane, position = after
    try:
        if 0 <= lane < 2**15 and 0 <= position < 2**63:
            return from_micros(micros), lane, position
    except OverflowError:
        pass
    raise Problem("bad-cursor")


def _record(found: APIRouter, office: Office) -> None:
    """GET /v1/audit/records/{id}."""

    @found.get(
        "/records/{record_id}",
        **reading(
            "showAuditRecord",
            "One event of the audit trail",
            scope="audit:read",
            problems=("not-found", "malformed-request", "projection-behind"),
            example=_RECORD,
        ),
    )
    async def show_audit_record(
        request: Request,
        response: Response,
        record_id: Annotated[
            str, Path(description="An event's id, as records, causes and the feed give it.")
        ],
        min_position: MinPosition = None,
    ) -> RecordShown:
        desk = office.open_desk
        try:
            event_id = UUID(record_id)
        except ValueError:
            raise Problem("not-found") from None
        if str(event_id) != record_id:
            raise Problem("not-found")
        await caught_up(request, desk, audit_trail.VIEW)
        row = await desk.ask(lambda connection: audit_trail.TRAIL.one(connection, event_id))
        if row is None:
            raise Problem("not-found")
        response.headers["Cache-Control"] = "no-store"
        return RecordShown(**row.as_json())
