"""An arbitration: no clause, no request; one award ends the dispute, unless a court undoes it."""

from __future__ import annotations

from typing import Any

import pytest

from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import suit as s
from services.legal.domain.limitation.reading import limitation
from services.legal.domain.tracks import refusals as no
from services.legal.domain.tracks.all_tracks import status_of
from services.legal.domain.tracks.machine import StepOutOfOrder
from services.legal.domain.tracks.titles import title_of, titles
from shared.kernel.four_eyes import MakerIsChecker
from shared.kernel.money import Money
from tests.legal.deadlines.story import DEBT, OWED, Story, day, track
from tests.legal.tracks.suing import WIFE, both, party
from tests.legal.tracks.test_payment_order import proved

CASE = "arb"
UNTIL = "2026-08-31"
NOTHING = Money(0, "CNY")


def status(story: Story) -> str | None:
    return status_of(story.matter, track(CASE))


def formed(story: Story, **how: Any) -> None:
    """Up to the tribunal."""
    story.take(a.ArbitrationAssessed, "2026-06-01", CASE, **how)
    for kind in (a.ClauseVerified, a.ArbitrationApproved, a.ArbitrationFiled):
        story.take(kind, "2026-06-02", CASE)
    story.take(a.ArbitrationAccepted, "2026-06-05", CASE, case_no="SHIAC-1", fee=None)
    story.take(a.ArbitrationServed, "2026-06-10", CASE, person=None, kind="POST")
    story.take(a.TribunalFormed, "2026-06-20", CASE, arbitrators=1)


def awarded(story: Story, **how: Any) -> None:
    formed(story, **how)
    story.take(
        a.AwardIssued, "2026-07-20", CASE, outcome="WON", amount=OWED, perform_until=day(UNTIL)
    )  # fmt: skip


def test_nothing_is_approved_or_filed_whose_clause_was_not_verified() -> None:
    story = Story.opened()
    story.take(a.ArbitrationAssessed, "2026-06-01", CASE)
    for kind in (a.ArbitrationApproved, a.ArbitrationFiled):
        with pytest.raises(StepOutOfOrder):
            story.take(kind, "2026-06-02", CASE)
    story.take(a.ClauseVerified, "2026-06-02", CASE)
    with pytest.raises(StepOutOfOrder):
        story.take(a.ArbitrationFiled, "2026-06-02", CASE)


def test_a_clause_that_does_not_bind_ends_it() -> None:
    story = Story.opened()
    story.take(a.ArbitrationAssessed, "2026-06-01", CASE)
    story.take(a.ClauseNotFound, "2026-06-02", CASE, reason="NO_INSTITUTION_NAMED", by="user:wang")
    assert status(story) == "NO_CLAUSE"


def test_who_assessed_does_not_approve() -> None:
    story = Story.opened()
    story.take(a.ArbitrationAssessed, "2026-06-01", CASE)
    story.take(a.ClauseVerified, "2026-06-01", CASE)
    with pytest.raises(MakerIsChecker):
        story.take(a.ArbitrationApproved, "2026-06-01", CASE, by="user:wang")


def test_an_award_is_a_title_from_its_day_and_ends_the_procedure() -> None:
    story = Story.opened()
    awarded(story)
    title = title_of(story.matter, track(CASE))
    assert title is not None
    assert (title.amount, title.perform_until, title.on) == (OWED, day(UNTIL), day("2026-07-20"))
    assert proved(story) == [
        ("arbitration_filed", "2026-06-02"),
        ("demand_delivered", "2026-06-10"),
        ("title_performance_due", UNTIL),
        ("procedure_ended", "2026-07-20"),
    ]
    story.take(a.AwardEffective, "2026-07-20", CASE, amount=OWED, perform_until=day(UNTIL))
    assert len(proved(story)) == 4
    with pytest.raises(no.NotWhatWasDecided):
        story.take(a.AwardPerformed, "2026-08-20", CASE, amount=Money(1, "CNY"))
    story.take(a.AwardPerformed, "2026-08-20", CASE, amount=OWED)
    assert status(story) == "PERFORMED"


def test_conciliation_is_a_title_once_it_is_in_force_as_agreed() -> None:
    story = Story.opened()
    formed(story)
    story.take(a.ArbitrationConciliated, "2026-07-01", CASE, amount=OWED, perform_until=day(UNTIL))
    assert titles(story.matter) == ()
    with pytest.raises(no.NotWhatWasDecided):
        story.take(a.AwardEffective, "2026-07-05", CASE, amount=OWED, perform_until=day("2026-09-01"))
    story.take(a.AwardEffective, "2026-07-05", CASE, amount=OWED, perform_until=day(UNTIL))
    assert [one.on for one in titles(story.matter)] == [day("2026-07-05")]
    assert proved(story)[-2:] == [("title_performance_due", UNTIL), ("procedure_ended", "2026-07-05")]


def test_what_was_lost_gives_no_title() -> None:
    story = Story.opened()
    formed(story)
    with pytest.raises(no.AmountUnfit):
        story.take(
            a.AwardIssued, "2026-07-20", CASE, outcome="LOST", amount=OWED, perform_until=day(UNTIL)
        )  # fmt: skip
    story.take(
        a.AwardIssued, "2026-07-20", CASE, outcome="LOST", amount=NOTHING, perform_until=day("2026-07-20")
    )  # fmt: skip
    assert titles(story.matter) == ()
    assert proved(story)[-1] == ("procedure_ended", "2026-07-20")


@pytest.mark.parametrize("kind", [s.SuitAssessed, a.ArbitrationAssessed, o.PaymentOrderAssessed])
def test_after_an_award_the_dispute_is_not_brought_again(kind: type) -> None:
    story = Story.opened()
    awarded(story)
    with pytest.raises(no.AwardStands):
        story.take(kind, "2026-07-21", "again")
    assert [one.rule for one in story.matter.all(m.StepRefused)] == ["award-stands"]
    assert story.matter.steps(track("again")) == ()


def test_an_award_that_came_meanwhile_stands_in_the_way_of_filing() -> None:
    story = Story.opened()
    story.take(s.SuitAssessed, "2026-05-01", "suit")
    story.take(s.SuitApproved, "2026-05-01", "suit")
    awarded(story)
    with pytest.raises(no.AwardStands):
        story.take(s.SuitFiled, "2026-07-21", "suit")


@pytest.mark.parametrize("undone", ["SET_ASIDE", "ENFORCEMENT_REFUSED"])
def test_it_may_be_brought_again_once_a_court_has_undone_the_award(undone: str) -> None:
    story = Story.opened()
    awarded(story)
    if undone == "SET_ASIDE":
        story.take(a.SetAsideApplied, "2026-07-25", CASE, by_side="THEIRS")
        with pytest.raises(no.AwardStands):
            story.take(s.SuitAssessed, "2026-07-26", "suit")
        story.take(a.AwardSetAside, "2026-08-01", CASE, reason="NO_CLAUSE")
    else:
        story.take(a.EnforcementOfAwardRefused, "2026-08-01", CASE, reason="NOT_HEARD")
    assert status(story) == undone
    assert titles(story.matter) == ()
    story.take(s.SuitAssessed, "2026-08-02", "suit")


def test_another_debt_or_another_person_is_another_dispute() -> None:
    story = Story.opened()
    debtor, wife = both(story)
    awarded(story, against=(debtor,), debts=(DEBT,))
    other = "account-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f3a2"
    story.take(s.SuitAssessed, "2026-07-21", "debt", against=(debtor,), debts=(other,))
    story.take(s.SuitAssessed, "2026-07-21", "wife", against=(wife,), debts=(DEBT,))
    with pytest.raises(no.AwardStands):
        story.take(s.SuitAssessed, "2026-07-21", "same", against=(wife, debtor), debts=(DEBT, other))


@pytest.mark.parametrize(("received", "last"), [("2026-07-21", "2026-10-21"), ("2026-01-20", "2026-07-20")])
def test_an_award_is_to_be_set_aside_within_the_time_of_the_law_of_its_day(received: str, last: str) -> None:
    story = Story.opened(on="2026-01-05")
    story.take(a.ArbitrationAssessed, "2026-01-06", CASE)
    for kind in (a.ClauseVerified, a.ArbitrationApproved, a.ArbitrationFiled):
        story.take(kind, "2026-01-06", CASE)
    story.take(a.ArbitrationAccepted, "2026-01-06", CASE, case_no="1", fee=None)
    story.take(a.TribunalFormed, "2026-01-06", CASE, arbitrators=1)
    story.take(
        a.AwardIssued, "2026-01-19", CASE, outcome="WON", amount=OWED, perform_until=day("2026-02-19")
    )  # fmt: skip
    story.take(a.AwardReceived, received, CASE, person=None)
    over = day(last).fromordinal(day(last).toordinal() + 1).isoformat()
    with pytest.raises(no.SetAsideTooLate) as late:
        story.take(a.SetAsideApplied, over, CASE, by_side="THEIRS")
    found = late.value.context["last_day"]
    story.take(a.SetAsideApplied, str(found), CASE, by_side="THEIRS")
    assert status(story) == "SET_ASIDE_APPLIED"


def test_somebody_who_has_not_received_it_is_in_time() -> None:
    story = Story.opened()
    party(story, "debtor", "DEBTOR", None)
    awarded(story, against=both(story))
    story.take(a.AwardReceived, "2026-07-21", CASE, person=None)
    story.take(a.SetAsideApplied, "2027-01-04", CASE, by_side="THEIRS")
    assert WIFE


def test_a_settlement_during_arbitration_is_named() -> None:
    story = Story.opened()
    formed(story)
    with pytest.raises(no.SettlementMissing):
        story.take(a.ArbitrationWithdrawn, "2026-07-01", CASE, reason="SETTLED", settlement=None)
    story.take(a.ArbitrationWithdrawn, "2026-07-01", CASE, reason="SETTLED", settlement="stl_1")
    assert proved(story)[-1] == ("procedure_withdrawn", "2026-07-01")


def test_an_award_that_is_set_aside_gives_the_claim_its_own_limitation_back() -> None:
    story = Story.opened()
    awarded(story)

    def clocks(as_of: str) -> list[str]:
        read = limitation(story.claims, story.ground.law, as_of=day(as_of))
        return [one.clock for one in read if one.person is None]

    assert clocks("2026-09-01") == ["enforcement_application"]
    story.take(a.SetAsideApplied, "2026-09-02", CASE, by_side="THEIRS")
    story.take(a.AwardSetAside, "2026-10-12", CASE, reason="NO_CLAUSE")
    assert clocks("2026-10-12") == ["limitation"]
