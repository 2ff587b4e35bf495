"""What is claimed of each debt, as the case service knew it on a day; and whether going to law is worth it."""

from datetime import date

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.legal.api.acting import (
    DEBT,
    OF_A_MATTER,
    OF_MONEY,
    Act,
    ClaimPartsSent,
    DatedSent,
    DebtRef,
    MatterId,
    Word,
    closed,
    example,
    one_of,
)
from services.legal.api.desk import Office
from services.legal.application.elsewhere import CaseSheet
from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.recording.claims import ADVICE
from services.legal.domain.refusals import DebtNotOfCase, MatterUnknown
from services.legal.domain.thing_ids import ASSESSMENT, CLAIM
from shared.http.bodies import AmountSent, Day, Text, Whole
from shared.http.commands import Asked
from shared.http.operations import command
from shared.kernel import parts
from shared.kernel.parts import Parts


class ClaimSent(DatedSent):
    """What is claimed on a debt. The balance comes from the case service; said again, the later word counts."""

    debt: DebtRef
    as_of: Day | None = Field(
        default=None, description="The end of which day the balance is of: today unless given."
    )
    claimed: ClaimPartsSent | None = Field(
        default=None, description="Part by part at most what is owed; all of it unless given."
    )
    reason: Word = Field(default="STATED", examples=["RESTATED"])


class FeasibilitySent(DatedSent):
    """What going to law may bring. `benefit` of the answer: recovery by likelihood, less costs."""

    asset_signs: tuple[Word, ...] = Field(
        default=(), max_length=20, description="Codes of what property is known of.", examples=[["VEHICLE"]]
    )
    cost: AmountSent
    recovery: AmountSent
    likelihood_percent: Whole = Field(ge=0, le=100, examples=[60])
    advice: str = one_of(ADVICE)
    words: Text | None = Field(default=None, description="Why, in words; sealed.")


def add(found: APIRouter, office: Office) -> None:
    """The routes of this page."""
    _state(found, office)
    _assess(found, office)


def _state(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/claims",
        **command(
            "stateLegalClaim",
            "State what is claimed on a debt, from its balance as known at the end of a day",
            scope="legal:write",
            problems=(
                *OF_A_MATTER, *OF_MONEY, "debt-not-of-case", "claim-too-large", "service-not-answering",
                "case-unknown-there",
            ),
            sent={"debt": DEBT, "as_of": "2026-11-20"},
            gives=example("clm"),
        ),
    )  # fmt: skip
    async def state_legal_claim(matter_id: MatterId, sent: ClaimSent, asked: Asked) -> Response:
        act = Act(office, matter_id, asked)
        on, desk = act.day(sent.on), act.desk
        claim = desk.acts.thing_id(CLAIM, matter_id, client="claim", operation="debt", key=sent.debt)
        wanted = None if sent.claimed is None else sent.claimed.parts()

        async def stated() -> c.Record:
            known = await desk.acts.load(matter_id)
            if known.matter.opened is None:
                raise MatterUnknown
            if sent.debt not in known.claims.debts:
                raise DebtNotOfCase
            as_of = sent.as_of or on
            sheet = await desk.case_file.sheet(known.matter.opened.case, as_of=as_of)
            owed = _owed(sheet, sent.debt, as_of=as_of)
            fact = m.ClaimStated(
                claim=claim, debt=sent.debt, as_of=as_of, owed=owed,
                claimed=_positive(owed) if wanted is None else wanted, reason=sent.reason, on=on, by=act.by,
            )  # fmt: skip
            return c.Record(fact=fact)

        return await act.do(stated, id=claim)


def _owed(sheet: CaseSheet, debt: str, *, as_of: date) -> Parts:
    """The balance of a debt by the case service. Raises DebtNotOfCase."""
    found = next((one.owed for one in sheet.debts if one.debt == debt), None)
    if found is None:
        raise DebtNotOfCase
    return found


def _positive(owed: Parts) -> Parts:
    """What can be claimed of a balance: parts that were overpaid are nothing."""
    return parts.of([max(minor, 0) for minor in owed.minors], owed.currency)


def _assess(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/assessments",
        **command(
            "assessLegalFeasibility",
            "Record what going to law may bring and cost, and what is advised",
            scope="legal:write",
            problems=(*OF_A_MATTER, *OF_MONEY, "assessment-terms-refused"),
            sent={
                "asset_signs": ["VEHICLE"], "cost": {"amount": "800.00", "currency": "CNY"},
                "recovery": {"amount": "12000.00", "currency": "CNY"}, "likelihood_percent": 60, "advice": "SUE",
            },
            gives=example("fea"),
        ),
    )  # fmt: skip
    async def assess_legal_feasibility(matter_id: MatterId, sent: FeasibilitySent, asked: Asked) -> Response:
        closed("/advice", sent.advice, ADVICE)
        act = Act(office, matter_id, asked)
        made = act.id(ASSESSMENT)
        fact = m.FeasibilityAssessed(
            assessment=made, on=act.day(sent.on), asset_signs=sent.asset_signs, cost=sent.cost.money(),
            recovery=sent.recovery.money(), likelihood_percent=sent.likelihood_percent, advice=sent.advice,
            words=sent.words, by=act.by,
        )  # fmt: skip
        return await act.do(c.Record(fact=fact), id=made)
