"""Finding a person: by phone number, identity number, e-mail address, name or reference; what is found is masked."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from services.case.api.acting import one_of
from services.case.api.desk import Desk, Office
from services.case.api.privacy import wire
from services.case.api.privacy.recorded import look, own
from services.case.application.privacy.access import SEARCH, Look, Reader
from services.case.application.privacy.party_shown import document
from services.case.domain.privacy.spelling import KINDS
from services.case.projections.privacy import party_index, party_roles
from shared.http.asked import MinPosition, caught_up
from shared.http.bodies import Sent
from shared.http.commands import Asked
from shared.http.operations import command
from shared.http.problems import Problem
from shared.http.wire import Wire
from shared.kernel.privacy.purposes import PURPOSES

_EXAMPLE: dict[str, Any] = {
    "id": "6f1c0d1e-0000-8000-8000-000000000002", "purpose": "PAYMENT_MATCH", "kind": "PHONE",
    "parties": [{**wire.MASKED, "former": False}], "more": False, "until": "2026-11-22T04:01:00.000000Z",
    "events": ["PersonalDataSearched", "PersonalDataShown"],
}  # fmt: skip
Value = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class PartySearchSent(Sent):
    """Whom to look for, and what for. The value is kept nowhere, but for its blind index."""

    kind: str = one_of(KINDS)
    value: Value = Field(
        examples=["138 0013 8000"],
        description="A phone number with or without its country code; the others as they are written.",
    )
    purpose: str = one_of(PURPOSES)


def declared() -> dict[str, Any]:
    """The operation as the document tells it."""
    said = command(
        "searchParties",
        "Find a person, masked; the search is on record before it is answered",
        scope="case:read",
        problems=("quota-exceeded", "purpose-unknown", "look-over", "projection-behind"),
        sent={"kind": "PHONE", "value": "138 0013 8000", "purpose": "PAYMENT_MATCH"},
        gives={},
    )
    return with_answer(said, wire.SearchShown, _EXAMPLE)


def with_answer(said: dict[str, Any], model: type[Wire], example: dict[str, Any]) -> dict[str, Any]:
    """The operation with what it answers when it was recorded."""
    done = said["responses"][201]
    done |= {"model": model, "content": {"application/json": {"example": example}}}
    done["headers"].pop("ETag")
    return said


def add(found: APIRouter, office: Office) -> None:
    """POST /v1/party-searches."""

    @found.post("/party-searches", **declared())
    async def search_parties(
        request: Request, sent: PartySearchSent, asked: Asked, min_position: MinPosition = None
    ) -> Response:
        desk = office.open_desk
        if sent.kind not in KINDS:
            raise Problem("invalid", errors=[("/kind", "NOT_ONE_OF")], context={"allowed": list(KINDS)})
        index = desk.privacy.finder.index(sent.kind, sent.value)
        if index is None:
            raise Problem("invalid", errors=[("/value", "NOTHING_TO_LOOK_FOR")])
        for view in desk.views:
            if view.name in (party_index.NAME_OF_VIEW, party_roles.VIEW.name):
                await caught_up(request, desk, view)
        mine, reader = own(asked, desk.ledger), Reader(asked.caller.actor)

        async def decide() -> Look:
            return await desk.privacy.search(
                reader, kind=sent.kind, index=index, purpose=sent.purpose, own=mine.command_id(desk.ledger),
                dry_run=asked.dry_run,
            )  # fmt: skip

        async def show(refs: Mapping[str, Any]) -> dict[str, Any]:
            parties = await _found(desk, refs["parties"], set(refs["former"]))
            return {"purpose": sent.purpose, "kind": sent.kind, "parties": parties, "more": refs["more"]}

        stream = desk.privacy.stream_of(reader, SEARCH)
        return await look(desk, mine, stream=stream, decide=decide, show=show)


async def _found(desk: Desk, parties: list[str], former: set[str]) -> list[dict[str, Any]]:
    sheets, roles = await desk.privacy.sheets(parties), await desk.privacy.finder.roles(parties)
    return [
        document(sheets[party], roles[party]) | {"former": party in former, "links": wire.links(party)}
        for party in parties
        if party in sheets
    ]
