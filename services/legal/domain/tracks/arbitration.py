"""How an arbitration goes (仲裁法; domain.md 4.3, Arbitration).

    ASSESSED ► CLAUSE_VERIFIED ► APPROVED ► FILED ► ACCEPTED ► SERVED ► TRIBUNAL_FORMED ► HEARING_SET ► HEARD
        └► NO_CLAUSE                            └► NOT_ACCEPTED
      … ► AWARD | CONCILIATED ► EFFECTIVE ► PERFORMED              WITHDRAWN
             └► SET_ASIDE_APPLIED ► UPHELD | SET_ASIDE        ENFORCEMENT_REFUSED

No clause that binds, no request (art. 4): nothing is approved that was not verified. An award takes effect on the day
it is made (art. 57), conciliation once both sides have signed for it (art. 52).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.legal.domain.facts import arbitration as f
from services.legal.domain.tracks import proving
from services.legal.domain.tracks import refusals as no
from services.legal.domain.tracks.against import first_day, is_against, persons
from services.legal.domain.tracks.machine import STAYS, Asked, Machine, Proves
from services.legal.domain.tracks.outcomes import fits, names_settlement, same
from services.legal.domain.tracks.periods import longest, period
from shared.kernel.four_eyes import second_person

KIND = "ARBITRATION"
ASSESSED, CLAUSE_VERIFIED, NO_CLAUSE, APPROVED = "ASSESSED", "CLAUSE_VERIFIED", "NO_CLAUSE", "APPROVED"
REJECTED, FILED, ACCEPTED, NOT_ACCEPTED = "REJECTED", "FILED", "ACCEPTED", "NOT_ACCEPTED"
SERVED, TRIBUNAL_FORMED, HEARING_SET, HEARD = "SERVED", "TRIBUNAL_FORMED", "HEARING_SET", "HEARD"
AWARD, CONCILIATED, WITHDRAWN, EFFECTIVE = "AWARD", "CONCILIATED", "WITHDRAWN", "EFFECTIVE"
PERFORMED, SET_ASIDE_APPLIED, UPHELD = "PERFORMED", "SET_ASIDE_APPLIED", "UPHELD"
SET_ASIDE, ENFORCEMENT_REFUSED = "SET_ASIDE", "ENFORCEMENT_REFUSED"
SET_ASIDE_CLOCK = "award_set_aside"
"""The clock of the law pack."""

_BEFORE_TRIBUNAL = frozenset({ACCEPTED, SERVED})
_TRIBUNAL = frozenset({TRIBUNAL_FORMED, HEARING_SET, HEARD})
_PENDING = _BEFORE_TRIBUNAL | _TRIBUNAL
_AWARDED = frozenset({AWARD, CONCILIATED, EFFECTIVE, SET_ASIDE_APPLIED, UPHELD, PERFORMED})


# -- guards


def _second(asked: Asked) -> None:
    assessed = asked.done(f.ArbitrationAssessed)
    second_person(None if assessed is None else assessed.by, asked.step.by)


def _withdrawn(asked: Asked) -> None:
    names_settlement(asked.step)


def _fits(asked: Asked) -> None:
    fits(asked.step)


def _effective(asked: Asked) -> None:
    """It says what was awarded or agreed."""
    decision = asked.done(f.ArbitrationConciliated) or asked.done(f.AwardIssued)
    same(asked.step, decision, "amount")
    same(asked.step, decision, "perform_until")


def _performed(asked: Asked) -> None:
    same(asked.step, asked.done(f.AwardEffective) or asked.done(f.AwardIssued), "amount")


def _set_aside_applied(asked: Asked) -> None:
    """Within the time from receipt; whoever has not received it yet is in time."""
    received = first_day(asked.before, f.AwardReceived)
    found = longest(
        period(asked.ground, SET_ASIDE_CLOCK, received[person]) if person in received else None
        for person in persons(asked.matter, asked.track)
    )
    if found is not None and asked.step.on > found.last:
        raise no.SetAsideTooLate(last_day=found.last)


# -- what it proves


def _of(kind: str) -> Any:
    return lambda asked: proving.proved(asked, kind)


def _withdrawal_proves(asked: Asked) -> Proves:
    if asked.done(f.ArbitrationFiled) is None:
        return None
    return proving.proved(asked, proving.WITHDRAWN)


def _effect_proves(asked: Asked) -> Proves:
    """An award was a title from its first day; what was agreed before the tribunal becomes one now."""
    return proving.title(asked) if asked.done(f.ArbitrationConciliated) is not None else None


def _title_gone(asked: Asked) -> Proves:
    return proving.proved(asked, proving.TITLE_GONE)


_PROVED: Mapping[type, Any] = MappingProxyType({
    f.ArbitrationFiled: _of("arbitration_filed"),
    f.ArbitrationServed: proving.served,
    f.ArbitrationNotAccepted: _of(proving.NOT_ACCEPTED),
    f.ArbitrationWithdrawn: _withdrawal_proves,
    f.AwardIssued: proving.title,
    f.AwardEffective: _effect_proves,
    f.AwardSetAside: _title_gone,
    f.EnforcementOfAwardRefused: _title_gone,
})  # fmt: skip

MACHINE = Machine(
    kind=KIND,
    begins=f.ArbitrationAssessed,
    first=ASSESSED,
    moves=MappingProxyType({
        f.ClauseVerified: (frozenset({ASSESSED}), CLAUSE_VERIFIED),
        f.ClauseNotFound: (frozenset({ASSESSED, CLAUSE_VERIFIED}), NO_CLAUSE),
        f.ArbitrationApproved: (frozenset({CLAUSE_VERIFIED}), APPROVED),
        f.ArbitrationRejected: (frozenset({ASSESSED, CLAUSE_VERIFIED}), REJECTED),
        f.ArbitrationFiled: (frozenset({APPROVED}), FILED),
        f.ArbitrationAccepted: (frozenset({FILED}), ACCEPTED),
        f.ArbitrationNotAccepted: (frozenset({FILED}), NOT_ACCEPTED),
        f.ArbitrationServed: ((_BEFORE_TRIBUNAL, SERVED), (_TRIBUNAL, STAYS)),
        f.TribunalFormed: (_BEFORE_TRIBUNAL, TRIBUNAL_FORMED),
        f.ArbitrationHearingSet: (_TRIBUNAL, HEARING_SET),
        f.ArbitrationHeard: (frozenset({HEARING_SET}), HEARD),
        f.AwardIssued: (_TRIBUNAL, AWARD),
        f.ArbitrationConciliated: (_PENDING, CONCILIATED),
        f.ArbitrationWithdrawn: (
            _PENDING | {ASSESSED, CLAUSE_VERIFIED, APPROVED, FILED}, WITHDRAWN,
        ),
        f.AwardReceived: (_AWARDED, STAYS),
        f.AwardEffective: (frozenset({AWARD, CONCILIATED}), EFFECTIVE),
        f.AwardPerformed: (frozenset({AWARD, EFFECTIVE, UPHELD}), PERFORMED),
        f.SetAsideApplied: (frozenset({AWARD, EFFECTIVE, PERFORMED}), SET_ASIDE_APPLIED),
        f.AwardUpheld: (frozenset({SET_ASIDE_APPLIED}), UPHELD),
        f.AwardSetAside: (frozenset({SET_ASIDE_APPLIED}), SET_ASIDE),
        f.EnforcementOfAwardRefused: (frozenset({AWARD, EFFECTIVE, UPHELD}), ENFORCEMENT_REFUSED),
    }),
    ends=frozenset({
        NO_CLAUSE, REJECTED, NOT_ACCEPTED, WITHDRAWN, EFFECTIVE, PERFORMED, UPHELD, SET_ASIDE, ENFORCEMENT_REFUSED,
    }),
    needs_live_claim=frozenset({f.ArbitrationFiled}),
    guards=MappingProxyType({
        f.ArbitrationApproved: _second,
        f.ArbitrationRejected: _second,
        f.ArbitrationServed: is_against,
        f.ArbitrationWithdrawn: _withdrawn,
        f.AwardIssued: _fits,
        f.AwardReceived: is_against,
        f.AwardEffective: _effective,
        f.AwardPerformed: _performed,
        f.SetAsideApplied: _set_aside_applied,
    }),
    proved=_PROVED,
)  # fmt: skip
"""The machine of an arbitration."""
