"""Outreach: how it stands about each case, and one with every step."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.contact.api.desk import Office
from services.contact.api.outreach import wire
from services.contact.application.outreach.desk import is_outreach
from services.contact.application.outreach.shown import whole
from services.contact.projections.outreach import outreaches
from services.contact.projections.outreach.outreaches import OutreachRow
from shared.http.listing import OF_A_LIST, AskedPage, Keys, listed, one_of, words
from shared.http.operations import reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem

HERE = "/v1/outreach"
OutreachId = Annotated[str, Path(description="`outreach-…`: the uuid is that of the case (or account).")]
_KEYS = Keys(kinds=(str,), written=lambda cursor: (cursor,), read=str)


def router(office: Office) -> APIRouter:
    """The routes under /v1/outreach."""
    found = routes(HERE, tag="outreach")
    _list(found, office)
    _show(found, office)
    return found


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "",
        **reading(
            "listOutreach",
            "Outreach about every case, by id; `state`: only those that stand so",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [wire.ROW], "page": {"next": None}},
            links={"showOutreach": {"outreach_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_outreach(
        turn: AskedPage,
        state: Annotated[str | None, words(outreaches.STATES, "Only outreach that stands so.")] = None,
    ) -> wire.OutreachPage:
        one_of("state", state, outreaches.STATES)
        rows, page = await listed(
            office.open_desk, turn, path=HERE, view=outreaches.VIEW, filters={"state": state}, keys=_KEYS,
            cursor_of=lambda row: row.thing,
            rows=lambda connection, after, limit, pin: outreaches.page(
                connection, state=state, after=after, limit=limit, pin=pin
            ),
        )  # fmt: skip
        return wire.OutreachPage(items=_items(rows), page=page)  # type: ignore[arg-type]


def _items(rows: Sequence[OutreachRow]) -> list[wire.OutreachShown]:
    return [wire.OutreachShown(**row.as_json()) for row in rows]


def _show(found: APIRouter, office: Office) -> None:
    @found.get(
        "/{outreach_id}",
        **reading(
            "showOutreach",
            "Outreach about one case: what was done, what is next, and why not",
            scope="case:read",
            problems=("not-found",),
            example=wire.SHEET,
        ),
    )
    async def show_outreach(response: Response, outreach_id: OutreachId) -> wire.OutreachSheet:
        desk = office.open_desk
        if not is_outreach(outreach_id):
            raise Problem("not-found")
        loaded = await desk.outreach.desk.load(outreach_id)
        if not loaded.events:
            raise Problem("not-found")
        response.headers["ETag"] = etag(loaded.version)
        book = (await desk.outreach.strategies.known()).book
        return wire.OutreachSheet(**whole(loaded, book, desk.clock.now()))
