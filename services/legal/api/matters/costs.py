"""What a matter costs; and a second person's word that lets a step through on an expired claim."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from starlette.responses import Response

from services.legal.api.acting import (
    OF_A_MATTER,
    OF_MONEY,
    Act,
    DatedSent,
    MatterId,
    Word,
    closed,
    example,
    one_of,
    ref,
)
from services.legal.api.desk import Office
from services.legal.api.matters.opening import TrackRef
from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.recording.costs import BEARERS, KINDS
from services.legal.domain.thing_ids import COST, OVERRIDE
from shared.http.bodies import AmountSent, Ref
from shared.http.commands import Asked
from shared.http.operations import command

CostId = Annotated[str, Path(description="`cst_…`, as the matter shows it.")]
Actor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:/@-]{1,120}$"), Field(examples=["user:lin"])]


class LegalCostSent(DatedSent):
    """What it has cost, and who bears it."""

    kind: str = one_of(KINDS)
    amount: AmountSent
    borne_by: str = one_of(BEARERS, default="LENDER")
    firm: Ref | None = Field(default=None, description="Whom it was paid to.", examples=["FIRM-9"])
    track: TrackRef | None = Field(default=None, description="The track it was for.")


class LegalCostReversalSent(DatedSent):
    """Why it was not a cost after all."""

    reason: Word = Field(examples=["REFUNDED"])


class OverrideSent(DatedSent):
    """Who asked for it, for which step, and why; whoever sends this is the second person."""

    wanted: Word = Field(description="The step, as it is named.", examples=["SUIT_FILED"])
    reason: Word = Field(description="A code that the law pack allows.", examples=["COUNSEL_READS_OTHERWISE"])
    asked_by: Actor = Field(description="Who asked, as the ledger names them; not who sends this.")
    track: TrackRef | None = Field(
        default=None, description="The track; left out for one to begin with the step."
    )


def add(found: APIRouter, office: Office) -> None:
    """The routes of this page under /v1/legal-matters."""
    _book(found, office)
    _override(found, office)


def _book(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/costs",
        **command(
            "bookLegalCost",
            "Book what the matter has cost; what the debtor bears is added to the case's balance",
            scope="legal:write",
            problems=(*OF_A_MATTER, *OF_MONEY, "legal-cost-not-positive", "track-unknown"),
            sent={
                "kind": "COURT_FEE",
                "amount": {"amount": "213.00", "currency": "CNY"},
                "borne_by": "DEBTOR",
            },
            gives=example("cst"),
            links={"reverseLegalCost": {"cost_id": "$response.body#/id"}},
        ),
    )
    async def book_legal_cost(matter_id: MatterId, sent: LegalCostSent, asked: Asked) -> Response:
        closed("/kind", sent.kind, KINDS)
        closed("/borne_by", sent.borne_by, BEARERS)
        act = Act(office, matter_id, asked)
        made = act.id(COST)
        fact = m.MatterCostBooked(
            cost=made, kind=sent.kind, amount=sent.amount.money(), on=act.day(sent.on), borne_by=sent.borne_by,
            firm=sent.firm, track=sent.track,
        )  # fmt: skip
        return await act.do(c.Record(fact=fact), id=made)


def _override(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/overrides",
        **command(
            "giveLegalOverride",
            "As a second person, let one step through although limitation has expired",
            scope="legal:approve",
            problems=(
                *OF_A_MATTER,
                "maker-is-checker",
                "track-unknown",
                "override-forbidden",
                "override-reason-unknown",
            ),
            sent={
                "wanted": "SUIT_FILED",
                "reason": "COUNSEL_READS_OTHERWISE",
                "asked_by": "user:lin",
                "track": ref("trk"),
            },
            gives=example("ovr"),
        ),
    )
    async def give_legal_override(matter_id: MatterId, sent: OverrideSent, asked: Asked) -> Response:
        act = Act(office, matter_id, asked)
        made = act.id(OVERRIDE)
        given = m.OverrideGiven(
            override=made, track=sent.track or matter_id, wanted=sent.wanted, reason=sent.reason,
            on=act.day(sent.on), asked_by=sent.asked_by, by=act.by,
        )  # fmt: skip
        return await act.do(c.GiveOverride(override=given), id=made)


def add_things(found: APIRouter, office: Office) -> None:
    """The routes of this page under /v1."""

    @found.post(
        "/legal-costs/{cost_id}/reversals",
        **command(
            "reverseLegalCost",
            "The cost was booked in error, or was paid back",
            scope="legal:write",
            problems=(*OF_A_MATTER, "legal-cost-unknown"),
            sent={"reason": "REFUNDED"},
            gives=example(id=ref("cst")),
        ),
    )
    async def reverse_legal_cost(cost_id: CostId, sent: LegalCostReversalSent, asked: Asked) -> Response:
        act = Act.on(office, COST, cost_id, asked)
        fact = m.MatterCostReversed(cost=cost_id, on=act.day(sent.on), reason=sent.reason)
        return await act.do(c.Record(fact=fact), id=cost_id)
