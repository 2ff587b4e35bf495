"""The two years to apply for enforcement of a title (民事诉讼法 250): stopped and restarted as limitation is."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.clocks.pack import Restarting
from services.legal.domain.clocks.reading import CALENDAR_MISSING, NOT_STARTED, RUNNING, Reading
from services.legal.domain.clocks.running import end_of, last_day, read_clock
from services.legal.domain.facts import enforcement as e
from services.legal.domain.facts.matter import ClaimStated
from services.legal.domain.facts.proofs import JointDebtorTold
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.titles import Title

CLOCK = "enforcement_application"


def read_title(
    title: Title, matter: Matter, claims: Claims, ground: Ground, *, as_of: date
) -> Reading | None:
    """The clock of a title as of the end of a day, None where the law pack knows no such clock."""
    clock = ground.law.named(CLOCK)
    if not isinstance(clock, Restarting):
        return None
    start = ClockFact(kind=clock.starts[0], on=title.perform_until, id=title.step)
    facts = (start, *_enforced(title.thing, matter), *_proved(clock, title, matter, claims))
    found = read_clock(clock, facts, as_of)
    if found.state != NOT_STARTED:
        return found
    raw = end_of(clock, start)
    ends = last_day(clock, raw)
    return Reading(CALENDAR_MISSING if ends is None else RUNNING, raw, ends, ())


def _enforced(thing: str, matter: Matter) -> Iterator[ClockFact]:
    """Applications hold the clock; one that was not taken up, or was taken back, counts for nothing.

    An end for now (终本) does not let it run: enforcement is resumed at any time (民事诉讼法 265).
    """
    tracks = {one.track for one in matter.all(e.EnforcementApplied) if one.title == thing}
    for one in matter.standing:
        if getattr(one, "track", None) in tracks and (kind := _kind(one)) is not None:
            yield ClockFact(kind=kind, on=one.on, id=one.step, thing=one.track)


def _kind(step: Any) -> str | None:
    match step:
        case e.EnforcementApplied():
            return "enforcement_applied"
        case e.EnforcementNotAccepted():
            return "procedure_not_accepted"
        case e.EnforcementClosed(reason="WITHDRAWN"):
            return "procedure_withdrawn"
        case e.EnforcementClosed(reason="SETTLED"):
            return "procedure_ended"
    return None


def debts_of(matter: Matter, thing: str) -> tuple[str, ...]:
    """What a title is about: the debts its track named, else those that the matter claims; none: all of the case."""
    named: tuple[str, ...] = getattr(next(iter(matter.steps(thing)), None), "debts", ())
    return named or tuple(one.debt for one in matter.all(ClaimStated))


def _proved(clock: Restarting, title: Title, matter: Matter, claims: Claims) -> Iterator[ClockFact]:
    """What restarts or suspends it beside: proofs that stand, about its debts, towards or by who owes them.

    What concerns a guarantor alone moves nothing here.
    """
    kinds = {*clock.restarts, *clock.obstacles, *clock.obstacle_ends}
    debts, joint = debts_of(matter, title.thing), _joint(claims)
    for stream in claims.streams.values():
        for proof in stream.proofs.values():
            about = not debts or not proof.debts or set(debts) & set(proof.debts)
            counts = proof.kind in kinds and proof.on >= title.perform_until and proof.person in joint
            if about and counts and proof.proof not in stream.retracted:
                yield ClockFact(
                    kind=proof.kind, on=proof.on, id=proof.proof, evidence=proof.evidence, thing=proof.thing
                )


def _joint(claims: Claims) -> frozenset[str | None]:
    told = (
        one.person for it in claims.streams.values() for one in it.roles if isinstance(one, JointDebtorTold)
    )
    return frozenset({None, *told})
