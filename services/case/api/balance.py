"""What is owed, and how everything agreed stands, as of a day and by what was known at a time."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from services.case.api.acting import CASE, CaseId
from services.case.api.clocks import AsOf, KnownAt, seen_on
from services.case.api.desk import Office
from services.case.api.wire import Amount, PartsShown
from services.case.application.asked_as_of import CaseAsOf
from services.case.application.case_shown import split, standings
from services.case.domain.judge import Picture
from shared.http.operations import reading, routes
from shared.http.preconditions import etag
from shared.http.wire import Wire
from shared.kernel import money, parts
from shared.kernel.money import Money
from shared.kernel.parts import Parts
from shared.messaging.published import instant

_NOTHING = {"amount": "0.00", "currency": "CNY"}
_PARTS = dict.fromkeys((*parts.NAMES, "total"), _NOTHING)


class Allocated(Wire):
    """Where one payment went."""

    payment: str
    amounts: PartsShown
    unallocated: Amount


class BalanceShown(Wire):
    """allocated + unallocated = received - returned - refunded, on both clocks."""

    id: str
    as_of: str
    known_at: str | None
    version: int = Field(description="The newest event of the case that counts.")
    owed: PartsShown
    by_account: dict[str, PartsShown]
    received: Amount
    returned: Amount
    refunded: Amount
    allocated: PartsShown
    unallocated: Amount
    payments: list[Allocated]
    days_past_due: int
    stage: str


class StandingShown(Wire):
    """How everything agreed or raised stands; each by its id."""

    id: str
    as_of: str
    known_at: str | None
    version: int
    stage: str
    days_past_due: int
    mode: str = Field(description="Who collects: INTERNAL, AGENCY or LEGAL.")
    cured: bool
    ended: str | None
    keeps_open: list[str]
    things: dict[str, dict[str, Any]] = Field(
        description="promises, plans, holds in force, reliefs, disputes, complaints, settlements, waivers, "
        "placements and referrals."
    )


def router(office: Office) -> APIRouter:
    """GET /v1/cases/{case_id}/balance and /standing."""
    found = routes("/v1/cases", tag="cases")
    asked: dict[str, Any] = {"id": CASE, "as_of": "2026-11-22", "known_at": None, "version": 17}

    @found.get(
        "/{case_id}/balance",
        **reading(
            "showBalance",
            "What is owed, part by part, on two clocks",
            scope="case:read",
            problems=("not-found",),
            example=asked
            | {"owed": _PARTS, "by_account": {}, "received": _NOTHING, "returned": _NOTHING}
            | {"refunded": _NOTHING, "allocated": _PARTS, "unallocated": _NOTHING, "payments": []}
            | {"days_past_due": 12, "stage": "M1"},
        ),
    )
    async def show_balance(
        response: Response, case_id: CaseId, as_of: AsOf = None, known_at: KnownAt = None
    ) -> BalanceShown:
        seen = await seen_on(office, case_id, as_of, known_at)
        response.headers["ETag"] = etag(seen.version)
        return _balance(seen)

    @found.get(
        "/{case_id}/standing",
        **reading(
            "showStanding",
            "How promises, plans, holds and all else stand, on two clocks",
            scope="case:read",
            problems=("not-found",),
            example=asked
            | {"stage": "M1", "days_past_due": 12, "mode": "INTERNAL", "cured": False, "ended": None}
            | {"keeps_open": [], "things": {"promises": {}}},
        ),
    )
    async def show_standing(
        response: Response, case_id: CaseId, as_of: AsOf = None, known_at: KnownAt = None
    ) -> StandingShown:
        seen = await seen_on(office, case_id, as_of, known_at)
        response.headers["ETag"] = etag(seen.version)
        return _standing(seen)

    return found


def _parts(value: Parts) -> PartsShown:
    return PartsShown.model_validate(split(value))


def _amount(value: Money) -> Amount:
    return Amount(**money.to_json(value))


def _balance(seen: CaseAsOf) -> BalanceShown:
    picture, sums = seen.picture, seen.picture.balance
    return BalanceShown(
        id=seen.case_id,
        as_of=seen.as_of.isoformat(),
        known_at=instant(seen.known_at) if seen.known_at else None,
        version=seen.version,
        owed=_parts(picture.owed),
        by_account={name: _parts(owed) for name, owed in sorted(sums.by_account.items())},
        received=_amount(sums.received),
        returned=_amount(sums.returned),
        refunded=_amount(sums.refunded),
        allocated=_parts(sums.allocated),
        unallocated=_amount(sums.unallocated),
        payments=[
            Allocated(payment=ref, amounts=_parts(one.amounts), unallocated=_amount(one.unallocated))
            for ref, one in sums.allocations.items()
        ],
        days_past_due=picture.days_past_due,
        stage=picture.stage,
    )


def _standing(seen: CaseAsOf) -> StandingShown:
    picture: Picture = seen.picture
    return StandingShown(
        id=seen.case_id,
        as_of=seen.as_of.isoformat(),
        known_at=instant(seen.known_at) if seen.known_at else None,
        version=seen.version,
        stage=picture.stage,
        days_past_due=picture.days_past_due,
        mode=picture.mode,
        cured=picture.cured,
        ended=picture.ended,
        keeps_open=sorted(picture.guards),
        things=standings(seen),
    )
