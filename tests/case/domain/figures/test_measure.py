"""Figures from counted things: exact, by line, null where nothing stands below."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain.figures import catalogue
from services.case.domain.figures.asked import Asked, age, begins
from services.case.domain.figures.catalogue import BreakdownRefused, KpiUnknown, kpi
from services.case.domain.figures.measure import (
    ACCOUNTS,
    CASES,
    MONEY,
    UNITS,
    Item,
    Measure,
    amount,
    decimal,
    figures,
)
from shared.kernel.period import EmptyPeriod

DAY = date(2026, 3, 2)
BY_MONEY = Measure("m", MONEY, MONEY, "m", "m")
BY_COUNT = Measure("c", ACCOUNTS, ACCOUNTS, "c", "c")
FOR_EACH = Measure("e", MONEY, CASES, "e", "e")
BY_AGE = Measure("a", MONEY, MONEY, "a", "a", cumulative=True)
MEASURES = {one.code: one for one in (BY_MONEY, BY_COUNT, FOR_EACH, BY_AGE)}


def item(
    measure: str, above: int, below: int, *, row: str = "", cell: str = "", currency: str = "", group: str | None = None
) -> Item:  # fmt: skip
    return Item(measure, row, cell, group, currency, "case-1", "thing", DAY, above, below)


def test_an_empty_denominator_is_null_and_not_nought() -> None:
    [one] = figures([item("c", 0, 0)], MEASURES)
    assert (one.above, one.below, one.value, one.decimal()) == (0, 0, None, None)
    assert figures([], MEASURES) == []


def test_currencies_stand_in_rows_of_their_own_and_are_never_summed() -> None:
    found = figures([item("m", 5, 10, currency="CNY"), item("m", 7, 10, currency="USD")], MEASURES)
    assert [(one.currency, one.above, one.below) for one in found] == [("CNY", 5, 10), ("USD", 7, 10)]


def test_money_for_each_thing_is_told_in_whole_units() -> None:
    [one] = figures([item("e", 12_345, 10, currency="CNY")], MEASURES)
    assert one.value == Fraction("12.345")
    [yen] = figures([item("e", 12_345, 10, currency="JPY")], MEASURES)
    assert yen.value == Fraction("1234.5")


def test_ages_are_cumulated_and_a_month_without_cash_holds_what_there_was() -> None:
    told = [
        item("a", 0, 100, row="2026-01", cell="3", currency="CNY"),
        item("a", 20, 0, row="2026-01", cell="0", currency="CNY"),
        item("a", 30, 0, row="2026-01", cell="2", currency="CNY"),
    ]
    found = figures(told, MEASURES)
    assert [(one.cell, one.above, one.value) for one in found] == [
        ("0", 20, Fraction(1, 5)), ("1", 20, Fraction(1, 5)), ("2", 50, Fraction(1, 2)), ("3", 50, Fraction(1, 2)),
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("ijk"), st.sampled_from("xyz"), st.integers(0, 99)), max_size=40))
def test_rows_of_a_matrix_sum_to_one(told: list[tuple[str, str, int]]) -> None:
    found = figures([item("c", n, n, row=row, cell=cell) for row, cell, n in told], MEASURES)
    for row in {row for row, _, _ in told}:
        below = sum(n for at, _, n in told if at == row)
        cells = [one for one in found if one.row == row]
        assert {one.below for one in cells} == {below}
        if below:
            assert sum((one.value for one in cells if one.value is not None), Fraction(0)) == 1
        else:
            assert {one.value for one in cells} == {None}


def test_decimals_are_exact_half_to_even_and_never_floats() -> None:
    assert decimal(Fraction(1, 3)) == "0.333333"
    assert decimal(Fraction(1, 2_000_000)) == "0.000000"
    assert decimal(Fraction(3, 2_000_000)) == "0.000002"
    assert decimal(Fraction(-5, 6)) == "-0.833333"
    assert decimal(Fraction(10**30 + 1, 10**6)) == "1000000000000000000000000.000001"


def test_what_is_from_before_go_live_is_told() -> None:
    [one] = figures([item("c", 1, 1)], MEASURES, history=frozenset({("case-1", "thing")}))
    assert (one.things, one.of_history) == (1, 1)


@pytest.mark.parametrize("name", catalogue.KPIS)
def test_every_figure_says_its_formula_in_both_languages(name: str) -> None:
    one = kpi(name)
    assert one.formula_en
    assert one.title_en
    assert any("一" <= letter <= "鿿" for letter in one.formula_zh)
    assert len(one.by_code) == len(one.measures)
    assert {unit for each in one.measures for unit in (each.above, each.below)} <= set(UNITS)
    assert all(each.en and each.zh for each in one.measures)


def test_what_has_no_such_thing_is_not_broken_down() -> None:
    with pytest.raises(KpiUnknown):
        kpi("roi")
    with pytest.raises(BreakdownRefused):
        kpi("roll").broken_down("channel")
    assert kpi("roll").broken_down("team") == "team"


def test_periods() -> None:
    assert begins("contact", date(2026, 3, 20), within_days=30, stay_days=30) == date(2026, 3, 1)
    assert begins("liquidation", date(2026, 3, 20), within_days=30, stay_days=30) == date(2025, 4, 1)
    start = begins("cure", date(2026, 3, 31), within_days=30, stay_days=30)
    assert Asked(as_of=date(2026, 3, 31), from_=start, to=date(2026, 3, 31)).opening == date(2026, 1, 30)
    assert age(date(2026, 1, 31), date(2026, 3, 1)) == 2
    with pytest.raises(EmptyPeriod):
        Asked(as_of=DAY, from_=date(2026, 3, 3), to=DAY)
    months = Asked(as_of=DAY, from_=date(2026, 1, 15), to=DAY).months
    assert [(one.from_.day, one.last.day) for one in months] == [(15, 31), (1, 28), (1, 2)]


def test_amounts_on_the_wire() -> None:
    assert amount(-5, MONEY, "CNY") == {"amount": "-0.05", "currency": "CNY"}
    assert amount(5, CASES, "") == {"count": 5}
