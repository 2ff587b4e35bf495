"""A strategy is read strictly: every fault is named with its place, and no value of the file is told again."""

from datetime import date
from typing import Any

import pytest

from services.case.adapters.treatment.strategy_file import shipped
from services.case.application.treatment.strategy_text import parsed
from services.case.domain.treatment.document import StrategyMalformed, of_document, read
from tests.kit.treated import small, step, tables

SECRET = "zhang-san-13800138000"


def faults(**more: Any) -> list[str]:
    with pytest.raises(StrategyMalformed) as refused:
        read(tables(**more))
    found = refused.value.context["faults"]
    assert isinstance(found, tuple)
    return list(found)


def rule(**when: Any) -> list[dict[str, Any]]:
    return [{"name": "a", "segment": "ONE", "when": when}, {"name": "b", "segment": "TWO", "when": {}}]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"version": "No Number"}, "version: NOT_A_WORD"),
        ({"effective_from": "2026-01-01"}, "effective_from: NOT_A_DAY"),
        ({"adopt": "NEVER"}, "adopt: NOT_ONE_OF"),
        ({SECRET: 1}, "?: UNKNOWN_KEY"),
        ({"default": "NOWHERE"}, "default: UNKNOWN_SEGMENT"),
        ({"excluded_by": ["HOLD", "HOLD"]}, "excluded_by/1: TWICE"),
        ({"excluded_by": "HOLD"}, "excluded_by: NOT_A_LIST"),
        ({"rules": rule(stage="M1")}, "rules/0/when/stage: NOT_A_LIST"),
        ({"rules": rule(colour=["RED"])}, "rules/0/when/?: UNKNOWN_KEY"),
        ({"rules": rule(days_past_due={})}, "rules/0/when/days_past_due: NO_BOUND"),
        ({"rules": rule(days_past_due={"at_least": 9, "below": 9})}, "rules/0/when/days_past_due: NOTHING_BETWEEN"),
        ({"rules": rule(days_past_due={"at_least": True})}, "rules/0/when/days_past_due/at_least: NOT_A_NUMBER"),
        ({"rules": rule(arrears={"at_least": "1.234", "currency": "CNY"})},
         "rules/0/when/arrears/at_least: NOT_AN_AMOUNT"),
        ({"rules": rule(reached=["SOON"])}, "rules/0/when/reached: NOT_ONE_OF"),
        ({"rules": rule(first_payment_default=1)}, "rules/0/when/first_payment_default: NOT_A_TRUTH"),
        ({"rules": rule() + rule()}, "rules/2/name: TWICE"),
        ({"segments": [{"name": "OTHER"}, {"name": "ONE"}, {"name": "TWO"}, {"name": "LONELY"}]},
         "segments/3/name: NO_RULE_LEADS_HERE"),
        ({"segments": [{"name": "OTHER"}, {"name": "ONE", "steps": [step("a", -1)]}, {"name": "TWO"}]},
         "segments/1/steps/0/day: OUT_OF_RANGE"),
        ({"segments": [{"name": "OTHER"}, {"name": "ONE", "steps": [step("a", 0, channel=SECRET)]}, {"name": "TWO"}]},
         "segments/1/steps/0/channel: NOT_A_WORD"),
        ({"split": {"seed": "s", "challenger_bps": 10_001}}, "split/challenger_bps: OUT_OF_RANGE"),
        ({"early_warning": {"listed_from": 1, "just_in_days": 1, "signs": [{"sign": "MOON", "points": 1}]}},
         "early_warning/signs/0/sign: NOT_ONE_OF"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(more: dict[str, Any], told: str) -> None:
    found = faults(**more)
    assert told in found
    assert SECRET not in "".join(found)


def test_all_faults_are_told_at_once() -> None:
    assert len(faults(adopt="NEVER", default="lower", split={})) >= 4


def test_what_is_no_toml_is_refused() -> None:
    for data, code in ((b"\xff\xfe", "NOT_UTF8"), (b"= 1", "NOT_TOML"), (b" " * 1_000_001, "TOO_LARGE")):
        with pytest.raises(StrategyMalformed) as refused:
            parsed(data)
        assert refused.value.context["faults"] == (f"file: {code}",)


def test_a_stored_document_is_the_strategy_again() -> None:
    for one in (small(), *shipped()):
        again = of_document(one.document)
        assert again == one
        assert len(one.content) == 64


def test_the_order_of_keys_and_comments_do_not_change_the_content() -> None:
    text = "\n".join(["# a comment", *_toml().splitlines()[::1]])
    assert parsed(text.encode()).content == parsed(_toml().encode()).content
    assert parsed(_toml().encode()).version.effective_from == date(2026, 1, 1)


def _toml() -> str:
    return """
version = "x/1"
effective_from = 2026-01-01
adopt = "AT_ONCE"
excluded_by = []
default = "ALL"
segments = [{ name = "ALL" }]
split = { seed = "s", challenger_bps = 0 }
early_warning = { listed_from = 1, just_in_days = 0, signs = [{ sign = "UTILISATION", points = 1, threshold = 90 }] }
"""
