"""Placements: the case is given to an agency for a time, recalled, and confirmed to be back."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, Act, CaseId, DatedSent, ThingId, Word, example
from services.case.api.desk import Office
from services.case.domain.case_commands import ConfirmRecall, PlaceWithAgency, RecallPlacement
from shared.http.bodies import Day, Ref
from shared.http.commands import Asked
from shared.http.operations import command, routes


class PlacementSent(DatedSent):
    """With `agency` from `on` up to, not including, `until`."""

    agency: Ref = Field(description="The lender's reference of the agency.", examples=["AGENCY-9"])
    until: Day
    evaluated_on: Day = Field(description="When the agency was last evaluated.")


class RecallSent(DatedSent):
    """Why the case comes back."""

    reason: Word = Field(examples=["DISPUTE"])


def router(office: Office) -> APIRouter:
    """The placements of a case."""
    found = routes("/v1", tag="placements")
    _place(found, office)
    _recall(found, office)
    return found


def _place(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/placements",
        **command(
            "placeWithAgency",
            "Place the case with an agency for a time",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                "mode-not-free",
                "hold-forbids-handover",
                "agency-not-evaluated",
                "empty-period",
            ),
            sent={"agency": "AGENCY-9", "until": "2027-05-31", "evaluated_on": "2026-06-30"},
            gives=example("plc"),
            if_match=True,
            links={"recallPlacement": {"placement_id": "$response.body#/id"}},
        ),
    )
    async def place_with_agency(case_id: CaseId, sent: PlacementSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("plc")
        placement = PlaceWithAgency(
            ref=ref,
            agency=sent.agency,
            on=act.day(sent.on),
            until=sent.until,
            evaluated_on=sent.evaluated_on,
        )
        return await act.do(placement, id=ref)


def _recall(found: APIRouter, office: Office) -> None:
    @found.post(
        "/placements/{placement_id}/recalls",
        **command(
            "recallPlacement",
            "Recall the case: the agency's contact ends on that day",
            scope="case:write",
            problems=(*OF_A_CASE, "placement-unknown"),
            sent={"reason": "DISPUTE"},
            gives=example(),
        ),
    )
    async def recall_placement(placement_id: ThingId, sent: RecallSent, asked: Asked) -> Response:
        act = Act.on(office, "plc", placement_id, asked)
        return await act.do(RecallPlacement(placement=placement_id, on=act.day(sent.on), reason=sent.reason))

    @found.post(
        "/placements/{placement_id}/confirmations",
        **command(
            "confirmRecall",
            "Record that the agency's return file confirms the recall",
            scope="case:write",
            problems=(*OF_A_CASE, "placement-unknown"),
            sent={},
            gives=example(),
        ),
    )
    async def confirm_recall(placement_id: ThingId, sent: DatedSent, asked: Asked) -> Response:
        act = Act.on(office, "plc", placement_id, asked)
        return await act.do(ConfirmRecall(placement=placement_id, on=act.day(sent.on)))
