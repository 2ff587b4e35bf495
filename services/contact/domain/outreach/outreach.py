"""Outreach about one case as its stream tells it: what was heard, what was last said of it, what each step came to."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from services.contact.domain.facts import outreach as f
from services.contact.domain.outreach.standing import ENDED, NEW, PAUSED, RUNNING, SOFTENED, Heard, Standing


@dataclass(frozen=True)
class Outreach:
    """The fold of an outreach stream. `done`: steps that were taken or skipped; `waiting`: the newest deferral of each.

    `tasks`: dial tasks that are open, by id, with the end of their time.
    """

    about: str | None = None
    subject: str | None = None
    facts: dict[int, f.CaseHeard] = field(default_factory=dict)
    said: Standing = field(default_factory=lambda: Standing(NEW))
    done: tuple[f.StepTaken | f.StepSkipped, ...] = ()
    waiting: dict[f.StepNamed, f.StepDeferred] = field(default_factory=dict)
    tasks: dict[str, datetime] = field(default_factory=dict)

    @cached_property
    def heard(self) -> Heard:
        """What the facts come to."""
        return Heard(self.facts)

    def is_done(self, step: str, time: int, scope: str, first: date, until: date | None) -> bool:
        """Was this time of the step taken or skipped, with an anchor from `first` up to and not including `until`?

        A stage that proves to have begun on another day is the same stage: its steps are not taken twice.
        """
        return any(
            (one.of.step, one.of.time, one.of.scope) == (step, time, scope)
            and first <= one.of.anchor
            and (until is None or one.of.anchor < until)
            for one in self.done
        )


def fold(events: Iterable[Any], state: Outreach | None = None) -> Outreach:
    """The outreach after these events of its stream."""
    now = state or Outreach()
    for event in events:
        now = evolve(now, event)
    return now


def evolve(state: Outreach, event: Any) -> Outreach:
    """The outreach after one more event."""
    match event:
        case f.CaseHeard() if event.version in state.facts:
            return state
        case f.CaseHeard():
            facts = state.facts | {event.version: event}
            return replace(state, about=event.about, subject=event.subject, facts=facts)
        case f.OutreachStarted() | f.OutreachResumed():
            return replace(state, said=Standing(RUNNING))
        case f.OutreachSoftened():
            return replace(state, said=Standing(SOFTENED, event.because, event.until))
        case f.OutreachPaused():
            return replace(state, said=Standing(PAUSED, event.reasons))
        case f.OutreachEnded():
            return replace(state, said=Standing(ENDED, (event.reason,)))
        case f.StepTaken() | f.StepSkipped():
            waiting = {of: one for of, one in state.waiting.items() if of != event.of}
            return replace(state, done=(*state.done, event), waiting=waiting)
        case f.StepDeferred():
            return replace(state, waiting=state.waiting | {event.of: event})
        case f.DialTaskRaised():
            return replace(state, tasks=state.tasks | {event.task: event.until})
        case f.DialTaskEnded():
            return replace(
                state, tasks={task: end for task, end in state.tasks.items() if task != event.task}
            )
    return state
