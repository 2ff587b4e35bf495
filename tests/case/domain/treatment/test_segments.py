"""Every case is in exactly one segment, by the first rule that holds; the draw can be done again by anybody."""

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain.treatment.condition import ABILITY, REACHES, Inputs, all_met
from services.case.domain.treatment.strategy import CHALLENGER, CHAMPION, DEFAULT_RULE, StrategyBook
from shared.kernel.money import Money
from tests.case.domain.treatment.treated_life import TreatedLife, on
from tests.kit.life import cny
from tests.kit.treated import book, shipped_from, small, step

SHIPPED = shipped_from()
CASE = "case-6f1c0d1e-0000-8000-8000-00000000000"


def inputs(**more: object) -> Inputs:
    plain: dict[str, object] = {
        "stage": "M1", "days_past_due": 10, "arrears": cny(100_000), "products": (), "broken_promises": 0,
        "reached": "NONE", "episode": 1, "first_payment_default": None, "reason": None, "ability": None,
        "willingness": None,
    }  # fmt: skip
    return Inputs(**(plain | more))  # type: ignore[arg-type]


ALL = st.builds(
    Inputs,
    stage=st.sampled_from(["M0", "M1", "M2", "M3", "M4+"]),
    days_past_due=st.integers(0, 400),
    arrears=st.builds(Money, st.integers(0, 10**9), st.sampled_from(["CNY", "TWD"])),
    products=st.tuples(st.sampled_from(["CREDIT_CARD", "CONSUMER_LOAN"])) | st.just(()),
    broken_promises=st.integers(0, 4),
    reached=st.sampled_from(REACHES),
    episode=st.integers(1, 5),
    first_payment_default=st.sampled_from([True, False, None]),
    reason=st.sampled_from([None, "CASH_GAP"]),
    ability=st.sampled_from([None, "LOW", "HIGH"]),
    willingness=st.sampled_from([None, "LOW", "HIGH"]),
)


@given(ALL, st.text(min_size=1, max_size=50))
def test_every_case_is_in_exactly_one_segment_by_the_first_rule_that_holds(
    seen: Inputs, case_id: str
) -> None:
    choice = SHIPPED.choose(seen, case_id)
    assert SHIPPED.segment(choice.segment) is not None
    first = next((one for one in SHIPPED.rules if all_met(one.when, seen)), None)
    assert (choice.rule, choice.segment) == (
        (first.name, first.segment) if first else (DEFAULT_RULE, SHIPPED.default)
    )
    assert choice == SHIPPED.choose(seen, case_id)


@pytest.mark.parametrize(
    ("told", "segment"),
    [
        ({}, "M1-SOFT"),
        ({"episode": 2}, "M1-AGAIN"),
        ({"stage": "M0", "days_past_due": 0}, "WATCH"),
        ({"stage": "M2", "broken_promises": 1}, "M2-FIRM"),
        ({"first_payment_default": True}, "EARLY-SENIOR"),
        ({"first_payment_default": None, "stage": "M2"}, "M2-STANDARD"),
        ({"ability": "LOW", "willingness": "HIGH", "stage": "M4+"}, "PLAN-FIRST"),
        ({"stage": "M4+", "reached": "RIGHT_PARTY"}, "M4-LEGAL"),
        ({"stage": "M4+", "reached": "TRIED"}, "M4-UNREACHED"),
    ],
)
def test_the_shipped_rules(told: dict[str, object], segment: str) -> None:
    assert SHIPPED.choose(inputs(**told), CASE).segment == segment


def test_amounts_and_products_are_told_apart() -> None:
    rules = [
        {"name": "large", "segment": "ONE", "when": {"arrears": {"at_least": "500.00", "currency": "CNY"}}},
        {"name": "cards", "segment": "TWO", "when": {"product": ["CREDIT_CARD"]}},
    ]
    strategy = small(rules=rules)
    assert strategy.choose(inputs(arrears=cny(50_000)), CASE).segment == "ONE"
    assert strategy.choose(inputs(arrears=Money(50_000, "TWD")), CASE).segment == "OTHER"
    assert strategy.choose(inputs(arrears=cny(1), products=("CREDIT_CARD",)), CASE).segment == "TWO"
    assert strategy.asks_accounts
    unknown = small(rules=[{"name": "unknown", "segment": "ONE", "when": {ABILITY: ["UNKNOWN"]}},
                           {"name": "m2", "segment": "TWO", "when": {"stage": ["M2"]}}])  # fmt: skip
    assert unknown.choose(inputs(), CASE).segment == "ONE"


def test_the_draw_is_fair_and_anybody_can_do_it_again() -> None:
    cases = [f"case-{n}" for n in range(4_000)]
    drawn = [SHIPPED.choose(inputs(), one) for one in cases]
    for case_id, choice in zip(cases[:20], drawn, strict=False):
        digest = hashlib.sha256(f"cn-retail-2026|{case_id}".encode()).digest()
        assert choice.draw == int.from_bytes(digest[:8], "big") % 10_000
        assert choice.arm == (CHALLENGER if choice.draw < 1_000 else CHAMPION)
    share = sum(one.arm == CHALLENGER for one in drawn) / len(drawn)
    assert 0.08 < share < 0.12
    assert {SHIPPED.choose(inputs(stage="M3"), one).arm for one in cases} == {CHAMPION}


def test_a_case_keeps_its_version_until_its_stage_changes() -> None:
    older = small()
    newer = small(version="test-treatment/2", effective_from=on(2), segments=[
        {"name": "OTHER"}, {"name": "ONE", "steps": [step("other", 0)]}, {"name": "TWO"},
    ])  # fmt: skip
    case = TreatedLife(book(older, newer))
    case.open(days_past_due=10)
    case.sweep(0)
    assert case.sweep(3)
    assert pinned(case).strategy == "test-treatment/1"
    case.sweep(25)
    assert (pinned(case).strategy, pinned(case).because) == ("test-treatment/2", "STAGE")


def test_a_version_that_says_at_once_is_taken_up_on_its_first_day() -> None:
    newer = small(version="test-treatment/2", effective_from=on(2), adopt="AT_ONCE")
    case = TreatedLife(book(small(), newer))
    case.open(days_past_due=10)
    case.sweep(1)
    assert pinned(case).strategy == "test-treatment/1"
    case.sweep(2)
    assert (pinned(case).strategy, pinned(case).because, pinned(case).as_of) == (
        "test-treatment/2", "VERSION", on(2),
    )  # fmt: skip


def test_the_version_in_force_is_the_newest_that_has_begun() -> None:
    strategies = StrategyBook((small(version="test-treatment/2", effective_from=date(2026, 5, 1)), small()))
    for day, version in ((date(1989, 1, 1), None), (date(2026, 4, 30), 1), (date(2026, 5, 1), 2)):
        found = strategies.in_force(day)
        assert (found.version.number if found else None) == version
    assert list(strategies.begins_after(date(2026, 4, 30))) == [date(2026, 5, 1)]


def pinned(case: TreatedLife) -> object:
    from services.case.domain.treatment import said

    return said.pin_said(case.state.judged)  # type: ignore[union-attr]
