"""A step of a track: whether it can follow, whether the law lets it through, what it proves; and taking it back."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from services.legal.domain import commands as c
from services.legal.domain.events import STEPS
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from services.legal.domain.forbidden import LawForbids
from services.legal.domain.known import Known
from services.legal.domain.led import NOTHING, Led
from services.legal.domain.limitation.pressing import claim_lives, override_fits
from services.legal.domain.matter import Matter
from services.legal.domain.parties import guarantor_first, known_against, parties
from services.legal.domain.refusals import StepLedOn, StepNotLast, StepUnknown
from services.legal.domain.thing_ids import proof_of_step
from services.legal.domain.tracks.all_tracks import kind_of, machine_of
from services.legal.domain.tracks.machine import (
    Asked,
    Machine,
    Proved,
    StepInTheFuture,
    TrackUnknown,
    against,
    check,
    wire_name,
)
from services.legal.domain.tracks.one_award import award_stands
from shared.kernel.four_eyes import second_person
from shared.kernel.refusal import Refused

LEGAL = "LEGAL"
"""As a proof's source: a step taken here."""


class OverrideUnfit(Refused):
    """The override named was not given for this step of this track, or was used already. Ask for one of its own."""

    code = "override-unfit"
    title_en = "The override does not cover the step"
    title_zh = "该特批不适用于此步骤"


def taken(known: Known, command: c.TakeStep) -> Led:
    """The step, what it proves, or why the law forbids it. Raises what keeps it from following (machine.check)."""
    step, matter = command.step, known.matter
    if _on_record(matter, step.step):
        return NOTHING
    begun = known.open()
    machine, asked = _asked(known, step)
    if step.on > known.today:
        raise StepInTheFuture
    try:
        _may(machine, asked, command)
    except LawForbids as law:
        return _forbidden(known, command, law)
    proofs = tuple(
        _proof(begun, asked, proved, nth, by=command.by) for nth, proved in enumerate(machine.proves(asked))
    )
    return Led(
        matter=(step,), proofs={begun.case: proofs} if proofs else {}, weighed=machine.needs_live(asked)
    )


def _may(machine: Machine, asked: Asked, command: c.TakeStep) -> None:
    """Raises what keeps the step from following, and LawForbids."""
    check(machine, asked, by_time=command.by_time)
    known_against(asked)
    _override(asked, by=command.by)
    for law in FORBIDS:
        law(asked, machine)


def _on_record(matter: Matter, step: str) -> bool:
    return step in matter.retracted or any(
        isinstance(one, STEPS) and one.step == step  # type: ignore[attr-defined]
        for one in matter.standing
    )


def _asked(known: Known, step: Any) -> tuple[Machine, Asked]:
    """Raises TrackUnknown for a track that has not begun, or is of another kind."""
    before, machine = known.matter.steps(step.track), machine_of(type(step))
    if machine is None or (machine.begins is not type(step) and not before):
        raise TrackUnknown
    if before and type(before[0]) not in machine.steps:
        raise TrackUnknown
    return machine, Asked(
        matter=known.matter, claims=known.claims, track=step.track, before=before, step=step,
        ground=known.ground, now=known.now,
    )  # fmt: skip


def _override(asked: Asked, *, by: str) -> None:
    """Raises OverrideUnfit where the step names an override that is not for it, or was used; MakerIsChecker."""
    named = getattr(asked.step, "override", None)
    if named is None:
        return
    given = next((one for one in asked.matter.all(m.OverrideGiven) if one.override == named), None)
    used = any(getattr(one, "override", None) == named for one in asked.matter.standing if one is not given)
    begun = asked.matter.opened
    covers = (asked.track, None if begun is None else begun.matter)
    if given is None or used or given.track not in covers or given.wanted != wire_name(type(asked.step)):
        raise OverrideUnfit
    second_person(by, given.by)


def _forbidden(known: Known, command: c.TakeStep, law: LawForbids) -> Led:
    """That it was wanted, on record."""
    refused = m.StepRefused(
        track=command.step.track, wanted=wire_name(type(command.step)), rule=law.rule, source=law.by,
        debts=law.debts, on=known.today, by=command.by,
    )  # fmt: skip
    return Led(matter=(refused,), refusal=law, weighed=True)


def _proof(begun: m.MatterOpened, asked: Asked, proved: Proved, nth: int, *, by: str) -> p.ProofRecorded:
    """What the step proves, towards all whom the track is against; the first proof has the step's own digits."""
    step = asked.step
    person, others = _towards(asked, proved)
    beside = sha256(f"{step.step}|{nth}".encode()).hexdigest()
    return p.ProofRecorded(
        proof=proof_of_step(begun.case, beside if nth else step.step), kind=proved.kind,
        on=proved.on or step.on, case=begun.case, debts=proved.debts or claimed(asked.matter), person=person,
        medium=proved.medium, to=proved.to, evidence=proved.evidence, source=LEGAL, source_ref=step.step,
        matter=begun.matter, document=proved.document or getattr(step, "document", None), by=by,
        thing=proved.thing, others=others,
    )  # fmt: skip


def _towards(asked: Asked, proved: Proved) -> tuple[str | None, tuple[str, ...]]:
    """(person, others) of a proof: the debtor first where they are among those it is against."""
    of = parties(asked.matter)
    sued = getattr(asked.step, "against", ()) or against(asked.matter, asked.track)
    persons = tuple(dict.fromkeys(of[one].person for one in sued if one in of))
    if proved.alone or proved.person is not None or proved.others or not persons:
        return proved.person, proved.others
    named = tuple(one for one in persons if one is not None)
    return (None, named) if None in persons else (named[0], named[1:])


def claimed(matter: Matter) -> tuple[str, ...]:
    """The debts on which something is claimed; none stated: all of the case."""
    return tuple(one.debt for one in matter.all(m.ClaimStated))


def retracted(known: Known, command: c.RetractStep) -> Led:
    """The step never was, and what it proved with it. Raises StepUnknown, StepNotLast, StepLedOn."""
    if command.step in known.matter.retracted:
        return NOTHING
    begun, matter = known.open(), known.matter
    kind_of(matter, command.track)
    steps = matter.steps(command.track)
    if all(one.step != command.step for one in steps):
        raise StepUnknown
    if steps[-1].step != command.step:
        raise StepNotLast
    known.happened(command.on)
    for other in matter.standing:
        if command.track in (getattr(other, "title", None), getattr(other, "into", None)):
            raise StepLedOn(track=other.track)
    event = m.StepRetracted(
        step=command.step, track=command.track, on=command.on, reason=command.reason, by=command.by
    )
    gone = _unproved(known, command)
    return Led(matter=(event,), proofs={begun.case: gone} if gone else {})


def _unproved(known: Known, command: c.RetractStep) -> tuple[p.ProofRetracted, ...]:
    stream = known.claims.of_case
    return tuple(
        p.ProofRetracted(proof=proof, on=command.on, reason=command.reason, by=command.by)
        for proof, one in stream.proofs.items()
        if one.source == LEGAL and one.source_ref == command.step and proof not in stream.retracted
    )


def overridden(known: Known, command: c.GiveOverride) -> Led:
    """A second person lets a step through where the law pack allows it. Raises MakerIsChecker, and the pack's."""
    given = command.override
    if any(one.override == given.override for one in known.matter.all(m.OverrideGiven)):
        return NOTHING
    begun = known.open()
    known.happened(given.on)
    second_person(given.asked_by, given.by)
    if given.track != begun.matter:
        kind_of(known.matter, given.track)
    for allows in OVERRIDES:
        allows(known, given)
    return Led(matter=(given,))


FORBIDS: list[Callable[[Asked, Machine], None]] = [guarantor_first, award_stands, claim_lives]
"""What the law forbids, asked in this order; each raises a LawForbids. Rules name themselves here."""
OVERRIDES: list[Callable[[Known, m.OverrideGiven], None]] = [override_fits]
"""Whether an override may be given; each raises a refusal where it may not. Rules name themselves here."""
