"""POST and GET /v1/legal-matters/{id}/steps: what happened on a track, track by track and step by step."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from fastapi import APIRouter
from fastapi import Response as Answer
from pydantic import Field
from starlette.responses import Response

from services.legal.api.acting import (
    DIGEST,
    MATTER,
    MATTERS,
    OF_A_MATTER,
    OF_MONEY,
    Act,
    MatterId,
    example,
    ref,
)
from services.legal.api.desk import Office
from services.legal.api.steps.bodies import BODIES, KIND_OF, StepBody, any_of, event_of
from services.legal.api.steps.refusals import OF_STEPS
from services.legal.application.deciding import Verdict
from services.legal.application.steps import shown
from services.legal.domain import commands as c
from services.legal.domain.deadlines.deadline import STATES, WHOSE
from services.legal.domain.deadlines.reading import deadlines
from services.legal.domain.refusals import MatterUnknown
from services.legal.domain.thing_ids import STEP, TRACK
from services.legal.domain.tracks.second import SECOND
from shared.http.commands import Asked
from shared.http.operations import command, reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem
from shared.http.wire import Wire

APPROVES = "legal:approve"
"""The scope that a step needs beside, where a second person decides by it."""
if TYPE_CHECKING:
    StepSent: TypeAlias = StepBody
else:
    StepSent = any_of(BODIES.values())


class LegalStepShown(Wire):
    """A step that stands. `facts` are the fields of its type, as they were sent."""

    id: str
    track: str
    kind: str
    step: str
    on: str
    facts: dict[str, Any]


class LegalStepsShown(Wire):
    """The steps of a matter, in the order in which they were recorded."""

    matter: str
    items: list[LegalStepShown]


class TrackDeadlineShown(Wire):
    """A deadline that a step of the track began. `expires_on` null: `raw_on` counts."""

    name: str
    begun_by: str
    whose: str = Field(json_schema_extra={"enum": list(WHOSE)})
    raw_on: str
    expires_on: str | None
    state: str = Field(json_schema_extra={"enum": list(STATES)})
    article: str | None


_FILED = {
    "step": "SUIT_FILED", "track": ref("trk"), "on": "2026-11-02", "document": DIGEST,
    "amount": {"amount": "1234.50", "currency": "CNY"},
}  # fmt: skip
_GIVES = example(
    "stp", track=ref("trk"), kind="SUIT", status="FILED", next=["SUIT_ACCEPTED", "SUIT_NOT_ACCEPTED"],
    deadlines=[
        {
            "name": "CASE_FILING", "begun_by": ref("stp"), "whose": "COURT", "raw_on": "2026-11-09",
            "expires_on": "2026-11-09", "state": "RUNNING", "article": "民事诉讼法 126",
        }
    ],
)  # fmt: skip


def router(office: Office) -> APIRouter:
    """The routes of steps."""
    found = routes(MATTERS, tag="legal-matters")
    _take(found, office)
    _list(found, office)
    return found


def _take(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/steps",
        **command(
            "takeLegalStep",
            "Report what happened on a track, or begin one by its first step",
            scope="legal:write",
            problems=(*OF_A_MATTER, *OF_MONEY, *OF_STEPS),
            sent=_FILED,
            gives=_GIVES,
            links={"listLegalSteps": {"matter_id": "$response.body#/matter"}},
        ),
    )
    async def take_legal_step(matter_id: MatterId, sent: StepSent, asked: Asked) -> Response:
        kind = KIND_OF[sent.step]
        if kind in SECOND and APPROVES not in asked.caller.scopes:
            raise Problem("insufficient-scope", context={"scope": APPROVES})
        act = Act(office, matter_id, asked)
        step, track = act.id(STEP), getattr(sent, "track", None)
        if track is None:
            track = act.id(TRACK)
        event = event_of(kind, sent, track=track, step=step, on=act.day(sent.on), by=act.by)

        async def where(verdict: Verdict) -> Mapping[str, Any]:
            known = await act.desk.acts.load(matter_id)
            falls = deadlines(verdict.matter, known.claims, act.desk.ground, act.desk.acts.today)
            due = [shown.due(one) for one in falls if one.thing == track and one.open]
            return {**shown.where(verdict.matter, track), "deadlines": due}

        return await act.do(c.TakeStep(step=event, by=act.by), shows=where, id=step, track=track)


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "/{matter_id}/steps",
        **reading(
            "listLegalSteps",
            "Every step that stands, of all tracks and letters of a matter",
            scope="legal:read",
            problems=("not-found",),
            example={
                "matter": MATTER,
                "items": [
                    {
                        "id": ref("stp"), "track": ref("trk"), "kind": "SUIT", "step": "SUIT_APPROVED",
                        "on": "2026-11-01", "facts": {"document": None},
                    }
                ],
            },
        ),
    )  # fmt: skip
    async def list_legal_steps(response: Answer, matter_id: MatterId) -> LegalStepsShown:
        try:
            known = await office.open_desk.acts.load(matter_id)
        except MatterUnknown:
            raise Problem("not-found") from None
        if known.matter.opened is None:
            raise Problem("not-found")
        response.headers["ETag"] = etag(known.matter.version)
        return LegalStepsShown(
            matter=matter_id, items=[LegalStepShown(**one) for one in shown.steps(known.matter)]
        )
