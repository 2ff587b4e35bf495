"""Strategies for tests: the shipped one, or a small one written out, in force from any day."""

from datetime import date
from typing import Any

from services.case.adapters.treatment.strategy_file import shipped
from services.case.domain.treatment.document import of_document, read
from services.case.domain.treatment.strategy import Strategy, StrategyBook

LONG_AGO = date(1990, 1, 1)


def shipped_from(day: date = LONG_AGO, version: str = "cn-retail-treatment/1") -> Strategy:
    """The shipped strategy, in force from another day."""
    [one] = shipped()
    document = one.document.replace('"effective_from":"2026-11-01"', f'"effective_from":"{day}"')
    return of_document(document.replace('"cn-retail-treatment/1"', f'"{version}"'))


def step(name: str, day: int, act: str = "CALL", **more: Any) -> dict[str, Any]:
    """A step from the segment's first day, to be taken within two days more."""
    plain = {"name": name, "day": day, "from": "segment", "within": 2, "act": act, "who": "COLLECTOR"}
    return plain | ({"channel": "CALL"} if act == "CALL" else {}) | more


def tables(**more: Any) -> dict[str, Any]:
    """A strategy of two stages, as its file's tables."""
    plain: dict[str, Any] = {
        "version": "test-treatment/1",
        "effective_from": LONG_AGO,
        "adopt": "STAGE_CHANGE",
        "excluded_by": ["HOLD", "DISPUTE", "PROMISE", "PLAN", "MODE"],
        "default": "OTHER",
        "rules": [
            {"name": "m1", "segment": "ONE", "when": {"stage": ["M1"]}},
            {"name": "m2", "segment": "TWO", "when": {"stage": ["M2"]}},
        ],
        "segments": [
            {"name": "OTHER"},
            {"name": "ONE", "steps": [step("soft", 0), step("call", 3)]},
            {"name": "TWO", "steps": [step("call", 1), step("offer", 5, "OFFER_PLAN")]},
        ],
        "split": {"seed": "s", "challenger_bps": 0},
        "early_warning": {
            "listed_from": 10,
            "just_in_days": 31,
            "signs": [{"sign": "UTILISATION", "points": 10, "threshold": 90}],
        },
    }
    return plain | more


def small(**more: Any) -> Strategy:
    """The strategy of `tables`."""
    return read(tables(**more))


def book(*strategies: Strategy) -> StrategyBook:
    """These versions; the shipped one, in force since long ago, unless some are named."""
    return StrategyBook(strategies or (shipped_from(),))
