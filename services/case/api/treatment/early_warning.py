"""The early-warning list as of a day, over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.case.api.clocks import AsOf, KnownAt, day_asked
from services.case.api.desk import Office
from services.case.application.treatment.early_warning import warning_list
from services.case.domain.treatment.signs import SIGNS
from services.case.projections.treatment import account_watch
from shared.eventstore.projection.health import positions
from shared.http.asked import MinPosition, caught_up, moment, stamp
from shared.http.operations import reading, routes
from shared.http.problems import Problem
from shared.http.wire import Wire
from shared.messaging.published import instant

SHOWN_MAX = 500
ACCOUNT = "account-6f1c0d1e-0000-8000-8000-000000000003"


class SignShown(Wire):
    """A sign, its points, and the figures it was seen by; amounts are minor units."""

    sign: str = Field(json_schema_extra={"enum": list(SIGNS)})
    points: int
    figures: dict[str, int]


class WarnedShown(Wire):
    """An account on the list."""

    account: str
    points: int
    overdue_days: int = Field(description="0 unless it has only just fallen behind.")
    signs: list[SignShown]


class WarningShown(Wire):
    """Accounts that are not overdue, or only just, and show signs that they may fall behind."""

    as_of: str
    known_at: str | None
    strategy: str = Field(description="The version whose signs and weights count.")
    accounts: int
    watched: int = Field(description="Those that are not overdue, or only just.")
    listed: int
    by_sign: dict[str, int] = Field(description="How many of those watched show each sign.")
    items: list[WarnedShown] = Field(description="Most points first, then by id.")


_ITEM: dict[str, Any] = {
    "account": ACCOUNT, "points": 60, "overdue_days": 0,
    "signs": [
        {"sign": "EARLIER_EPISODES", "points": 40, "figures": {"episodes": 1}},
        {"sign": "UTILISATION", "points": 20, "figures": {"per_cent": 97, "balance": 97_000, "limit": 100_000}},
    ],
}  # fmt: skip


def router(office: Office) -> APIRouter:
    """GET /v1/reports/early-warning."""
    found = routes("/v1/reports", tag="reports")

    @found.get(
        "/early-warning",
        **reading(
            "reportEarlyWarning",
            "Accounts that show signs of falling behind, on two clocks, most points first",
            scope="case:read",
            problems=("malformed-request", "projection-behind", "not-found"),
            example={
                "as_of": "2026-11-22", "known_at": None, "strategy": "cn-retail-treatment/1", "accounts": 20,
                "watched": 17, "listed": 1, "by_sign": {"UTILISATION": 3}, "items": [_ITEM],
            },
        ),
    )  # fmt: skip
    async def report_early_warning(
        request: Request,
        response: Response,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Annotated[int, Query(ge=1, le=SHOWN_MAX, description="How many are listed one by one.")] = 50,
        min_position: MinPosition = None,
    ) -> WarningShown:
        desk, day = office.open_desk, day_asked(office, as_of)
        known = moment(known_at, name="known_at", zone=desk.zone)
        strategy = await desk.treatment.rules_for(day)
        if strategy is None:
            raise Problem("not-found")
        await caught_up(request, desk, account_watch.VIEW)
        at = await desk.ask(lambda connection: positions(connection, account_watch.VIEW))

        async def accounts(after: str, size: int) -> list[account_watch.Watched]:
            return await desk.ask(
                lambda connection: account_watch.accounts(
                    connection, after=after, limit=size, until=day, known_at=known
                )
            )

        said = (await warning_list(strategy, accounts, as_of=day)).as_json(shown=limit)
        await stamp(response, desk, at)
        return WarningShown(known_at=instant(known) if known else None, **said)

    return found
