"""What the portfolio looks like, on two clocks: buckets, roll rates and sums of money, from views."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.case.api.clocks import AsOf, KnownAt, day_asked
from services.case.api.desk import Office
from services.case.api.wire import Amount
from services.case.projections import account_months, balances
from shared.eventstore.projection.health import positions
from shared.eventstore.projection.view import View
from shared.http.asked import MinPosition, caught_up, moment, stamp
from shared.http.bodies import Day
from shared.http.operations import reading, routes
from shared.http.problems import Problem
from shared.http.wire import Wire
from shared.kernel import money
from shared.kernel.period import month_of
from shared.messaging.published import instant

T = TypeVar("T")
_SUM = {"amount": "1234.50", "currency": "CNY"}
_ASKED = {"as_of": "2026-10-31", "known_at": None}
_PROBLEMS = ("malformed-request", "projection-behind")


class MoneyShown(Wire):
    """The sums of all cases in one currency. cleared = received - returned - refunded."""

    currency: str
    cases: int = Field(description="How many cases have any of these sums.")
    arrears: Amount = Field(description="Last reported of each account, while it is in a case.")
    received: Amount
    returned: Amount
    refunded: Amount
    cleared: Amount
    charged: Amount
    waived: Amount
    adjusted: Amount = Field(description="By disputes; below zero: less is owed.")
    written_off: Amount


class MoneyReport(Wire):
    """Sums of money as of a day, by what was known at a time."""

    as_of: str
    known_at: str | None
    items: list[MoneyShown] = Field(description="By currency.")


class BucketShown(Wire):
    """Accounts in a bucket, their balances summed as given, negatives included."""

    bucket: str = Field(examples=["M1"])
    accounts: int
    balance: Amount


class BucketReport(Wire):
    """Every account at its latest statement not after a day."""

    as_of: str
    known_at: str | None
    items: list[BucketShown]


class RollShown(Wire):
    """Accounts that were in one bucket and are in another, with their balances at the first day."""

    from_: str = Field(alias="from", examples=["M0"])
    to: str = Field(examples=["M2"])
    accounts: int
    balance: Amount


class RollReport(Wire):
    """How accounts rolled between two days."""

    from_: str = Field(alias="from")
    to: str
    known_at: str | None
    items: list[RollShown]


def router(office: Office) -> APIRouter:
    """The routes under /v1/reports."""
    found = routes("/v1/reports", tag="reports")
    _money(found, office)
    _buckets(found, office)
    _rolls(found, office)
    return found


def _money(found: APIRouter, office: Office) -> None:
    """GET /v1/reports/money."""
    row = {"currency": "CNY", "cases": 17} | dict.fromkeys(balances.SHOWN, _SUM)

    @found.get(
        "/money",
        **reading(
            "reportMoney",
            "Sums of money of all cases, or of one, on two clocks",
            scope="case:read",
            problems=_PROBLEMS,
            example=_ASKED | {"items": [row]},
        ),
    )
    async def report_money(
        request: Request,
        response: Response,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        case: Annotated[str | None, Query(description="A case's id; all cases unless given.")] = None,
        min_position: MinPosition = None,
    ) -> MoneyReport:
        day, known = day_asked(office, as_of), _known(office, known_at)
        totals = await _asked(
            office,
            request,
            response,
            balances.VIEW,
            lambda connection: balances.totals(connection, as_of=day, known_at=known, case_id=case),
        )
        items = [MoneyShown(currency=one.currency, cases=one.cases, **_amounts(one)) for one in totals]
        return MoneyReport(as_of=day.isoformat(), known_at=_at(known), items=items)


def _buckets(found: APIRouter, office: Office) -> None:
    """GET /v1/reports/buckets."""

    @found.get(
        "/buckets",
        **reading(
            "reportBuckets",
            "Accounts and balances by bucket, on two clocks",
            scope="case:read",
            problems=_PROBLEMS,
            example=_ASKED | {"items": [{"bucket": "M1", "accounts": 17, "balance": _SUM}]},
        ),
    )
    async def report_buckets(
        request: Request,
        response: Response,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> BucketReport:
        day, known = day_asked(office, as_of), _known(office, known_at)
        rows = await _asked(
            office,
            request,
            response,
            account_months.VIEW,
            lambda connection: account_months.buckets(connection, as_of=day, known_at=known),
        )
        items = [
            BucketShown(
                bucket=one.bucket, accounts=one.accounts, balance=_amount(one.balance_minor, one.currency)
            )
            for one in rows
        ]
        return BucketReport(as_of=day.isoformat(), known_at=_at(known), items=items)


def _rolls(found: APIRouter, office: Office) -> None:
    """GET /v1/reports/roll-rates."""
    row = {"from": "M0", "to": "M2", "accounts": 17, "balance": _SUM}

    @found.get(
        "/roll-rates",
        **reading(
            "reportRollRates",
            "How accounts rolled from bucket to bucket between two days, on two clocks",
            scope="case:read",
            problems=_PROBLEMS,
            example={"from": "2026-09-30", "to": "2026-10-31", "known_at": None, "items": [row]},
        ),
    )
    async def report_roll_rates(
        request: Request,
        response: Response,
        from_: Annotated[
            Day | None,
            Query(alias="from", description="The earlier month end; the one before `to` unless given."),
        ] = None,
        to: Annotated[
            Day | None, Query(description="The later month end, not before `from`; today unless given.")
        ] = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> RollReport:
        last = to or office.open_desk.decisions.today
        first = from_ or month_of(last).from_ - timedelta(days=1)
        if last < first:
            raise Problem("invalid", errors=[("to", "BEFORE_FROM")])
        known = _known(office, known_at)
        rows = await _asked(
            office,
            request,
            response,
            account_months.VIEW,
            lambda connection: account_months.roll_rates(connection, from_=first, to=last, known_at=known),
        )
        items = [
            RollShown.model_validate(
                {
                    "from": one.from_,
                    "to": one.to,
                    "accounts": one.accounts,
                    "balance": _amount(one.balance_minor, one.currency),
                }
            )
            for one in rows
        ]
        said = {"from": first.isoformat(), "to": last.isoformat(), "known_at": _at(known), "items": items}
        return RollReport.model_validate(said)


async def _asked(
    office: Office,
    request: Request,
    response: Response,
    view: View,
    question: Callable[[sa.Connection], T],
) -> T:
    """The view's answer, with how far the view was. Raises Problem `projection-behind`."""
    desk = office.open_desk
    await caught_up(request, desk, view)
    found, at = await desk.ask(lambda connection: (question(connection), positions(connection, view)))
    await stamp(response, desk, at)
    return found


def _known(office: Office, known_at: str | None) -> datetime | None:
    return moment(known_at, name="known_at", zone=office.open_desk.zone)


def _at(known: datetime | None) -> str | None:
    return instant(known) if known else None


def _amount(minor: int, currency: str) -> Amount:
    return Amount(amount=money.decimal(minor, currency), currency=currency)


def _amounts(total: balances.MoneyTotal) -> dict[str, Any]:
    return {
        name: Amount(amount=amount, currency=total.currency)
        for name, amount in total.as_json().items()
        if name in balances.SHOWN
    }
