"""Folds never fail, whatever history they are given."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain.events import (
    ArrearsReported,
    CaseClosed,
    CaseCured,
    CaseEvent,
    CaseOpened,
    PaymentReceived,
    StageEntered,
    StatementReported,
)
from services.case.domain.state import NO_CASE, Account, ClosedCase, OpenCase, fold_account, fold_case
from shared.kernel.money import Money

days = st.dates(date(2000, 1, 1), date(2030, 1, 1))
amounts = st.integers(0, 10**9).map(lambda minor: Money(minor, "CNY"))
counts = st.integers(0, 900)
case_events: st.SearchStrategy[CaseEvent] = st.one_of(
    st.builds(
        CaseOpened,
        debtor_ref=st.just("D"),
        episode=st.integers(1, 9),
        debts=st.just(("account-1",)),
        as_of=days,
        arrears=amounts,
        days_past_due=counts,
    ),
    st.builds(
        ArrearsReported, account=st.just("account-1"), as_of=days, days_past_due=counts, arrears=amounts
    ),
    st.builds(
        StageEntered,
        as_of=days,
        stage=st.sampled_from(["M0", "M1", "M9"]),
        previous=st.just("M0"),
        days_past_due=counts,
        scheme=st.just("retail/1"),
    ),
    st.builds(
        PaymentReceived, account=st.just("account-1"), amount=amounts, period_from=days, period_until=days
    ),
    st.builds(CaseCured, as_of=days),
    st.builds(CaseClosed, as_of=days, reason=st.just("CURED")),
)
statements = st.builds(
    StatementReported,
    account_ref=st.just("A"),
    as_of=days,
    months_past_due=counts,
    balance=amounts,
    payment=amounts,
    credit_limit=amounts,
    content=st.sampled_from(["aa", "bb"]),
)


@given(st.lists(case_events, max_size=30))
def test_an_impossible_history_still_loads(events: list[CaseEvent]) -> None:
    assert isinstance(fold_case(events), NO_CASE.__class__ | OpenCase | ClosedCase)


@given(st.lists(case_events, max_size=30), st.integers(0, 30))
def test_folding_in_two_goes_is_folding_in_one(events: list[CaseEvent], cut: int) -> None:
    assert fold_case(events[cut:], fold_case(events[:cut])) == fold_case(events)


@given(st.lists(statements, min_size=1, max_size=20))
def test_an_account_knows_every_day_it_was_reported_for_and_its_newest(
    events: list[StatementReported],
) -> None:
    account = fold_account(events)
    assert isinstance(account, Account)
    assert set(account.contents) == {event.as_of for event in events}
    assert account.latest == max(event.as_of for event in events)


@pytest.mark.parametrize(
    "event", [CaseCured(as_of=date(2026, 1, 1)), CaseClosed(as_of=date(2026, 1, 1), reason="X")]
)
def test_an_end_without_a_beginning_changes_nothing(event: CaseEvent) -> None:
    assert fold_case([event]) is NO_CASE


def test_a_closed_case_stays_closed() -> None:
    day = date(2026, 1, 1)
    opened = CaseOpened(
        debtor_ref="D", episode=3, debts=("a",), as_of=day, arrears=Money(1, "CNY"), days_past_due=30
    )
    late = ArrearsReported(
        account="a", as_of=day + timedelta(days=31), days_past_due=60, arrears=Money(2, "CNY")
    )
    assert fold_case([opened, CaseClosed(as_of=day, reason="CURED"), late]) == ClosedCase(3, day, "CURED")
