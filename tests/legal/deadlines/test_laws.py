"""Laws of the sweep: looking only on the days it noted says the same as looking every day; again says nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.legal.domain.deadlines.day_end import next_look, of_claims
from services.legal.domain.deadlines.warning import LIMITATION_THRESHOLDS, THRESHOLDS, threshold
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import preservation as v
from services.legal.domain.facts import proofs as p
from services.legal.domain.facts import suit as s
from tests.legal.deadlines.story import DEBT, Story, day

BEGAN = day("2026-05-01")
SPAN = 260


def held(story: Story, on: str) -> None:
    story.preserved(on)
    until = day(on) + timedelta(days=200)
    story.take(v.PreservationExecuted, on, "held", until=until)


def noticed(story: Story, on: str) -> None:
    story.filed(on)
    story.take(s.SuitAccepted, on, "suit")
    story.take(s.ServiceNoticePublished, on, "suit")


def judged(story: Story, on: str) -> None:
    story.judged(on, "judged")
    story.take(s.JudgmentServed, on, "judged")


def ordered(story: Story, on: str) -> None:
    for kind in (
        o.PaymentOrderAssessed, o.PaymentOrderApproved, o.PaymentOrderApplied, o.PaymentOrderAccepted,
        o.PaymentOrderIssued, o.PaymentOrderServed,
    ):  # fmt: skip
        story.take(kind, on, "order")


def guaranteed(story: Story, on: str) -> None:
    told = p.GuaranteeTold(
        person="prs_1",
        debt=DEBT,
        form="JOINT",
        until=day(on) + timedelta(days=120),
        on=day(on),
        source_ref="g",
    )
    story.tell(told, about=DEBT)


PARTS: tuple[Callable[[Story, str], None], ...] = (held, judged, ordered, guaranteed, noticed)


def _told(offsets: list[int], due: int) -> Story:
    """A matter with all of these under way, each begun so many days before BEGAN, on a claim so many days old."""
    found = Story.opened("2026-01-05", due=(BEGAN - timedelta(days=due)).isoformat())
    for part, offset in zip(PARTS, offsets, strict=True):
        part(found, (BEGAN - timedelta(days=offset)).isoformat())
    return found


def _swept(story: Story, as_of: date) -> list[Any]:
    """What is said as of the end of a day, matters first."""
    said = story.sweep(as_of.isoformat())
    for command in of_claims(story.claims, story.ground, as_of=as_of):
        led = story.do(command, (as_of + timedelta(days=1)).isoformat())
        said += [one for events in led.proofs.values() for one in events]
    return said


STORIES = st.builds(
    _told, st.lists(st.integers(0, 20), min_size=len(PARTS), max_size=len(PARTS)), st.integers(600, 1000)
)


@settings(max_examples=3, deadline=None, phases=(Phase.generate,))
@given(STORIES)
def test_looking_on_the_noted_days_says_what_looking_every_day_says(story: Story) -> None:
    every, noted = story, Story(matter=story.matter, claims=story.claims)
    daily: list[Any] = []
    seldom: list[Any] = []
    look = BEGAN
    for n in range(SPAN):
        at = BEGAN + timedelta(days=n)
        daily += _swept(every, at)
        if at >= look:
            seldom += _swept(noted, at)
            look = next_look((noted.matter,), noted.claims, noted.ground, as_of=at)
    assert seldom == daily
    assert _swept(every, BEGAN + timedelta(days=SPAN - 1)) == []


@given(st.sampled_from((THRESHOLDS, LIMITATION_THRESHOLDS)), st.integers(-400, 400))
def test_the_narrowest_threshold_is_the_one_that_is_told(thresholds: tuple[int, ...], left: int) -> None:
    found = threshold(thresholds, left)
    reached = [one for one in thresholds if left <= one]
    assert found == (min(reached) if reached else None)


@settings(max_examples=25, deadline=None)
@given(STORIES, st.lists(st.integers(0, SPAN), min_size=1, max_size=4))
def test_however_late_and_often_a_day_is_swept_each_fact_is_said_once(story: Story, days: list[int]) -> None:
    said: list[Any] = []
    for n in days:
        said += _swept(story, BEGAN + timedelta(days=n))
    keys = [
        (
            type(one).__name__,
            getattr(one, "step", None) or (one.begun_by, one.deadline, one.within, one.raw_on),
        )
        if not isinstance(one, p.LimitationNear)
        else ("near", one.debt, one.person, one.clock, one.within, one.raw_on, one.expires_on)
        for one in said
    ]
    assert len(keys) == len(set(map(str, keys)))
