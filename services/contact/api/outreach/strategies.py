"""Outreach strategies: those there are, proposing one, and publishing or rejecting what another person proposed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from services.contact.api.desk import Office
from services.contact.api.outreach import wire
from services.contact.application.outreach.shown import (
    in_force,
    strategy_id,
    strategy_summary,
    strategy_whole,
    version_of,
)
from services.contact.application.outreach.strategies import OutreachStrategyUnknown
from services.contact.application.outreach.strategy_text import parsed
from shared.eventstore.port import StreamWrite
from shared.http.commands import Asked, Decided, Envelope
from shared.http.operations import command, reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem

HERE = "/v1/outreach-strategies"
StrategyId = Annotated[str, Path(description="`cn-retail-outreach-2`, as a list gave it.")]
OF_A_VERSION = ("outreach-strategies-overlap", "outreach-strategy-begins-too-early")


def router(office: Office) -> APIRouter:
    """The routes under /v1/outreach-strategies."""
    found = routes(HERE, tag="outreach")
    _list(found, office)
    _propose(found, office)
    _decide(found, office)
    return found


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "",
        **reading(
            "listOutreachStrategies",
            "Outreach strategies: the shipped ones, the tenant's own, and those that wait for a second person",
            scope="case:read",
            example={"items": [wire.SUMMARY], "in_force": "cn-retail-outreach/2"},
            links={"showOutreachStrategy": {"strategy_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_outreach_strategies(response: Response) -> wire.OutreachStrategyList:
        strategies = office.open_desk.outreach.strategies
        known = await strategies.known()
        _tag(response, known.stream_version)
        items = [wire.OutreachStrategyShown(**strategy_summary(one)) for one in known.versions]
        return wire.OutreachStrategyList(items=items, in_force=in_force(known.book, strategies.today))

    @found.get(
        "/{strategy_id}",
        **reading(
            "showOutreachStrategy",
            "One outreach strategy with all it says",
            scope="case:read",
            problems=("not-found",),
            example=wire.SUMMARY | {"document": {"zone": "Asia/Shanghai", "stages": [{"stage": "M1"}]}},
        ),
    )
    async def show_outreach_strategy(
        response: Response, strategy_id: StrategyId
    ) -> wire.OutreachStrategyWhole:
        known = await office.open_desk.outreach.strategies.known()
        _tag(response, known.stream_version)
        try:
            return wire.OutreachStrategyWhole(**strategy_whole(known.of(version_of(strategy_id))))
        except OutreachStrategyUnknown:
            raise Problem("not-found") from None


def _tag(response: Response, version: int) -> None:
    """The version that a decision is made on; nothing was proposed yet where there is none."""
    if version:
        response.headers["ETag"] = etag(version)


def _propose(found: APIRouter, office: Office) -> None:
    @found.post(
        "",
        **command(
            "proposeOutreachStrategy",
            "Propose an outreach strategy; it decides nothing until a second person publishes it",
            scope="case:write",
            problems=("outreach-strategy-malformed", "outreach-strategy-changed", *OF_A_VERSION),
            sent={"toml": wire.TOML},
            gives=_given("cn-retail-outreach-2"),
            links={"publishOutreachStrategy": {"strategy_id": "$response.body#/id"}},
        ),
    )
    async def propose_outreach_strategy(sent: wire.OutreachStrategySent, asked: Asked) -> Response:
        strategy = parsed(sent.toml.encode())
        desk = office.open_desk.outreach.strategies
        return await _carried(
            office,
            asked,
            strategy.version.id,
            lambda: desk.propose(strategy, actor=asked.caller.actor, dry_run=asked.dry_run),
        )


def _decide(found: APIRouter, office: Office) -> None:
    decided = ("outreach-strategy-unknown", "not-awaiting-approval", "maker-is-checker")

    @found.post(
        "/{strategy_id}/approvals",
        **command(
            "publishOutreachStrategy",
            "Publish an outreach strategy that another person proposed",
            scope="ops:approve",
            problems=(*decided, *OF_A_VERSION),
            sent={},
            gives=_given("cn-retail-outreach-2"),
        ),
    )
    async def publish_outreach_strategy(
        strategy_id: StrategyId, sent: wire.OutreachDecisionSent, asked: Asked
    ) -> Response:
        desk, version = office.open_desk.outreach.strategies, version_of(strategy_id)
        return await _carried(
            office,
            asked,
            version,
            lambda: desk.publish(version, actor=asked.caller.actor, dry_run=asked.dry_run),
        )

    @found.post(
        "/{strategy_id}/rejections",
        **command(
            "rejectOutreachStrategy",
            "Reject an outreach strategy that another person proposed",
            scope="ops:approve",
            problems=decided,
            sent={"reason": "TOO_STERN"},
            gives=_given("cn-retail-outreach-2"),
        ),
    )
    async def reject_outreach_strategy(
        strategy_id: StrategyId, sent: wire.OutreachRejectionSent, asked: Asked
    ) -> Response:
        desk, version = office.open_desk.outreach.strategies, version_of(strategy_id)
        return await _carried(
            office,
            asked,
            version,
            lambda: desk.reject(version, reason=sent.reason, actor=asked.caller.actor, dry_run=asked.dry_run),
        )


def _given(strategy: str) -> dict[str, Any]:
    return {"id": strategy, "links": {"self": f"{HERE}/{strategy}"}}


async def _carried(
    office: Office, asked: Envelope, version: str, ask: Callable[[], Awaitable[Sequence[StreamWrite]]]
) -> Response:
    """Carry a decision about a version out once."""
    desk, given = office.open_desk, _given(strategy_id(version))

    async def decide() -> Decided:
        return Decided(writes=await ask(), policy=None, refs=given, known=given)

    return await asked.carry_out(desk.ledger, stream=desk.outreach.strategies.stream, decide=decide)
