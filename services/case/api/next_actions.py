"""What to do next about a case: ranked, each with why, and with what stands in its way."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from pydantic import Field

from services.case.api.acting import CASE, OF_A_THING, CaseId
from services.case.api.clocks import AsOf, KnownAt, seen_on
from services.case.api.desk import Office
from services.case.application.treatment.case_strategy import record_of
from services.case.domain.action_order import ACTIONS
from services.case.domain.next_action import Block, NextAction, Value, next_actions
from services.case.domain.state import ClosedCase, OpenCase
from services.case.domain.treatment.said import open_steps
from services.case.projections import action_words
from shared.http.language import chosen
from shared.http.operations import reading, routes
from shared.http.preconditions import etag
from shared.http.wire import Wire
from shared.kernel.money import Money, to_json


class WhyShown(Wire):
    """A reason: its code, the values it rests on, and a phrase."""

    code: str = Field(examples=["BROKEN_PROMISES"])
    values: dict[str, Any]
    text: str


class BlockShown(Wire):
    """What stands in the way."""

    kind: str = Field(description="HOLD, MODE (somebody else collects) or RULE.")
    code: str = Field(examples=["DISPUTE"])
    ref: str | None = Field(description="The hold, placement, referral, promise or settlement.")
    until: str | None = Field(description="The day it ends, where one is known; it is free from that day on.")
    text: str


class ActionShown(Wire):
    """One thing that could be done next."""

    action: str = Field(json_schema_extra={"enum": list(ACTIONS)}, examples=["CALL"])
    title: str
    points: int = Field(description="The more, the sooner; weights of the policy.")
    about: str | None = Field(description="The promise, dispute or the like that it is about.")
    text: str = Field(description="All reasons, as a sentence.")
    why: list[WhyShown]
    blocked_by: list[BlockShown] = Field(description="Empty: it can be done now.")


class ActionList(Wire):
    """What is free first, then by points."""

    id: str
    as_of: str
    known_at: str | None
    version: int = Field(description="The newest event of the case that counts.")
    policy: str
    items: list[ActionShown]


_LATE: dict[str, Any] = {
    "code": "LATE_BY",
    "values": {"stage": "M1", "days": 12, "arrears": {"amount": "1234.50", "currency": "CNY"}},
    "text": "stage M1, 12 days past due, 1234.50 CNY in arrears",
}
_BLOCKED: dict[str, Any] = {
    "kind": "RULE", "code": "PROMISE_OPEN", "ref": f"prm_{OF_A_THING}", "until": "2026-12-03",
    "text": "a promise is open (until 2026-12-03)",
}  # fmt: skip
_EXAMPLE: dict[str, Any] = {
    "id": CASE, "as_of": "2026-11-22", "known_at": None, "version": 17, "policy": "cn-retail/1",
    "items": [
        {
            "action": "CALL", "title": "Call the debtor", "points": 500, "about": None,
            "text": "Stage M1, 12 days past due, 1234.50 CNY in arrears.", "why": [_LATE],
            "blocked_by": [_BLOCKED],
        }
    ],
}  # fmt: skip


def router(office: Office) -> APIRouter:
    """GET /v1/cases/{case_id}/next-actions."""
    found = routes("/v1/cases", tag="queues")

    @found.get(
        "/{case_id}/next-actions",
        **reading(
            "listNextActions",
            "What to do next about a case, best first, with why and with what stands in the way",
            scope="case:read",
            problems=("not-found",),
            example=_EXAMPLE,
        ),
    )
    async def list_next_actions(
        response: Response,
        case_id: CaseId,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> ActionList:
        language, seen = chosen(accept_language), await seen_on(office, case_id, as_of, known_at)
        state = seen.state.was if isinstance(seen.state, ClosedCase) else seen.state
        policy = office.open_desk.decisions.policy_on(seen.as_of)
        steps = tuple(open_steps(record_of(seen)))
        found = next_actions(state.facts, seen.picture, policy, steps) if isinstance(state, OpenCase) else ()
        response.headers["ETag"] = etag(seen.version)
        response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
        return ActionList(
            id=seen.case_id,
            as_of=seen.as_of.isoformat(),
            known_at=known_at,
            version=seen.version,
            policy=policy.version.id,
            items=[_shown(one, language) for one in found],
        )

    return found


def _shown(one: NextAction, language: str) -> ActionShown:
    return ActionShown(
        action=one.action,
        title=action_words.title(one.action, language),
        points=one.points,
        about=one.about,
        text=action_words.sentence(one, language),
        why=[
            WhyShown(
                code=why.code,
                values={name: _value(value) for name, value in why.values.items()},
                text=action_words.why(why, language),
            )
            for why in one.why
        ],
        blocked_by=[_block(by, language) for by in one.blocked_by],
    )


def _block(by: Block, language: str) -> BlockShown:
    until = by.until.isoformat() if by.until else None
    text = action_words.blocked(by, language)
    return BlockShown(kind=by.kind, code=by.code, ref=by.ref, until=until, text=text)


def _value(value: Value) -> Any:
    if isinstance(value, Money):
        return to_json(value)
    return value if isinstance(value, int | str) else value.isoformat()
