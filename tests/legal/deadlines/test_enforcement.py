"""Enforcement: only on a title, within two years, never living necessities, resumed without limit."""

import pytest

from services.legal.domain import commands as c
from services.legal.domain.facts import enforcement as e
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import proofs as p
from services.legal.domain.facts import suit as s
from services.legal.domain.matter import fold_matter
from services.legal.domain.tracks import enforcement as rules
from services.legal.domain.tracks.all_tracks import status_of
from services.legal.domain.tracks.machine import StepOutOfOrder
from shared.kernel.money import Money
from tests.legal.deadlines.story import CASE, DEBT, MATTER, OF, OWED, Story, day, track

HALF = Money(2_500_000, "CNY")
MORE = Money(2_500_001, "CNY")


def proof(kind: str, on: str, name: str = "a", *, person: str | None = None) -> p.ProofRecorded:
    return p.ProofRecorded(
        proof=f"prf_{OF}{name * 16}", kind=kind, on=day(on), case=CASE, debts=(DEBT,), person=person, medium="sms",
        to="REGISTERED", evidence="DATA_REACHED", source="HAND", source_ref=name, matter=None, document=None, by="x",
    )  # fmt: skip


def titled(until: str = "2024-06-20") -> Story:
    """Due on a day so that the two years end on Saturday 20 June 2026 and roll to Monday the 22nd (K08)."""
    story = Story.opened("2024-01-05", due="2023-12-29")
    story.titled(until)
    return story


def under_way(story: Story, on: str = "2026-05-06") -> None:
    story.take(e.EnforcementApplied, on, "enf", title=track("order"))
    story.take(e.EnforcementAccepted, on, "enf")


def test_only_a_title_is_enforced_and_that_it_was_wanted_stays_on_record() -> None:
    story = Story.opened()
    with pytest.raises(rules.EnforcementNeedsTitle):
        story.take(e.EnforcementApplied, "2026-05-06", "enf", title=track("suit"))
    story.judged("2026-03-02")
    with pytest.raises(rules.EnforcementNeedsTitle):
        story.take(e.EnforcementApplied, "2026-05-06", "enf", title=track("suit"))
    assert {one.rule for one in story.matter.all(m.StepRefused)} == {"enforcement-needs-title"}
    assert status_of(story.matter, track("enf")) is None


def test_not_while_the_debtor_still_has_time_to_perform() -> None:
    story = titled("2026-05-06")
    with pytest.raises(rules.EnforcementTooEarly):
        story.take(e.EnforcementApplied, "2026-05-06", "enf", title=track("order"))
    story.take(e.EnforcementApplied, "2026-05-07", "enf", title=track("order"))


def test_within_two_years_the_last_day_rolled_is_in_time() -> None:
    due = titled().deadline("ENFORCEMENT_APPLICATION", "2026-05-01", "order")
    assert (due.raw_on, due.expires_on, due.article) == (
        day("2026-06-20"), day("2026-06-22"), "民事诉讼法 250",
    )  # fmt: skip
    story = titled()
    story.take(e.EnforcementApplied, "2026-06-22", "enf", title=track("order"))
    assert story.deadline("ENFORCEMENT_APPLICATION", "2026-06-23", "order").state == "KEPT"


def test_expired_it_is_refused_by_the_rule_and_an_override_lets_it_through() -> None:
    story = titled()
    with pytest.raises(rules.EnforcementExpired):
        story.take(e.EnforcementApplied, "2026-06-23", "enf", title=track("order"))
    [said] = story.matter.all(m.StepRefused)
    assert (said.wanted, said.source) == ("ENFORCEMENT_APPLIED", "民事诉讼法 250")
    given = m.OverrideGiven(
        override=f"ovr_{OF}{'1' * 16}", track=MATTER, wanted="ENFORCEMENT_APPLIED",
        reason="DEBTOR_EXPECTED_TO_WAIVE", on=day("2026-06-23"), asked_by="user:wang", by="user:zhao",
    )  # fmt: skip
    story.do(c.GiveOverride(override=given), "2026-06-23")
    story.take(e.EnforcementApplied, "2026-06-23", "enf", title=track("order"), override=given.override)
    assert status_of(story.matter, track("enf")) == "APPLIED"


def test_a_demand_that_was_delivered_restarts_the_two_years_and_retracted_it_never_did() -> None:
    story = titled()
    story.tell(proof("demand_delivered", "2025-11-03"))
    moved = story.deadline("ENFORCEMENT_APPLICATION", "2026-05-01", "order")
    assert (moved.raw_on, moved.state) == (day("2027-11-03"), "CALENDAR_MISSING")
    gone = p.ProofRetracted(proof=f"prf_{OF}{'a' * 16}", on=day("2026-05-01"), reason="NEVER_ARRIVED", by="x")
    story.tell(gone)
    assert story.deadline("ENFORCEMENT_APPLICATION", "2026-05-01", "order").raw_on == day("2026-06-20")


def test_what_only_a_guarantor_was_told_moves_nothing() -> None:
    story = titled()
    story.tell(proof("demand_delivered", "2025-11-03", person="prs_0"))
    assert story.deadline("ENFORCEMENT_APPLICATION", "2026-05-01", "order").raw_on == day("2026-06-20")


def test_an_application_not_taken_up_counts_for_nothing() -> None:
    story = titled()
    story.take(e.EnforcementApplied, "2026-06-01", "enf", title=track("order"))
    story.take(e.EnforcementNotAccepted, "2026-06-08", "enf")
    assert story.deadline("ENFORCEMENT_APPLICATION", "2026-06-08", "order").expires_on == day("2026-06-22")
    with pytest.raises(rules.EnforcementExpired):
        story.take(e.EnforcementApplied, "2026-06-23", "again", title=track("order"))


def test_a_title_is_enforced_once_at_a_time_and_ended_for_now_it_is_resumed() -> None:
    story = titled()
    under_way(story)
    story.take(e.AssetsSearched, "2026-05-20", "enf")
    story.take(e.EnforcementTerminatedForNow, "2026-06-15", "enf")
    with pytest.raises(rules.EnforcementUnderWay):
        story.take(e.EnforcementApplied, "2026-06-16", "other", title=track("order"))
    story.take(e.EnforcementResumed, "2041-03-01", "enf", now="2041-03-01")
    assert status_of(story.matter, track("enf")) == "RESUMED", "fifteen years later, without a limit"
    assert story.deadline("ENFORCEMENT_APPLICATION", "2041-03-01", "order").state == "KEPT"


def test_what_people_need_to_live_is_never_seized() -> None:
    story = titled()
    under_way(story)
    until = {"until": day("2027-05-07")}
    with pytest.raises(rules.LivingNecessities):
        story.take(
            e.AssetSeized, "2026-05-08", "enf", kind="LIVING_NECESSITY", amount=Money(1, "CNY"), **until
        )
    [said] = story.matter.all(m.StepRefused)
    assert (said.wanted, said.rule, said.source) == (
        "ASSET_SEIZED", "living-necessities", "民事诉讼法 254, 255",
    )  # fmt: skip
    assert status_of(story.matter, track("enf")) == "ACCEPTED"


def test_what_is_seized_is_at_most_what_is_owed() -> None:
    story = titled()
    under_way(story)
    until = {"until": day("2027-05-07")}
    story.take(e.AssetSeized, "2026-05-08", "enf", amount=HALF, **until)
    with pytest.raises(rules.SeizureOverObligation):
        story.take(e.AssetSeized, "2026-05-09", "enf", asset="A2", amount=MORE, **until)
    story.take(e.AssetSeized, "2026-05-09", "enf", asset="A2", amount=HALF, **until)
    story.take(e.ProceedsDistributed, "2026-06-01", "enf", amount=HALF, to_us=HALF)
    story.take(e.AssetReleased, "2026-06-02", "enf", asset="A2")
    with pytest.raises(rules.SeizureOverObligation):
        story.take(e.AssetSeized, "2026-06-03", "enf", asset="A3", amount=HALF, **until)


def test_a_seizure_ends_on_its_day_unless_it_is_said_again_later() -> None:
    story = titled()
    under_way(story)
    story.take(e.AssetSeized, "2026-05-08", "enf", until=day("2027-05-07"))
    assert story.deadline("SEIZURE_END", "2026-06-01", "enf").ends_on == day("2027-05-07")
    story.take(e.AssetSeized, "2027-04-20", "enf", until=day("2028-04-19"))
    assert story.deadline("SEIZURE_END", "2027-04-20", "enf").ends_on == day("2028-04-19")
    story.take(e.AuctionHeld, "2027-05-20", "enf")
    assert story.deadline("SEIZURE_END", "2027-05-20", "enf").open, "unsold: still seized"
    story.take(e.AuctionHeld, "2027-07-20", "enf", round=2, outcome="SOLD", price=HALF)
    assert "SEIZURE_END" not in {one.name for one in story.deadlines("2027-07-20")}, (
        "sold: nothing ends any more"
    )


def test_once_performed_nobody_has_to_enforce_and_once_enforced_nobody_waits() -> None:
    story = titled("2026-05-06")
    assert {one.name for one in story.deadlines("2026-05-07")} == {"PERFORMANCE", "ENFORCEMENT_APPLICATION"}
    story.take(e.EnforcementApplied, "2026-05-07", "enf", title=track("order"))
    assert [(one.name, one.state) for one in story.deadlines("2026-05-07")] == [
        ("ENFORCEMENT_APPLICATION", "KEPT")
    ]
    paid = titled("2026-05-06")
    done = paid.build(o.PaymentOrderPerformed, "2026-05-06", "order", amount=OWED)
    paid.matter = fold_matter([done], begin=paid.matter)
    assert [(one.name, one.state) for one in paid.deadlines("2026-05-07")] == [("PERFORMANCE", "KEPT")]


def test_auctions_count_up_and_name_a_price_where_something_was_sold() -> None:
    story = titled()
    under_way(story)
    with pytest.raises(StepOutOfOrder):
        story.take(e.AuctionHeld, "2026-06-01", "enf")
    story.take(e.AssetSeized, "2026-05-08", "enf", until=day("2027-05-07"))
    with pytest.raises(rules.AssetNotSeized):
        story.take(e.AuctionHeld, "2026-06-01", "enf", asset="A9")
    for wrong in ({"round": 2}, {"outcome": "SOLD"}, {"price": HALF}):
        with pytest.raises(rules.AuctionUnclear):
            story.take(e.AuctionHeld, "2026-06-01", "enf", **wrong)
    with pytest.raises(rules.EnforcementWordUnknown):
        story.take(e.AuctionHeld, "2026-06-01", "enf", outcome="MAYBE")


def test_proceeds_are_distributed_by_the_courts_order() -> None:
    story = titled()
    under_way(story)
    for wrong in ({"document": None}, {"to_us": OWED + Money(1, "CNY")}):
        with pytest.raises(rules.DistributionUnclear):
            story.take(e.ProceedsDistributed, "2026-06-01", "enf", **wrong)
    story.take(e.ProceedsDistributed, "2026-06-01", "enf", to_us=HALF)
    story.take(e.EnforcementSatisfied, "2026-06-02", "enf")
    assert status_of(story.matter, track("enf")) == "SATISFIED"


def test_a_lost_suit_gives_nothing_to_enforce() -> None:
    story = Story.opened()
    story.judged("2026-03-02", outcome="LOST", amount=Money(0, "CNY"))
    story.take(s.JudgmentServed, "2026-03-03", "suit")
    story.sweep("2026-03-18")
    assert status_of(story.matter, track("suit")) == "EFFECTIVE"
    assert {one.name for one in story.deadlines("2026-03-20") if one.open} == set()
    with pytest.raises(rules.EnforcementNeedsTitle):
        story.take(e.EnforcementApplied, "2026-05-06", "enf", title=track("suit"))
