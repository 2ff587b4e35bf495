"""The parties of the lender's book, without anything that names or reaches a person: a list."""

from typing import Any

from fastapi import APIRouter

from services.case.api.book.accounts import PARTY
from services.case.api.books import listed
from services.case.api.desk import Office
from services.case.projections.book import parties as book_parties
from shared.http.listing import OF_A_LIST, AskedPage
from shared.http.operations import reading, routes
from shared.http.wire import PageLinks, Wire

PARTIES = "/v1/parties"
_EXAMPLE: dict[str, Any] = {
    "id": PARTY,
    "kind": "PERSON",
    "language": "zh",
    "identity_kind": "CN_RIC",
    "registered_on": "2026-11-30",
    "points": [
        {
            "id": "pnt_6f1c0d1e000080008000000000000004",
            "medium": "PHONE",
            "label": "mobile",
            "source": "APPLICATION",
            "zone": "Asia/Shanghai",
            "since": "2026-11-30",
        }
    ],
    "version": 2,
}


class PointListed(Wire):
    """A way to reach a party, without the number or address."""

    id: str
    medium: str
    label: str
    source: str
    zone: str | None
    since: str


class PartyListed(Wire):
    """A party, without its name: a person or an organisation."""

    id: str
    kind: str
    language: str | None
    identity_kind: str | None
    registered_on: str
    points: list[PointListed]
    version: int


class PartyPage(Wire):
    """A page of parties."""

    items: list[PartyListed]
    page: PageLinks


def router(office: Office) -> APIRouter:
    """GET /v1/parties."""
    found = routes("/v1", tag="parties")

    @found.get(
        "/parties",
        **reading(
            "listParties",
            "The parties of the lender's book, by the day they came into it; nobody is named",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [_EXAMPLE], "page": {"next": None}},
            links={"listAccounts": {"party": "$response.body#/items/0/id"}},
        ),
    )
    async def list_parties(turn: AskedPage) -> PartyPage:
        rows, page = await listed(
            office,
            turn,
            path=PARTIES,
            view=book_parties.VIEW,
            filters={},
            rows=lambda connection, part: book_parties.page(
                connection, after=part.after, limit=part.limit, pin=part.pin
            ),
        )
        shown = await office.open_desk.ask(lambda connection: book_parties.shown(connection, rows))
        items = [PartyListed(**one.as_json()) for one in shown]
        return PartyPage(items=items, page=PageLinks(**page))

    return found
