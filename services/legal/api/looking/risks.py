"""GET /v1/limitation-risks: what can soon no longer be enforced."""

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter

from services.legal.api.desk import Office
from services.legal.api.looking.board import BY_DAY, AsOf, OfCase, sent
from services.legal.api.looking.wire import (
    RISK_EXAMPLE,
    TOTAL_EXAMPLE,
    LimitationRisk,
    LimitationRisks,
    RiskTotal,
)
from services.legal.projections import timeline
from services.legal.projections.limitation import risks
from services.legal.projections.limitation.view import VIEW
from shared.eventstore.projection.pinned import Pin
from shared.http.asked import caught_up
from shared.http.listing import OF_A_LIST, AskedPage, listed, one_of, words
from shared.http.operations import reading
from shared.http.wire import PageLinks

WITHIN = tuple(str(days) for days in risks.WITHIN)


def add(found: APIRouter, office: Office) -> None:
    """The list of what expires."""

    @found.get(
        "/limitation-risks",
        **reading(
            "listLimitationRisks",
            "Debts that expire within 180, 90 or 30 days, soonest first, how much that is, and on what proof it stands",
            scope="legal:read",
            problems=OF_A_LIST,
            example={
                "as_of": "2026-11-22",
                "totals": [TOTAL_EXAMPLE],
                "items": [RISK_EXAMPLE],
                "page": {"next": None},
            },
        ),
    )
    async def list_limitation_risks(
        turn: AskedPage,
        within: Annotated[
            str | None, words(WITHIN, "Days from `as_of`, the last included; 180 unless given.")
        ] = None,
        case_id: OfCase = None,
        as_of: AsOf = None,
    ) -> LimitationRisks:
        one_of("within", within, WITHIN)
        desk, days = office.open_desk, int(within or WITHIN[0])
        day = as_of or desk.acts.today
        read: list[risks.AtRisk] = []

        def rows(connection: sa.Connection, behind: Any, limit: int, pin: Pin | None) -> list[risks.AtRisk]:
            read[:] = risks.at_risk(
                connection, desk.ground, within_days=days, as_of=day, case=case_id, pin=pin
            )
            return risks.behind(read, behind, limit)

        await caught_up(turn.request, desk, timeline.VIEW)
        some, page = await listed(
            desk, turn, path="/v1/limitation-risks", view=VIEW, keys=BY_DAY, cursor_of=lambda one: one.cursor,
            filters={"within": str(days), "case": case_id, "as_of": sent(day)}, rows=rows,
        )  # fmt: skip
        return LimitationRisks(
            as_of=day.isoformat(),
            totals=[RiskTotal(**one.as_json()) for one in risks.totals(read, within_days=days)],
            items=[LimitationRisk(**one.as_json()) for one in some],
            page=PageLinks(**page),
        )
