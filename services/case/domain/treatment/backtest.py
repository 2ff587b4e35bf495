"""Whether the signs told what came: who was listed as of a day, and who fell behind after it.

At a day an account is judged by what was said of that day and the ones before it; of a statement the first word
counts, since a correction was not there yet. What came after it is looked at for the outcome alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from services.case.domain import events as e
from services.case.domain.treatment.account_seen import AccountSeen, account_seen
from services.case.domain.treatment.signs import WarningRules, overdue_days, signs_of

HORIZONS = ((30, 31), (60, 62))
"""Days, and how far ahead a month end may lie that tells of them."""


@dataclass(slots=True)
class Tally:
    """Accounts, those that fell behind, those that were listed, and those that were both."""

    accounts: int = 0
    fell: int = 0
    listed: int = 0
    hits: int = 0

    def count(self, *, listed: bool, fell: bool) -> None:
        """One account at one day."""
        self.accounts += 1
        self.fell += fell
        self.listed += listed
        self.hits += listed and fell


@dataclass(slots=True)
class Horizon:
    """What came within so many days: of the list, and of each sign by itself. `unknown`: nothing was reported later."""

    days: int
    reach: int
    total: Tally = field(default_factory=Tally)
    by_sign: dict[str, Tally] = field(default_factory=dict)
    unknown: int = 0


def horizons(rules: WarningRules) -> list[Horizon]:
    """Empty tallies."""
    return [
        Horizon(days, reach, by_sign={rule.sign: Tally() for rule in rules.signs}) for days, reach in HORIZONS
    ]


def as_first_said(events: Iterable[Any]) -> tuple[Any, ...]:
    """What was said, corrections left out where there was a first word."""
    told = tuple(events)
    first = {event.as_of for event in told if isinstance(event, e.StatementReported)}
    return tuple(
        event for event in told if not (isinstance(event, e.StatementCorrected) and event.as_of in first)
    )


def observe(events: Sequence[Any], day: date, rules: WarningRules, tallies: Iterable[Horizon]) -> None:
    """Count one account as of one day; nothing, where it is overdue already or was not known then."""
    told = as_first_said(events)
    then = account_seen(told, day)
    if overdue_days(then, day) != 0:
        return
    signs = signs_of(then, day, rules)
    seen = {one.sign for one in signs}
    listed = sum(one.points for one in signs) >= rules.listed_from
    for horizon in tallies:
        fell = fell_behind(account_seen(told, day + timedelta(days=horizon.reach)), day)
        if fell is None:
            horizon.unknown += 1
            continue
        horizon.total.count(listed=listed, fell=fell)
        for sign, tally in horizon.by_sign.items():
            tally.count(listed=sign in seen, fell=fell)


def fell_behind(later: AccountSeen, day: date) -> bool | None:
    """Was it overdue on a later day that is known of? None where nothing later is known."""
    months = [one for one in later.months if one.as_of > day]
    items = [one for one in later.items if one.due > day and one.said > one.due]
    if not months and not items:
        return None
    return any(one.months_past_due for one in months) or any(one.fell_behind for one in items)
