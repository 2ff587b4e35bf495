"""Contact that was attempted, and the case handed to the legal service and back."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import CASE, OF_A_CASE, Act, CaseId, DatedSent, ThingId, Word, example
from services.case.api.desk import Office
from services.case.domain.case_commands import EndLegalReferral, RecordAttempt, ReferToLegal
from shared.http.bodies import Moment, Ref, Sent
from shared.http.commands import Asked
from shared.http.operations import command, routes
from shared.http.problems import Problem
from shared.kernel.clock import day_in


class AttemptSent(Sent):
    """An attempt that happened; `permit` names the decision that allowed it, where there was one."""

    attempt_ref: Ref = Field(
        description="The dialer's own reference: the same attempt sent again, by whomever, is on record once.",
        examples=["dialer-7/4711"],
    )
    at: Moment
    channel: Word = Field(examples=["VOICE"])
    outcome: Word = Field(examples=["NO_ANSWER"])
    actor_kind: Word = Field(examples=["COLLECTOR"])
    permit: Ref | None = None


class ReferralSent(DatedSent):
    """Why the legal service takes over."""

    reason: Word = Field(examples=["NO_OTHER_WAY"])


class OutcomeSent(DatedSent):
    """How the legal service ended it."""

    outcome: Word = Field(examples=["JUDGMENT"])


def router(office: Office) -> APIRouter:
    """The contact attempts and legal referrals of a case."""
    found = routes("/v1", tag="handling")
    _attempts(found, office)
    _referrals(found, office)
    return found


def _attempts(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/contact-attempts",
        **command(
            "recordContactAttempt",
            "Record a contact attempt, whoever made it; it is never refused for what it was",
            scope="contact:record",
            problems=(*OF_A_CASE, "attempt-ref-taken"),
            sent={
                "attempt_ref": "dialer-7/4711",
                "at": "2026-11-20T10:15:00+08:00",
                "channel": "VOICE",
                "outcome": "NO_ANSWER",
                "actor_kind": "COLLECTOR",
            },
            gives={"id": "dialer-7/4711", "links": {"case": f"/v1/cases/{CASE}"}},
        ),
    )
    async def record_contact_attempt(case_id: CaseId, sent: AttemptSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        on = day_in(sent.at, office.open_desk.zone)
        if on > office.open_desk.decisions.today:
            raise Problem("invalid", errors=[("/at", "IN_THE_FUTURE")])
        attempt = RecordAttempt(
            attempt_ref=sent.attempt_ref,
            at=sent.at,
            on=on,
            channel=sent.channel,
            outcome=sent.outcome,
            actor_kind=sent.actor_kind,
            permit=sent.permit,
        )
        return await act.do(attempt, id=sent.attempt_ref)


def _referrals(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/legal-referrals",
        **command(
            "referToLegal",
            "Hand the case to the legal service",
            scope="case:write",
            problems=(*OF_A_CASE, "mode-not-free", "hold-forbids-handover"),
            sent={"reason": "NO_OTHER_WAY"},
            gives=example("ref"),
            links={"endLegalReferral": {"referral_id": "$response.body#/id"}},
            if_match=True,
        ),
    )
    async def refer_to_legal(case_id: CaseId, sent: ReferralSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("ref")
        return await act.do(ReferToLegal(ref=ref, on=act.day(sent.on), reason=sent.reason, by=act.by), id=ref)

    @found.post(
        "/legal-referrals/{referral_id}/ends",
        **command(
            "endLegalReferral",
            "Take the case back from the legal service",
            scope="legal:write",
            problems=(*OF_A_CASE, "referral-unknown"),
            sent={"outcome": "JUDGMENT"},
            gives=example(),
        ),
    )
    async def end_legal_referral(referral_id: ThingId, sent: OutcomeSent, asked: Asked) -> Response:
        act = Act.on(office, "ref", referral_id, asked)
        return await act.do(EndLegalReferral(referral=referral_id, on=act.day(sent.on), outcome=sent.outcome))
