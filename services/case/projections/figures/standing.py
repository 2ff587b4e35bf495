"""Where each team stands against its target of a month: what it recovered so far, and what it should have by now."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from services.case.domain.figures.asked import Asked
from services.case.domain.figures.catalogue import TEAM
from services.case.domain.figures.measure import decimal
from services.case.domain.figures.rules import TARGET
from services.case.domain.figures.target import Pace, expected, pace
from services.case.projections import balances
from services.case.projections.figures import costs, counted
from services.case.projections.figures.costs import Target
from services.case.projections.figures.source import Source
from services.case.projections.staffing import directory
from shared.eventstore.projection.view import View
from shared.kernel import money
from shared.kernel.period import month_of
from shared.messaging.published import instant

VIEWS: tuple[View, ...] = (costs.VIEW, counted.VIEW, balances.VIEW, directory.VIEW)
"""The views this is counted from."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A team's target and what it recovered, minor units; `expected` None: the working days are not known."""

    target: Target
    recovered: int
    expected: int | None


@dataclass(frozen=True, slots=True)
class Standings:
    """Every team's standing in a month."""

    asked: Asked
    month: date
    pace: Pace
    teams: list[Standing]


def standing(connection: sa.Connection, month: date, asked: Asked) -> Standings:
    """Where each team that has a target for the month stands at the end of `asked.as_of`.

    Cash counts for the team of who held the case on the value date. Targets set by `asked.known_at` count.
    """
    period = month_of(month)
    last = min(asked.as_of, period.last)
    how_far = pace(month, asked.as_of)
    recovered: dict[tuple[str | None, str], int] = {}
    if period.from_ <= last:
        source = Source(
            connection,
            replace(asked, from_=period.from_, to=last, by=TEAM),
            lambda day: directory.teams(connection, day, known_at=asked.known_at),
        )
        for one in source.cash(from_=period.from_, to=last):
            key = (source.group(one.case_id, one.on), one.currency)
            recovered[key] = recovered.get(key, 0) + one.minor
    found = [
        Standing(one, recovered.get((one.team, one.currency), 0), expected(one.minor, how_far))
        for one in costs.targets(connection, month, known_at=asked.known_at)
    ]
    return Standings(asked, month, how_far, found)


def document(found: Standings) -> dict[str, Any]:
    """`report targets --json`, and GET /v1/reports/targets."""
    how_far, asked = found.pace, found.asked
    known = how_far.missing is None
    return {
        "month": f"{found.month:%Y-%m}",
        "as_of": asked.as_of.isoformat(),
        "known_at": instant(asked.known_at) if asked.known_at else None,
        "rule": TARGET,
        "working_days": how_far.all if known else None,
        "working_days_over": how_far.over if known else None,
        "calendar_missing": how_far.missing,
        "items": [_shown(one) for one in found.teams],
    }


def _shown(one: Standing) -> dict[str, Any]:
    target = one.target

    def amount(minor: int | None) -> dict[str, str] | None:
        if minor is None:
            return None
        return {"amount": money.decimal(minor, target.currency), "currency": target.currency}

    return {
        "team": target.team,
        "month": f"{target.month:%Y-%m}",
        "revision": target.revision,
        "target": amount(target.minor),
        "recovered": amount(one.recovered),
        "reached": decimal(Fraction(one.recovered, target.minor)),
        "expected": amount(one.expected),
        "ahead": amount(None if one.expected is None else one.recovered - one.expected),
    }


def asked_of(as_of: date, known_at: datetime | None) -> Asked:
    """The two clocks of the question; its period is the month's, which need not hold the day."""
    return Asked(as_of=as_of, from_=as_of, to=as_of, known_at=known_at)
