"""Recovery, liquidation by vintage and cost to collect: cleared cash, and against what it is held."""

from collections.abc import Iterable, Iterator
from datetime import date

from services.case.domain.figures.asked import age
from services.case.domain.figures.catalogue import CHANNEL, TEAM
from services.case.domain.figures.measure import Item
from services.case.projections.figures import counted as c
from services.case.projections.figures.costs import Cost, costs
from services.case.projections.figures.source import Posting, Row, Source


def recovery(source: Source) -> Iterator[Item]:
    """The overdue balance of the cases open when the period began, and their cleared cash in it.

    A case's cash is credited to who held it on the value date, its balance (and, by count, that it paid) to who held
    it when the period began. By channel the balance is the whole book's for each channel: what was owed has none.
    """
    asked, opening = source.asked, source.asked.opening
    lives = source.lives
    owed = {
        key: minor
        for key, minor in source.arrears(opening).items()
        if minor > 0 and key[0] in lives and lives[key[0]].open_at_end_of(opening)
    }
    cash = [one for one in source.cash(from_=asked.from_, to=asked.to) if (one.case_id, one.currency) in owed]
    paid: dict[tuple[str, str, str | None], int] = {}
    for one in cash:
        group = source.group(one.case_id, one.on, channel=one.channel)
        key = (one.case_id, one.currency, one.channel if asked.by == CHANNEL else None)
        paid[key] = paid.get(key, 0) + one.minor
        yield Item("by_money", "", "", group, one.currency, one.case_id, one.thing, one.on, one.minor, 0)
    channels = sorted({one.channel for one in cash}) if asked.by == CHANNEL else [None]
    for (case_id, currency), minor in owed.items():
        for channel in channels:
            group = source.group(case_id, opening, channel=channel)
            told = (group, "", case_id, "", opening)
            yield Item("by_money", "", "", group, currency, case_id, "", opening, 0, minor)
            yield Item("by_count", "", "", *told, int(paid.get((case_id, currency, channel), 0) > 0), 1)


def liquidation(source: Source) -> Iterator[Item]:
    """Every case opened in the period (or placed with an agency in it), by month, and its cash and costs by age."""
    cohorts = list(_opened(source)) + list(_placed(source))
    if not cohorts:
        return
    cash: dict[str, list[Posting]] = {}
    for one in source.cash():
        cash.setdefault(one.case_id, []).append(one)
    asked = source.asked
    spent: dict[str, list[Cost]] = {}
    for cost in costs(source.connection, from_=None, to=asked.as_of, known_at=asked.known_at):
        spent.setdefault(cost.case_id, []).append(cost)
    for name, case_id, since, until, minor, currency in cohorts:
        group, row = source.group(case_id, since), f"{since:%Y-%m}"
        oldest = str(age(since, asked.as_of))
        for measure in (name, f"{name}_net"):
            yield Item(measure, row, oldest, group, currency, case_id, "", since, 0, minor)
        for one in cash.get(case_id, ()):
            if one.currency == currency and since <= one.on and (until is None or one.on < until):
                told = (
                    row,
                    str(age(since, one.on)),
                    group,
                    currency,
                    case_id,
                    one.thing,
                    one.on,
                    one.minor,
                    0,
                )
                yield Item(name, *told)
                yield Item(f"{name}_net", *told)
        for cost in spent.get(case_id, ()):
            if cost.currency == currency and since <= cost.on and (until is None or cost.on < until):
                at = str(age(since, cost.on))
                yield Item(
                    f"{name}_net", row, at, group, currency, case_id, cost.cost_id, cost.on, -cost.minor, 0
                )  # fmt: skip


Cohort = tuple[str, str, date, date | None, int, str]
"""Measure, case, first day, day from which cash no longer counts, what was overdue, currency."""


def _opened(source: Source) -> Iterator[Cohort]:
    """What was overdue: of the account it was opened for, and of those that joined it on the day itself."""
    asked = source.asked
    opened: dict[str, Row] = {}
    joined: dict[tuple[str, date], dict[str, int]] = {}
    for row in source.rows(c.OPENED, c.DEBT_JOINED, from_=asked.from_, to=asked.to):
        if row.kind == c.OPENED:
            opened[row.case_id] = row
        else:
            # The case's own account joins twice: as it opens, without an amount, and by a fact of its own.
            accounts = joined.setdefault((row.case_id, row.on), {})
            accounts[row.thing] = 0 if row.minor is None else accounts.get(row.thing, row.minor)
    for row in opened.values():
        others = sum(joined.get((row.case_id, row.on), {}).values())
        yield "opened", row.case_id, row.on, None, (row.minor or 0) + others, row.currency


def _placed(source: Source) -> Iterator[Cohort]:
    asked = source.asked
    owed: dict[date, dict[str, tuple[int, str]]] = {}
    for row in source.rows(c.PLACED, from_=asked.from_, to=asked.to):
        if row.on not in owed:
            owed[row.on] = {
                case: (minor, currency) for (case, currency), minor in source.arrears(row.on).items()
            }
        minor, currency = owed[row.on].get(row.case_id, (0, ""))
        yield "placed", row.case_id, row.on, row.until, minor, currency


def cost(source: Source) -> Iterator[Item]:
    """Every cost of the period, and what it is held against: cleared cash, and the cases that were open in it.

    A case's cost goes where the case was on the day; a team's to the team, and to nobody in other breakdowns.
    """
    asked = source.asked
    booked = list(costs(source.connection, from_=asked.from_, to=asked.to, known_at=asked.known_at))
    if not booked:
        return  # what nobody has booked is not known to be nothing
    currencies = {one.currency for one in booked}
    kinds: dict[tuple[str | None, str], str] = {}
    for one in booked:
        group = source.group(one.case_id, one.on) if one.case_id else (one.team or None)
        if not one.case_id and asked.by != TEAM:
            group = None
        told = (group, one.currency, one.case_id, one.cost_id, one.on)
        yield Item("per_cash", "", "", *told, one.minor, 0)
        yield Item("per_account", "", "", *told, one.minor, 0)
        yield Item("by_kind", "", one.kind, *told, one.minor, 0)
        kinds.setdefault((group, one.currency), one.kind)
    for cash in source.cash(from_=asked.from_, to=asked.to):
        group = source.group(cash.case_id, cash.on)
        told = (group, cash.currency, cash.case_id, cash.thing, cash.on)
        yield Item("per_cash", "", "", *told, 0, cash.minor)
        # Below the line there is one sum for all kinds: any cell of the line carries it.
        if (group, cash.currency) in kinds:
            yield Item("by_kind", "", kinds[group, cash.currency], *told, 0, cash.minor)
    yield from _worked(source, currencies)


def _worked(source: Source, currencies: Iterable[str]) -> Iterator[Item]:
    """The cases that were open on any day of the period, each against costs in its own currency."""
    asked, wanted = source.asked, set(currencies)
    for row in source.rows(c.OPENED):
        if row.currency in wanted and source.lives[row.case_id].open_in(asked.from_, asked.to):
            group = source.group(row.case_id, asked.to)
            yield Item("per_account", "", "", group, row.currency, row.case_id, "", asked.to, 0, 1)
