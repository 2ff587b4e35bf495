"""No stage is jumped over, and no step passed by, in silence."""

from datetime import date

from services.case.domain import events as e
from services.case.domain import money_commands as m
from shared.kernel.parts import Parts
from tests.case.domain.treatment.treated_life import TreatedLife, on, only
from tests.kit.life import ACCOUNT, DAY, cny
from tests.kit.treated import book, small


def test_a_case_that_opens_two_months_behind_passes_by_the_steps_of_the_first_month() -> None:
    """As accounts of the sample do: 0 to 2 months between two statements."""
    case = TreatedLife(book(small()))
    case.open(days_past_due=60)
    said = case.sweep(0)
    jumped = only(said, e.StrategyStepSkipped)
    assert [(one.step, one.reason, one.planned) for one in jumped] == [
        ("1.soft", "STAGE_JUMPED", None),
        ("1.call", "STAGE_JUMPED", None),
    ]
    [pinned] = only(said, e.StrategyPinned)
    assert (pinned.segment, pinned.visit) == ("TWO", 2)
    assert case.sweep(0) == []


def test_a_stage_that_was_reported_was_not_jumped_over() -> None:
    case = TreatedLife(book(small()))
    case.open(days_past_due=30)
    case.sweep(0)
    case.report(30, 60)
    said = case.sweep(30)
    assert "STAGE_JUMPED" not in {one.reason for one in only(said, e.StrategyStepSkipped)}
    assert only(said, e.StrategyPinned)[0].because == "STAGE"


def test_no_jump_is_told_of_from_before_the_strategy() -> None:
    case = TreatedLife(book(small(effective_from=on(5))))
    case.open(days_past_due=60)
    assert not only(case.sweep(4), e.StrategyPinned)
    said = case.sweep(5)
    assert only(said, e.StrategyPinned)
    assert "STAGE_JUMPED" not in {one.reason for one in only(said, e.StrategyStepSkipped)}


def test_kill_bill_2297_every_segment_is_entered_when_its_day_comes() -> None:
    """Unpaid from 31 May, 31 May and 2 June; on 2 June the two oldest are paid, so days count from 2 June.

    Thresholds 5, 7 and 11 days: WARNING 7 June, BLOCKED 9 June, CANCELLATION 13 June (domain.md 7.6).
    """
    rules = [
        {"name": name.lower(), "segment": name, "when": {"days_past_due": {"at_least": days}}}
        for name, days in (("CANCELLATION", 11), ("BLOCKED", 7), ("WARNING", 5))
    ]
    segments = [{"name": name} for name in ("OTHER", "WARNING", "BLOCKED", "CANCELLATION")]
    case = TreatedLife(book(small(rules=rules, segments=segments)))
    may31, june2 = date(2026, 5, 31), date(2026, 6, 2)
    case.today = may31
    case.open(0, days_past_due=1)
    for n, due in enumerate((may31, may31, june2)):
        amounts = Parts(0, 0, 0, 1_000, "CNY")
        case.do(m.BookInstalment(ref=f"ins_{n}", account=ACCOUNT, on=due, amounts=amounts))
    case.do(m.RecordPayment(ref="pay_1", account=ACCOUNT, on=june2, amount=cny(2_000), channel="BANK"))
    entered = {}
    for day in range(1, 16):
        for one in only(case.sweep((date(2026, 6, day) - DAY).days), e.SegmentDecided):
            entered[one.segment] = one.as_of
    assert entered["WARNING"] == date(2026, 6, 7)
    assert entered["BLOCKED"] == date(2026, 6, 9)
    assert entered["CANCELLATION"] == date(2026, 6, 13)
