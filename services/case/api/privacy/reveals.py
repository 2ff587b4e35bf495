"""Personal data in clear: for a purpose of the list, by a person, on record first, and not often."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.case.api.acting import CASE, one_of
from services.case.api.desk import Office
from services.case.api.privacy import wire
from services.case.api.privacy.parties import PartyId
from services.case.api.privacy.recorded import look, own
from services.case.api.privacy.searches import with_answer
from services.case.application.privacy.access import REVEAL, Look, PartyUnknown, Reader
from services.case.domain.privacy.party_sheet import FIELDS
from services.case.projections import account_cases
from services.case.projections.privacy import party_roles
from shared.http.asked import MinPosition, caught_up
from shared.http.bodies import Sent
from shared.http.commands import Asked
from shared.http.operations import command
from shared.http.problems import Problem
from shared.kernel.privacy.purposes import PURPOSES

_EXAMPLE: dict[str, Any] = {
    "id": "6f1c0d1e-0000-8000-8000-000000000002", "party": wire.PARTY, "purpose": "CONTACT", "case": CASE,
    "data": {"PHONE": ["+8613800138000"]}, "until": "2026-11-22T04:01:00.000000Z",
    "events": ["PersonalDataRevealed"],
}  # fmt: skip
OfCase = Annotated[str, Field(pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", examples=[CASE])]


class RevealSent(Sent):
    """Which fields to see, what for, and for which case where it is for one."""

    purpose: str = one_of(PURPOSES)
    fields: tuple[str, ...] = Field(
        min_length=1,
        max_length=len(FIELDS),
        json_schema_extra={"items": {"type": "string", "enum": list(FIELDS)}},
        examples=[["PHONE"]],
    )
    case: OfCase | None = None


def declared() -> dict[str, Any]:
    """The operation as the document tells it."""
    said = command(
        "revealPersonalData",
        "See fields of a party in clear; the look is on record before it is answered",
        scope="pii:reveal",
        problems=(
            "person-required", "quota-exceeded", "purpose-unknown", "case-not-of-party", "party-forgotten",
            "look-over", "projection-behind",
        ),
        sent={"purpose": "CONTACT", "fields": ["PHONE"]},
        gives={},
    )  # fmt: skip
    return with_answer(said, wire.Reveal, _EXAMPLE)


def add(found: APIRouter, office: Office) -> None:
    """POST /v1/subjects/{party_id}/pii-reveals."""

    @found.post("/subjects/{party_id}/pii-reveals", **declared())
    async def reveal_personal_data(
        request: Request, party_id: PartyId, sent: RevealSent, asked: Asked, min_position: MinPosition = None
    ) -> Response:
        desk, fields = office.open_desk, tuple(name for name in FIELDS if name in sent.fields)
        if len(fields) < len(sent.fields):
            raise Problem("invalid", errors=[("/fields", "NOT_ONE_OF")], context={"allowed": list(FIELDS)})
        for view in (party_roles.VIEW, account_cases.VIEW) if sent.case else ():
            await caught_up(request, desk, view)
        reader = Reader(asked.caller.actor)

        async def decide() -> Look:
            try:
                return await desk.privacy.reveal(
                    reader, party=party_id, fields=fields, purpose=sent.purpose, case=sent.case,
                    dry_run=asked.dry_run,
                )  # fmt: skip
            except PartyUnknown:
                raise Problem("not-found") from None

        async def show(refs: Mapping[str, Any]) -> dict[str, Any]:
            sheets = await desk.privacy.sheets(refs["parties"])
            return {
                "party": party_id, "purpose": sent.purpose, "case": sent.case,
                "data": sheets[party_id].revealed(fields),
            }  # fmt: skip

        stream = desk.privacy.stream_of(reader, REVEAL)
        return await look(desk, own(asked, desk.ledger), stream=stream, decide=decide, show=show)
