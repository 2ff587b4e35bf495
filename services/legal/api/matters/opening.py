"""A matter is opened by hand, closed, and reopened; a step that never was is retracted."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StringConstraints
from starlette.responses import Response

from services.legal.api.acting import (
    CASE,
    MATTERS,
    OF_A_MATTER,
    Act,
    CaseRef,
    DatedSent,
    MatterId,
    Word,
    closed,
    example,
    one_of,
    ref,
)
from services.legal.api.desk import Office
from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.life import OUTCOMES, REOPENINGS
from shared.http.commands import Asked
from shared.http.operations import command

StepRef = Annotated[str, StringConstraints(pattern=r"^stp_[0-9a-f]{48}$"), Field(examples=[ref("stp")])]
TrackRef = Annotated[
    str,
    StringConstraints(pattern=r"^(trk|ltr)_[0-9a-f]{48}$"),
    Field(description="`trk_…`, or `ltr_…` of a letter.", examples=[ref("trk")]),
]


class MatterSent(DatedSent):
    """The case that is taken up, and why."""

    case: CaseRef
    reason: Word = Field(examples=["BROKEN_PROMISES"])


class MatterClosureSent(DatedSent):
    """How it ended."""

    outcome: str = one_of(OUTCOMES)


class MatterReopeningSent(DatedSent):
    """Why it goes on."""

    reason: str = one_of(REOPENINGS)


class StepRetractionSent(DatedSent):
    """Which step never was, and why."""

    track: TrackRef
    step: StepRef
    reason: Word = Field(examples=["ENTERED_IN_ERROR"])


def add(found: APIRouter, office: Office) -> None:
    """The routes of this page."""
    _open(found, office)
    _close(found, office)
    _reopen(found, office)
    _retract(found, office)


def _open(found: APIRouter, office: Office) -> None:
    @found.post(
        "",
        **command(
            "openLegalMatter",
            "Take a case up by hand; one that the case service referred opens by itself",
            scope="legal:write",
            problems=("matter-already-open", "case-unheard", "legal-day-ahead", "matter-busy"),
            sent={"case": CASE, "reason": "BROKEN_PROMISES"},
            gives=example(),
            links={
                "showLegalMatter": {"matter_id": "$response.body#/matter"},
                "closeLegalMatter": {"matter_id": "$response.body#/matter"},
            },
        ),
    )
    async def open_legal_matter(sent: MatterSent, asked: Asked) -> Response:
        acts = office.open_desk.acts
        matter = acts.matter_by_hand(sent.case, client=asked.caller.client, key=asked.key)
        act = Act(office, matter, asked)
        opened = m.MatterOpened(
            matter=matter, case=sent.case, referral=None, reason=sent.reason, on=act.day(sent.on), owed=None,
            by=act.by,
        )  # fmt: skip
        own = {"self": f"{MATTERS}/{matter}"}
        return await act.do(c.OpenMatter(opened=opened), links=own, by_body=True, id=matter)


def _close(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/closures",
        **command(
            "closeLegalMatter",
            "End the matter; proceedings under way are ended by their own steps first",
            scope="legal:write",
            problems=(*OF_A_MATTER, "matter-has-tracks"),
            sent={"outcome": "PAID"},
            gives=example(),
            if_match=True,
            links={"showLegalMatter": {"matter_id": "$response.body#/matter"}},
        ),
    )
    async def close_legal_matter(matter_id: MatterId, sent: MatterClosureSent, asked: Asked) -> Response:
        closed("/outcome", sent.outcome, OUTCOMES)
        act = Act(office, matter_id, asked)
        return await act.do(c.CloseMatter(outcome=sent.outcome, on=act.day(sent.on), by=act.by))


def _reopen(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/reopenings",
        **command(
            "reopenLegalMatter",
            "Go on with a matter that was closed",
            scope="legal:write",
            problems=(*OF_A_MATTER, "matter-not-closed", "matter-already-open"),
            sent={"reason": "PAYMENT_RETURNED"},
            gives=example(),
            if_match=True,
            links={"showLegalMatter": {"matter_id": "$response.body#/matter"}},
        ),
    )
    async def reopen_legal_matter(matter_id: MatterId, sent: MatterReopeningSent, asked: Asked) -> Response:
        closed("/reason", sent.reason, REOPENINGS)
        act = Act(office, matter_id, asked)
        return await act.do(c.ReopenMatter(reason=sent.reason, on=act.day(sent.on), by=act.by))


def _retract(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/step-retractions",
        **command(
            "retractLegalStep",
            "Take back a step that was entered in error, with what it proved; the newest of its track only",
            scope="legal:write",
            problems=(*OF_A_MATTER, "track-unknown", "legal-step-unknown", "step-not-last", "step-led-on"),
            sent={"track": ref("trk"), "step": ref("stp"), "reason": "ENTERED_IN_ERROR"},
            gives=example(),
        ),
    )
    async def retract_legal_step(matter_id: MatterId, sent: StepRetractionSent, asked: Asked) -> Response:
        act = Act(office, matter_id, asked)
        return await act.do(
            c.RetractStep(
                step=sent.step, track=sent.track, on=act.day(sent.on), reason=sent.reason, by=act.by
            )
        )
