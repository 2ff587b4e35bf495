"""Statements that come late or are corrected: the case is decided again by what is said last."""

from datetime import date, timedelta

import pytest

from services.case.domain import events as e
from services.case.domain import promise
from services.case.domain.commands import StatementLine
from services.case.domain.decide import Standing, decide
from services.case.domain.events import StatementCorrected
from services.case.domain.judge import Picture, judge
from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.redecide import redecide
from services.case.domain.state import ClosedCase, OpenCase, fold_case
from services.case.domain.statement import StatementConflict, StatementCurrencyChanged, StatementOutOfOrder
from shared.kernel.money import Money
from tests.kit.life import names
from tests.kit.statements import ACCOUNT, a_line, after, ask, month_end


def take(standing: Standing, line: StatementLine) -> tuple[Standing, list[str]]:
    decision = decide(standing, ask(line), CN_RETAIL_1, corrections=True)
    return after(standing, decision), names((*decision.account, *decision.case))


def told(*lines: StatementLine) -> Standing:
    standing = Standing()
    for line in lines:
        standing, _ = take(standing, line)
    return standing


def picture(standing: Standing, month: int) -> Picture:
    case = standing.case
    worked = case if isinstance(case, OpenCase) else case.was  # type: ignore[union-attr]
    assert worked is not None
    return judge(worked.facts, month_end(month), CN_RETAIL_1)


def said(found: Picture) -> tuple[object, ...]:
    sums = found.balance
    return found.arrears, found.days_past_due, found.stage, sums.received - sums.returned, found.ended


MONTHS = [
    a_line(behind=1, balance=90_000),
    a_line(month=1, behind=2, balance=80_000, paid=5_000),
    a_line(month=2, behind=3, balance=70_000, paid=7_000),
    a_line(month=3, behind=2, balance=60_000, paid=9_000),
]


def test_only_with_corrections_and_never_in_another_currency() -> None:
    standing = told(*MONTHS)
    changed, late = a_line(month=1, behind=2, balance=81_000, paid=5_000), a_line(month=-0, behind=1)
    with pytest.raises(StatementConflict):
        decide(standing, ask(changed), CN_RETAIL_1)
    with pytest.raises(StatementOutOfOrder):
        decide(told(MONTHS[0], *MONTHS[2:]), ask(MONTHS[1]), CN_RETAIL_1)
    with pytest.raises(StatementCurrencyChanged):
        take(standing, a_line(month=1, behind=2, currency="CNY"))
    assert late.as_of == MONTHS[0].as_of
    assert take(standing, MONTHS[2])[1] == []


@pytest.mark.parametrize("missing", [1, 2])
def test_a_line_that_comes_late_leaves_every_day_as_if_it_had_come_in_time(missing: int) -> None:
    rest = [line for number, line in enumerate(MONTHS) if number != missing]
    standing, events = take(told(*rest), MONTHS[missing])
    assert events == ["StatementReported", "PaymentReceived", "ArrearsCorrected"]
    for month in range(4):
        assert said(picture(standing, month)) == said(picture(told(*MONTHS), month))


@pytest.mark.parametrize("paid", [0, 1_000, 5_000, 20_000])
def test_a_corrected_line_leaves_every_day_as_if_it_had_been_right_at_once(paid: int) -> None:
    right = a_line(month=1, behind=4, balance=85_000, paid=paid)
    straight = told(MONTHS[0], right, *MONTHS[2:])
    standing = told(*MONTHS)
    for wrong_again in (right, MONTHS[1], right):
        standing, events = take(standing, wrong_again)
        assert events[0] == "StatementCorrected"
    for month in range(4):
        assert said(picture(standing, month)) == said(picture(straight, month))


def test_each_correction_names_what_it_replaces_and_counts() -> None:
    standing = told(*MONTHS)
    right = a_line(month=3, behind=4, balance=60_000, paid=9_000)
    decision = decide(standing, ask(right), CN_RETAIL_1, corrections=True)
    corrected = decision.account[0]
    assert isinstance(corrected, StatementCorrected)
    assert (corrected.revision, corrected.replaces) == (1, ask(MONTHS[3]).content)
    assert names(decision.case) == ["ArrearsCorrected", "StageEntered"]
    standing = after(standing, decision)
    assert isinstance(standing.case, OpenCase)
    assert (standing.case.stage, standing.case.days_past_due) == ("M4+", 120)
    again = decide(standing, ask(MONTHS[3]), CN_RETAIL_1, corrections=True).account[0]
    assert isinstance(again, StatementCorrected)
    assert again.revision == 2


def test_a_closing_that_rested_on_a_wrong_line_is_undone_and_one_that_was_missed_is_made() -> None:
    cured = a_line(month=4, behind=0, balance=0, paid=60_000)
    standing = told(*MONTHS, cured)
    assert isinstance(standing.case, ClosedCase)
    standing, events = take(standing, a_line(month=4, behind=3, balance=60_000))
    assert events == [
        "StatementCorrected",
        "PaymentReturned",
        "ArrearsCorrected",
        "CaseReopened",
        "StageEntered",
    ]
    assert isinstance(standing.case, OpenCase)
    standing, events = take(standing, cured)
    assert events[-2:] == ["CaseCured", "CaseClosed"]
    standing, events = take(standing, a_line(month=5, behind=1))
    assert events[:2] == ["StatementReported", "CaseOpened"]
    assert isinstance(standing.case, OpenCase)
    assert standing.case.episode == 2


def test_a_corrected_newest_line_without_a_case_opens_one() -> None:
    standing, events = take(told(a_line(behind=0)), a_line(behind=2))
    assert events == ["StatementCorrected", "CaseOpened", "ArrearsReported", "StageEntered"]
    assert isinstance(standing.case, OpenCase)


def test_a_line_of_a_time_before_the_case_changes_the_account_alone() -> None:
    standing = told(a_line(month=1, behind=0), a_line(month=3, behind=1))
    assert take(standing, a_line(month=2, behind=0))[1] == ["StatementReported"]
    assert take(standing, a_line(month=1, behind=2))[1] == ["StatementCorrected"]


def test_a_corrected_payment_decides_a_promise_again() -> None:
    standing = told(MONTHS[0])
    day = date(2005, 2, 10)
    given = e.PromiseToPay(promise="prm_1", on=day, amount=Money(5_000, "TWD"), due=day, given_by="DEBTOR")
    standing = Standing(standing.account, fold_case([given], standing.case))
    standing, events = take(standing, MONTHS[1])
    assert "PromiseKept" in events
    standing, events = take(standing, a_line(month=1, behind=2, balance=80_000, paid=0))
    assert events == ["StatementCorrected", "PaymentReturned", "PromiseReopened", "PromiseBroken"]
    assert picture(standing, 1).promises["prm_1"].status == promise.BROKEN
    assert redecide(standing.case, month_end(1), CN_RETAIL_1) == ()


@pytest.mark.parametrize("late", [False, True])
def test_a_payment_that_came_to_us_is_not_counted_again_when_the_statement_reports_it(late: bool) -> None:
    day = date(2005, 2, 10)
    ours = e.PaymentReceived(
        account=ACCOUNT, amount=Money(4_000, "TWD"), period_from=day, period_until=day + timedelta(days=1),
        payment="pay_1", channel="BANK",
    )  # fmt: skip
    standing = told(*MONTHS[: 2 if late else 1])
    standing = Standing(standing.account, fold_case([ours], standing.case))
    if not late:
        standing, _ = take(standing, MONTHS[1])
    found = picture(standing, 1)
    assert found.balance.received == Money(5_000, "TWD")
    assert found.arrears == Money(80_000, "TWD")
