"""Preservation: lapses without a suit, is renewed before its end, holds on without a gap, never beyond the claim."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.legal.domain import commands as c
from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import enforcement as e
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import preservation as v
from services.legal.domain.limitation.reading import limitation
from services.legal.domain.tracks import preservation as rules
from services.legal.domain.tracks.all_tracks import status_of
from services.legal.domain.tracks.machine import StepOnlyByTime, StepOutOfOrder
from shared.kernel.money import Money
from tests.legal.deadlines.story import OWED, Story, day, track

HALF = Money(2_500_000, "CNY")


@pytest.fixture
def story() -> Story:
    """A preservation before a suit, carried out on 1 May 2026 until 30 April 2027."""
    found = Story.opened()
    found.preserved("2026-04-28")
    found.take(v.PreservationExecuted, "2026-05-01", "held", until=day("2027-04-30"))
    return found


def test_without_a_suit_it_lapses_thirty_days_after_it_was_carried_out(story: Story) -> None:
    """31 May 2026 is a Sunday, so Monday 1 June is the last day (K05 of the clock cases)."""
    due = story.deadline("PRESERVATION_SUIT", "2026-05-31", "held")
    assert (due.raw_on, due.expires_on, due.state) == (day("2026-05-31"), day("2026-06-01"), "RUNNING")
    assert (due.article, due.confidence) == ("民事诉讼法 104", "verified")
    with pytest.raises(StepOnlyByTime):
        story.take(v.PreservationLapsed, "2026-06-02", "held", reason="NO_SUIT")
    said = [one for one in story.sweep("2026-05-31") if isinstance(one, v.PreservationLapsed)]
    assert said == []
    [lapsed] = [one for one in story.sweep("2026-06-01") if isinstance(one, v.PreservationLapsed)]
    assert (lapsed.on, lapsed.reason) == (day("2026-06-02"), "NO_SUIT")
    assert status_of(story.matter, track("held")) == "LAPSED"
    assert story.sweep("2026-06-01") == [], "the same day again says nothing"
    left = {one.name for one in story.deadlines("2026-06-02")}
    assert left == {"PRESERVATION_SUIT"}, "what fell neither ends nor is renewed"


@pytest.mark.parametrize(("filed", "keeps"), [("2026-06-01", True), ("2026-06-02", False)])
def test_a_suit_on_the_last_day_keeps_it_and_one_on_the_next_does_not(
    story: Story, filed: str, keeps: bool
) -> None:
    story.filed(filed)
    story.sweep("2026-06-05")
    assert status_of(story.matter, track("held")) == ("EXECUTED" if keeps else "LAPSED")
    state = story.deadline("PRESERVATION_SUIT", "2026-06-05", "held").state
    assert state == ("KEPT" if keeps else "EXPIRED")


def test_an_arbitration_filed_keeps_it_as_a_suit_does(story: Story) -> None:
    for kind in (a.ArbitrationAssessed, a.ClauseVerified, a.ArbitrationApproved, a.ArbitrationFiled):
        story.take(kind, "2026-05-20", "arb")
    story.sweep("2026-06-01")
    assert status_of(story.matter, track("held")) == "EXECUTED"


def test_it_lapses_at_its_end_unless_it_was_renewed_before(story: Story) -> None:
    story.filed("2026-05-20")
    story.take(v.PreservationRenewalAsked, "2027-04-20", "held")
    story.take(v.PreservationRenewed, "2027-04-26", "held", until=day("2028-04-26"))
    assert not [one for one in story.sweep("2027-05-04") if isinstance(one, v.PreservationLapsed)]
    [lapsed] = [one for one in story.sweep("2028-04-26") if isinstance(one, v.PreservationLapsed)]
    assert (lapsed.on, lapsed.reason) == (day("2028-04-27"), "TERM")


def test_renewal_is_asked_for_seven_days_before_the_end_and_late_is_said_to_be_late(story: Story) -> None:
    due = story.deadline("PRESERVATION_RENEWAL", "2027-04-01", "held")
    assert (due.expires_on, due.article) == (day("2027-04-23"), "财产保全规定 18")
    story.take(v.PreservationRenewalAsked, "2027-04-24", "held")
    assert story.deadline("PRESERVATION_RENEWAL", "2027-04-24", "held").state == "LATE"


def test_never_after_its_end_is_it_renewed_nor_is_that_asked_for(story: Story) -> None:
    for kind, more in (
        (v.PreservationRenewalAsked, {}),
        (v.PreservationRenewed, {"until": day("2028-05-01")}),
    ):
        with pytest.raises(rules.PreservationEnded):
            story.take(kind, "2027-05-01", "held", **more)
    refused = [one.rule for one in story.matter.all(m.StepRefused)]
    assert refused == ["preservation-ended", "preservation-ended"]
    with pytest.raises(rules.PreservationNotLonger):
        story.take(v.PreservationRenewed, "2027-04-30", "held", until=day("2027-04-30"))


def test_of_several_measures_each_has_its_own_end_and_a_renewal_names_one() -> None:
    story = Story.opened()
    story.preserved("2026-04-28")
    bank = story.take(v.PreservationExecuted, "2026-05-06", "held", until=day("2027-05-05"), amount=HALF)
    house = story.take(
        v.PreservationExecuted,
        "2026-05-07",
        "held",
        until=day("2029-05-06"),
        amount=HALF,
        asset="REAL_ESTATE",
    )
    with pytest.raises(rules.PreservationOverClaim):
        story.take(
            v.PreservationExecuted, "2026-05-08", "held", until=day("2027-05-05"), amount=Money(1, "CNY")
        )
    story.filed("2026-05-20")
    with pytest.raises(rules.PreservationMeasureUnknown):
        story.take(v.PreservationRenewed, "2027-04-20", "held", until=day("2028-05-05"), executed="stp_0")
    renewed = story.take(
        v.PreservationRenewed, "2027-04-20", "held", until=day("2028-05-05"), executed=bank.step
    )
    ends = {
        one.begun_by: one.ends_on for one in story.deadlines("2027-04-20") if one.name == "PRESERVATION_END"
    }
    assert ends == {renewed.step: day("2028-05-05"), house.step: day("2029-05-06")}
    assert not [one for one in story.sweep("2028-05-05") if isinstance(one, v.PreservationLapsed)]


def test_the_sum_is_at_most_the_claim_and_without_a_claim_there_is_none() -> None:
    story = Story.opened()
    with pytest.raises(rules.PreservationOverClaim):
        story.take(v.PreservationApplied, "2026-04-28", "held", amount=OWED + Money(1, "CNY"))
    with pytest.raises(rules.PreservationOverClaim):
        Story.opened(claimed=None).take(v.PreservationApplied, "2026-04-28", "held")
    [said] = story.matter.all(m.StepRefused)
    assert (said.rule, said.source) == ("preservation-over-claim", "民事诉讼法 105")


def test_before_a_suit_there_is_no_ruling_without_security() -> None:
    story = Story.opened()
    story.take(v.PreservationApplied, "2026-04-28", "held")
    with pytest.raises(rules.PreservationWithoutSecurity):
        story.take(v.PreservationRuled, "2026-04-29", "held")
    with pytest.raises(StepOutOfOrder):
        story.take(v.PreservationExecuted, "2026-04-29", "held", until=day("2027-04-29"))


def test_in_a_suit_it_names_the_suit_and_for_an_arbitration_a_court() -> None:
    story = Story.opened()
    with pytest.raises(rules.PreservationNeedsSuit):
        story.take(v.PreservationApplied, "2026-04-28", "held", phase="IN_SUIT")
    for kind in (a.ArbitrationAssessed, a.ClauseVerified, a.ArbitrationApproved, a.ArbitrationFiled):
        story.take(kind, "2026-04-20", "arb")
    how = {"phase": "IN_SUIT", "follows": track("arb")}
    with pytest.raises(rules.PreservationThroughCourt):
        story.take(v.PreservationApplied, "2026-04-28", "held", court="SHIAC", **how)
    story.take(v.PreservationApplied, "2026-04-28", "held", **how)
    story.take(v.PreservationRuled, "2026-04-29", "held")
    story.take(v.PreservationExecuted, "2026-04-30", "held", until=day("2027-04-29"))
    assert not [one for one in story.deadlines("2026-07-01") if one.name == "PRESERVATION_SUIT"]


def test_it_goes_over_into_suit_and_enforcement_without_a_gap(story: Story) -> None:
    with pytest.raises(rules.PreservationGap):
        story.take(v.PreservationConverted, "2026-05-20", "held", into=track("suit"))
    story.filed("2026-05-20")
    story.take(v.PreservationConverted, "2026-05-20", "held", into=track("suit"))
    story.titled("2026-09-01")
    story.take(e.EnforcementApplied, "2026-09-02", "enf", title=track("order"))
    story.take(v.PreservationConverted, "2026-09-03", "held", into=track("enf"))
    assert status_of(story.matter, track("held")) == "CONVERTED"
    assert story.deadline("PRESERVATION_END", "2026-09-03", "held").open, (
        "it holds on, and ends as it would have"
    )


def test_after_it_lapsed_nothing_converts(story: Story) -> None:
    story.sweep("2026-06-01")
    story.filed("2026-06-10")
    with pytest.raises(StepOutOfOrder):
        story.take(v.PreservationConverted, "2026-06-10", "held", into=track("suit"))


def test_the_application_before_a_suit_holds_limitation_and_it_runs_anew_once_it_lapsed() -> None:
    story = Story.opened(due="2024-06-28")
    story.preserved("2026-04-28")
    [held] = limitation(story.claims, story.ground.law, as_of=day("2026-05-02"))
    assert held.state == "IN_PROCEDURE"
    story.take(v.PreservationExecuted, "2026-05-01", "held", until=day("2027-04-30"))
    story.sweep("2026-06-01")
    [again] = limitation(story.claims, story.ground.law, as_of=day("2026-06-02"))
    assert (again.state, again.raw_on) == ("CALENDAR_MISSING", day("2029-06-02"))


def test_one_that_was_refused_counts_for_nothing() -> None:
    story = Story.opened(due="2024-06-28")
    story.take(v.PreservationApplied, "2026-04-28", "held")
    story.take(v.PreservationRefused, "2026-04-29", "held", reason="NO_RISK_SHOWN")
    [after] = limitation(story.claims, story.ground.law, as_of=day("2026-05-02"))
    assert after.raw_on == day("2027-06-28")


def test_on_an_expired_claim_it_is_not_applied_for_before_a_suit() -> None:
    story = Story.opened(due="2022-06-30")
    with pytest.raises(Exception, match="claim-expired"):
        story.take(v.PreservationApplied, "2026-04-28", "held")
    assert [one.wanted for one in story.matter.all(m.StepRefused)] == ["PRESERVATION_APPLIED"]


def test_a_step_taken_back_opens_its_deadline_again(story: Story) -> None:
    story.filed("2026-05-20")
    filed = story.matter.steps(track("suit"))[-1]
    story.do(
        c.RetractStep(
            step=filed.step,
            track=track("suit"),
            on=day("2026-05-21"),
            reason="ENTERED_IN_ERROR",
            by="user:lin",
        ),
        "2026-05-21",
    )
    assert story.deadline("PRESERVATION_SUIT", "2026-05-21", "held").state == "RUNNING"


@given(st.integers(0, 40))
def test_it_has_lapsed_exactly_where_no_suit_came_in_time(days: int) -> None:
    """Whatever day the suit is filed on: kept up to the last day, lapsed after it, and never both."""
    story = Story.opened()
    story.preserved("2026-04-28")
    story.take(v.PreservationExecuted, "2026-05-01", "held", until=day("2027-04-30"))
    filed = date.fromordinal(day("2026-05-01").toordinal() + days)
    story.filed(filed.isoformat())
    story.sweep("2026-07-01")
    lapsed = status_of(story.matter, track("held")) == "LAPSED"
    assert lapsed == (filed > day("2026-06-01"))
