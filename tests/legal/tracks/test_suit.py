"""A suit: what the law wants of each step beside the order of steps."""

from __future__ import annotations

from typing import Any

import pytest

from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import suit as s
from services.legal.domain.limitation.rule import ClaimExpired
from services.legal.domain.parties import GuarantorBeforeDebtor
from services.legal.domain.tracks import refusals as no
from services.legal.domain.tracks.against import PersonNotAgainst
from services.legal.domain.tracks.machine import StepInTheFuture, StepOnlyByTime, StepOutOfOrder, StepTooEarly
from shared.kernel.four_eyes import MakerIsChecker
from shared.kernel.money import Money
from tests.legal.deadlines.story import MATTER, OF, OWED, Story, day, track
from tests.legal.tracks.suing import (
    NOTHING,
    SUIT,
    WIFE,
    both,
    by_time,
    heard,
    party,
    status,
)

# -- bringing it


def test_who_assessed_does_not_approve_and_does_not_reject() -> None:
    story = Story.opened()
    story.take(s.SuitAssessed, "2026-01-06", SUIT)
    with pytest.raises(MakerIsChecker):
        story.take(s.SuitApproved, "2026-01-06", SUIT, by="user:wang")
    with pytest.raises(MakerIsChecker):
        story.take(s.SuitRejected, "2026-01-06", SUIT, by="user:wang", reason="NOT_WORTH_IT")
    story.take(s.SuitApproved, "2026-01-06", SUIT)
    assert status(story) == "APPROVED"


def test_nothing_is_filed_that_was_not_approved() -> None:
    story = Story.opened()
    story.take(s.SuitAssessed, "2026-01-06", SUIT)
    with pytest.raises(StepOutOfOrder) as refused:
        story.take(s.SuitFiled, "2026-01-06", SUIT)
    assert refused.value.context["next"] == ("SUIT_APPROVED", "SUIT_REJECTED", "SUIT_WITHDRAWN")


def test_an_expired_claim_is_not_sued_on_and_that_it_was_wanted_is_on_record() -> None:
    story = Story.opened(on="2026-01-05", due="2022-06-30")
    story.take(s.SuitAssessed, "2026-01-06", SUIT)
    story.take(s.SuitApproved, "2026-01-06", SUIT)
    with pytest.raises(ClaimExpired):
        story.take(s.SuitFiled, "2026-01-06", SUIT)
    assert [one.wanted for one in story.matter.all(m.StepRefused)] == ["SUIT_FILED"]
    assert status(story) == "APPROVED"


def test_an_override_that_names_the_step_lets_it_through_once() -> None:
    story = Story.opened(on="2026-01-05", due="2022-06-30")
    story.take(s.SuitAssessed, "2026-01-06", SUIT)
    story.take(s.SuitApproved, "2026-01-06", SUIT)
    given = m.OverrideGiven(
        override=f"ovr_{OF}{1:016x}", track=track(SUIT), wanted="SUIT_FILED", reason="COUNSEL_READS_OTHERWISE",
        on=day("2026-01-06"), asked_by="user:wang", by="user:zhao",
    )  # fmt: skip
    story.do(c.GiveOverride(override=given), "2026-01-06")
    story.take(s.SuitFiled, "2026-01-06", SUIT, override=given.override)
    assert status(story) == "FILED"


def test_a_general_guarantor_is_sued_with_the_debtor_or_after_them_and_a_joint_one_alone() -> None:
    story = Story.opened(due="2025-09-30")
    debtor = party(story, "debtor", "DEBTOR", None)
    general = party(story, "general", "GUARANTOR", "prs_" + "bb" * 16, "GENERAL")
    joint = party(story, "joint", "GUARANTOR", "prs_" + "cc" * 16, "JOINT")
    with pytest.raises(GuarantorBeforeDebtor):
        story.take(s.SuitAssessed, "2026-01-06", "alone", against=(general,))
    assert [one.rule for one in story.matter.all(m.StepRefused)] == ["guarantor-before-debtor"]
    story.take(s.SuitAssessed, "2026-01-06", "together", against=(debtor, general))
    story.take(s.SuitAssessed, "2026-01-06", "joint", against=(joint,))
    story.take(s.SuitApproved, "2026-01-06", "together")
    story.take(s.SuitFiled, "2026-01-06", "together")
    story.take(s.SuitAssessed, "2026-01-07", "after", against=(general,))


def test_small_claims_are_not_for_somebody_who_cannot_be_found() -> None:
    story = Story.opened()
    story.filed("2026-01-06", "first")
    story.take(s.SuitAccepted, "2026-01-07", "first")
    story.take(s.ServiceNoticePublished, "2026-01-20", "first")
    story.take(s.SuitWithdrawn, "2026-01-21", "first", reason="FAULTY", settlement=None)
    with pytest.raises(no.WhereaboutsUnknown):
        story.take(s.SuitAssessed, "2026-01-22", SUIT, procedure="SMALL_CLAIMS")
    assert [one.rule for one in story.matter.all(m.StepRefused)] == ["whereabouts-unknown"]
    story.take(s.SuitAssessed, "2026-01-22", SUIT, procedure="ORDINARY")


@pytest.mark.parametrize("procedure", ["SMALL_CLAIMS", "SUMMARY"])
def test_only_the_ordinary_procedure_knows_service_by_notice(procedure: str) -> None:
    story = Story.opened()
    story.filed("2026-01-06", SUIT, procedure)
    story.take(s.SuitAccepted, "2026-01-07", SUIT)
    with pytest.raises(no.NoServiceByNotice):
        story.take(s.ServiceNoticePublished, "2026-01-20", SUIT)
    story.take(s.SuitProcedureChanged, "2026-01-20", SUIT, procedure="ORDINARY", reason="NOT_FOUND")
    story.take(s.ServiceNoticePublished, "2026-01-20", SUIT)
    assert status(story) == "SERVICE_BY_NOTICE"


# -- service


def test_a_notice_takes_effect_by_time_on_the_last_day_of_its_period() -> None:
    story = Story.opened()
    story.filed("2026-01-06")
    story.take(s.SuitAccepted, "2026-01-07", SUIT)
    story.take(s.ServiceNoticePublished, "2026-06-01", SUIT)
    served: dict[str, Any] = {"person": None, "published_on": day("2026-06-01")}
    with pytest.raises(StepOnlyByTime):
        story.take(s.ServedByNotice, "2026-07-01", SUIT, **served)
    with pytest.raises(no.NoticeStillRuns) as refused:
        by_time(story, story.build(s.ServedByNotice, "2026-06-30", SUIT, **served))
    assert refused.value.context == {"last_day": day("2026-07-01")}
    with pytest.raises(no.NoticeUnknown):
        by_time(
            story,
            story.build(s.ServedByNotice, "2026-07-01", SUIT, person=None, published_on=day("2026-06-02")),
        )
    by_time(story, story.build(s.ServedByNotice, "2026-07-01", SUIT, **served))
    assert status(story) == "SERVED"
    with pytest.raises(no.NoticeUnknown):
        by_time(story, story.build(s.ServedByNotice, "2026-07-01", SUIT, **served))


def test_a_notice_is_of_no_use_for_somebody_who_was_served_since() -> None:
    story = Story.opened()
    story.filed("2026-01-06")
    story.take(s.SuitAccepted, "2026-01-07", SUIT)
    story.take(s.ServiceNoticePublished, "2026-06-01", SUIT)
    story.take(s.SuitServed, "2026-06-05", SUIT)
    with pytest.raises(no.NoticeUnknown):
        by_time(
            story,
            story.build(s.ServedByNotice, "2026-07-01", SUIT, person=None, published_on=day("2026-06-01")),
        )


def test_nobody_is_served_whom_the_suit_is_not_against() -> None:
    story = Story.opened()
    story.filed("2026-01-06")
    story.take(s.SuitAccepted, "2026-01-07", SUIT)
    with pytest.raises(PersonNotAgainst):
        story.take(s.SuitServed, "2026-01-08", SUIT, person=WIFE)


def test_services_may_be_told_in_any_order_but_not_before_what_they_follow() -> None:
    story = Story.opened()
    story.filed("2026-01-06", against=both(story))
    story.take(s.SuitAccepted, "2026-01-07", SUIT)
    story.take(s.SuitServed, "2026-01-20", SUIT)
    story.take(s.SuitServed, "2026-01-12", SUIT, person=WIFE)
    with pytest.raises(StepTooEarly) as refused:
        story.take(s.SuitServed, "2026-01-06", SUIT)
    assert refused.value.context == {"not_before": day("2026-01-07")}
    with pytest.raises(StepInTheFuture):
        story.take(s.SuitServed, "2026-01-22", SUIT, now="2026-01-21")


# -- how it ends


@pytest.mark.parametrize(
    ("reason", "settlement", "fits"),
    [("SETTLED", "stl_1", True), ("SETTLED", None, False), ("PAID", "stl_1", False), ("PAID", None, True)],
)
def test_what_is_settled_during_a_suit_ends_it_as_withdrawn_with_the_settlement_named(
    reason: str, settlement: str | None, *, fits: bool
) -> None:
    story = Story.opened()
    story.filed("2026-09-01")
    story.take(s.SuitAccepted, "2026-09-02", SUIT)
    if fits:
        story.take(s.SuitWithdrawn, "2026-09-10", SUIT, reason=reason, settlement=settlement)
        assert status(story) == "WITHDRAWN"
    else:
        with pytest.raises(no.SettlementMissing):
            story.take(s.SuitWithdrawn, "2026-09-10", SUIT, reason=reason, settlement=settlement)


def test_what_is_settled_before_the_court_is_in_force_as_agreed_and_may_fall() -> None:
    story = Story.opened()
    story.filed("2026-09-01")
    story.take(s.SuitAccepted, "2026-09-02", SUIT)
    story.take(s.SuitMediated, "2026-09-10", SUIT, amount=OWED, perform_by=day("2026-12-01"))
    with pytest.raises(no.NotWhatWasDecided):
        story.take(
            s.JudgmentEffective, "2026-09-12", SUIT, amount=OWED, perform_until=day("2026-12-02"),
            because="MEDIATED",
        )  # fmt: skip
    story.take(
        s.JudgmentEffective,
        "2026-09-12",
        SUIT,
        amount=OWED,
        perform_until=day("2026-12-01"),
        because="MEDIATED",
    )
    story.take(s.JudgmentPerformed, "2026-11-30", SUIT, amount=OWED)
    assert status(story) == "PERFORMED"


@pytest.mark.parametrize(("outcome", "amount"), [("WON", NOTHING), ("PARTLY_WON", NOTHING), ("LOST", OWED)])
def test_what_was_won_brings_something_and_what_was_lost_nothing(outcome: str, amount: Money) -> None:
    story = Story.opened()
    story.filed("2026-09-01")
    heard(story, "2026-09-01")
    with pytest.raises(no.AmountUnfit):
        story.take(s.JudgmentIssued, "2026-09-02", SUIT, outcome=outcome, amount=amount)


def test_a_suit_that_was_never_filed_proves_nothing_when_it_is_given_up() -> None:
    story = Story.opened()
    story.take(s.SuitAssessed, "2026-09-01", SUIT)
    before = len(story.claims.of_case.proofs)
    story.take(s.SuitWithdrawn, "2026-09-02", SUIT, reason="PAID", settlement=None)
    assert len(story.claims.of_case.proofs) == before
    assert story.matter.opened is not None
    assert story.matter.opened.matter == MATTER


def test_small_claims_are_not_filed_once_somebody_cannot_be_found() -> None:
    story = Story.opened()
    story.take(s.SuitAssessed, "2026-01-06", SUIT, procedure="SMALL_CLAIMS")
    story.take(s.SuitApproved, "2026-01-06", SUIT)
    story.filed("2026-01-06", "other")
    story.take(s.SuitAccepted, "2026-01-07", "other")
    story.take(s.ServiceNoticePublished, "2026-01-08", "other")
    with pytest.raises(no.WhereaboutsUnknown):
        story.take(s.SuitFiled, "2026-01-09", SUIT)


def test_a_general_guarantor_is_not_sued_once_the_debtor_s_own_suit_never_was() -> None:
    story = Story.opened()
    debtor = party(story, "debtor", "DEBTOR", None)
    general = party(story, "general", "GUARANTOR", "prs_" + "bb" * 16, "GENERAL")
    story.take(s.SuitAssessed, "2026-01-06", "first", against=(debtor,))
    story.take(s.SuitApproved, "2026-01-06", "first")
    filed = story.take(s.SuitFiled, "2026-01-06", "first")
    story.take(s.SuitAssessed, "2026-01-07", SUIT, against=(general,))
    story.take(s.SuitApproved, "2026-01-07", SUIT)
    back = c.RetractStep(
        step=filed.step, track=track("first"), on=day("2026-01-08"), reason="ENTERED_IN_ERROR", by="user:lin"
    )
    story.do(back, "2026-01-08")
    with pytest.raises(GuarantorBeforeDebtor):
        story.take(s.SuitFiled, "2026-01-09", SUIT)
