"""Costs that are booked and taken back, targets that are set, and where each team stands."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from services.case.api.acting import CASE, OF_MONEY, Word, one_of
from services.case.api.clocks import AsOf, KnownAt, day_asked
from services.case.api.desk import Office
from services.case.api.figures.examples import TARGETS
from services.case.api.figures.wire import TargetReport
from services.case.application.deciding import Verdict
from services.case.domain.figures.cost import KINDS, BookCost, ReverseCost
from services.case.domain.figures.target import SetTarget
from services.case.projections.figures import costs, standing
from shared.eventstore.projection.health import positions
from shared.http.asked import MinPosition, caught_up, moment, stamp
from shared.http.bodies import AmountSent, Day, Ref, Sent
from shared.http.commands import Asked, Decided, Envelope
from shared.http.operations import command, reading, routes
from shared.http.problems import Problem
from shared.kernel.period import month_of

COST = "cost-6f1c0d1e-0000-8000-8000-000000000001"
TARGET = "target-6f1c0d1e-0000-8000-8000-000000000001"
CostId = Annotated[str, Path(description="`cost-…`, as the answer that booked it gave it.")]
_CNY = {"amount": "1234.50", "currency": "CNY"}


class CostSent(Sent):
    """What collecting has cost: for one case, for one team, or for all where neither is named."""

    source: Word = Field(description="Who reports it: a code of yours.", examples=["PAYROLL"])
    source_ref: Ref = Field(
        description="The source's own reference: booked once, under whatever Idempotency-Key.",
        examples=["2026-03-T1-0042"],
    )
    kind: Word = one_of(KINDS)
    amount: AmountSent
    on: Day = Field(description="The day it is for; not a day to come.")
    case: str | None = Field(
        default=None, pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", examples=[CASE]
    )
    team: Word | None = None


class CostReversalSent(Sent):
    """Why the cost was wrong."""

    reason: Word = Field(examples=["BOOKED_TWICE"])


class TargetSent(Sent):
    """What a team is to recover in a month; sent again with another amount, its next version."""

    team: Word = Field(examples=["TEAM_A"])
    month: Day = Field(description="The first day of the month.", examples=["2026-03-01"])
    amount: AmountSent


def routers(office: Office) -> tuple[APIRouter, ...]:
    """The routes under /v1/costs, /v1/targets and /v1/reports/targets."""
    booked, set_, reported = (
        routes("/v1/costs", tag="figures"),
        routes("/v1/targets", tag="figures"),
        routes("/v1/reports", tag="reports"),
    )
    _book(booked, office)
    _reverse(booked, office)
    _set(set_, office)
    _standing(reported, office)
    return booked, set_, reported


async def _carry_out(
    office: Office,
    asked: Envelope,
    stream: str,
    work: Callable[[], Awaitable[Verdict]],
    refs: Mapping[str, Any],
    *,
    named_by_body: bool = True,
) -> Response:
    """A command, once; the references are the same where it is on record already."""

    async def decide() -> Decided:
        verdict = await work()
        return Decided(writes=verdict.writes, policy=verdict.policy, refs=refs, known=refs)

    ledger = office.open_desk.ledger
    return await asked.carry_out(ledger, stream=stream, decide=decide, named_by_body=named_by_body)


def _book(found: APIRouter, office: Office) -> None:
    """POST /v1/costs."""

    @found.post(
        "",
        **command(
            "bookCost",
            "Book what collecting has cost, for a case, a team or all",
            scope="payment:record",
            problems=(
                *OF_MONEY,
                "cost-terms-refused",
                "amount-not-positive",
                "duplicate-cost-ref",
                "case-unknown",
            ),
            sent={
                "source": "PAYROLL",
                "source_ref": "2026-03-T1-0042",
                "kind": "STAFF_TIME",
                "amount": _CNY,
                "on": "2026-03-12",
                "team": "TEAM_A",
            },
            gives={"id": COST},
            links={"reverseCost": {"cost_id": "$response.body#/id"}},
        ),
    )
    async def book_cost(sent: CostSent, asked: Asked) -> Response:
        desk = office.open_desk
        if sent.on > desk.decisions.today:
            raise Problem("invalid", errors=[("/on", "IN_THE_FUTURE")])
        ask = BookCost(
            source=sent.source,
            source_ref=sent.source_ref,
            kind=sent.kind,
            amount=sent.amount.money(),
            on=sent.on,
            case=sent.case,
            team=sent.team,
        )
        cost_id = desk.figures.cost_id(ask.source, ask.source_ref)

        async def work() -> Verdict:
            return await desk.figures.book(ask, actor=asked.caller.actor, dry_run=asked.dry_run)

        return await _carry_out(office, asked, cost_id, work, {"id": cost_id})


def _reverse(found: APIRouter, office: Office) -> None:
    """POST /v1/costs/{id}/reversals."""

    @found.post(
        "/{cost_id}/reversals",
        **command(
            "reverseCost",
            "Take a booked cost back, from its own day on",
            scope="payment:record",
            problems=("cost-unknown",),
            sent={"reason": "BOOKED_TWICE"},
            gives={"id": COST},
        ),
    )
    async def reverse_cost(cost_id: CostId, sent: CostReversalSent, asked: Asked) -> Response:
        ask = ReverseCost(reason=sent.reason)

        async def work() -> Verdict:
            return await office.open_desk.figures.reverse(
                cost_id, ask, actor=asked.caller.actor, dry_run=asked.dry_run
            )

        return await _carry_out(office, asked, cost_id, work, {"id": cost_id}, named_by_body=False)


def _set(found: APIRouter, office: Office) -> None:
    """POST /v1/targets."""

    @found.post(
        "",
        **command(
            "setTarget",
            "Set what a team is to recover in a month; set again, its next version",
            scope="staff:write",
            problems=(*OF_MONEY, "not-a-month", "amount-not-positive"),
            sent={"team": "TEAM_A", "month": "2026-03-01", "amount": _CNY},
            gives={"id": TARGET},
        ),
    )
    async def set_target(sent: TargetSent, asked: Asked) -> Response:
        desk = office.open_desk
        ask = SetTarget(
            team=sent.team,
            month=sent.month,
            amount=sent.amount.money(),
            on=desk.decisions.today,
            by=asked.caller.actor,
        )
        target_id = desk.figures.target_id(ask)

        async def work() -> Verdict:
            return await desk.figures.set_target(ask, actor=asked.caller.actor, dry_run=asked.dry_run)

        return await _carry_out(office, asked, target_id, work, {"id": target_id})


def _standing(found: APIRouter, office: Office) -> None:
    """GET /v1/reports/targets."""

    @found.get(
        "/targets",
        **reading(
            "reportTargets",
            "Each team's recovery target for a month, and where it stands by working days",
            scope="case:read",
            problems=("malformed-request", "projection-behind"),
            example=TARGETS,
        ),
    )
    async def report_targets(
        request: Request,
        response: Response,
        month: Annotated[
            Day | None, Query(description="Any day of the month; that of `as_of` unless given.")
        ] = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> TargetReport:
        desk, day = office.open_desk, day_asked(office, as_of)
        known = moment(known_at, name="known_at", zone=desk.zone)
        for view in standing.VIEWS:
            await caught_up(request, desk, view)
        first = month_of(month or day).from_
        found_, at = await desk.ask(
            lambda connection: (
                standing.standing(connection, first, standing.asked_of(day, known)),
                positions(connection, costs.VIEW),
            )
        )
        await stamp(response, desk, at)
        return TargetReport.model_validate(standing.document(found_))
