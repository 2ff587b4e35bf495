"""Costs are booked once and taken back whole; targets have versions, and stand by working days."""

from dataclasses import replace as changed
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from services.case.domain import events as e
from services.case.domain.figures import cost, target
from services.case.domain.figures.cost import (
    BookCost,
    CostTermsRefused,
    CostUnknown,
    DuplicateCostRef,
    ReverseCost,
)
from services.case.domain.figures.target import NotAMonth, Pace, SetTarget, expected, pace
from services.case.domain.payment import AmountNotPositive
from tests.kit.life import cny

DAY, MARCH = date(2026, 3, 12), date(2026, 3, 1)
BOOK = BookCost(source="PAYROLL", source_ref="1", kind="STAFF_TIME", amount=cny(5_000), on=DAY, team="T1")
SET = SetTarget(team="T1", month=MARCH, amount=cny(100_000), on=DAY, by="user:wang")


def booked(*asked: BookCost | ReverseCost) -> list[e.CostEvent]:
    events: list[e.CostEvent] = []
    for ask in asked:
        state = cost.fold_cost(events)
        events += cost.book(state, ask) if isinstance(ask, BookCost) else cost.reverse(state, ask)
    return events


def test_a_cost_is_booked_once() -> None:
    assert len(booked(BOOK, BOOK)) == 1
    with pytest.raises(DuplicateCostRef):
        booked(BOOK, replace(BOOK, amount=cny(5_001)))
    with pytest.raises(DuplicateCostRef):
        booked(BOOK, replace(BOOK, team=None))


def test_a_cost_is_taken_back_from_its_own_day_on_and_once() -> None:
    said = booked(BOOK, ReverseCost(reason="WRONG"), ReverseCost(reason="WRONG"))
    assert [type(one).__name__ for one in said] == ["CostBooked", "CostReversed"]
    assert isinstance(said[1], e.CostReversed)
    assert (said[1].on, said[1].amount) == (DAY, BOOK.amount)
    assert booked(BOOK, ReverseCost(reason="WRONG"), BOOK) == said, "the right one has a reference of its own"
    with pytest.raises(CostUnknown):
        booked(ReverseCost(reason="WRONG"))


def test_a_cost_is_never_negative_and_of_a_case_or_a_team() -> None:
    with pytest.raises(AmountNotPositive):
        booked(replace(BOOK, amount=cny(-1)))
    with pytest.raises(CostTermsRefused):
        booked(replace(BOOK, case="case-1"))
    with pytest.raises(CostTermsRefused):
        booked(replace(BOOK, kind="BRIBE"))


def test_a_target_has_versions_and_the_same_again_is_none() -> None:
    first = target.set_([], SET)
    assert [one.revision for one in first] == [0]
    assert target.set_(first, SET) == ()
    [second] = target.set_(first, replace(SET, amount=cny(120_000)))
    assert (second.revision, second.amount.minor) == (1, 120_000)
    with pytest.raises(NotAMonth):
        target.set_([], replace(SET, month=DAY))
    with pytest.raises(AmountNotPositive):
        target.set_([], replace(SET, amount=cny(0)))


def test_a_month_goes_by_its_working_days() -> None:
    assert pace(MARCH, date(2026, 2, 28)) == Pace(0, 22)
    assert pace(MARCH, date(2026, 3, 31)) == pace(MARCH, date(2026, 6, 1)) == Pace(22, 22)
    half = pace(MARCH, date(2026, 3, 16))
    assert (half.over, half.all) == (11, 22)
    assert expected(100_000, half) == 50_000
    # February 2026: the Spring Festival is off from the 15th, and Saturdays 14th and 28th are worked.
    assert pace(date(2026, 2, 1), date(2026, 2, 28)).all == 16


def test_a_year_nobody_announced_is_said_and_not_guessed() -> None:
    unknown = pace(date(2027, 1, 1), date(2027, 1, 15))
    assert (unknown.missing, unknown.share, expected(100_000, unknown)) == (2027, None, None)
    assert pace(date(1999, 1, 1), date(1999, 1, 15)).missing == 1999


def test_pace_only_goes_up() -> None:
    days = [pace(MARCH, MARCH + timedelta(days=n)).over for n in range(-3, 40)]
    assert days == sorted(days)
    assert changed(Pace(1, 2), over=2).share == 1
