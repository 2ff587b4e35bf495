"""GET /v1/legal-costs: what matters cost, by matter or by firm, and who bears it."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.legal.api.desk import Office
from services.legal.api.looking.board import OfCase, sent
from services.legal.api.looking.wire import COST_EXAMPLE, CostSum, CostSums
from services.legal.projections.matters import costs
from services.legal.projections.matters.view import VIEW
from shared.http.bodies import Day
from shared.http.listing import OF_A_LIST, AskedPage, Keys, listed, one_of, words
from shared.http.operations import reading
from shared.http.wire import PageLinks

_KEYS = Keys(kinds=(str, str), written=tuple, read=lambda of, currency: (of, currency))


def add(found: APIRouter, office: Office) -> None:
    """The sums."""

    @found.get(
        "/legal-costs",
        **reading(
            "sumLegalCosts",
            "What matters cost, by matter or by firm and in each currency, who bears it; without what was taken back",
            scope="legal:read",
            problems=OF_A_LIST,
            example={"as_of": "2026-11-22", "items": [COST_EXAMPLE], "page": {"next": None}},
        ),
    )
    async def sum_legal_costs(
        turn: AskedPage,
        by: Annotated[str | None, words(costs.BY, "matter unless given; or firm.")] = None,
        case_id: OfCase = None,
        as_of: Annotated[
            Day | None, Query(description="Booked up to and including this day: today unless given.")
        ] = None,
    ) -> CostSums:
        one_of("by", by, costs.BY)
        desk, of = office.open_desk, by or costs.BY[0]
        day = as_of or desk.acts.today
        rows, page = await listed(
            desk, turn, path="/v1/legal-costs", view=VIEW, keys=_KEYS, cursor_of=lambda one: one.cursor,
            filters={"by": of, "case": case_id, "as_of": sent(day)},
            rows=lambda connection, behind, limit, pin: costs.costs(
                connection, by=of, as_of=day, case=case_id, after=behind, limit=limit, pin=pin
            ),
        )  # fmt: skip
        items = [CostSum(**one.as_json(of)) for one in rows]
        return CostSums(as_of=day.isoformat(), items=items, page=PageLinks(**page))
