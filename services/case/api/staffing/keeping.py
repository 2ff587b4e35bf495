"""A collector keeps a case (留案), or another helps with it (协催): one asks, another agrees, until a day."""

from datetime import date
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, Act, CaseId, DatedSent, ThingId, Word, example
from services.case.api.desk import Office
from services.case.api.staffing.staff import StaffRef
from services.case.application.sheet import CaseUnknown
from services.case.domain.facts.keeping import RetentionRequested
from services.case.domain.staffing.keeping_commands import (
    DecideAssistance,
    DecideRetention,
    EndAssistance,
    EndRetention,
    RequestAssistance,
    RequestRetention,
)
from services.case.domain.state import ClosedCase, OpenCase
from services.case.projections.staffing import floor, handing
from shared.http.bodies import Day
from shared.http.commands import Asked
from shared.http.operations import command, routes
from shared.http.problems import Problem

OF_A_DECISION = (*OF_A_CASE, "not-awaiting-approval", "maker-is-checker")
_REASON = {"reason": "NO_NEED"}


class RetentionSent(DatedSent):
    """Who is to keep the case, and up to which day, exclusive."""

    collector: StaffRef
    until: Day
    reason: Word = Field(examples=["WORD_GIVEN"])


class AssistanceSent(DatedSent):
    """Who is to help, as what, and up to which day, exclusive."""

    helper: StaffRef
    kind: Literal["COLLECTOR", "FIELD", "LEGAL"] = "COLLECTOR"
    until: Day
    reason: Word = Field(examples=["VISIT"])


class ReasonSent(DatedSent):
    """Why."""

    reason: Word = Field(examples=["NO_NEED"])


def router(office: Office) -> APIRouter:
    """The retentions and assistances of a case."""
    found = routes("/v1", tag="keeping")
    _retain(found, office)
    _decide_retention(found, office)
    _assist(found, office)
    _decide_assistance(found, office)
    return found


def _retain(found: APIRouter, office: Office) -> None:
    of_it = {"retention_id": "$response.body#/id"}

    @found.post(
        "/cases/{case_id}/retentions",
        **command(
            "requestRetention",
            "Ask that the collector who has the case keeps it for a time; a second person decides",
            scope="case:write",
            problems=(*OF_A_CASE, "empty-period", "retention-too-long", "not-the-holder", "retention-runs"),
            sent={"collector": "user:5b0e", "until": "2026-12-20", "reason": "WORD_GIVEN"},
            gives=example("rtn"),
            links=dict.fromkeys(("approveRetention", "declineRetention", "endRetention"), of_it),
        ),
    )
    async def request_retention(case_id: CaseId, sent: RetentionSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("rtn")
        ask = RequestRetention(
            ref=ref,
            on=act.day(sent.on),
            until=sent.until,
            reason=sent.reason,
            collector=sent.collector,
            by=act.by,
        )
        return await act.do(ask, id=ref)

    @found.post(
        "/retentions/{retention_id}/ends",
        **command(
            "endRetention",
            "End a retention before its day",
            scope="case:write",
            problems=(*OF_A_CASE, "retention-unknown"),
            sent=_REASON,
            gives=example(),
        ),
    )
    async def end_retention(retention_id: ThingId, sent: ReasonSent, asked: Asked) -> Response:
        act = Act.on(office, "rtn", retention_id, asked)
        ask = EndRetention(retention=retention_id, on=act.day(sent.on), reason=sent.reason, by=act.by)
        return await act.do(ask)


def _decide_retention(found: APIRouter, office: Office) -> None:
    @found.post(
        "/retentions/{retention_id}/approvals",
        **command(
            "approveRetention",
            "Agree that the collector keeps the case; neither who asked nor the collector can",
            scope="ops:approve",
            problems=(*OF_A_DECISION, "not-the-holder", "retention-limit-reached"),
            sent={},
            gives=example(),
            if_match=True,
        ),
    )
    async def approve_retention(retention_id: ThingId, sent: DatedSent, asked: Asked) -> Response:
        act = Act.on(office, "rtn", retention_id, asked)
        on = act.day(sent.on)
        ask = DecideRetention(
            retention=retention_id,
            on=on,
            declined=None,
            retained=await _retained(office, act.case_id, retention_id, on),
            by=act.by,
            person=asked.caller.subject,
        )
        return await act.do(ask)

    @found.post(
        "/retentions/{retention_id}/rejections",
        **command(
            "declineRetention",
            "Decline that the collector keeps the case",
            scope="ops:approve",
            problems=OF_A_DECISION,
            sent=_REASON,
            gives=example(),
            if_match=True,
        ),
    )
    async def decline_retention(retention_id: ThingId, sent: ReasonSent, asked: Asked) -> Response:
        act = Act.on(office, "rtn", retention_id, asked)
        ask = DecideRetention(
            retention=retention_id,
            on=act.day(sent.on),
            declined=sent.reason,
            retained=0,
            by=act.by,
            person=asked.caller.subject,
        )
        return await act.do(ask)


async def _retained(office: Office, case_id: str, retention: str, on: date) -> int:
    """How many cases the collector of a retention retains by now. Raises Problem `not-found`."""
    try:
        state = (await office.open_desk.acts.load(case_id)).state
    except CaseUnknown:
        raise Problem("not-found") from None
    worked = state.was if isinstance(state, ClosedCase) else state
    asked = worked.facts.one(RetentionRequested, retention) if isinstance(worked, OpenCase) else None
    if asked is None:
        return 0
    return await office.open_desk.ask(lambda connection: floor.retained(connection, asked.collector, on))


def _assist(found: APIRouter, office: Office) -> None:
    of_it = {"assistance_id": "$response.body#/id"}

    @found.post(
        "/cases/{case_id}/assistances",
        **command(
            "requestAssistance",
            "Ask that somebody helps with the case for a time; a second person decides. By the staff directory, where "
            "there is one, they must work here",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                "empty-period",
                "assistance-too-long",
                "helper-is-holder",
                "staff-unknown",
                "collector-not-there",
            ),
            sent={"helper": "user:7d20", "kind": "FIELD", "until": "2026-12-20", "reason": "VISIT"},
            gives=example("ast"),
            links=dict.fromkeys(("approveAssistance", "declineAssistance", "endAssistance"), of_it),
        ),
    )
    async def request_assistance(case_id: CaseId, sent: AssistanceSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("ast")
        ask = RequestAssistance(
            ref=ref,
            on=act.day(sent.on),
            until=sent.until,
            kind=sent.kind,
            reason=sent.reason,
            helper=sent.helper,
            by=act.by,
        )

        async def here() -> None:
            desk = office.open_desk
            today = desk.decisions.today
            await desk.ask(lambda connection: handing.may_help(connection, helper=sent.helper, today=today))

        return await act.do(ask, id=ref, unless=here)

    @found.post(
        "/assistances/{assistance_id}/ends",
        **command(
            "endAssistance",
            "End the help before its day",
            scope="case:write",
            problems=(*OF_A_CASE, "assistance-unknown"),
            sent={"reason": "DONE"},
            gives=example(),
        ),
    )
    async def end_assistance(assistance_id: ThingId, sent: ReasonSent, asked: Asked) -> Response:
        act = Act.on(office, "ast", assistance_id, asked)
        ask = EndAssistance(assistance=assistance_id, on=act.day(sent.on), reason=sent.reason, by=act.by)
        return await act.do(ask)


def _decide_assistance(found: APIRouter, office: Office) -> None:
    async def decide(assistance: str, sent: DatedSent, asked: Asked, declined: str | None) -> Response:
        act = Act.on(office, "ast", assistance, asked)
        ask = DecideAssistance(
            assistance=assistance,
            on=act.day(sent.on),
            declined=declined,
            by=act.by,
            person=asked.caller.subject,
        )
        return await act.do(ask)

    @found.post(
        "/assistances/{assistance_id}/approvals",
        **command(
            "approveAssistance",
            "Agree to the help; neither who asked nor the helper can",
            scope="ops:approve",
            problems=OF_A_DECISION,
            sent={},
            gives=example(),
            if_match=True,
        ),
    )
    async def approve_assistance(assistance_id: ThingId, sent: DatedSent, asked: Asked) -> Response:
        return await decide(assistance_id, sent, asked, None)

    @found.post(
        "/assistances/{assistance_id}/rejections",
        **command(
            "declineAssistance",
            "Decline the help",
            scope="ops:approve",
            problems=OF_A_DECISION,
            sent=_REASON,
            gives=example(),
            if_match=True,
        ),
    )
    async def decline_assistance(assistance_id: ThingId, sent: ReasonSent, asked: Asked) -> Response:
        return await decide(assistance_id, sent, asked, sent.reason)
