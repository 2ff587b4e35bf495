"""Which segment a case is in and which of its steps fall due, as of a day; what follows is told as events, once.

A pure function of the facts, of the accounts, of the versions there are, and of the day. Nothing to say, no events: it
may be asked twice or late. No step is passed by in silence, also where a stage is jumped over (Kill Bill #2297).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain.case_facts import CaseFacts
from services.case.domain.events import CaseOpened
from services.case.domain.facts import treatment as t
from services.case.domain.judge import Picture, judge
from services.case.domain.judged import Judged
from services.case.domain.policy import CasePolicy
from services.case.domain.state import CaseState, NoCase, OpenCase
from services.case.domain.treatment import said, strategy
from services.case.domain.treatment.condition import Inputs
from services.case.domain.treatment.exclusion import excluded_by
from services.case.domain.treatment.follow import follow, skipped
from services.case.domain.treatment.inputs import as_in, inputs_of
from services.case.domain.treatment.stages import jumped, stage_since
from services.case.domain.treatment.strategy import Choice, Step, Strategy, StrategyBook
from services.case.domain.treatment.treating import Treating

FIRST, STAGE, SEGMENT, VERSION, ARM, ANCHOR = "FIRST", "STAGE", "SEGMENT", "VERSION", "ARM", "ANCHOR"


@dataclass(frozen=True, slots=True)
class _Case:
    """What one look at a case goes by."""

    worked: OpenCase
    picture: Picture
    policy: CasePolicy
    treating: Treating

    @property
    def as_of(self) -> date:
        return self.picture.as_of

    @property
    def facts(self) -> CaseFacts:
        return self.worked.facts


def treat(
    case: CaseState, as_of: date, policy: CasePolicy, treating: Treating
) -> tuple[t.TreatmentEvent, ...]:
    """What is to be said of the case's segment, strategy and steps as of a day, or the newest one judged for."""
    worked = None if isinstance(case, NoCase) else case if isinstance(case, OpenCase) else case.was
    if worked is None:
        return ()
    day = max(as_of, worked.judged.last)
    picture = judge(worked.facts, day, policy)
    is_open = isinstance(case, OpenCase)
    events = [*follow(worked.facts, picture, worked.judged, policy, is_open=is_open)]
    if not is_open or picture.ended is not None:
        return tuple(events)
    judged = _with(worked.judged, events)
    at = _Case(worked, picture, policy, treating)
    chosen = decided(worked, picture, policy, treating)
    if chosen is None:
        return tuple(events)
    version, choice, inputs = chosen
    pinned = [*_pinned(at, version, choice, inputs, judged)]
    judged = _with(judged, pinned)
    steps = [*_steps(at, version, judged)]
    # What falls due today may have been done today.
    done = follow(worked.facts, picture, _with(judged, steps), policy, is_open=True) if steps else ()
    return (*events, *pinned, *steps, *done)


def decided(
    worked: OpenCase, picture: Picture, policy: CasePolicy, treating: Treating
) -> tuple[Strategy, Choice, Inputs] | None:
    """The version that counts for the case, its choice and what it looked at; None where no version is in force."""
    version = version_for(said.pin_said(worked.judged), treating.book, picture)
    if version is None:
        return None
    inputs = inputs_of(worked.facts, picture, treating.accounts, episode=worked.episode)
    return version, version.choose(inputs, treating.case_id), inputs


def version_for(pin: t.StrategyPinned | None, book: StrategyBook, picture: Picture) -> Strategy | None:
    """The version a case keeps: the one it goes by, until its stage changes or a newer one says at once."""
    newest = book.in_force(picture.as_of)
    known = None if pin is None else book.named(pin.strategy)
    if pin is None or known is None or newest is None:
        return newest
    keeps = pin.stage == picture.stage and newest.adopt == strategy.AT_STAGE_CHANGE
    return known if keeps else newest


def _pinned(
    at: _Case, version: Strategy, choice: Choice, inputs: Inputs, judged: Judged
) -> Iterator[t.TreatmentEvent]:
    """The segment and the strategy it goes by, where they are others than those on record."""
    before, last = said.pin_said(judged), said.segment_said(judged)
    since = stage_since(at.facts, at.picture, at.policy)
    if since is None:
        same = before is not None and before.stage == at.picture.stage
        since = before.stage_from if before is not None and same else at.as_of
    if last is None or (last.segment, last.rule, last.strategy, last.arm) != (
        choice.segment, choice.rule, choice.strategy, choice.arm,
    ):  # fmt: skip
        yield _decision(at, choice, inputs)
    because = _why_new(before, choice, at.picture.stage)
    visit = said.last_visit(judged)
    if because is not None:
        for one in said.open_steps(judged):
            yield skipped(one, at.as_of, said.SEGMENT_CHANGED)
        for stage in jumped(before, since, at.facts, at.picture, at.policy, version):
            visit += 1
            yield from _never_came(at, version, as_in(inputs, stage, at.policy), visit)
        visit += 1
    elif before is None or since == before.stage_from:
        return
    yield t.StrategyPinned(
        as_of=at.as_of,
        visit=visit if because else (before.visit if before else visit),
        strategy=choice.strategy,
        segment=choice.segment,
        arm=choice.arm,
        stage=at.picture.stage,
        stage_from=since,
        because=because or ANCHOR,
    )


def _why_new(before: t.StrategyPinned | None, choice: Choice, stage: str) -> str | None:
    """Why the case is to be pinned anew, None where it is not."""
    if before is None:
        return FIRST
    changes = (
        (STAGE, before.stage != stage),
        (VERSION, before.strategy != choice.strategy),
        (SEGMENT, before.segment != choice.segment),
        (ARM, before.arm != choice.arm),
    )
    return next((name for name, changed in changes if changed), None)


def _decision(at: _Case, choice: Choice, inputs: Inputs) -> t.SegmentDecided:
    return t.SegmentDecided(
        as_of=at.as_of,
        segment=choice.segment,
        rule=choice.rule,
        strategy=choice.strategy,
        arm=choice.arm,
        draw=choice.draw,
        stage=inputs.stage,
        days_past_due=inputs.days_past_due,
        arrears=inputs.arrears,
        products=inputs.products,
        broken_promises=inputs.broken_promises,
        reached=inputs.reached,
        episode=inputs.episode,
        first_payment_default=inputs.first_payment_default,
        reason=inputs.reason,
        ability=inputs.ability,
        willingness=inputs.willingness,
    )


def _never_came(at: _Case, version: Strategy, inputs: Inputs, visit: int) -> Iterator[t.StrategyStepSkipped]:
    """The steps of the segment the case would have been in, in a stage it jumped over."""
    choice = version.choose(inputs, at.treating.case_id)
    segment = version.segment(choice.segment)
    for step in segment.steps_of(choice.arm) if segment else ():
        yield t.StrategyStepSkipped(
            step=said.step_ref(visit, step.name), as_of=at.as_of, planned=None, act=step.act,
            reason=said.STAGE_JUMPED, by=None,
        )  # fmt: skip


def _steps(at: _Case, version: Strategy, judged: Judged) -> Iterator[t.TreatmentEvent]:
    """What falls due of the plan the case goes by, and what of it cannot be any more."""
    pin = said.pin_said(judged)
    if pin is None:
        return
    for step, planned in planned_steps(pin, version, at.worked):
        ref = said.step_ref(pin.visit, step.name)
        event = said.step_said(judged, ref)
        status = said.status_of(event)
        if status == said.DUE and planned > at.as_of:
            yield t.StrategyStepWithdrawn(
                step=ref, as_of=at.as_of, planned=event.planned, reason=said.ANCHOR_MOVED
            )
        elif status in (None, said.WITHDRAWN) and planned <= at.as_of:
            found = _due(at, version, pin, step, planned)
            if found is not None:
                yield found


def planned_steps(pin: t.StrategyPinned, version: Strategy, worked: OpenCase) -> Sequence[tuple[Step, date]]:
    """The steps the case goes by, each with the day it is planned for."""
    segment = version.segment(pin.segment)
    days = {
        strategy.FROM_STAGE: pin.stage_from,
        strategy.FROM_SEGMENT: pin.as_of,
        strategy.FROM_CASE: opened_on(worked),
    }
    steps = segment.steps_of(pin.arm) if segment else ()
    return [(step, days[step.anchor] + timedelta(days=step.day)) for step in steps]


def opened_on(worked: OpenCase) -> date:
    """The first day of the case."""
    return min((one.as_of for one in worked.facts.all(CaseOpened)), default=worked.as_of)


def _due(
    at: _Case, version: Strategy, pin: t.StrategyPinned, step: Step, planned: date
) -> t.TreatmentEvent | None:
    """It falls due, waits for what is in its way, or is passed by because its days are over."""
    until = planned + timedelta(days=step.within)
    ref = said.step_ref(pin.visit, step.name)
    if at.as_of <= until:
        if excluded_by(at.picture, version.excluded_by) is not None:
            return None
        return t.StrategyStepDue(
            step=ref, as_of=at.as_of, planned=planned, until=until, act=step.act, channel=step.channel,
            template=step.template, who=step.who,
        )  # fmt: skip
    why: str | None = said.BEFORE_PINNED
    if until >= pin.as_of:
        why = excluded_by(judge(at.facts, until, at.policy), version.excluded_by) or said.NOT_TAKEN
    return t.StrategyStepSkipped(
        step=ref, as_of=at.as_of, planned=planned, act=step.act, reason=why or said.NOT_TAKEN, by=None
    )


def _with(judged: Judged, events: Sequence[t.TreatmentEvent]) -> Judged:
    for event in events:
        judged = judged.with_(event)
    return judged
