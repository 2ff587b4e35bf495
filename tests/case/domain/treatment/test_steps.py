"""Steps fall due, are taken, passed by with a reason, or prove never to have been due."""

from datetime import UTC, datetime, time

import pytest

from services.case.domain import case_commands as c
from services.case.domain import events as e
from services.case.domain import money_commands as m
from services.case.domain.treatment.act import StepNotDue, StepSkipReasonUnknown
from tests.case.domain.treatment.treated_life import TreatedLife, names, on, only
from tests.kit.life import ACCOUNT, cny
from tests.kit.treated import book, small, step


def life(days_past_due: int = 10, **more: object) -> TreatedLife:
    case = TreatedLife(book(small(**more)))
    case.open(days_past_due=days_past_due)
    return case


def called(case: TreatedLife, days: int, ref: str = "att_1", channel: str = "CALL") -> list[e.CaseEvent]:
    day = on(days)
    return list(
        case.do(
            c.RecordAttempt(
                attempt_ref=ref, at=datetime.combine(day, time(3), UTC), on=day, channel=channel,
                outcome="NO_ANSWER", actor_kind="COLLECTOR", permit=None,
            )
        )
    )  # fmt: skip


def test_a_case_is_decided_pinned_and_its_first_step_due_once() -> None:
    case = life()
    assert names(case.sweep(0)) == ["SegmentDecided", "StrategyPinned", "StrategyStepDue"]
    assert case.segment == "ONE"
    assert case.sweep(0) == []
    assert names(case.sweep(1)) == []


def test_an_attempt_on_its_channel_takes_the_step_at_once() -> None:
    case = life()
    case.sweep(0)
    assert names(called(case, 1)) == ["StrategyStepTaken"]
    assert case.steps() == {"1.soft": "TAKEN"}
    assert names(case.sweep(3)) == ["StrategyStepDue"]
    assert names(called(case, 3, "att_2", channel="SMS")) == []


def test_what_nobody_took_is_passed_by_with_its_reason() -> None:
    case = life()
    case.sweep(0)
    assert names(case.sweep(2)) == []
    [skipped] = only(case.sweep(3), e.StrategyStepSkipped)
    assert (skipped.step, skipped.reason, skipped.planned) == ("1.soft", "NOT_TAKEN", on(0))


def test_a_step_waits_while_the_debtors_word_is_out_and_is_passed_by_for_it() -> None:
    case = life()
    case.do(m.TakePromise(ref="prm_1", on=on(0), amount=cny(100), due=on(20), given_by="DEBTOR"))
    assert names(case.sweep(0)) == ["SegmentDecided", "StrategyPinned"]
    [skipped] = only(case.sweep(3), e.StrategyStepSkipped)
    assert (skipped.step, skipped.reason) == ("1.soft", "PROMISE")


def test_a_step_that_waited_falls_due_when_its_way_is_free() -> None:
    case = life()
    case.do(
        c.PlaceHold(ref="hld_1", kind="SYSTEM", on=on(0), until=on(2), reason="TEST", stops_interest=False)
    )
    case.sweep(0)
    assert names(case.sweep(1)) == []
    [due] = only(case.sweep(2), e.StrategyStepDue)
    assert (due.planned, due.as_of, due.until) == (on(0), on(2), on(2))


def test_a_person_takes_or_skips_a_step_for_a_known_reason_only() -> None:
    case = life()
    case.sweep(0)
    with pytest.raises(StepSkipReasonUnknown):
        case.do(c.SkipStep(step="1.soft", on=on(0), reason="LAZY", by="user:anna"))
    with pytest.raises(StepNotDue):
        case.do(c.TakeStep(step="1.call", on=on(0), by="user:anna"))
    case.do(c.TakeStep(step="1.soft", on=on(0), by="user:anna"))
    assert case.do(c.TakeStep(step="1.soft", on=on(0), by="user:anna")) == ()
    case.sweep(3)
    [skipped] = case.do(c.SkipStep(step="1.call", on=on(3), reason="DEBTOR_ASKED", by="user:anna"))
    assert isinstance(skipped, e.StrategyStepSkipped)
    assert case.steps() == {"1.soft": "TAKEN", "1.call": "SKIPPED"}


def test_when_the_case_ends_its_open_steps_are_passed_by() -> None:
    case = life()
    case.sweep(0)
    ended = case.do(c.CloseCase(on=on(1), reason="SOLD"))
    [skipped] = only(list(ended), e.StrategyStepSkipped)
    assert skipped.reason == "CASE_ENDED"


def test_a_payment_told_late_withdraws_a_step_that_was_never_due() -> None:
    case = life()
    case.sweep(1)
    told = case.do(
        m.RecordPayment(ref="pay_1", account=ACCOUNT, on=on(0), amount=cny(100_000), channel="BANK")
    )
    [withdrawn] = only(list(told), e.StrategyStepWithdrawn)
    assert (withdrawn.step, withdrawn.reason) == ("1.soft", "NEVER_DUE")


def test_a_change_of_segment_passes_the_open_steps_by_and_begins_a_new_visit() -> None:
    rules = [
        {"name": "tried", "segment": "TWO", "when": {"stage": ["M1"], "reached": ["TRIED"]}},
        {"name": "m1", "segment": "ONE", "when": {"stage": ["M1"]}},
    ]
    case = life(rules=rules)
    case.sweep(0)
    called(case, 0, channel="SMS")
    said = [one for one in case.sweep(1) if type(one).__name__ != "StageEntered"]
    assert names(said) == ["SegmentDecided", "StrategyStepSkipped", "StrategyPinned"]
    assert (said[1].reason, said[2].because, said[2].visit) == ("SEGMENT_CHANGED", "SEGMENT", 2)
    assert only(case.sweep(2), e.StrategyStepDue)[0].step == "2.call"


def test_steps_whose_days_lie_before_the_strategy_came_are_passed_by_as_such() -> None:
    case = life(segments=[
        {"name": "OTHER"},
        {"name": "ONE", "steps": [step("old", 0, "REVIEW", within=1) | {"from": "case"}]},
        {"name": "TWO", "steps": []},
    ])  # fmt: skip
    [skipped] = only(case.sweep(9), e.StrategyStepSkipped)
    assert (skipped.reason, skipped.planned) == ("BEFORE_PINNED", on(0))


def test_a_step_that_falls_due_on_the_day_it_was_done_is_taken() -> None:
    case = life()
    called(case, 0)
    assert names(case.sweep(0)) == [
        "SegmentDecided",
        "StrategyPinned",
        "StrategyStepDue",
        "StrategyStepTaken",
    ]
    assert case.sweep(0) == []
