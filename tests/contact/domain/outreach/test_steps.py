"""Steps come due by stage and by due date, and each ends as taken, skipped or waiting with a reason."""

from __future__ import annotations

from services.contact.domain.facts import outreach as f
from services.contact.domain.outreach import steps
from services.contact.domain.outreach.follow import follow
from services.contact.domain.outreach.outreach import Outreach, fold
from tests.contact.domain.outreach.told import BOOK, at, day, fact, heard, skipped, taken, through, worked

OPENED = fact(1, "OPENED", 0)
M1 = fact(2, "STAGE", 0, stage="M1")


def test_a_month_in_m1_takes_its_three_steps_and_each_once() -> None:
    _, events = through(Outreach(), 30, told={0: [OPENED, M1]})
    assert taken(events) == [("soft-reminder", 1), ("first-call", 1), ("soft-letter", 1)]
    assert not skipped(events)


def test_the_window_of_the_day_is_waited_for() -> None:
    state = heard(OPENED, M1)
    early = steps.next_steps(state, BOOK, at(1, 0))  # 08:00 in Shanghai
    assert [(one.act, one.reason, one.until) for one in early] == [("WAIT", "OUT_OF_HOURS", at(1, 1, 30))]
    late = steps.next_steps(state, BOOK, at(1, 12))  # 20:00
    assert [one.until for one in late] == [at(2, 1, 30)]
    assert [one.act for one in steps.next_steps(state, BOOK, at(1, 2))] == ["TAKE"]


def test_a_promise_leaves_one_reminder_before_it_falls_due() -> None:
    promise = fact(3, "PROMISE", 3, thing="prm_1", until=9)
    _, events = through(Outreach(), 12, told={0: [OPENED, M1], 3: [promise]})
    assert taken(events) == [("soft-reminder", 1), ("promise-reminder", 1)]
    softened = next(one for one in events if isinstance(one, f.OutreachSoftened))
    assert (softened.because, softened.until) == (("prm_1",), day(9))
    assert ("first-call", "PROMISE_OPEN") in skipped(events)


def test_a_broken_promise_resumes_and_what_still_may_be_taken_is() -> None:
    promise = fact(3, "PROMISE", 3, thing="prm_1", until=6)
    broken = fact(4, "OVER", 7, thing="prm_1", cause="BROKEN")
    _, events = through(Outreach(), 14, told={0: [OPENED, M1], 3: [promise], 7: [broken]})
    assert any(isinstance(one, f.OutreachResumed) for one in events)
    assert ("first-call", "HAS_PROMISED") in skipped(events)


def test_a_hold_pauses_and_ends_by_its_own_day() -> None:
    hold = fact(3, "HOLD", 4, thing="hld_1", until=7, cause="MORATORIUM")
    state, events = through(Outreach(), 10, told={0: [OPENED, M1], 4: [hold]})
    paused = next(one for one in events if isinstance(one, f.OutreachPaused))
    assert paused.reasons == ("HOLD_MORATORIUM",)
    assert [type(one).__name__ for one in events if not isinstance(one, f.CaseHeard)] == [
        "OutreachStarted", "StepTaken", "OutreachPaused", "OutreachResumed", "StepTaken",
    ]  # fmt: skip
    assert state.said.state == "RUNNING"


def test_a_step_whose_time_ran_out_in_a_pause_says_so() -> None:
    hold = fact(3, "DISPUTE", 4, thing="dsp_1")
    _, events = through(Outreach(), 12, told={0: [OPENED, M1], 4: [hold]})
    assert ("first-call", "DISPUTE") in skipped(events)


def test_the_end_of_the_case_skips_what_was_due_and_plans_nothing_more() -> None:
    hold, ended = fact(3, "HOLD", 4, thing="hld_1"), fact(4, "CLOSED", 7, cause="CURED")
    state, events = through(Outreach(), 20, told={0: [OPENED, M1], 4: [hold], 7: [ended]})
    assert skipped(events) == [("first-call", "CASE_ENDED")]
    assert state.said.because == ("CURED",)
    assert steps.planned(state, BOOK, at(20)) == ()
    assert steps.look_at(state, BOOK, at(20)) is None


def test_a_stage_that_is_left_skips_its_due_steps_and_the_next_begins_its_own() -> None:
    hold, over = fact(3, "HOLD", 4, thing="hld_1"), fact(4, "OVER", 8, thing="hld_1")
    m2 = fact(5, "STAGE", 8, stage="M2")
    _, events = through(Outreach(), 32, told={0: [OPENED, M1], 4: [hold], 8: [over, m2]})
    assert ("first-call", "STAGE_LEFT") in skipped(events)
    assert [time for step, time in taken(events) if step == "negotiation-call"] == [1, 2, 3, 4]


def test_what_was_over_before_the_case_was_heard_of_was_never_due() -> None:
    opened = fact(1, "OPENED", 0, heard_at=at(10))
    m1 = fact(2, "STAGE", 0, stage="M1", heard_at=at(10))
    state = heard(opened, m1)
    _, events = worked(state, at(10, 3))
    assert taken(events) == []
    assert skipped(events) == []
    _, events = worked(state, at(12, 3))
    assert taken(events) == [("soft-letter", 1)]


def test_a_payment_leaves_out_what_is_not_wanted_then() -> None:
    _, events = through(Outreach(), 20, told={0: [OPENED, M1], 4: [fact(3, "PAID", 4)]})
    assert skipped(events) == [("first-call", "HAS_PAID"), ("soft-letter", "HAS_PAID")]


def test_an_account_that_is_not_overdue_is_reminded_before_its_due_date() -> None:
    due = fact(1, "DUE", 0, thing="ins_1", until=10)
    _, events = through(Outreach(), 20, told={0: [due]})
    assert taken(events) == [("due-soon", 1)]
    paid = fact(2, "OVER", 5, thing="ins_1", cause="PAID")
    _, events = through(Outreach(), 20, told={0: [due], 5: [paid]})
    assert taken(events) == []


def test_a_case_with_an_agency_is_left_to_it() -> None:
    mode = fact(3, "MODE", 2, cause="AGENCY")
    state, events = through(Outreach(), 12, told={0: [OPENED, M1], 2: [mode]})
    assert state.said.because == ("MODE_AGENCY",)
    assert taken(events) == [("soft-reminder", 1)]


def test_a_stage_that_proves_to_have_begun_earlier_is_the_same_stage() -> None:
    late = fact(3, "STAGE", -2, stage="M1", heard_at=at(3))
    _, events = through(Outreach(), 30, told={0: [OPENED, M1], 3: [late]})
    assert taken(events) == [("soft-reminder", 1), ("first-call", 1), ("soft-letter", 1)]


def test_an_open_dial_task_ends_when_outreach_pauses_and_when_its_time_is_over() -> None:
    raised = f.DialTaskRaised(
        task="dtk_1", about="case-1", subject="subject-1", situation="first-call", at=at(5), until=at(9)
    )
    state = fold([raised], heard(OPENED, M1))
    assert steps.look_at(state, BOOK, at(5)) is not None
    paused = fold([fact(3, "HOLD", 6, thing="hld_1")], state)
    assert [
        one.reason for one in follow(paused, today=day(6), at=at(6)) if isinstance(one, f.DialTaskEnded)
    ] == ["PAUSED"]
    assert [
        one.reason for one in follow(state, today=day(9), at=at(9)) if isinstance(one, f.DialTaskEnded)
    ] == ["OVER"]
