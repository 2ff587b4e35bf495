"""Hardship: a claim pauses pressure at once; a person grants or declines relief."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, Act, CaseId, DatedSent, ThingId, Word, example, one_of
from services.case.api.desk import Office
from services.case.domain.case_commands import (
    ClaimHardship,
    DeclineRelief,
    EndRelief,
    ExtendRelief,
    GrantRelief,
)
from services.case.domain.relief import CAUSES, FREEZE, RUN
from shared.http.bodies import Day
from shared.http.commands import Asked
from shared.http.operations import command, routes


class ClaimSent(DatedSent):
    """Why the debtor cannot pay."""

    cause: Word = one_of(CAUSES)


class GrantSent(DatedSent):
    """Relief up to, not including, `until`; `ageing` says whether days past due stand still meanwhile."""

    until: Day
    measures: tuple[Word, ...] = Field(min_length=1, max_length=10, examples=[["GRACE"]])
    ageing: Word = one_of((FREEZE, RUN))


class ExtensionSent(DatedSent):
    """The relief's later end: it runs up to, not including, `until`."""

    until: Day


class ReasonSent(DatedSent):
    """Why."""

    reason: Word = Field(examples=["NOT_SHOWN"])


def router(office: Office) -> APIRouter:
    """The hardship claims of a case."""
    found = routes("/v1", tag="hardship")
    _claim(found, office)
    _decide(found, office)
    _extend(found, office)
    return found


def _claim(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/hardship-claims",
        **command(
            "claimHardship",
            "Record a claim of hardship: a protective hold at once",
            scope="case:write",
            problems=(*OF_A_CASE, "relief-terms-refused"),
            sent={"cause": "UNEMPLOYMENT"},
            gives=example("rlf"),
            links={
                "grantRelief": {"claim_id": "$response.body#/id"},
                "declineRelief": {"claim_id": "$response.body#/id"},
            },
        ),
    )
    async def claim_hardship(case_id: CaseId, sent: ClaimSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("rlf")
        return await act.do(ClaimHardship(ref=ref, cause=sent.cause, on=act.day(sent.on)), id=ref)


def _decide(found: APIRouter, office: Office) -> None:
    @found.post(
        "/hardship-claims/{claim_id}/grants",
        **command(
            "grantRelief",
            "Grant relief after a claim",
            scope="case:write",
            problems=(*OF_A_CASE, "relief-unknown", "relief-already-decided", "relief-terms-refused"),
            sent={"until": "2027-01-31", "measures": ["GRACE"], "ageing": "FREEZE"},
            gives=example(),
            if_match=True,
        ),
    )
    async def grant_relief(claim_id: ThingId, sent: GrantSent, asked: Asked) -> Response:
        act = Act.on(office, "rlf", claim_id, asked)
        grant = GrantRelief(
            relief=claim_id,
            on=act.day(sent.on),
            until=sent.until,
            measures=sent.measures,
            ageing=sent.ageing,
            by=act.by,
        )
        return await act.do(grant)

    @found.post(
        "/hardship-claims/{claim_id}/refusals",
        **command(
            "declineRelief",
            "Decline a claim of hardship",
            scope="case:write",
            problems=(*OF_A_CASE, "relief-unknown", "relief-already-decided"),
            sent={"reason": "NOT_SHOWN"},
            gives=example(),
            if_match=True,
        ),
    )
    async def decline_relief(claim_id: ThingId, sent: ReasonSent, asked: Asked) -> Response:
        act = Act.on(office, "rlf", claim_id, asked)
        return await act.do(
            DeclineRelief(relief=claim_id, on=act.day(sent.on), reason=sent.reason, by=act.by)
        )

    @found.post(
        "/hardship-claims/{claim_id}/ends",
        **command(
            "endRelief",
            "End granted relief before its day",
            scope="case:write",
            problems=(*OF_A_CASE, "relief-unknown", "relief-already-decided"),
            sent={"reason": "DEBTOR_ASKED"},
            gives=example(),
        ),
    )
    async def end_relief(claim_id: ThingId, sent: ReasonSent, asked: Asked) -> Response:
        act = Act.on(office, "rlf", claim_id, asked)
        return await act.do(EndRelief(relief=claim_id, on=act.day(sent.on), reason=sent.reason))


def _extend(found: APIRouter, office: Office) -> None:
    @found.post(
        "/hardship-claims/{claim_id}/extensions",
        **command(
            "extendRelief",
            "Give relief that runs a later end, after a review",
            scope="case:write",
            problems=(*OF_A_CASE, "relief-unknown", "relief-already-decided", "relief-terms-refused"),
            sent={"until": "2027-03-31"},
            gives=example("rex"),
            if_match=True,
        ),
    )
    async def extend_relief(claim_id: ThingId, sent: ExtensionSent, asked: Asked) -> Response:
        act = Act.on(office, "rlf", claim_id, asked)
        ref = act.id("rex")
        extend = ExtendRelief(ref=ref, relief=claim_id, on=act.day(sent.on), until=sent.until, by=act.by)
        return await act.do(extend, id=ref)
