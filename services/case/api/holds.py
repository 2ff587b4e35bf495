"""Holds: collecting stops for a while, and goes on."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, Act, CaseId, DatedSent, ThingId, Word, example, one_of
from services.case.api.desk import Office
from services.case.domain.case_commands import LiftHold, PlaceHold
from services.case.domain.hold import KINDS
from shared.http.bodies import Day, Truth
from shared.http.commands import Asked
from shared.http.operations import command, routes


class HoldSent(DatedSent):
    """From `on` up to, not including, `until`; until it is released without one."""

    kind: Word = one_of(KINDS)
    until: Day | None = None
    reason: Word = Field(examples=["DEBTOR_ASKED"])
    stops_interest: Truth = False


class ReleaseSent(DatedSent):
    """Why the hold ends."""

    reason: Word = Field(examples=["ENDED"])


def router(office: Office) -> APIRouter:
    """The holds of a case."""
    found = routes("/v1", tag="holds")

    @found.post(
        "/cases/{case_id}/holds",
        **command(
            "placeHold",
            "Stop collecting for a while",
            scope="case:write",
            problems=(*OF_A_CASE, "hold-kind-unknown", "hold-overlaps", "empty-period", "grace-refused"),
            sent={"kind": "CEASE", "reason": "DEBTOR_ASKED", "until": "2026-12-31"},
            gives=example("hld"),
            links={"releaseHold": {"hold_id": "$response.body#/id"}},
        ),
    )
    async def place_hold(case_id: CaseId, sent: HoldSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("hld")
        hold = PlaceHold(
            ref=ref,
            kind=sent.kind,
            on=act.day(sent.on),
            until=sent.until,
            reason=sent.reason,
            stops_interest=sent.stops_interest,
        )
        return await act.do(hold, id=ref)

    @found.post(
        "/holds/{hold_id}/releases",
        **command(
            "releaseHold",
            "End a hold",
            scope="case:write",
            problems=(*OF_A_CASE, "hold-unknown", "empty-period"),
            sent={"reason": "ENDED"},
            gives=example(),
        ),
    )
    async def release_hold(hold_id: ThingId, sent: ReleaseSent, asked: Asked) -> Response:
        act = Act.on(office, "hld", hold_id, asked)
        return await act.do(LiftHold(hold=hold_id, on=act.day(sent.on), reason=sent.reason))

    return found
