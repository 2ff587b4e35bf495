"""Complaints: received, answered with a finding, or carried on to an ombudsman."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import (
    CASE,
    OF_A_CASE,
    OF_MONEY,
    Act,
    CaseId,
    DatedSent,
    ThingId,
    Word,
    example,
    one_of,
)
from services.case.api.desk import Office
from services.case.domain.case_commands import AnswerComplaint, EscalateComplaint, LogComplaint
from services.case.domain.complaint import FINDINGS, KINDS
from shared.http.bodies import AmountSent, Ref
from shared.http.commands import Asked
from shared.http.operations import command, routes


class ComplaintSent(DatedSent):
    """What is complained of; `attempts` names the contact attempts it is about."""

    kind: Word = one_of(KINDS)
    attempts: tuple[Ref, ...] = Field(default=(), max_length=100, examples=[["DIALER-20261120-17"]])


class CaseComplaintSent(ComplaintSent):
    """A complaint that names its case."""

    case: str = Field(pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", examples=[CASE])


class AnswerSent(DatedSent):
    """What was found, and what is paid to make up for it."""

    finding: Word = one_of(FINDINGS)
    redress: AmountSent | None = None


class EscalationSent(DatedSent):
    """Where the debtor took the complaint."""

    to: Word = Field(examples=["OMBUDSMAN"])


def router(office: Office) -> APIRouter:
    """The complaints of a case."""
    found = routes("/v1", tag="complaints")
    _log(found, office)
    _file(found, office)
    _answer(found, office)
    return found


def _log(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/complaints",
        **command(
            "logComplaint",
            "Record that the debtor complained",
            scope="contact:record",
            problems=(*OF_A_CASE, "complaint-terms-refused"),
            sent={"kind": "CONDUCT", "attempts": ["DIALER-20261120-17"]},
            gives=example("cmp"),
            links={"answerComplaint": {"complaint_id": "$response.body#/id"}},
        ),
    )
    async def log_complaint(case_id: CaseId, sent: ComplaintSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("cmp")
        return await act.do(
            LogComplaint(ref=ref, kind=sent.kind, on=act.day(sent.on), attempts=sent.attempts), id=ref
        )


def _file(found: APIRouter, office: Office) -> None:
    @found.post(
        "/complaints",
        **command(
            "fileComplaint",
            "Record that the debtor complained; it holds back collection until it is answered",
            scope="contact:record",
            problems=(*OF_A_CASE, "complaint-terms-refused"),
            sent={"case": CASE, "kind": "CONDUCT", "attempts": ["DIALER-20261120-17"]},
            gives=example("cmp"),
            links={"answerComplaint": {"complaint_id": "$response.body#/id"}},
        ),
    )
    async def file_complaint(sent: CaseComplaintSent, asked: Asked) -> Response:
        act = Act(office, sent.case, asked)
        ref = act.id("cmp")
        return await act.do(
            LogComplaint(ref=ref, kind=sent.kind, on=act.day(sent.on), attempts=sent.attempts),
            opens=True,
            id=ref,
        )


def _answer(found: APIRouter, office: Office) -> None:
    @found.post(
        "/complaints/{complaint_id}/answers",
        **command(
            "answerComplaint",
            "Answer a complaint with what was found",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                *OF_MONEY,
                "complaint-unknown",
                "complaint-already-answered",
                "complaint-terms-refused",
                "amount-not-positive",
            ),
            sent={"finding": "NO_BREACH"},
            gives=example(),
            if_match=True,
        ),
    )
    async def answer_complaint(complaint_id: ThingId, sent: AnswerSent, asked: Asked) -> Response:
        act = Act.on(office, "cmp", complaint_id, asked)
        answer = AnswerComplaint(
            complaint=complaint_id,
            on=act.day(sent.on),
            finding=sent.finding,
            redress=sent.redress.money() if sent.redress else None,
            by=act.by,
        )
        return await act.do(answer, money_at="/redress")

    @found.post(
        "/complaints/{complaint_id}/escalations",
        **command(
            "escalateComplaint",
            "Record that the debtor took the complaint to an ombudsman",
            scope="contact:record",
            problems=(*OF_A_CASE, "complaint-unknown"),
            sent={"to": "OMBUDSMAN"},
            gives=example(),
        ),
    )
    async def escalate_complaint(complaint_id: ThingId, sent: EscalationSent, asked: Asked) -> Response:
        act = Act.on(office, "cmp", complaint_id, asked)
        return await act.do(EscalateComplaint(complaint=complaint_id, on=act.day(sent.on), to=sent.to))
