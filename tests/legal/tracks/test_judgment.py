"""A judgment: appealed in time, sent back, final, in force once nobody can appeal any more."""

from __future__ import annotations

import pytest

from services.legal.domain import commands as c
from services.legal.domain.facts import suit as s
from services.legal.domain.tracks import refusals as no
from services.legal.domain.tracks.machine import StepOnlyByTime, StepOutOfOrder
from shared.kernel.money import Money
from tests.legal.deadlines.story import OWED, Story, day, track
from tests.legal.tracks.suing import (
    NOTHING,
    SUIT,
    WIFE,
    both,
    by_time,
    effective,
    heard,
    in_force,
    status,
)


def test_an_appeal_after_the_last_day_is_refused_and_the_last_day_named() -> None:
    story = Story.opened()
    story.judged("2026-09-10")
    story.take(s.JudgmentServed, "2026-09-16", SUIT)
    with pytest.raises(no.AppealTooLate) as refused:
        story.take(s.SuitAppealed, "2026-10-09", SUIT)
    assert refused.value.context == {"last_day": day("2026-10-08")}
    story.take(s.SuitAppealed, "2026-10-08", SUIT)
    assert status(story) == "APPEALED"


def test_where_the_working_days_of_a_year_are_not_announced_the_raw_day_counts() -> None:
    story = Story.opened(on="2030-01-05", due="2029-06-30")
    story.judged("2030-03-01")
    story.take(s.JudgmentServed, "2030-03-01", SUIT)
    with pytest.raises(no.AppealTooLate) as refused:
        story.take(s.SuitAppealed, "2030-03-17", SUIT)
    assert refused.value.context == {"last_day": day("2030-03-16")}
    story.take(s.SuitAppealed, "2030-03-16", SUIT)


def test_the_period_of_appeal_ends_with_that_of_whoever_was_served_last() -> None:
    story = Story.opened()
    story.filed("2026-09-01", against=both(story))
    heard(story, "2026-09-01")
    story.take(s.JudgmentIssued, "2026-09-01", SUIT)
    story.take(s.JudgmentServed, "2026-09-01", SUIT)
    with pytest.raises(no.NotEveryoneServed) as unserved:
        by_time(story, effective(story, "2026-10-20"))
    assert unserved.value.context == {"left": 1}
    story.take(s.JudgmentServed, "2026-09-16", SUIT, person=WIFE)
    with pytest.raises(no.AppealStillOpen) as still:
        by_time(story, effective(story, "2026-10-08"))
    assert still.value.context == {"last_day": day("2026-10-08")}
    by_time(story, effective(story, "2026-10-09"))
    assert status(story) == "EFFECTIVE"


def test_a_judgment_is_served_by_a_notice_of_its_own_and_not_by_that_of_the_claim() -> None:
    story = Story.opened()
    story.filed("2026-01-06")
    story.take(s.SuitAccepted, "2026-01-07", SUIT)
    story.take(s.ServiceNoticePublished, "2026-01-12", SUIT)
    by_time(
        story,
        story.build(s.ServedByNotice, "2026-02-11", SUIT, person=None, published_on=day("2026-01-12")),
    )
    story.take(s.HearingSet, "2026-03-02", SUIT, hearing_on=day("2026-03-10"))
    story.take(s.SuitHeard, "2026-03-10", SUIT)
    story.take(s.JudgmentIssued, "2026-03-20", SUIT)
    story.take(s.ServiceNoticePublished, "2026-06-01", SUIT)
    by_time(
        story,
        story.build(s.ServedByNotice, "2026-07-01", SUIT, person=None, published_on=day("2026-06-01")),
    )
    assert status(story) == "APPEAL_PERIOD"
    by_time(story, effective(story, "2026-07-17"))
    assert status(story) == "EFFECTIVE"


def test_nobody_reports_that_nobody_appealed_but_after_an_appeal_somebody_does() -> None:
    story = Story.opened()
    story.judged("2026-09-10")
    story.take(s.JudgmentServed, "2026-09-16", SUIT)
    with pytest.raises(StepOnlyByTime):
        story.do(c.TakeStep(step=effective(story, "2026-10-09"), by="user:lin"), "2026-10-09")
    story.take(s.SuitAppealed, "2026-09-20", SUIT)
    with pytest.raises(StepOutOfOrder):
        by_time(story, effective(story, "2026-10-09"))
    less = Money(4_000_000, "CNY")
    story.take(s.AppealJudged, "2026-12-01", SUIT, outcome="PARTLY_WON", amount=less, perform_days=10)
    with pytest.raises(no.NotWhatWasDecided):
        story.take(
            s.JudgmentEffective, "2026-12-01", SUIT, amount=OWED, perform_until=day("2026-12-11"),
            because="APPEAL_JUDGED",
        )  # fmt: skip
    story.take(
        s.JudgmentEffective, "2026-12-01", SUIT, amount=less, perform_until=day("2026-12-11"),
        because="APPEAL_JUDGED",
    )  # fmt: skip
    assert status(story) == "EFFECTIVE"


def test_an_appeal_taken_back_leaves_the_first_judgment() -> None:
    story = Story.opened()
    story.judged("2026-09-10")
    story.take(s.JudgmentServed, "2026-09-16", SUIT)
    story.take(s.SuitAppealed, "2026-09-20", SUIT)
    story.take(s.AppealWithdrawn, "2026-09-25", SUIT, reason="FEE_NOT_PAID")
    story.take(
        s.JudgmentEffective, "2026-09-25", SUIT, amount=OWED, perform_until=day("2026-10-05"),
        because="APPEAL_WITHDRAWN",
    )  # fmt: skip
    assert status(story) == "EFFECTIVE"


def test_a_case_sent_back_is_heard_again() -> None:
    story = Story.opened()
    story.judged("2026-09-10")
    story.take(s.JudgmentServed, "2026-09-16", SUIT)
    story.take(s.SuitAppealed, "2026-09-20", SUIT)
    story.take(s.AppealRemanded, "2026-11-01", SUIT, reason="FACTS_UNCLEAR")
    story.take(s.HearingSet, "2026-11-02", SUIT, hearing_on=day("2026-11-20"))
    story.take(s.SuitHeard, "2026-11-20", SUIT)
    story.take(s.JudgmentIssued, "2026-12-01", SUIT, outcome="LOST", amount=NOTHING)
    story.take(s.JudgmentServed, "2026-12-02", SUIT)
    with pytest.raises(no.AppealStillOpen):
        by_time(story, effective(story, "2026-12-17", amount=NOTHING))
    story.take(s.SuitAppealed, "2026-12-10", SUIT, by_side="OURS")


def test_small_claims_are_final_in_first_instance() -> None:
    story = Story.opened()
    story.filed("2026-09-01", procedure="SMALL_CLAIMS")
    heard(story, "2026-09-01")
    story.take(s.JudgmentIssued, "2026-09-02", SUIT)
    story.take(s.JudgmentServed, "2026-09-04", SUIT)
    with pytest.raises(no.NoAppeal):
        story.take(s.SuitAppealed, "2026-09-05", SUIT)
    by_time(story, effective(story, "2026-09-04", because="SMALL_CLAIMS"))
    assert status(story) == "EFFECTIVE"


def test_a_ruling_is_appealed_within_ten_days_once_and_there_is_nothing_to_judge() -> None:
    story = Story.opened()
    story.filed("2026-09-01")
    story.take(s.SuitNotAccepted, "2026-09-22", SUIT, reason="NO_JURISDICTION")
    with pytest.raises(no.AppealTooLate) as refused:
        story.take(s.SuitAppealed, "2026-10-09", SUIT, by_side="OURS")
    assert refused.value.context == {"last_day": day("2026-10-08")}
    story.take(s.SuitAppealed, "2026-10-08", SUIT, by_side="OURS")
    with pytest.raises(no.NothingJudged):
        story.take(s.AppealJudged, "2026-10-20", SUIT, outcome="WON", amount=OWED, perform_days=1)
    with pytest.raises(no.NothingJudged):
        story.take(s.AppealWithdrawn, "2026-10-20", SUIT, reason="X")
    story.take(s.SuitNotAccepted, "2026-10-20", SUIT, reason="UPHELD")
    with pytest.raises(no.NoAppeal):
        story.take(s.SuitAppealed, "2026-10-21", SUIT, by_side="OURS")


def test_a_court_of_appeal_may_order_that_the_suit_is_taken_up() -> None:
    story = Story.opened()
    story.filed("2026-09-01")
    story.take(s.SuitNotAccepted, "2026-09-22", SUIT, reason="NO_JURISDICTION")
    story.take(s.SuitAppealed, "2026-09-24", SUIT, by_side="OURS")
    story.take(s.AppealRemanded, "2026-10-20", SUIT, reason="HAS_JURISDICTION")
    story.take(s.SuitAccepted, "2026-10-21", SUIT)
    story.take(s.SuitDismissed, "2026-10-25", SUIT, reason="NO_STANDING")
    story.take(s.SuitAppealed, "2026-10-26", SUIT, by_side="OURS")
    with pytest.raises(StepOutOfOrder):
        story.take(s.SuitNotAccepted, "2026-11-26", SUIT, reason="UPHELD")
    story.take(s.SuitDismissed, "2026-11-26", SUIT, reason="UPHELD")
    assert status(story) == "DISMISSED"


def test_a_service_whose_day_is_corrected_lets_the_judgment_take_effect_once_more() -> None:
    story = Story.opened()
    story.judged("2026-09-10")
    served = story.take(s.JudgmentServed, "2026-09-14", SUIT)
    [early] = in_force(story, "2026-10-10")
    assert early.on == day("2026-09-30")
    for step in (early, served):
        back = c.RetractStep(
            step=step.step, track=track(SUIT), on=day("2026-10-11"), reason="ENTERED_IN_ERROR", by="user:lin"
        )
        story.do(back, "2026-10-11")
    story.take(s.JudgmentServed, "2026-09-16", SUIT)
    assert [one.on for one in in_force(story, "2026-10-12")] == [day("2026-10-09")]


def test_why_it_is_in_force_is_said_as_it_is() -> None:
    story = Story.opened()
    story.judged("2026-09-10")
    story.take(s.JudgmentServed, "2026-09-16", SUIT)
    with pytest.raises(no.NotWhatWasDecided) as refused:
        by_time(story, effective(story, "2026-10-09", because="SMALL_CLAIMS"))
    assert refused.value.context == {"field": "because"}
