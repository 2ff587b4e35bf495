"""Answers as the document shows them."""

from typing import Any

from services.case.api.acting import CASE, OF_A_THING

_BOTH = {"en": "…", "zh-CN": "…"}
_SAID: dict[str, Any] = {
    "kpi": "promise-kept", "title": {"en": "Promise-kept rate", "zh-CN": "承诺兑现率"}, "formula": _BOTH, "rules": [],
    "as_of": "2026-03-31", "known_at": None, "from": "2026-03-01", "to": "2026-03-31", "by": None,
}  # fmt: skip
_LINE: dict[str, Any] = {
    "measure": "by_count", "row": None, "cell": None, "group": None, "currency": None,
}  # fmt: skip
_SIDES: dict[str, Any] = {"numerator": {"count": 5}, "denominator": {"count": 6}, "value": "0.833333"}
_LESS: dict[str, Any] = {"numerator": {"count": 4}, "denominator": {"count": 6}, "value": "0.666667"}
_PROMISE = f"prm_{OF_A_THING}"
_CAUSE = {
    "stream": CASE, "version": 9, "type": "case.PaymentReturned", "effective_on": "2026-03-21",
    "recorded_at": "2026-03-21T02:00:00.000000Z",
}  # fmt: skip
_ONE: dict[str, Any] = {"numerator": {"count": 1}, "denominator": {"count": 1}}

REPORT: dict[str, Any] = _SAID | {
    "items": [
        {**_LINE, "label": {"en": "kept, by count", "zh-CN": "兑现率（笔数）"}, **_SIDES, "per": 1, "counted": 6,
         "of_history": 0}
    ],
    "notes": [],
}  # fmt: skip
THINGS: dict[str, Any] = {
    "items": [
        {"measure": "by_count", "row": None, "cell": None, "group": None, "case": CASE, "thing": _PROMISE,
         "on": "2026-03-06", **_ONE}
    ],
    "page": {"next": None},
}  # fmt: skip
BRIDGE: dict[str, Any] = _SAID | {
    "known_at": "2026-03-20T15:59:59.999999Z",
    "and_known_at": "2026-03-31T15:59:59.999999Z",
    "items": [{**_LINE, "before": _SIDES, "after": _LESS, "difference": "-0.166667"}],
    "restated": [{"measure": "by_count", "currency": None, "value": "0.200000"}],
    "changes": [
        {"measure": "by_count", "row": None, "cell": None, "group": None, "case": CASE, "thing": _PROMISE,
         "before": _ONE, "after": _ONE | {"numerator": {"count": 0}}, "because": [_CAUSE]}
    ],
    "changes_in_all": 1,
}  # fmt: skip
_CNY = {"amount": "1234.50", "currency": "CNY"}
TARGETS: dict[str, Any] = {
    "month": "2026-03", "as_of": "2026-03-12", "known_at": None, "rule": "working-days/1", "working_days": 22,
    "working_days_over": 9, "calendar_missing": None,
    "items": [
        {"team": "TEAM_A", "month": "2026-03", "revision": 0, "target": _CNY, "recovered": _CNY, "reached": "1.000000",
         "expected": _CNY, "ahead": _CNY}
    ],
}  # fmt: skip
