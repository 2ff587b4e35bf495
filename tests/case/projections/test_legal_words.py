"""What the legal service reports is said in words on a case's timeline, in both languages."""

from typing import Any

from services.case.projections.legal_words import reported_en, reported_zh

FILED: dict[str, Any] = {
    "what": "STEP", "on": "2026-02-02", "code": "SUIT_FILED", "track_kind": "SUIT",
    "amount": {"minor": 123450, "currency": "CNY"}, "due_on": None, "borne_by": None, "retracted": False,
}  # fmt: skip


def test_a_step_is_named_as_the_legal_service_names_it() -> None:
    assert reported_en(FILED) == "suit on 2026-02-02: Suit filed, 1234.50 CNY."
    assert reported_zh(FILED) == "2026-02-02 诉讼：起诉，1234.50 CNY。"


def test_a_cost_says_of_what_and_who_bears_it() -> None:
    cost = FILED | {"what": "COST", "code": "COURT_FEE", "track_kind": None, "borne_by": "DEBTOR"}
    assert reported_en(cost) == "A cost of 1234.50 CNY on 2026-02-02 (court fee), borne by debtor."
    assert reported_zh(cost) == "2026-02-02 费用 1234.50 CNY（诉讼费），由债务人承担。"


def test_a_code_that_nobody_published_is_shown_as_it_is() -> None:
    opened = FILED | {"what": "OPENED", "code": "PROMISE_BROKEN", "track_kind": None}
    assert reported_en(opened) == "A legal matter was opened on 2026-02-02: PROMISE_BROKEN."
    assert "SUIT_FILED" not in reported_en(FILED | {"retracted": True})
