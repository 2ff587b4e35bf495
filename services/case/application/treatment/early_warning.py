"""The early-warning list as of a day, and how lists of past days turned out. Reads only."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from services.case.domain.treatment.account_seen import account_seen
from services.case.domain.treatment.backtest import Horizon, Tally, horizons, observe
from services.case.domain.treatment.signs import SignFound, WarningRules, overdue_days, signs_of, watched
from services.case.domain.treatment.strategy import Strategy

PAGE = 2_000
_PLACES = Decimal("0.0001")


class Watched(Protocol):
    """An account and what its stream says."""

    @property
    def account_id(self) -> str:
        """Its stream."""

    @property
    def events(self) -> Sequence[Any]:
        """In order."""


Accounts = Callable[[str, int], Awaitable[Sequence[Watched]]]
"""Accounts by id, those after the cursor, so many at most."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An account on the list; `overdue_days` is 0 unless it has only just fallen behind."""

    account_id: str
    points: int
    overdue_days: int
    signs: tuple[SignFound, ...]

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "account": self.account_id,
            "points": self.points,
            "overdue_days": self.overdue_days,
            "signs": [
                {"sign": one.sign, "points": one.points, "figures": dict(one.figures)} for one in self.signs
            ],
        }


@dataclass(frozen=True, slots=True)
class WarningList:
    """Who shows signs as of a day: `accounts` were looked at, of which `watched` are not overdue, or only just."""

    as_of: date
    strategy: str
    accounts: int
    watched: int
    by_sign: Mapping[str, int]
    listed: tuple[Listed, ...]

    def as_json(self, *, shown: int) -> dict[str, Any]:
        """The document; at most `shown` accounts are listed one by one, most points first."""
        return {
            "as_of": self.as_of.isoformat(),
            "strategy": self.strategy,
            "accounts": self.accounts,
            "watched": self.watched,
            "listed": len(self.listed),
            "by_sign": dict(self.by_sign),
            "items": [one.as_json() for one in self.listed[:shown]],
        }


async def warning_list(strategy: Strategy, accounts: Accounts, *, as_of: date) -> WarningList:
    """Every account that shows signs enough as of the end of a day, most points first, then by id."""
    rules, found, total, seen = strategy.warning, [], 0, 0
    by_sign = {rule.sign: 0 for rule in rules.signs}
    async for page in _pages(accounts):
        for one in page:
            total += bool(one.events)
            listed = _one(one, as_of, rules)
            if listed is None:
                continue
            seen += 1
            for sign in listed.signs:
                by_sign[sign.sign] += 1
            if listed.points >= rules.listed_from:
                found.append(listed)
    found.sort(key=lambda one: (-one.points, one.account_id))
    return WarningList(as_of, strategy.version.id, total, seen, by_sign, tuple(found))


def _one(one: Watched, as_of: date, rules: WarningRules) -> Listed | None:
    """The account with its signs; None where early warning is not about it."""
    account = account_seen(one.events, as_of)
    if not watched(account, as_of, rules):
        return None
    signs = signs_of(account, as_of, rules)
    points = sum(sign.points for sign in signs)
    return Listed(one.account_id, points, overdue_days(account, as_of) or 0, signs)


@dataclass(frozen=True, slots=True)
class Backtest:
    """How the lists of these days turned out."""

    strategy: str
    days: tuple[date, ...]
    horizons: tuple[Horizon, ...]

    def as_json(self) -> dict[str, Any]:
        """The document of `report early-warning --backtest`."""
        return {
            "strategy": self.strategy,
            "days": [day.isoformat() for day in self.days],
            "horizons": [_horizon(one) for one in self.horizons],
        }


async def backtest(strategy: Strategy, accounts: Accounts, *, days: Sequence[date]) -> Backtest:
    """Who was listed on each of these days, and who of all that were not overdue then fell behind after it."""
    tallies = horizons(strategy.warning)
    async for page in _pages(accounts):
        for one in page:
            for day in days:
                observe(one.events, day, strategy.warning, tallies)
    return Backtest(strategy.version.id, tuple(days), tuple(tallies))


async def _pages(accounts: Accounts) -> AsyncIterator[Sequence[Watched]]:
    after = ""
    while page := await accounts(after, PAGE):
        yield page
        after = page[-1].account_id


def _horizon(one: Horizon) -> dict[str, Any]:
    signs = [{"sign": sign} | _tally(tally) for sign, tally in one.by_sign.items()]
    return {"days": one.days, "unknown": one.unknown} | _tally(one.total) | {"by_sign": signs}


def _tally(one: Tally) -> dict[str, Any]:
    """hit_rate = hits / listed, base_rate = fell / accounts, lift = the one / the other, caught = hits / fell."""
    hit, base = rate(one.hits, one.listed), rate(one.fell, one.accounts)
    lift = rate(one.hits * one.accounts, one.listed * one.fell)
    return {
        "accounts": one.accounts, "fell": one.fell, "listed": one.listed, "hits": one.hits, "hit_rate": hit,
        "base_rate": base, "lift": lift, "caught": rate(one.hits, one.fell),
    }  # fmt: skip


def rate(part: int, whole: int) -> str | None:
    """A quotient to four places, halves up; None of nothing."""
    return str((Decimal(part) / Decimal(whole)).quantize(_PLACES, ROUND_HALF_UP)) if whole else None
