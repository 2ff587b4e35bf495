"""The two years to apply for enforcement of a title (民事诉讼法 250): stopped and restarted as limitation is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.clocks.pack import Restarting
from services.legal.domain.clocks.reading import NOT_STARTED, RUNNING, Reading
from services.legal.domain.clocks.running import end_of, last_day, read_clock
from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import enforcement as e
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import suit as s
from services.legal.domain.facts.matter import MediationAgreed
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import Matter
from shared.kernel.money import Money

CLOCK = "enforcement_application"
_GIVES = (
    s.JudgmentEffective, o.PaymentOrderUnopposed, a.AwardIssued, a.ArbitrationConciliated, a.AwardEffective,
)  # fmt: skip
_TAKES = (a.AwardSetAside, a.EnforcementOfAwardRefused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A title is to be performed until `until`: `title` the track or mediation that brought it, `step` by which.

    `amount` None: the step does not say (a payment order's stands in its issue).
    """

    title: str
    step: str
    on: date
    until: date
    amount: Money | None


def due_titles(matter: Matter) -> tuple[Due, ...]:
    """What can be enforced in a matter, in the order in which it came."""
    found: dict[str, Due] = {}
    for one in matter.standing:
        match one:
            case _ if isinstance(one, _GIVES):
                amount = getattr(one, "amount", None)
                if amount is None or amount.minor > 0:
                    found[one.track] = Due(
                        title=one.track, step=one.step, on=one.on, until=one.perform_until, amount=amount
                    )
            case _ if isinstance(one, _TAKES):
                found.pop(one.track, None)
            case MediationAgreed(confirmed=True):
                found[one.mediation] = Due(
                    title=one.mediation, step=one.mediation, on=one.on, until=one.pay_by, amount=one.amount
                )
    return tuple(found.values())


def read_title(due: Due, matter: Matter, claims: Claims, ground: Ground, *, as_of: date) -> Reading | None:
    """The clock of a title as of the end of a day, None where the law pack knows no such clock."""
    clock = ground.law.named(CLOCK)
    if not isinstance(clock, Restarting):
        return None
    start = ClockFact(kind=clock.starts[0], on=due.until, id=due.step)
    facts = (start, *_enforced(due.title, matter), *_proved(clock, claims, after=due.until))
    found = read_clock(clock, facts, as_of)
    if found.state != NOT_STARTED:
        return found
    raw = end_of(clock, start)
    return Reading(RUNNING, raw, last_day(clock, raw), ())


def _enforced(title: str, matter: Matter) -> Iterator[ClockFact]:
    """Applications hold the clock; one that was not taken up, or was taken back, counts for nothing.

    An end for now (终本) does not let it run: enforcement is resumed at any time (民事诉讼法 265).
    """
    tracks = {one.track for one in matter.all(e.EnforcementApplied) if one.title == title}
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


def _proved(clock: Restarting, claims: Claims, *, after: date) -> Iterator[ClockFact]:
    """What restarts or suspends it beside: proofs about the case's debts that stand."""
    kinds = {*clock.restarts, *clock.obstacles, *clock.obstacle_ends}
    for stream in claims.streams.values():
        for proof in stream.proofs.values():
            if proof.kind in kinds and proof.on >= after and proof.proof not in stream.retracted:
                yield ClockFact(
                    kind=proof.kind, on=proof.on, id=proof.proof, evidence=proof.evidence, thing=proof.thing
                )
