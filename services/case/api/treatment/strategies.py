"""Strategy versions: those there are, proposing one, and publishing or rejecting what another person proposed."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field, StringConstraints

from services.case.api.acting import Word
from services.case.api.desk import Office
from services.case.application.deciding import Verdict
from services.case.application.treatment.strategies import STATUSES, StrategyUnknown
from services.case.application.treatment.strategy_text import parsed
from services.case.application.treatment.versions_shown import strategy_id, summary, version_of, whole
from shared.http.bodies import Sent
from shared.http.commands import Asked, Decided, Envelope
from shared.http.operations import command, reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem
from shared.http.wire import Wire

HERE = "/v1/strategy-versions"
TOML_MAX = 60_000
StrategyId = Annotated[str, Path(description="`cn-retail-treatment-2`, as a list gave it.")]
_SUMMARY: dict[str, Any] = {
    "id": "cn-retail-treatment-2", "version": "cn-retail-treatment/2", "status": "PUBLISHED",
    "effective_from": "2026-12-01", "content": "9f" * 32, "segments": 10, "rules": 9, "adopt": "STAGE_CHANGE",
    "proposed_on": "2026-11-20", "decided_on": "2026-11-21",
}  # fmt: skip
_TOML = 'version = "cn-retail-treatment/2"\neffective_from = 2026-12-01\n…'
OF_A_VERSION = ("strategy-versions-overlap", "strategy-begins-too-early")


class StrategySent(Sent):
    """A strategy's file."""

    toml: Annotated[str, StringConstraints(min_length=1, max_length=TOML_MAX)] = Field(
        description="The whole file (docs/how-to/write-a-strategy.md).", examples=[_TOML]
    )


class DecisionSent(Sent):
    """The second person agrees."""


class RejectionSent(Sent):
    """Why not."""

    reason: Word = Field(examples=["TOO_STERN"])


class VersionShown(Wire):
    """A strategy version; `content` is the SHA-256, in hex, of its canonical JSON."""

    id: str
    version: str
    status: str = Field(description="How it stands.", json_schema_extra={"enum": list(STATUSES)})
    effective_from: str
    content: str
    segments: int
    rules: int
    adopt: str = Field(
        description="STAGE_CHANGE or AT_ONCE: when cases that go by an older version take it up."
    )
    proposed_on: str | None
    decided_on: str | None


class VersionList(Wire):
    """All versions, by the day they begin."""

    items: list[VersionShown]
    in_force: str | None = Field(description="The version in force today.")


class VersionWhole(VersionShown):
    """A version with all it says."""

    document: dict[str, Any] = Field(
        description="Its rules, segments, steps and signs, as the file had them."
    )


def router(office: Office) -> APIRouter:
    """The routes under /v1/strategy-versions."""
    found = routes(HERE, tag="treatment")
    _list(found, office)
    _propose(found, office)
    _decide(found, office)
    return found


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "",
        **reading(
            "listStrategyVersions",
            "Treatment strategies: the shipped ones, the tenant's own, and those that wait for a second person",
            scope="case:read",
            example={"items": [_SUMMARY], "in_force": "cn-retail-treatment/2"},
            links={"showStrategyVersion": {"strategy_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_strategy_versions(response: Response) -> VersionList:
        desk = office.open_desk
        known = await desk.treatment.strategies.known()
        now = known.book.in_force(desk.decisions.today)
        _tag(response, known.stream_version)
        items = [VersionShown(**summary(one)) for one in known.versions]
        return VersionList(items=items, in_force=now.version.id if now else None)

    @found.get(
        "/{strategy_id}",
        **reading(
            "showStrategyVersion",
            "One strategy version with all it says",
            scope="case:read",
            problems=("not-found",),
            example=_SUMMARY
            | {"document": {"default": "WATCH", "rules": [], "segments": [{"name": "WATCH"}]}},
        ),
    )
    async def show_strategy_version(response: Response, strategy_id: StrategyId) -> VersionWhole:
        known = await office.open_desk.treatment.strategies.known()
        _tag(response, known.stream_version)
        try:
            return VersionWhole(**whole(known.of(version_of(strategy_id))))
        except StrategyUnknown:
            raise Problem("not-found") from None


def _tag(response: Response, version: int) -> None:
    """The version that a decision is made on; nothing was proposed yet where there is none."""
    if version:
        response.headers["ETag"] = etag(version)


def _propose(found: APIRouter, office: Office) -> None:
    @found.post(
        "",
        **command(
            "proposeStrategy",
            "Propose a treatment strategy; it decides nothing until a second person publishes it",
            scope="case:write",
            problems=("strategy-malformed", "strategy-version-changed", *OF_A_VERSION),
            sent={"toml": _TOML},
            gives=_given("cn-retail-treatment-2"),
            links={"publishStrategy": {"strategy_id": "$response.body#/id"}},
        ),
    )
    async def propose_strategy(sent: StrategySent, asked: Asked) -> Response:
        strategy = parsed(sent.toml.encode())
        desk = office.open_desk.treatment.strategies
        return await _carried(
            office,
            asked,
            strategy.version.id,
            lambda: desk.propose(strategy, actor=asked.caller.actor, dry_run=asked.dry_run),
        )


def _decide(found: APIRouter, office: Office) -> None:
    decided = ("strategy-unknown", "not-awaiting-approval", "maker-is-checker")

    @found.post(
        "/{strategy_id}/approvals",
        **command(
            "publishStrategy",
            "Publish a strategy that another person proposed",
            scope="ops:approve",
            problems=(*decided, *OF_A_VERSION),
            sent={},
            gives=_given("cn-retail-treatment-2"),
        ),
    )
    async def publish_strategy(strategy_id: StrategyId, sent: DecisionSent, asked: Asked) -> Response:
        desk, version = office.open_desk.treatment.strategies, version_of(strategy_id)
        return await _carried(
            office,
            asked,
            version,
            lambda: desk.publish(version, actor=asked.caller.actor, dry_run=asked.dry_run),
        )

    @found.post(
        "/{strategy_id}/rejections",
        **command(
            "rejectStrategy",
            "Reject a strategy that another person proposed",
            scope="ops:approve",
            problems=decided,
            sent={"reason": "TOO_STERN"},
            gives=_given("cn-retail-treatment-2"),
        ),
    )
    async def reject_strategy(strategy_id: StrategyId, sent: RejectionSent, asked: Asked) -> Response:
        desk, version = office.open_desk.treatment.strategies, version_of(strategy_id)
        return await _carried(
            office,
            asked,
            version,
            lambda: desk.reject(version, reason=sent.reason, actor=asked.caller.actor, dry_run=asked.dry_run),
        )


def _given(strategy: str) -> dict[str, Any]:
    return {"id": strategy, "links": {"self": f"{HERE}/{strategy}"}}


async def _carried(
    office: Office, asked: Envelope, version: str, ask: Callable[[], Awaitable[Verdict]]
) -> Response:
    """Carry a decision about a version out once."""
    desk, given = office.open_desk, _given(strategy_id(version))

    async def decide() -> Decided:
        verdict = await ask()
        return Decided(writes=verdict.writes, policy=verdict.policy, refs=given, known=given)

    return await asked.carry_out(desk.ledger, stream=desk.treatment.strategies.stream, decide=decide)
