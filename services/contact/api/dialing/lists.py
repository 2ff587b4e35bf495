"""Dial lists over HTTP: who may be called, by pseudonyms. Numbers stand in the file of the command line alone."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from services.contact.api.asking.acting import (
    CASE,
    OF_A_THING,
    POINT,
    SUBJECT,
    Mark,
    closed,
    one_of,
)
from services.contact.api.desk import Office
from services.contact.api.lists import listed
from services.contact.application.dialing.lists import LINES_MAX, SOURCES, DialListUnknown, Wanted
from services.contact.domain.asked import COLLECTOR_ROLES
from services.contact.projections.dialing import lists
from services.contact.projections.ledger_pages import instant
from shared.eventstore.projection.port import NotCaughtUp
from shared.http.bodies import Moment, Ref, Sent, Whole
from shared.http.commands import Asked, Decided
from shared.http.listing import OF_A_LIST, AskedPage, words
from shared.http.listing import one_of as require_one_of
from shared.http.operations import command, reading, routes
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire

LISTS = "/v1/dial-lists"
ID = "dls_0123456789abcdef01234567"
STAGES = ("M0", "M1", "M2", "M3", "M4+")
ListId = Annotated[str, Path(description="`dls_…`, as the answer that made it gave it.")]


class DialListSent(Sent):
    """What list is wanted. Without `at` it is for now and reserves a permit a line; with `at` it reserves nothing."""

    source: str = one_of(
        SOURCES, default="TASKS", description="Calls that outreach asks for, or every open case."
    )
    stages: tuple[str, ...] = Field(default=(), max_length=5, description="Only cases in these stages.")
    limit: Whole = Field(default=LINES_MAX, ge=1, le=LINES_MAX)
    at: Moment | None = Field(default=None, description="The second to decide for.")
    known_at: Moment | None = Field(default=None, description="By what was known then; `at` unless given.")
    collector_role: str = one_of(COLLECTOR_ROLES, default="first_party")
    agency: Ref | None = None


class DialListShown(Wire):
    """A dial list."""

    id: str
    at: str
    known_at: str
    source: str
    stages: list[str]
    reserved: bool = Field(description="Were permits taken out for its lines?")
    asked: int = Field(description="How many were looked at.")
    lines: int = Field(description="How many of them may be called.")
    content: str = Field(description="SHA-256 of the list without its numbers.")


class DialListPage(Wire):
    """A page of dial lists."""

    items: list[DialListShown]
    page: PageLinks


class DialLineShown(Wire):
    """A line of a dial list."""

    line: int
    subject: str
    contact_point: str
    case: str | None
    permit: str | None
    valid_until: str
    task: str | None
    situation: Mark | None


class DialListOpened(DialListShown):
    """A dial list with its lines."""

    items: list[DialLineShown]


def router(office: Office) -> APIRouter:
    """The routes of dial lists."""
    found = routes(LISTS, tag="dialing")
    _make(found, office)
    _list(found, office)
    _one(found, office)
    return found


def _make(found: APIRouter, office: Office) -> None:
    @found.post(
        "",
        **command(
            "makeDialList",
            "Who may be called now, a permit reserved for each; or who could be at a stated second, the same for ever",
            scope="contact:decide",
            problems=("subject-busy", "projection-behind"),
            sent={"source": "CASES", "stages": ["M1"], "limit": 200},
            gives={"id": ID, "lines": 1, "asked": 3, "reserved": True, "content": "cd" * 32}
            | {"links": {"self": f"{LISTS}/{ID}"}},
            links={"showDialList": {"list_id": "$response.body#/id"}},
        ),
    )
    async def make_dial_list(sent: DialListSent, asked: Asked) -> Response:
        closed("/source", sent.source, SOURCES)
        closed("/collector_role", sent.collector_role, COLLECTOR_ROLES)
        for place, stage in enumerate(sent.stages):
            closed(f"/stages/{place}", stage, STAGES)
        desk, by = office.open_desk, asked.caller.actor
        at = (
            sent.at if sent.at is not None or not asked.dry_run else desk.clock.now()
        )  # a rehearsal reserves nothing
        wanted = Wanted(
            source=sent.source, stages=tuple(sorted(set(sent.stages))), limit=sent.limit, at=at,
            known_at=sent.known_at, collector_role=sent.collector_role, agency=sent.agency,
        )  # fmt: skip
        name = desk.dialing.lists.name(wanted, by=asked.caller.client, key=asked.key)

        async def decide() -> Decided:
            try:
                made, known = await desk.dialing.lists.composed(wanted, by=asked.caller.client, key=asked.key)
            except NotCaughtUp:
                raise Problem("projection-behind") from None
            refs: dict[str, Any] = {
                "id": made.list, "lines": len(made.lines), "asked": made.asked, "reserved": made.reserved,
                "content": made.content, "links": {"self": f"{LISTS}/{made.list}"},
            }  # fmt: skip
            writes = () if known else (await desk.dialing.lists.write(made, by=by),)
            return Decided(writes=writes, policy=None, refs=refs, known=refs)

        return await asked.carry_out(
            desk.ledger, stream=desk.dialing.lists.stream(name), decide=decide, named_by_body=at is not None
        )


_SHOWN = {
    "id": ID, "at": "2026-11-23T02:00:00.000000Z", "known_at": "2026-11-23T02:00:00.000000Z",
    "source": "CASES", "stages": ["M1"], "reserved": True, "asked": 3, "lines": 1, "content": "cd" * 32,
}  # fmt: skip
_LINE = {
    "line": 1, "subject": SUBJECT, "contact_point": POINT, "case": CASE, "permit": f"cpm_{OF_A_THING}",
    "valid_until": "2026-11-23T02:05:00.000000Z", "task": None, "situation": None,
}  # fmt: skip


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "",
        **reading(
            "listDialLists",
            "Dial lists by the second they are for, the latest first",
            scope="contact:decide",
            problems=OF_A_LIST,
            example={"items": [_SHOWN], "page": {"next": None}},
            links={"showDialList": {"list_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_dial_lists(
        turn: AskedPage,
        source: Annotated[str | None, words(SOURCES, "Made of tasks, or of open cases.")] = None,
    ) -> DialListPage:
        require_one_of("source", source, SOURCES)
        rows, page = await listed(
            office, turn, path=LISTS, view=lists.VIEW, filters={"source": source},
            rows=lambda connection, part: lists.page(
                connection, source=source, after=part.after, limit=part.limit, pin=part.pin
            ),
        )  # fmt: skip
        return DialListPage(items=[DialListShown(**row.as_json()) for row in rows], page=PageLinks(**page))


def _one(found: APIRouter, office: Office) -> None:
    @found.get(
        "/{list_id}",
        **reading(
            "showDialList",
            "A dial list with its lines, without numbers",
            scope="contact:decide",
            problems=("not-found",),
            example={**_SHOWN, "items": [_LINE]},
        ),
    )
    async def show_dial_list(list_id: ListId) -> DialListOpened:
        try:
            made = await office.open_desk.dialing.lists.list(list_id)
        except DialListUnknown:
            raise Problem("not-found") from None
        return DialListOpened(
            id=made.list, at=str(instant(made.at)), known_at=str(instant(made.known_at)), source=made.source,
            stages=list(made.stages), reserved=made.reserved, asked=made.asked, lines=len(made.lines),
            content=made.content,
            items=[
                DialLineShown(
                    line=one.line, subject=one.subject, contact_point=one.point, case=one.case,
                    permit=one.permit, valid_until=str(instant(one.until)), task=one.task,
                    situation=one.situation,
                )
                for one in made.lines
            ],
        )  # fmt: skip
