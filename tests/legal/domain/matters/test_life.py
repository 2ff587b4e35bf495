"""How a matter ends and goes on, how a step is taken back, and who lets what through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.legal.domain import commands as c
from services.legal.domain.facts import enforcement as e
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import suit as s
from services.legal.domain.known import Known
from services.legal.domain.life import proceedings
from services.legal.domain.refusals import (
    MatterHasTracks,
    MatterNotClosed,
    StepLedOn,
    StepNotLast,
    StepUnknown,
)
from services.legal.domain.stepping import OverrideUnfit
from services.legal.domain.tracks.all_tracks import status_of
from services.legal.domain.tracks.machine import StepInTheFuture, TrackUnknown
from shared.kernel.four_eyes import MakerIsChecker
from shared.kernel.refusal import Refused
from tests.legal.deadlines.story import OF, Story, day, track

NOW = "2026-03-02"
ON = day(NOW)


def close(outcome: str) -> c.CloseMatter:
    return c.CloseMatter(outcome=outcome, on=ON, by="user:lin")


def retract(step: str, of: str = "suit") -> c.RetractStep:
    return c.RetractStep(step=step, track=track(of), on=ON, reason="ENTERED_IN_ERROR", by="user:lin")


def test_a_matter_is_not_closed_over_a_suit_that_goes_on() -> None:
    story = Story.opened()
    story.filed(NOW)
    for outcome in ("PAID", "SETTLED", "WITHDRAWN", "NOT_WORTH_IT"):
        with pytest.raises(MatterHasTracks):
            story.do(close(outcome), NOW)
    story.take(s.SuitWithdrawn, NOW, "suit", reason="PAID", settlement=None)
    story.do(close("PAID"), NOW)
    assert story.matter.told[-1].what == "CLOSED"


@pytest.mark.parametrize("outcome", ["RECALLED", "ENTERED_IN_ERROR"])
def test_a_recall_ends_what_goes_on(outcome: str) -> None:
    story = Story.opened()
    story.filed(NOW)
    story.do(close(outcome), NOW)
    assert story.matter.closed is not None


@pytest.mark.parametrize("outcome", ["RECALLED", "ENTERED_IN_ERROR"])
def test_a_suit_whose_end_nobody_will_hear_holds_no_limitation_until_the_matter_goes_on(outcome: str) -> None:
    story = Story.opened()
    story.filed(NOW)
    [proof] = [one for one in story.claims.of_case.proofs.values() if one.kind == "sued"]
    story.do(close(outcome), NOW)
    assert set(story.claims.of_case.retracted) == {proof.proof}
    story.do(c.ReopenMatter(reason="CLOSED_IN_ERROR", on=ON, by="user:lin"), NOW)
    assert not story.claims.of_case.retracted


def test_it_goes_on_once_it_was_closed_and_not_before() -> None:
    story = Story.opened()
    again = c.ReopenMatter(reason="PAYMENT_RETURNED", on=ON, by="user:lin")
    with pytest.raises(MatterNotClosed):
        story.do(again, NOW)
    story.do(close("PAID"), NOW)
    story.do(again, NOW)
    assert story.matter.closed is None
    story.filed(NOW)
    assert [one.what for one in story.matter.told][:2] == ["CLOSED", "REOPENED"]


def test_a_filing_that_never_was_takes_its_proof_along() -> None:
    story = Story.opened()
    story.filed(NOW)
    filed = story.matter.steps(track("suit"))[-1]
    [proof] = [one for one in story.claims.of_case.proofs.values() if one.source_ref == filed.step]
    assert proof.kind == "sued"
    story.do(retract(filed.step), NOW)
    assert proof.proof in story.claims.of_case.retracted
    assert status_of(story.matter, track("suit")) == "APPROVED"
    told = story.matter.told[-1]
    assert (told.what, told.thing, told.code, told.retracted) == ("STEP", filed.step, "SUIT_FILED", True)
    before = story.matter.version
    story.do(retract(filed.step), NOW)
    assert story.matter.version == before


def test_only_the_newest_step_can_go() -> None:
    story = Story.opened()
    story.filed(NOW)
    first = story.matter.steps(track("suit"))[0]
    with pytest.raises(StepNotLast):
        story.do(retract(first.step), NOW)
    with pytest.raises(StepUnknown):
        story.do(retract(f"stp_{OF}{'f' * 16}"), NOW)
    with pytest.raises(TrackUnknown):
        story.do(retract(first.step, "none"), NOW)


def test_a_step_is_taken_once() -> None:
    story = Story.opened()
    step = story.build(o.PaymentOrderAssessed, NOW)
    story.do(c.TakeStep(step=step, by="user:lin"), NOW)
    before = story.matter.version
    story.do(c.TakeStep(step=step, by="user:lin"), NOW)
    assert story.matter.version == before
    story.do(retract(step.step, "t"), NOW)
    before = story.matter.version
    story.do(c.TakeStep(step=step, by="user:lin"), NOW)
    assert story.matter.version == before, "what was taken back does not come again by a repetition"


def test_a_step_is_of_a_track_that_began_and_has_happened() -> None:
    story = Story.opened()
    with pytest.raises(TrackUnknown):
        story.take(s.SuitFiled, NOW, "none")
    with pytest.raises(StepInTheFuture):
        story.take(s.SuitAssessed, "2026-03-03", now=NOW)
    story.take(s.SuitAssessed, NOW)
    with pytest.raises(TrackUnknown):
        story.take(o.PaymentOrderApproved, NOW)


def override(story: Story, *, by: str = "user:wu", of: str = "suit", wanted: str = "SUIT_FILED") -> str:
    ref = f"ovr_{OF}{len(story.matter.standing):016x}"
    given = m.OverrideGiven(
        override=ref, track=track(of), wanted=wanted, reason="COUNSEL_READS_OTHERWISE", on=ON,
        asked_by="user:wang", by=by,
    )  # fmt: skip
    story.do(c.GiveOverride(override=given), NOW)
    return ref


def expired() -> Story:
    """A claim whose three years are long over, and a suit that is approved."""
    story = Story.opened(due="2020-01-01")
    story.take(s.SuitAssessed, NOW, "suit")
    story.take(s.SuitApproved, NOW, "suit")
    return story


def test_an_expired_claim_is_not_sued_on_and_that_somebody_wanted_to_stays_on_record() -> None:
    story = expired()
    with pytest.raises(Refused, match="claim-expired"):
        story.take(s.SuitFiled, NOW, "suit")
    assert [one.wanted for one in story.matter.all(m.StepRefused)] == ["SUIT_FILED"]
    assert status_of(story.matter, track("suit")) == "APPROVED"


def test_a_second_person_lets_one_step_through_once() -> None:
    story = expired()
    with pytest.raises(MakerIsChecker):
        override(story, by="user:wang")
    given = override(story, by="user:lin")
    with pytest.raises(MakerIsChecker):
        story.take(s.SuitFiled, NOW, "suit", override=given)
    given = override(story)
    with pytest.raises(OverrideUnfit):
        story.take(s.SuitFiled, NOW, "suit", override=given.replace("ovr_6", "ovr_7"))
    story.take(s.SuitFiled, NOW, "suit", override=given)
    story.do(retract(story.matter.steps(track("suit"))[-1].step), NOW)
    story.take(s.SuitFiled, NOW, "suit", override=given)


def test_an_override_is_for_its_step_of_its_track() -> None:
    story = expired()
    story.take(o.PaymentOrderAssessed, NOW, "order")
    wrong = override(story, wanted="ARBITRATION_FILED")
    elsewhere = override(story, of="order")
    for given in (wrong, elsewhere):
        with pytest.raises(OverrideUnfit):
            story.take(s.SuitFiled, NOW, "suit", override=given)
    with pytest.raises(TrackUnknown):
        override(story, of="none")


def test_a_track_that_another_stands_on_is_not_undone() -> None:
    story = Story.opened()
    story.titled("2026-02-01")
    story.take(e.EnforcementApplied, NOW, "force", title=track("order"), against=())
    last = story.matter.steps(track("order"))[-1]
    with pytest.raises(StepLedOn):
        story.do(retract(last.step, "order"), NOW)


def test_a_proceeding_that_merely_rests_keeps_no_matter_open() -> None:
    story = Story.opened()
    assert not proceedings(_known(story))
    story.take(s.SuitAssessed, NOW, "suit")
    assert proceedings(_known(story)) == (track("suit"),)


def _known(story: Story) -> Known:
    return Known(
        matter=story.matter, claims=story.claims, ground=story.ground, now=datetime(2026, 3, 2, tzinfo=UTC)
    )
