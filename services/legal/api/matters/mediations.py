"""Mediation before suit: offered, agreed or failed."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from services.legal.api.acting import (
    DIGEST,
    OF_A_MATTER,
    OF_MONEY,
    Act,
    DatedSent,
    Digest,
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
from services.legal.domain.recording.mediation import FAILURES
from services.legal.domain.thing_ids import MEDIATION
from shared.http.bodies import AmountSent, Day, Truth
from shared.http.commands import Asked
from shared.http.operations import command

MediationId = Annotated[str, Path(description="`med_…`, as the answer that offered it gave it.")]


class MediationSent(DatedSent):
    """Where mediation was offered."""

    body: Word = Field(
        description="A code of the lender's list of mediation bodies.", examples=["PEOPLES_MEDIATION"]
    )


class MediationAgreementSent(DatedSent):
    """What the debtor agreed to. To agree is to consent to perform: limitation restarts (Civil Code 195)."""

    amount: AmountSent
    pay_by: Day
    confirmed: Truth = Field(default=False, description="A court has confirmed it, so it is a title.")
    document: Digest | None = None


class MediationFailureSent(DatedSent):
    """Why it led to nothing."""

    reason: str = one_of(FAILURES)


def add(found: APIRouter, office: Office) -> None:
    """The routes of this page under /v1/legal-matters."""

    @found.post(
        "/{matter_id}/mediations",
        **command(
            "offerLegalMediation",
            "Mediation before suit was offered",
            scope="legal:write",
            problems=OF_A_MATTER,
            sent={"body": "PEOPLES_MEDIATION"},
            gives=example("med"),
            links={
                "agreeLegalMediation": {"mediation_id": "$response.body#/id"},
                "failLegalMediation": {"mediation_id": "$response.body#/id"},
            },
        ),
    )
    async def offer_mediation(matter_id: MatterId, sent: MediationSent, asked: Asked) -> Response:
        act = Act(office, matter_id, asked)
        made = act.id(MEDIATION)
        fact = m.MediationOffered(mediation=made, on=act.day(sent.on), body=sent.body)
        return await act.do(c.Record(fact=fact), id=made)


def add_things(found: APIRouter, office: Office) -> None:
    """The routes of this page under /v1."""

    @found.post(
        "/legal-mediations/{mediation_id}/agreements",
        **command(
            "agreeLegalMediation",
            "The debtor agreed: a proof towards limitation goes with it",
            scope="legal:write",
            problems=(*OF_A_MATTER, *OF_MONEY, "mediation-unknown", "mediation-terms-refused"),
            sent={
                "amount": {"amount": "9000.00", "currency": "CNY"}, "pay_by": "2027-01-31", "document": DIGEST,
            },
            gives=example(id=ref("med")),
        ),
    )  # fmt: skip
    async def agree_mediation(
        mediation_id: MediationId, sent: MediationAgreementSent, asked: Asked
    ) -> Response:
        act = Act.on(office, MEDIATION, mediation_id, asked)
        fact = m.MediationAgreed(
            mediation=mediation_id, on=act.day(sent.on), amount=sent.amount.money(), pay_by=sent.pay_by,
            confirmed=sent.confirmed, document=sent.document,
        )  # fmt: skip
        return await act.do(c.Record(fact=fact, by=act.by), id=mediation_id)

    @found.post(
        "/legal-mediations/{mediation_id}/failures",
        **command(
            "failLegalMediation",
            "Mediation led to nothing",
            scope="legal:write",
            problems=(*OF_A_MATTER, "mediation-unknown"),
            sent={"reason": "NO_SHOW"},
            gives=example(id=ref("med")),
        ),
    )
    async def fail_mediation(mediation_id: MediationId, sent: MediationFailureSent, asked: Asked) -> Response:
        closed("/reason", sent.reason, FAILURES)
        act = Act.on(office, MEDIATION, mediation_id, asked)
        fact = m.MediationFailed(mediation=mediation_id, on=act.day(sent.on), reason=sent.reason)
        return await act.do(c.Record(fact=fact), id=mediation_id)
