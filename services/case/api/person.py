"""What is known of the debtor: why they fell behind, whether they can and want to pay, death, incapacity."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, Act, CaseId, DatedSent, ThingId, Word, example, one_of
from services.case.api.desk import Office
from services.case.domain.case_commands import (
    RecordCircumstance,
    RecordIncapacity,
    ReportDeath,
    RetractReport,
)
from services.case.domain.person import TOPICS
from shared.http.bodies import Truth
from shared.http.commands import Asked
from shared.http.operations import command, routes


class CircumstanceSent(DatedSent):
    """What is known, and from whom: codes of the lender's lists, never free text about a person."""

    topic: Word = one_of(TOPICS)
    value: Word = Field(examples=["LOST_JOB"])
    source: Word = Field(examples=["CALL"])


class DeathSent(DatedSent):
    """`confirmed`: by a certificate, not only said."""

    confirmed: Truth = False


class RetractionSent(DatedSent):
    """Why the report no longer holds."""

    reason: Word = Field(examples=["WRONG_PERSON"])


def router(office: Office) -> APIRouter:
    """What is known of the debtor of a case."""
    found = routes("/v1", tag="person")
    _circumstances(found, office)
    _deaths(found, office)
    _incapacities(found, office)
    return found


def _circumstances(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/circumstances",
        **command(
            "recordCircumstance",
            "Record why the debtor fell behind, or whether the debtor can or wants to pay, with its source",
            scope="case:write",
            problems=(*OF_A_CASE, "topic-unknown"),
            sent={"topic": "REASON", "value": "LOST_JOB", "source": "CALL"},
            gives=example("cir"),
        ),
    )
    async def record_circumstance(case_id: CaseId, sent: CircumstanceSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("cir")
        known = RecordCircumstance(
            ref=ref, topic=sent.topic, value=sent.value, source=sent.source, on=act.day(sent.on)
        )
        return await act.do(known, id=ref)


def _deaths(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/deaths",
        **command(
            "reportDeath",
            "Record that the debtor is said, or known, to have died: collecting stops",
            scope="case:write",
            problems=OF_A_CASE,
            sent={"confirmed": False},
            gives=example("dth"),
        ),
    )
    async def report_death(case_id: CaseId, sent: DeathSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("dth")
        return await act.do(ReportDeath(ref=ref, on=act.day(sent.on), confirmed=sent.confirmed), id=ref)

    @found.post(
        "/deaths/{report_id}/retractions",
        **_retraction("retractDeath", "Take a report of death back: its hold ends"),
    )
    async def retract_death(report_id: ThingId, sent: RetractionSent, asked: Asked) -> Response:
        act = Act.on(office, "dth", report_id, asked)
        return await act.do(RetractReport(report=report_id, on=act.day(sent.on), reason=sent.reason))


def _incapacities(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/incapacities",
        **command(
            "recordIncapacity",
            "Record that the debtor lost legal capacity: collecting stops",
            scope="case:write",
            problems=OF_A_CASE,
            sent={},
            gives=example("inc"),
        ),
    )
    async def record_incapacity(case_id: CaseId, sent: DatedSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("inc")
        return await act.do(RecordIncapacity(ref=ref, on=act.day(sent.on)), id=ref)

    @found.post(
        "/incapacities/{report_id}/retractions",
        **_retraction("retractIncapacity", "Take a report of incapacity back: its hold ends"),
    )
    async def retract_incapacity(report_id: ThingId, sent: RetractionSent, asked: Asked) -> Response:
        act = Act.on(office, "inc", report_id, asked)
        return await act.do(RetractReport(report=report_id, on=act.day(sent.on), reason=sent.reason))


def _retraction(operation: str, summary: str) -> dict[str, Any]:
    return command(
        operation,
        summary,
        scope="case:write",
        problems=(*OF_A_CASE, "report-unknown"),
        sent={"reason": "WRONG_PERSON"},
        gives=example(),
        if_match=True,
    )
