"""A guarantor's period: from when it runs, and what kept it (Civil Code art. 692 to 694)."""

from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.facts.proofs import GuaranteeTold
from services.legal.domain.limitation.debt import OneDebt, fact_of

PRINCIPAL_DUE = "principal_due"
CALLED, DEBTOR_SUED = "guarantor_called", "debtor_sued"
JOINT = "JOINT"
_DUE = ("performance_due", "last_instalment_due")
_ALL_DUE = "accelerated"


def principal_due(one: OneDebt, told: GuaranteeTold) -> ClockFact | None:
    """The fact that starts the period: the day on which all of the debt was due, with what was agreed as its end.

    Where a day was recorded for the guarantee itself (principal_due) that one counts, the earliest of several: it does
    not move when the schedule does without the guarantor's consent (art. 695). Else the last instalment of the book,
    also one that is still to come, or the day on which all was called due, whichever is earlier.
    """
    own = [f for f in one.proofs if f.kind == PRINCIPAL_DUE and f.person in (None, told.person)]
    if own:
        due = fact_of(min(own, key=lambda proof: (proof.on, proof.proof)))
    else:
        scheduled = [*one.instalments(), *(fact_of(f) for f in one.proofs if f.kind in _DUE)]
        called = [fact_of(f) for f in one.proofs if f.kind == _ALL_DUE]
        last = sorted(scheduled, key=_by_day)[-1:]
        ends = sorted((*called, *last), key=_by_day)
        if not ends:
            return None
        due = ends[0]
    return ClockFact(kind=PRINCIPAL_DUE, on=due.on, id=due.id, evidence=due.evidence, until=told.until)


def calls_on(one: OneDebt, told: GuaranteeTold) -> tuple[ClockFact, ...]:
    """What keeps the period if it comes in time: of a joint guarantor a demand of them or a suit against them.

    Of a general one, and of one whose form is unclear (art. 686), a suit or arbitration against the debtor (art. 693).
    """
    rule = one.law.limitation
    if told.form == JOINT:
        kinds = (*rule.demands, *rule.suits)
        found = (f for f in one.proofs if f.kind in kinds and told.person in (f.person, *f.others))
        return tuple(fact_of(f, kind=CALLED) for f in found)
    sued = (
        f
        for f in one.proofs
        if f.kind in rule.suits and any(one.owes(who, f.on) for who in (f.person, *f.others))
    )
    return tuple(fact_of(f, kind=DEBTOR_SUED) for f in sued)


def _by_day(fact: ClockFact) -> tuple[object, str]:
    return fact.on, fact.id or ""
