"""A fact of an open matter is recorded once: what was said of the same thing in the same words is on record."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.known import Known
from services.legal.domain.led import NOTHING, Led
from services.legal.domain.recording import claims, costs, firms, mediation, papers, people

Room: TypeAlias = Callable[[Known, Any], Led]
ROOMS: Mapping[type, Room] = {
    m.PartyNamed: people.named,
    m.PartyDropped: people.dropped,
    m.DebtorRepresented: people.represented,
    m.RepresentationEnded: people.representation_ended,
    m.ClaimStated: claims.stated,
    m.FeasibilityAssessed: claims.assessed,
    m.PlacedWithFirm: firms.placed,
    m.PlacementEnded: firms.ended,
    m.DocumentFiled: papers.filed,
    m.MediationOffered: mediation.offered,
    m.MediationFailed: mediation.failed,
    m.MatterCostBooked: costs.booked,
    m.MatterCostReversed: costs.reversed_,
}


def recorded(known: Known, command: c.Record) -> Led:
    """The fact and what follows from it. Raises MatterClosed, LegalDayAhead, and what its room raises."""
    fact: Any = command.fact
    if fact in known.matter.standing:
        return NOTHING
    known.open()
    on: date = fact.on
    known.happened(on)
    if isinstance(fact, m.MediationAgreed):
        return mediation.agreed(known, fact, by=command.by)
    return ROOMS[type(fact)](known, fact)
