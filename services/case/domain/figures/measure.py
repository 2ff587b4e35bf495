"""Figures out of what was counted: each counted thing says what it adds above and below the line; sums are exact.

A figure is a fraction of two whole numbers (a count, days, or minor units of one currency). Where nothing stands
below the line there is no value: None, not 0. Two currencies never meet in one sum.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from services.case.domain.figures.survival import Spell, median, survival_median
from shared.kernel import money

MONEY, CASES, ACCOUNTS, ATTEMPTS, CONNECTS, PROMISES, COMPLAINTS, DAYS, ANSWERS, CASE_MONTHS = (
    "money", "cases", "accounts", "attempts", "connects", "promises", "complaints", "days", "answers", "case_months",
)  # fmt: skip
UNITS = (MONEY, CASES, ACCOUNTS, ATTEMPTS, CONNECTS, PROMISES, COMPLAINTS, DAYS, ANSWERS, CASE_MONTHS)
RATIO, MEDIAN, SURVIVAL = "ratio", "median", "survival"
PLACES = 6


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of a KPI. `above` and `below` say what is counted there; the value is above ÷ below x `per`.

    `how` MEDIAN: of the numbers above, over the things below; SURVIVAL: the median of spells of which some still
    run (Kaplan-Meier). `cumulative`: cells are ages, and each holds what all younger ones hold.
    """

    code: str
    above: str
    below: str
    en: str
    zh: str
    per: int = 1
    how: str = RATIO
    cumulative: bool = False


class Item(NamedTuple):
    """One counted thing: `above` and `below` are what it adds to its measure.

    `row` is what the parts below the line are summed by (a bucket, a month of opening), `cell` what those above are
    summed by within the row; both empty in most measures. `group` is the team, stage, collector or channel; None where
    nobody is known. `currency` is empty for what is not money. `thing`: the payment, promise or attempt.
    """

    measure: str
    row: str
    cell: str
    group: str | None
    currency: str
    case_id: str
    thing: str
    on: date
    above: int
    below: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with what stands above and below its line, in whole numbers; `value` None: nothing stands below.

    `things` is how many were counted; `of_history` how many of them are from before go-live.
    """

    measure: Measure
    row: str
    cell: str
    group: str | None
    currency: str
    above: int
    below: int
    value: Fraction | None
    things: int
    of_history: int = 0

    def decimal(self) -> str | None:
        """The value with six places, half to even; None where there is none."""
        return None if self.value is None else decimal(self.value)


Told = frozenset[tuple[str, str]]
"""(case, thing) of what is from before go-live."""
Line = tuple[str, str, str | None, str]
"""Measure, row, group, currency: what is below is one sum for all cells of it."""
Place = tuple[str, str, str, str | None, str]
"""Measure, row, cell, group, currency."""


def decimal(value: Fraction, places: int = PLACES) -> str:
    """A fraction as a decimal string: half to even, always with all places."""
    whole = round(value * 10**places)
    sign, digits = ("-" if whole < 0 else ""), str(abs(whole)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def amount(value: int, unit: str, currency: str) -> dict[str, str] | dict[str, int]:
    """What stands above or below a line, as answers show it: money, or a number of things."""
    if unit == MONEY:
        return {"amount": money.decimal(value, currency), "currency": currency}
    return {"count": value}


def figures(
    items: Iterable[Item], measures: Mapping[str, Measure], *, history: Told = frozenset()
) -> list[Figure]:
    """Every figure that has anything above or below its line; by measure as listed, row, cell, group, currency."""
    sums: dict[Place, list[int]] = {}
    spells: dict[Line, list[Spell]] = {}
    old: dict[Line, int] = {}
    of_spells = {code for code, one in measures.items() if one.how != RATIO}
    for one in items:
        # The five columns that say where it belongs, in the order of Item.
        place = one[:5]
        known = sums.get(place)
        if known is None:
            sums[place] = [one.above, one.below, 1]
        else:
            known[0] += one.above
            known[1] += one.below
            known[2] += 1
        if one.measure in of_spells:
            spells.setdefault(_line(place), []).append(Spell(one.above, ended=bool(one.below)))
        if history and (one.case_id, one.thing) in history:
            old[_line(place)] = old.get(_line(place), 0) + 1
    lines: dict[Line, dict[str, list[int]]] = {}
    for place, counted in sums.items():
        lines.setdefault(_line(place), {})[place[2]] = counted
    found = []
    for line, cells in lines.items():
        measure, below = measures[line[0]], sum(counted[1] for counted in cells.values())
        above = {cell: counted[0] for cell, counted in cells.items()}
        for cell, minor in (_cumulated(above) if measure.cumulative else above).items():
            found.append(
                Figure(
                    measure=measure,
                    row=line[1],
                    cell=cell,
                    group=line[2],
                    currency=line[3],
                    above=minor,
                    below=below,
                    value=_value(measure, minor, below, spells.get(line, ()), line[3]),
                    things=cells[cell][2] if cell in cells else 0,
                    of_history=old.get(line, 0),
                )
            )
    order = {code: number for number, code in enumerate(measures)}
    return sorted(
        found,
        key=lambda one: (
            order[one.measure.code], one.row, _by_age(one.cell), one.group is None, one.group or "", one.currency,
        ),
    )  # fmt: skip


def _line(place: Place) -> Line:
    return place[0], place[1], place[3], place[4]


def _value(
    measure: Measure, above: int, below: int, spells: Sequence[Spell], currency: str
) -> Fraction | None:
    if measure.how == MEDIAN:
        return median([spell.days for spell in spells])
    if measure.how == SURVIVAL:
        return survival_median(spells)
    if below <= 0:
        return None
    # Money for each of some things is told in whole units of the currency, money against money in none.
    unit = money.scale(currency) if measure.above == MONEY != measure.below else 1
    return Fraction(above * measure.per, below * unit)


def _by_age(cell: str) -> tuple[int, str]:
    """Ages by number, all else by name."""
    return (int(cell), "") if cell.isdigit() else (-1, cell)


def _cumulated(cells: Mapping[str, int]) -> dict[str, int]:
    """Age -> what had come up to it, for every age from 0 to the last one there is."""
    known = {int(cell): minor for cell, minor in cells.items() if cell}
    total, found = 0, {}
    for age in range(max(known, default=-1) + 1):
        total += known.get(age, 0)
        found[str(age)] = total
    return found
