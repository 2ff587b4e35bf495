"""Laws of the planner: no step twice, none while paused, any order of facts comes to the same, nothing in silence."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.contact.domain.facts import outreach as f
from services.contact.domain.outreach import steps
from services.contact.domain.outreach.follow import follow, hear
from services.contact.domain.outreach.outreach import Outreach, fold
from services.contact.domain.outreach.standing import ENDED, PAUSED, SOFTENED
from shared.kernel.clock import day_in
from tests.contact.domain.outreach.told import BOOK, ZONE, at, day, fact, worked

DAYS = 40
THINGS = {"PROMISE": "prm", "HOLD": "hld", "PLAN": "pln", "DISPUTE": "dsp", "RELIEF": "rlf", "DUE": "ins"}


@st.composite
def lives(draw: st.DrawFn) -> list[f.CaseHeard]:
    """A case: opened, and then whatever the case service may say of it, in the order of its own days."""
    told = [fact(1, "OPENED", 0), fact(2, "STAGE", 0, stage="M1")]
    refs: list[str] = []
    on = 0
    for version in range(3, 3 + draw(st.integers(0, 9))):
        on = draw(st.integers(on, min(on + 8, DAYS)))
        kind = draw(st.sampled_from([*THINGS, "STAGE", "PAID", "MODE", "OVER", "AGAIN", "CLOSED", "OPENED"]))
        if kind in THINGS:
            ref = f"{THINGS[kind]}_{version}"
            until = None if kind in ("PLAN", "DISPUTE") else on + draw(st.integers(1, 12))
            refs.append(ref)
            told.append(fact(version, kind, on, thing=ref, until=until))
        elif kind in ("OVER", "AGAIN"):
            if refs:
                told.append(fact(version, kind, on, thing=draw(st.sampled_from(refs)), cause="BROKEN"))
        elif kind == "STAGE":
            told.append(fact(version, kind, on, stage=draw(st.sampled_from(["M1", "M2", "M3", "M4+"]))))
        elif kind == "MODE":
            told.append(fact(version, kind, on, cause=draw(st.sampled_from(["INTERNAL", "AGENCY", "LEGAL"]))))
        else:
            told.append(fact(version, kind, on, cause="CURED" if kind == "CLOSED" else None))
    return told


def _lived(told: list[f.CaseHeard], looks: list[tuple[int, int]]) -> tuple[Outreach, list[f.OutreachEvent]]:
    """Facts heard on their days, and a worker that looks at these instants."""
    state, events = Outreach(), list[f.OutreachEvent]()
    waiting = list(told)
    for n, minute in looks:
        now = at(n) + timedelta(minutes=minute)
        while waiting and waiting[0].heard_at <= now:
            one = waiting.pop(0)
            new = hear(state, one, today=day_in(one.heard_at, ZONE))
            state, events = fold(new, state), [*events, *new]
        state, added = worked(state, now)
        events += added
    return state, events


LOOKS = st.lists(st.tuples(st.integers(0, DAYS + 30), st.integers(-120, 900)), max_size=60).map(sorted)


@settings(max_examples=80, deadline=None)
@given(told=lives(), looks=LOOKS)
def test_no_step_is_taken_or_skipped_twice(told: list[f.CaseHeard], looks: list[tuple[int, int]]) -> None:
    _, events = _lived(told, looks)
    answered = [one.of for one in events if isinstance(one, f.StepTaken | f.StepSkipped)]
    assert len(answered) == len(set(answered))


@settings(max_examples=80, deadline=None)
@given(told=lives(), looks=LOOKS)
def test_no_step_is_taken_while_paused_or_ended_and_only_reminders_while_softened(
    told: list[f.CaseHeard], looks: list[tuple[int, int]]
) -> None:
    state = Outreach()
    _, events = _lived(told, looks)
    for event in events:
        if isinstance(event, f.StepTaken):
            standing = state.heard.standing(day_in(event.at, ZONE))
            assert standing.state not in (PAUSED, ENDED)
            assert state.said.state not in (PAUSED, ENDED)
            assert standing.state != SOFTENED or event.of.step == "promise-reminder"
        state = fold([event], state)


@settings(max_examples=80, deadline=None)
@given(told=lives(), data=st.data())
def test_any_order_of_hearing_comes_to_the_same_standing_and_steps(
    told: list[f.CaseHeard], data: st.DataObject
) -> None:
    now = at(DAYS)
    ends = []
    for order in (told, [*data.draw(st.permutations(told)), *told[:2]]):
        state = Outreach()
        for one in order:
            state = fold(hear(state, one, today=day(DAYS)), state)
        state = fold(follow(state, today=day(DAYS), at=now), state)
        ends.append(
            (state.facts, state.said, steps.next_steps(state, BOOK, now), steps.look_at(state, BOOK, now))
        )
    assert ends[0] == ends[1]


@settings(max_examples=80, deadline=None)
@given(told=lives(), looks=LOOKS)
def test_nothing_due_is_passed_by_in_silence(told: list[f.CaseHeard], looks: list[tuple[int, int]]) -> None:
    """Every step whose time came in a stage of the case is answered, or waits with a reason."""
    last = at(DAYS + 40)
    state, _ = _lived(told, [*looks, (DAYS + 40, 0)])
    waiting = {one.occurrence.of: one.reason for one in steps.next_steps(state, BOOK, last)}
    answered = {(one.of.step, one.of.time, one.of.scope) for one in state.done}
    for visit in state.heard.visits:
        strategy = BOOK.for_day(visit.entered)
        assert strategy is not None
        for step in strategy.steps_of(visit.stage):
            planned = visit.entered + timedelta(days=step.day)
            came = planned < day_in(last, ZONE) and (visit.left is None or planned < visit.left)
            if step.anchor == "stage" and came:
                named = (step.name, 1, visit.stage)
                assert named in answered or any(
                    (of.step, of.time, of.scope) == named and reason for of, reason in waiting.items()
                )


@settings(max_examples=20, deadline=None)
@given(told=lives())
def test_looking_only_when_told_to_misses_nothing(told: list[f.CaseHeard]) -> None:
    """A worker that looks only at the instants `look_at` names does what one does that looks every half hour."""
    last = at(DAYS)

    def lived(every: timedelta | None) -> list[tuple[f.StepNamed, str]]:
        state, done, now = Outreach(), list[f.OutreachEvent](), at(0, 0)
        waiting = list(told)
        while now < last:
            while waiting and waiting[0].heard_at <= now:
                new = hear(state, waiting[0], today=day_in(waiting[0].heard_at, ZONE))
                state = fold(new, state)
                waiting.pop(0)
            state, added = worked(state, now)
            done += added
            due = steps.look_at(state, BOOK, now)
            following = [waiting[0].heard_at] if waiting else []
            following += [] if due is None else [due]
            now = now + every if every else min(following, default=last)
        return [
            (one.of, "" if isinstance(one, f.StepTaken) else one.reason)
            for one in done
            if isinstance(one, f.StepTaken | f.StepSkipped)
        ]

    assert lived(None) == lived(timedelta(minutes=30))
