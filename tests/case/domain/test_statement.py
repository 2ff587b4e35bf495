"""What one line of a statement means, line by line and for any run of lines."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain import statement
from services.case.domain.commands import StatementLine
from services.case.domain.decide import Standing, decide
from services.case.domain.events import (
    ArrearsReported,
    CaseClosed,
    CaseCured,
    CaseOpened,
    PaymentReceived,
    StageEntered,
    StatementReported,
)
from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.state import NO_CASE, Account, ClosedCase, OpenCase
from services.case.domain.statement import (
    UNCHANGED,
    StatementConflict,
    StatementCurrencyChanged,
    StatementOutOfOrder,
)
from shared.kernel.money import Money
from tests.kit.statements import ACCOUNT, PlainCount, a_line, after, ask, month_end, report_all


def names(decision: statement.Decision) -> list[str]:
    return [type(event).__name__ for event in decision.case]


def twd(minor: int) -> Money:
    return Money(minor, "TWD")


def test_a_line_that_is_not_overdue_says_something_of_the_account_alone() -> None:
    line = a_line(behind=0, balance=1554900, paid=500000)
    _, (decision,) = report_all([line])
    assert decision.account == (
        StatementReported(
            account_ref="TWC-1",
            as_of=date(2005, 1, 31),
            months_past_due=0,
            balance=twd(1554900),
            payment=twd(500000),
            credit_limit=twd(5000000),
            content=statement.content_hash(line),
        ),
    )
    assert decision.case == ()


def test_the_first_overdue_line_opens_a_case_and_its_payment_is_not_the_cases() -> None:
    _, decisions = report_all([a_line(month=0), a_line(month=1, behind=2, balance=70000, paid=900)])
    assert decisions[1].episode == 1
    assert decisions[1].case == (
        CaseOpened(
            debtor_ref="TWC-1",
            episode=1,
            debts=(ACCOUNT,),
            as_of=date(2005, 2, 28),
            arrears=twd(70000),
            days_past_due=60,
        ),
        ArrearsReported(account=ACCOUNT, as_of=date(2005, 2, 28), days_past_due=60, arrears=twd(70000)),
        StageEntered(as_of=date(2005, 2, 28), stage="M2", previous="M0", days_past_due=60, scheme="retail/1"),
    )


def test_a_payment_is_recorded_before_the_arrears_and_for_the_month_not_a_day() -> None:
    _, decisions = report_all([a_line(behind=1), a_line(month=1, behind=1, paid=3000)])
    assert names(decisions[1]) == ["PaymentReceived", "ArrearsReported"]
    assert decisions[1].case[0] == PaymentReceived(
        account=ACCOUNT, amount=twd(3000), period_from=date(2005, 2, 1), period_until=date(2005, 3, 1)
    )


@pytest.mark.parametrize("paid", [0, -100])
def test_nothing_paid_and_a_chargeback_are_no_payment(paid: int) -> None:
    _, decisions = report_all([a_line(behind=1), a_line(month=1, behind=2, paid=paid)])
    assert names(decisions[1]) == ["ArrearsReported", "StageEntered"]


def test_a_line_with_nothing_overdue_cures_and_closes() -> None:
    standing, decisions = report_all([a_line(behind=3), a_line(month=1, behind=0, balance=900, paid=50)])
    assert decisions[1].case == (
        PaymentReceived(
            account=ACCOUNT, amount=twd(50), period_from=date(2005, 2, 1), period_until=date(2005, 3, 1)
        ),
        ArrearsReported(account=ACCOUNT, as_of=date(2005, 2, 28), days_past_due=0, arrears=twd(0)),
        StageEntered(as_of=date(2005, 2, 28), stage="M0", previous="M3", days_past_due=0, scheme="retail/1"),
        CaseCured(as_of=date(2005, 2, 28)),
        CaseClosed(as_of=date(2005, 2, 28), reason="CURED"),
    )
    assert standing.case == ClosedCase(1, date(2005, 2, 28), "CURED")


def test_falling_behind_again_opens_the_next_episode_and_the_old_case_stays_closed() -> None:
    lines = [a_line(behind=1), a_line(month=1), a_line(month=2, paid=7), a_line(month=3, behind=1, paid=9)]
    standing, decisions = report_all(lines)
    assert names(decisions[2]) == []
    assert names(decisions[3]) == ["CaseOpened", "ArrearsReported", "StageEntered"]
    assert decisions[3].episode == 2
    assert isinstance(standing.case, OpenCase)
    assert standing.case.episode == 2


@pytest.mark.parametrize("balance", [0, -250])
def test_an_overdue_line_that_owes_nothing_opens_a_case_all_the_same(balance: int) -> None:
    standing, decisions = report_all([a_line(behind=2, balance=balance)])
    assert isinstance(standing.case, OpenCase)
    assert standing.case.arrears == twd(0)
    assert decisions[0].account[0].balance == twd(balance)


@pytest.mark.parametrize(
    ("behind", "stage", "days"),
    [(1, "M1", 30), (2, "M2", 60), (3, "M3", 90), (4, "M4+", 120), (999, "M4+", 29970)],
)
def test_the_stage_follows_from_the_months_behind(behind: int, stage: str, days: int) -> None:
    standing, _ = report_all([a_line(behind=behind)])
    assert isinstance(standing.case, OpenCase)
    assert (standing.case.stage, standing.case.days_past_due) == (stage, days)


def test_what_holds_a_case_open_lets_it_cure_but_not_close() -> None:
    standing, _ = report_all([a_line(behind=1)])
    assert isinstance(standing.case, OpenCase)
    held = replace(standing, case=replace(standing.case, held_open_by=frozenset({"DISPUTE"})))
    cure = decide(held, ask(a_line(month=1)), CN_RETAIL_1)
    assert names(cure) == ["ArrearsReported", "StageEntered", "CaseCured"]
    cured = after(held, cure)
    assert names(decide(cured, ask(a_line(month=2)), CN_RETAIL_1)) == ["ArrearsReported"]
    relapse = decide(cured, ask(a_line(month=2, behind=1)), CN_RETAIL_1)
    assert names(relapse) == ["ArrearsReported", "StageEntered"]
    again = decide(after(cured, relapse), ask(a_line(month=3)), CN_RETAIL_1)
    assert names(again) == ["ArrearsReported", "StageEntered", "CaseCured"]


def test_the_same_key_with_other_content_is_a_conflict() -> None:
    standing, _ = report_all([a_line(), a_line(month=1)])
    for line in (a_line(balance=1), a_line(month=1, balance=1), a_line(currency="USD")):
        with pytest.raises(StatementConflict):
            decide(standing, ask(line), CN_RETAIL_1)


def test_an_older_line_never_reported_is_out_of_order_whatever_its_currency() -> None:
    standing, _ = report_all([a_line(month=0), a_line(month=2)])
    for line in (a_line(month=1), a_line(month=1, currency="USD")):
        with pytest.raises(StatementOutOfOrder):
            decide(standing, ask(line), CN_RETAIL_1)


def test_a_later_line_in_another_currency_is_refused() -> None:
    standing, _ = report_all([a_line()])
    with pytest.raises(StatementCurrencyChanged):
        decide(standing, ask(a_line(month=1, currency="USD")), CN_RETAIL_1)


def test_a_case_whose_opening_was_erased_does_not_stop_the_account() -> None:
    standing, _ = report_all([a_line(behind=1)])
    decision = decide(replace(standing, case=NO_CASE), ask(a_line(month=1)), CN_RETAIL_1)
    assert (len(decision.account), decision.case) == (1, ())


lines_of_one_account = st.lists(
    st.tuples(st.integers(0, 9), st.integers(-50_000, 900_000), st.integers(-100, 90_000)),
    min_size=1,
    max_size=18,
).map(lambda rows: [a_line(month=i, behind=b, balance=o, paid=p) for i, (b, o, p) in enumerate(rows)])


@given(lines_of_one_account)
def test_any_run_of_lines_counts_as_plain_counting_does(lines: list[StatementLine]) -> None:
    plain = PlainCount()
    for line in lines:
        plain.take(ref=line.account_ref, months=line.months_past_due, payment=line.payment)
    _, decisions = report_all(lines)
    events = [event for decision in decisions for event in (*decision.account, *decision.case)]
    paid = [event.amount.minor for event in events if isinstance(event, PaymentReceived)]
    assert len(events) == plain.events
    assert sum(isinstance(event, CaseOpened) for event in events) == plain.opened
    assert sum(isinstance(event, CaseClosed) for event in events) == plain.cured
    assert (len(paid), sum(paid)) == (plain.payments, plain.paid)


@given(lines_of_one_account, st.randoms(use_true_random=False))
def test_a_line_reported_again_at_any_later_time_adds_nothing(lines: list[StatementLine], chance) -> None:  # type: ignore[no-untyped-def]
    standing, _ = report_all(lines)
    again = list(lines)
    chance.shuffle(again)
    assert all(decide(standing, ask(line), CN_RETAIL_1) is UNCHANGED for line in again)


@given(lines_of_one_account)
def test_one_case_is_open_at_most_and_only_while_something_is_overdue(lines: list[StatementLine]) -> None:
    standing = Standing()
    for line in lines:
        decision = decide(standing, ask(line), CN_RETAIL_1)
        standing = after(standing, decision)
        assert isinstance(standing.case, OpenCase) == (line.months_past_due > 0)
        assert isinstance(standing.account, Account)
        assert standing.account.latest == line.as_of
        if isinstance(standing.case, OpenCase):
            assert standing.case.stage == CN_RETAIL_1.scheme.stage_of(30 * line.months_past_due)
            assert standing.case.arrears == twd(max(line.balance, 0))


@given(lines_of_one_account)
def test_lines_in_any_order_are_taken_or_refused_but_never_mistaken(lines: list[StatementLine]) -> None:
    """Backwards, only the newest line is new; the others are out of order, and nothing else happens."""
    standing, _ = report_all(lines[-1:])
    for line in reversed(lines[:-1]):
        with pytest.raises(StatementOutOfOrder):
            decide(standing, ask(line), CN_RETAIL_1)


@given(lines_of_one_account)
def test_what_was_decided_survives_being_stored(lines: list[StatementLine]) -> None:
    _, decisions = report_all(lines)
    for event in (event for decision in decisions for event in (*decision.account, *decision.case)):
        assert msgspec.json.decode(msgspec.json.encode(event), type=type(event)) == event


def test_the_content_hash_is_of_the_values_not_of_their_spelling() -> None:
    line = a_line()
    assert statement.content_hash(line) == statement.content_hash(msgspec.structs.replace(line))
    other = msgspec.structs.replace(line, account_ref="TWC-2")
    assert statement.content_hash(line) == statement.content_hash(other), (
        "a hash among facts points at nobody"
    )
    changes = {"as_of": month_end(1), "months_past_due": 1, "balance": 1, "payment": 1, "credit_limit": 1,
               "currency": "USD"}  # fmt: skip
    hashes = {
        statement.content_hash(msgspec.structs.replace(line, **{name: new})) for name, new in changes.items()
    }
    assert len(hashes | {statement.content_hash(line)}) == 1 + len(changes)
