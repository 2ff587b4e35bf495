"""Whatever is tried, in whatever order: status moves by the table alone, and a step taken back undoes exactly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import suit as s
from services.legal.domain.limitation.reading import limitation
from services.legal.domain.tracks import arbitration, payment_order, suit
from services.legal.domain.tracks.all_tracks import status_of
from services.legal.domain.tracks.machine import Machine
from services.legal.domain.tracks.suit_guards import in_force_because
from services.legal.domain.tracks.titles import titles
from shared.kernel.refusal import Refused
from tests.legal.deadlines.story import DEFAULTS, OWED, Story, day, track
from tests.legal.tracks.made import made

OURS = (suit.MACHINE, payment_order.MACHINE, arbitration.MACHINE)
BEGAN = day("2026-01-06")
LAST = "2028-12-31"
ENDS = 25
"""From here on a choice may end the walk."""
machines = st.sampled_from(OURS)
tries = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40), st.booleans()), min_size=1, max_size=25)
"""(which of the steps that may follow, days on, whether something that may not follow is tried first)."""


def built(story: Story, kind: Any, on: Any, of: str) -> Any:
    """The step, as likely to be let through as made-up fields allow."""
    fields = set(kind.__struct_fields__)
    said: dict[str, Any] = {**DEFAULTS.get(kind, {}), "amount": OWED}
    if "perform_until" in fields or "perform_by" in fields:
        said |= {"perform_until": day(LAST), "perform_by": day(LAST)}
    if {"outcome", "amount"} <= fields:
        said["outcome"] = "WON"
    if "published_on" in fields:
        notices = [
            one for one in story.matter.steps(track(of)) if type(one).__name__ == "ServiceNoticePublished"
        ]
        said["published_on"] = notices[-1].on if notices else on
    goes_on = status_of(story.matter, track(of)) in ("APPEAL_PERIOD", "FINAL", "MEDIATED")
    if kind is s.JudgmentEffective and goes_on:
        said["because"] = in_force_because(story.matter.steps(track(of)))
    held = {name: value for name, value in said.items() if name in fields}
    return made(kind, **held, track=track(of), step=story.step_id(), on=on)


def attempt(story: Story, step: Any, *, by_time: bool) -> bool:
    """Was it let through?"""
    try:
        story.do(c.TakeStep(step=step, by="user:lin", by_time=by_time), step.on.isoformat())
    except Refused:
        return False
    return True


def known(story: Story) -> Any:
    """All that is read off a matter: the statuses, titles, limitation on some days."""
    days = [day(f"{year}-06-30") for year in range(2026, 2034)]
    read = [limitation(story.claims, story.ground.law, as_of=one) for one in days]
    plain = [[(it.debt, it.person, it.clock, it.state, it.raw_on) for it in one] for one in read]
    return (
        {of: status_of(story.matter, of) for of in story.matter.tracks},
        {of: story.matter.steps(of) for of in story.matter.tracks},
        titles(story.matter),
        plain,
    )


def walk(machine: Machine, tried: Sequence[tuple[int, int, bool]]) -> Story:
    """Take what may follow, one after another; each must lead where the table says, or change nothing."""
    story, on = Story.opened(), BEGAN
    assert attempt(story, built(story, machine.begins, on, "t"), by_time=False)
    for choice, days, wrong_first in tried:
        status = status_of(story.matter, track("t"))
        if wrong_first:
            wrong = [kind for kind in machine.steps if machine.goal(kind, status) is None]
            assert not attempt(story, built(story, wrong[choice % len(wrong)], on, "t"), by_time=False)
            assert status_of(story.matter, track("t")) == status
        may = [kind for kind in machine.steps if machine.goal(kind, status) is not None]
        if not may:
            break
        on_the_way = [kind for kind in may if machine.goal(kind, status) not in machine.ends]
        wanted = on_the_way if on_the_way and choice < ENDS else may
        kind, on = wanted[choice % len(wanted)], on + timedelta(days=days)
        through = attempt(story, built(story, kind, on, "t"), by_time=machine.comes_by_time(kind, status))
        expected = machine.goal(kind, status) if through else status
        assert status_of(story.matter, track("t")) == expected
    return story


@settings(max_examples=300, deadline=None)
@given(machines, tries)
def test_status_is_reached_by_the_table_alone(
    machine: Machine, tried: Sequence[tuple[int, int, bool]]
) -> None:
    walk(machine, tried)


@settings(max_examples=200, deadline=None)
@given(machines, tries, st.integers(0, 30), st.integers(0, 40))
def test_a_step_taken_back_undoes_exactly(
    machine: Machine, tried: Sequence[tuple[int, int, bool]], choice: int, days: int
) -> None:
    story = walk(machine, tried)
    before, at = known(story), story.matter.steps(track("t"))[-1].on + timedelta(days=days)
    status = status_of(story.matter, track("t"))
    may = [kind for kind in machine.steps if machine.goal(kind, status) is not None]
    if not may:
        return
    kind = may[choice % len(may)]
    step = built(story, kind, at, "t")
    if not attempt(story, step, by_time=machine.comes_by_time(kind, status)):
        return
    back = c.RetractStep(step=step.step, track=track("t"), on=at, reason="ENTERED_IN_ERROR", by="user:lin")
    story.do(back, at.isoformat())
    after = known(story)
    assert after[:3] == before[:3]
    assert [one for one, on in zip(after[3], range(2026, 2034), strict=True) if on >= at.year + 1] == [
        one for one, on in zip(before[3], range(2026, 2034), strict=True) if on >= at.year + 1
    ]
    assert list(story.matter.all(m.StepRetracted))[-1].step == step.step


@pytest.mark.parametrize(
    ("machine", "least"), [(suit.MACHINE, 17), (payment_order.MACHINE, 10), (arbitration.MACHINE, 16)]
)
def test_walks_come_far_enough_to_mean_something(machine: Machine, least: int) -> None:
    dice, reached = Random(6), set()
    for _ in range(150):
        tried = [(dice.randrange(31), dice.randrange(20), False) for _ in range(25)]
        steps = walk(machine, tried).matter.steps(track("t"))
        reached |= {machine.status(steps[: n + 1]) for n in range(len(steps))}
    assert len(reached) >= least, sorted(map(str, reached))
