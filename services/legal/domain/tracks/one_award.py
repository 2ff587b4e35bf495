"""One award ends the dispute: no suit and no second arbitration beside it (一裁终局; 仲裁法 9)."""

from typing import Any

from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import suit as s
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.against import persons, persons_behind
from services.legal.domain.tracks.machine import Asked, Machine
from services.legal.domain.tracks.refusals import AwardStands

BRINGS = (
    s.SuitAssessed, s.SuitFiled, a.ArbitrationAssessed, a.ArbitrationFiled, o.PaymentOrderAssessed,
    o.PaymentOrderApplied,
)  # fmt: skip
"""Steps by which a dispute is brought before somebody."""
_MADE = (a.AwardIssued, a.ArbitrationConciliated)
_UNDONE = (a.AwardSetAside, a.EnforcementOfAwardRefused)


def award_stands(asked: Asked, _machine: Machine) -> None:
    """Raises AwardStands where a dispute is brought in which there is an award.

    It is the same dispute where a debt and a person are in both. The award stands unless it was set aside, or a court
    will not enforce it.
    """
    if not isinstance(asked.step, BRINGS):
        return
    first: Any = asked.before[0] if asked.before else asked.step
    whom, debts = set(persons_behind(asked.matter, first.against)), set(first.debts)
    for track in asked.matter.tracks:
        if track == asked.track or not _awarded(asked.matter, track):
            continue
        other = set(asked.matter.steps(track)[0].debts)
        if whom & set(persons(asked.matter, track)) and (not debts or not other or debts & other):
            raise AwardStands(tuple(first.debts))


def _awarded(matter: Matter, track: str) -> bool:
    steps = matter.steps(track)
    made = any(isinstance(one, _MADE) for one in steps)
    return made and not any(isinstance(one, _UNDONE) for one in steps)
