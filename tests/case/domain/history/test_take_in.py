"""What a debtor's rows of history add, without a ledger: which case, which facts, which judgements."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.case.domain import events as e
from services.case.domain.history import evidence
from services.case.domain.history.refusals import REASONS
from services.case.domain.history.rows import (
    AttemptRow,
    CaseRow,
    HistoryTerms,
    PaymentRow,
    PromiseRow,
)
from services.case.domain.history.take_in import Around, CaseNow, Outcome, Taking
from services.case.domain.policy import CN_RETAIL_2
from services.case.domain.state import ClosedCase, OpenCase, fold_case
from shared.kernel.money import Money

SAID: dict[str, Any] = {"debtor_ref": "C-1", "origin": "OLD_SYSTEM", "evidence": "STATED"}
TODAY = date(2026, 11, 22)


def around(*, since: date | None = None, today: date = TODAY) -> Around:
    return Around(
        terms=HistoryTerms(go_live=date(2026, 11, 1), zone="Asia/Shanghai"), policy=CN_RETAIL_2, today=today,
        run="import-1", since=since, case_id=lambda episode: f"case-{episode}",
        named=lambda case, prefix, ref: f"{prefix}_{case}_{ref}", account=lambda ref: f"account-{ref}",
    )  # fmt: skip


def case_row(opened: date, closed: date | None = None, reason: str | None = None, **more: Any) -> CaseRow:
    told = {"account_ref": "A-1", "currency": "CNY", "arrears": 100_000, "days_past_due": 12, **SAID, **more}
    return CaseRow(opened_on=opened, closed_on=closed, reason=reason, **told)


def attempt(day: date, ref: str = "k") -> AttemptRow:
    at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    return AttemptRow(
        ref=ref, at=at, on=day, channel="VOICE", outcome="NO_ANSWER", actor_kind="COLLECTOR", **SAID
    )


def taken(*rows: Any, cases: tuple[CaseNow, ...] = (), **how: Any) -> tuple[Taking, list[Outcome]]:
    taking = Taking(cases, around(**how))
    outcomes = taking.take(rows)
    return taking, outcomes


def told(taking: Taking) -> dict[str, list[Any]]:
    return {case.id: list(events) for case, events in taking.follow()}


def test_rows_go_to_the_case_that_had_begun_by_their_day() -> None:
    first, second = case_row(date(2025, 3, 1), date(2025, 6, 30), "CURED"), case_row(date(2026, 2, 1))
    days = [date(2025, 1, 1), date(2025, 4, 1), date(2025, 9, 1), date(2026, 2, 1), date(2026, 5, 1)]
    attempts = [attempt(day, f"k{n}") for n, day in enumerate(days)]
    taking, outcomes = taken(second, *attempts, first)
    assert {one.outcome for one in outcomes} == {"ADDED"}
    found = {
        case: [
            event.attempt_ref.rpartition("_")[2] for event in events if isinstance(event, e.ContactAttempted)
        ]
        for case, events in told(taking).items()
    }
    assert found == {"case-1": ["k0", "k1", "k2"], "case-2": ["k3", "k4"]}
    assert isinstance(taking.cases[0].state, ClosedCase)
    assert isinstance(taking.cases[1].state, OpenCase)


@pytest.mark.parametrize(
    ("reason", "ends"),
    [("CURED", "CURED"), ("WRITTEN_OFF", "WRITTEN_OFF"), ("PAID", "PAID"), ("SOLD", "SOLD")],
)
def test_a_case_of_before_ends_on_its_day_and_for_its_reason(reason: str, ends: str) -> None:
    taking, _ = taken(case_row(date(2025, 3, 1), date(2025, 6, 30), reason))
    events = told(taking)["case-1"]
    [closed] = [event for event in events if isinstance(event, e.CaseClosed)]
    assert (closed.as_of, closed.reason) == (date(2025, 6, 30), ends)
    assert fold_case(events) == ClosedCase(1, date(2025, 6, 30), ends)


def test_all_accounts_of_a_case_come_with_rows_of_one_day() -> None:
    more = case_row(date(2026, 2, 1), account_ref="A-2", arrears=5_000)
    taking, outcomes = taken(case_row(date(2026, 2, 1)), more)
    assert [one.outcome for one in outcomes] == ["ADDED", "ADDED"]
    state = fold_case(told(taking)["case-1"])
    assert isinstance(state, OpenCase)
    assert state.debts == ("account-A-1", "account-A-2")


def test_nothing_happened_before_the_debt() -> None:
    _, outcomes = taken(
        case_row(date(2026, 2, 1)), attempt(date(2026, 1, 31)), attempt(date(2026, 2, 1), "l"), since=date(2026, 2, 1)
    )  # fmt: skip
    assert outcomes[1] == Outcome("REJECTED", "before-debt", "on")
    assert [one.outcome for one in outcomes] == ["ADDED", "REJECTED", "ADDED"]


def test_the_facts_of_a_forgotten_debtor_do_not_come_back() -> None:
    erased = CaseNow("case-1", 1, 4, ClosedCase(1, date.min, "ERASED"))
    _, outcomes = taken(attempt(date(2026, 2, 1)), case_row(date(2026, 2, 1)), cases=(erased,))
    assert {(one.outcome, one.reason) for one in outcomes} == {("REJECTED", "forgotten")}


def test_a_promise_is_judged_as_of_its_own_day_by_money_of_before() -> None:
    promise = PromiseRow(
        ref="p", on=date(2026, 3, 2), currency="CNY", amount=50_000, due=date(2026, 9, 30), **SAID
    )
    paid = PaymentRow(ref="y", on=date(2026, 4, 1), currency="CNY", amount=50_000, channel="CASH", **SAID)
    taking, outcomes = taken(case_row(date(2026, 2, 1)), promise, paid)
    assert {one.outcome for one in outcomes} == {"ADDED"}, "half a year ahead is no act of ours"
    events = told(taking)["case-1"]
    [kept] = [event for event in events if isinstance(event, e.PromiseKept)]
    assert (kept.as_of, kept.appropriated) == (date(2026, 4, 1), Money(50_000, "CNY"))
    assert not any(isinstance(event, e.PaymentAllocated | e.OverpaymentFound) for event in events)


def test_more_than_was_owed_before_go_live_is_not_ours_to_give_back() -> None:
    paid = PaymentRow(ref="y", on=date(2026, 4, 1), currency="CNY", amount=150_000, channel="CASH", **SAID)
    taking, _ = taken(case_row(date(2026, 2, 1)), paid)
    events = told(taking)["case-1"]
    assert not any(isinstance(event, e.OverpaymentFound) for event in events)
    [closed] = [event for event in events if isinstance(event, e.CaseClosed)]
    assert closed.reason == "CURED"


def test_rows_in_any_order_add_the_same_facts() -> None:
    rows = [
        case_row(date(2026, 2, 1)), attempt(date(2026, 2, 3)),
        PromiseRow(ref="p", on=date(2026, 3, 2), currency="CNY", amount=5_000, due=date(2026, 3, 9), **SAID),
        PaymentRow(ref="y", on=date(2026, 3, 4), currency="CNY", amount=5_000, channel="CASH", **SAID),
    ]  # fmt: skip
    forth, back = taken(*rows)[0], taken(*reversed(rows))[0]
    assert told(forth) == told(back)


def test_every_reason_and_grade_has_words_in_both_languages() -> None:
    said = [(words.en, words.zh) for words in REASONS.values()]
    said += [(grade.en, grade.zh) for grade in evidence.GRADES.values()]
    for en, zh in said:
        assert en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
