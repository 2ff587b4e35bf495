"""Every deadline of a matter as of a day: the rules over its steps, the ends of what is held, and its titles."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from services.legal.domain.clocks import reading as r
from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.clocks.pack import AnyClock
from services.legal.domain.clocks.running import end_of, last_day
from services.legal.domain.deadlines.deadline import (
    CALENDAR_MISSING,
    EXPIRED,
    KEPT,
    LATE,
    OURS,
    RUNNING,
    THEIRS,
    Deadline,
)
from services.legal.domain.deadlines.rules import PERFORMED, RULES, Rule
from services.legal.domain.deadlines.title_clock import CLOCK, read_title
from services.legal.domain.facts.enforcement import EnforcementApplied
from services.legal.domain.facts.matter import MediationAgreed
from services.legal.domain.facts.preservation import PreservationLapsed
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.measures import Measure, measures
from services.legal.domain.tracks.titles import Title, titles


def deadlines(matter: Matter, claims: Claims, ground: Ground, as_of: date) -> tuple[Deadline, ...]:
    """Every deadline that a step of the matter began, met ones among them, as of the end of a day; soonest first.

    None of a closed matter. Steps later than `as_of` do not count.
    """
    if matter.opened is None or matter.closed is not None:
        return ()
    steps = {track: _until(matter.steps(track), as_of) for track in matter.tracks}
    found = [
        *_by_rules(steps, ground, as_of),
        *(one for track in steps.values() for one in _held(track, ground, as_of)),
        *(one for title in _unperformed(matter, as_of) for one in _title(title, matter, claims, ground, as_of)),
        *(one for told in matter.all(MediationAgreed) if told.on <= as_of for one in _mediated(told, ground, as_of)),
    ]  # fmt: skip
    enforced = {one.title for one in matter.all(EnforcementApplied) if one.on <= as_of}
    kept = (one for one in found if one.name != "PERFORMANCE" or one.done_by or one.thing not in enforced)
    return tuple(sorted(kept, key=lambda one: (one.ends_on, one.key)))


def _until(steps: tuple[Any, ...], as_of: date) -> tuple[Any, ...]:
    return tuple(one for one in steps if one.on <= as_of)


# -- by the table


def _by_rules(steps: dict[str, tuple[Any, ...]], ground: Ground, as_of: date) -> Iterator[Deadline]:
    everywhere = tuple(one for track in steps.values() for one in track)
    for track in steps.values():
        for rule in RULES:
            for start in _starts(rule, track):
                after = everywhere if rule.anywhere else track[track.index(start) + 1 :]
                met = _met(rule, start, after)
                if not isinstance(met, rule.gone):
                    yield _ruled(rule, start, met, ground, as_of)


def _starts(rule: Rule, steps: tuple[Any, ...]) -> Iterable[Any]:
    """The step from which it counts, or one for each of those that `per` tells apart."""
    begun = [one for one in steps if isinstance(one, rule.starts) and rule.only(one, steps)]
    if rule.first:
        begun.reverse()  # the last one put is the one that stays
    return {getattr(one, rule.per) if rule.per else None: one for one in begun}.values()


def _met(rule: Rule, start: Any, after: tuple[Any, ...]) -> Any | None:
    """The first step that met it, by which its passing is on record, or after which nobody asks for it."""
    return next(
        (
            one
            for one in after
            if isinstance(one, (*rule.ends, *rule.passes, *rule.gone))
            and rule.ended(one)
            and _same(rule, start, one)
        ),
        None,
    )


def _same(rule: Rule, start: Any, end: Any) -> bool:
    """Is the end about what the start is about: the same person or asset, or no particular one?"""
    if rule.per is None or not hasattr(end, rule.per):
        return True
    return bool(getattr(end, rule.per) == getattr(start, rule.per))


def _ruled(rule: Rule, start: Any, met: Any | None, ground: Ground, as_of: date) -> Deadline:
    day, clock = getattr(start, rule.day), None if rule.clock is None else ground.law.named(rule.clock)
    raw = day if clock is None else end_of(clock, ClockFact(kind=clock.starts[0], on=day))
    ends = raw if clock is None else last_day(clock, raw)
    state = _state(ends, as_of) if met is None else _ended(met, rule.passes, ends or raw)
    return _made(
        rule.name, start.track, start.step, rule.whose, raw, ends, state, clock,
        done_by=None if met is None else met.step, person=getattr(start, "person", None),
    )  # fmt: skip


def _ended(met: Any, passes: tuple[type, ...], ends: date) -> str:
    if met.on <= ends:
        return KEPT
    return EXPIRED if isinstance(met, passes) else LATE


def _state(ends: date | None, as_of: date) -> str:
    """Where nothing met it: in time while its last day is not over."""
    if ends is None:
        return CALENDAR_MISSING
    return RUNNING if as_of <= ends else EXPIRED


def _made(
    name: str,
    thing: str,
    begun_by: str,
    whose: str,
    raw: date,
    ends: date | None,
    state: str,
    clock: AnyClock | None,
    *,
    done_by: str | None = None,
    person: str | None = None,
) -> Deadline:
    return Deadline(
        name=name, thing=thing, begun_by=begun_by, whose=whose, raw_on=raw, expires_on=ends, state=state,
        clock=None if clock is None else clock.name,
        article=None if clock is None else clock.source.article,
        confidence=None if clock is None else clock.source.confidence,
        done_by=done_by, person=person,
    )  # fmt: skip


# -- what is held by preservation


def _held(steps: tuple[Any, ...], ground: Ground, as_of: date) -> Iterator[Deadline]:
    """The end of each measure, and the day to ask for its renewal by; none once it was lifted or fell before."""
    for one in measures(steps):
        track, over = steps[0].track, one.over
        if over is None:
            state = _state(one.until, as_of)
            yield _made("PRESERVATION_END", track, one.begun_by, OURS, one.until, one.until, state, None)
            yield _renewal(one, track, ground, as_of)
        elif isinstance(over, PreservationLapsed) and over.on > one.until:
            yield _made(
                "PRESERVATION_END",
                track,
                one.begun_by,
                OURS,
                one.until,
                one.until,
                EXPIRED,
                None,
                done_by=over.step,
            )


def _renewal(one: Measure, track: str, ground: Ground, as_of: date) -> Deadline:
    clock = ground.law.named("preservation_renewal")
    day = one.until - timedelta(days=7)
    if clock is not None:
        day = end_of(clock, ClockFact(kind=clock.starts[0], on=one.until))
    if one.asked is None:
        state, done = _state(day, as_of), None
    else:
        state, done = (KEPT if one.asked.on <= day else LATE), one.asked.step
    return _made("PRESERVATION_RENEWAL", track, one.begun_by, OURS, day, day, state, clock, done_by=done)


# -- titles and mediation


def _unperformed(matter: Matter, as_of: date) -> Iterator[Title]:
    """The titles of which nobody has said that they were performed."""
    for title in titles(matter):
        performed = any(isinstance(one, PERFORMED) for one in _until(matter.steps(title.thing), as_of))
        if title.on <= as_of and not performed:
            yield title


def _title(title: Title, matter: Matter, claims: Claims, ground: Ground, as_of: date) -> Iterator[Deadline]:
    found, clock = read_title(title, matter, claims, ground, as_of=as_of), ground.law.named(CLOCK)
    if found is None:
        return
    known = [link for link in found.chain if link.raw_on is not None]
    raw = found.raw_on or (known[-1].raw_on if known else None) or title.perform_until
    if found.state == r.IN_PROCEDURE:
        done = found.chain[-1].fact.id
        yield _made(
            "ENFORCEMENT_APPLICATION", title.thing, title.step, OURS, raw, None, KEPT, clock, done_by=done
        )
    else:
        yield _made(
            "ENFORCEMENT_APPLICATION",
            title.thing,
            title.step,
            OURS,
            raw,
            found.expires_on,
            found.state,
            clock,
        )


def _mediated(told: MediationAgreed, ground: Ground, as_of: date) -> Iterator[Deadline]:
    """What was agreed in mediation is to be paid, and confirmed by a court while that can be asked for (art. 205)."""
    thing, until = told.mediation, told.pay_by
    yield _made("PERFORMANCE", thing, thing, THEIRS, until, until, _state(until, as_of), None)
    clock = ground.law.named("mediation_confirmation")
    if clock is not None and not told.confirmed:
        raw = end_of(clock, ClockFact(kind=clock.starts[0], on=told.on))
        ends = last_day(clock, raw)
        yield _made("MEDIATION_CONFIRMATION", thing, thing, OURS, raw, ends, _state(ends, as_of), clock)
