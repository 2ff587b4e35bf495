"""An order for payment: void once somebody objects in time or it cannot be served, a title once nobody can any more."""

from __future__ import annotations

from typing import Any

import pytest

from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import suit as s
from services.legal.domain.tracks import refusals as no
from services.legal.domain.tracks.all_tracks import status_of
from services.legal.domain.tracks.machine import StepOnlyByTime
from services.legal.domain.tracks.titles import title_of
from shared.kernel.four_eyes import MakerIsChecker
from tests.legal.deadlines.story import OWED, Story, day, track
from tests.legal.tracks.suing import WIFE, both, by_time

ORDER = "order"


def status(story: Story) -> str | None:
    return status_of(story.matter, track(ORDER))


def issued(story: Story, **how: Any) -> None:
    story.take(o.PaymentOrderAssessed, "2026-06-01", ORDER, **how)
    for kind in (o.PaymentOrderApproved, o.PaymentOrderApplied, o.PaymentOrderAccepted, o.PaymentOrderIssued):
        story.take(kind, "2026-06-02", ORDER)


def unopposed(story: Story, on: str, until: str) -> Any:
    return story.build(o.PaymentOrderUnopposed, on, ORDER, perform_until=day(until))


def proved(story: Story) -> list[tuple[str, str]]:
    """(kind, day) of what the track proved, in order."""
    of = story.claims.of_case
    return [
        (one.kind, one.on.isoformat())
        for one in of.proofs.values()
        if one.source == "LEGAL" and one.proof not in of.retracted
    ]


def test_who_assessed_does_not_approve() -> None:
    story = Story.opened()
    story.take(o.PaymentOrderAssessed, "2026-06-01", ORDER)
    with pytest.raises(MakerIsChecker):
        story.take(o.PaymentOrderApproved, "2026-06-01", ORDER, by="user:wang")


def test_nobody_objected_in_fifteen_days_so_it_can_be_enforced_by_time_alone() -> None:
    story = Story.opened()
    issued(story)
    story.take(o.PaymentOrderServed, "2026-07-01", ORDER)
    with pytest.raises(StepOnlyByTime):
        story.take(o.PaymentOrderUnopposed, "2026-07-17", ORDER, perform_until=day("2026-07-16"))
    with pytest.raises(no.ObjectionStillOpen) as still:
        by_time(story, unopposed(story, "2026-07-16", "2026-07-16"))
    assert still.value.context == {"last_day": day("2026-07-16")}
    with pytest.raises(no.NotWhatWasDecided):
        by_time(story, unopposed(story, "2026-07-17", "2026-08-01"))
    by_time(story, unopposed(story, "2026-07-17", "2026-07-16"))
    assert status(story) == "ENFORCEABLE"
    title = title_of(story.matter, track(ORDER))
    assert title is not None
    assert (title.amount, title.perform_until) == (OWED, day("2026-07-16"))
    assert proved(story) == [
        ("payment_order_applied", "2026-06-02"),
        ("demand_delivered", "2026-07-01"),
        ("title_performance_due", "2026-07-16"),
        ("procedure_ended", "2026-07-17"),
    ]


def test_it_runs_for_whoever_was_served_last() -> None:
    story = Story.opened()
    issued(story, against=both(story))
    story.take(o.PaymentOrderServed, "2026-07-01", ORDER)
    with pytest.raises(no.NotEveryoneServed):
        by_time(story, unopposed(story, "2026-08-01", "2026-07-16"))
    story.take(o.PaymentOrderServed, "2026-07-06", ORDER, person=WIFE)
    by_time(story, unopposed(story, "2026-07-22", "2026-07-21"))
    assert status(story) == "ENFORCEABLE"


def test_an_objection_in_time_makes_it_void_and_a_late_one_does_not() -> None:
    story = Story.opened()
    issued(story)
    story.take(o.PaymentOrderServed, "2026-07-01", ORDER)
    with pytest.raises(no.ObjectionTooLate) as late:
        story.take(o.PaymentOrderObjected, "2026-07-17", ORDER, person=None, to_suit=True)
    assert late.value.context == {"last_day": day("2026-07-16")}
    story.take(o.PaymentOrderObjected, "2026-07-16", ORDER, person=None, to_suit=False)
    assert status(story) == "OBJECTED"
    assert title_of(story.matter, track(ORDER)) is None
    assert proved(story)[-1] == ("procedure_ended", "2026-07-16")


def test_an_order_that_goes_to_suit_goes_on_holding_limitation() -> None:
    story = Story.opened()
    issued(story)
    story.take(o.PaymentOrderServed, "2026-07-01", ORDER)
    story.take(o.PaymentOrderObjected, "2026-07-10", ORDER, person=None, to_suit=True)
    assert proved(story) == [("payment_order_applied", "2026-06-02"), ("demand_delivered", "2026-07-01")]
    story.filed("2026-07-20")
    assert proved(story)[-1] == ("sued", "2026-07-20")


def test_an_order_that_cannot_be_served_ends() -> None:
    story = Story.opened()
    issued(story)
    story.take(o.PaymentOrderNotServed, "2026-07-30", ORDER, reason="MOVED_AWAY")
    assert status(story) == "NOT_SERVED"
    assert proved(story)[-1] == ("procedure_ended", "2026-07-30")


def test_no_order_is_asked_for_against_somebody_who_cannot_be_found() -> None:
    story = Story.opened()
    story.filed("2026-03-06", "first")
    story.take(s.SuitAccepted, "2026-03-07", "first")
    story.take(s.ServiceNoticePublished, "2026-03-20", "first")
    story.take(s.SuitWithdrawn, "2026-03-21", "first", reason="FAULTY", settlement=None)
    with pytest.raises(no.WhereaboutsUnknown):
        story.take(o.PaymentOrderAssessed, "2026-06-01", ORDER)
    assert [one.rule for one in story.matter.all(m.StepRefused)] == ["whereabouts-unknown"]


def test_paid_while_there_was_time_to_object_there_is_no_title() -> None:
    story = Story.opened()
    issued(story)
    story.take(o.PaymentOrderServed, "2026-07-01", ORDER)
    story.take(o.PaymentOrderPerformed, "2026-07-10", ORDER, amount=OWED)
    assert status(story) == "PERFORMED"
    assert proved(story)[-1] == ("procedure_ended", "2026-07-10")


def test_taken_back_before_it_was_applied_for_it_proves_nothing() -> None:
    story = Story.opened()
    story.take(o.PaymentOrderAssessed, "2026-06-01", ORDER)
    story.take(o.PaymentOrderWithdrawn, "2026-06-02", ORDER, reason="PAID")
    assert proved(story) == []


def test_a_step_taken_back_takes_back_all_that_it_proved() -> None:
    story = Story.opened()
    issued(story)
    story.take(o.PaymentOrderServed, "2026-07-01", ORDER)
    before = proved(story)
    step = unopposed(story, "2026-07-17", "2026-07-16")
    by_time(story, step)
    assert len(proved(story)) == len(before) + 2
    story.do(
        c.RetractStep(
            step=step.step, track=track(ORDER), on=day("2026-07-18"), reason="ENTERED_IN_ERROR", by="user:lin"
        ),
        "2026-07-18",
    )
    assert proved(story) == before
    assert status(story) == "SERVED"
    assert title_of(story.matter, track(ORDER)) is None
