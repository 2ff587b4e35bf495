"""What is recorded of limitation: proofs, their retraction and restoration, who is in the case, and warnings; pure."""

from collections.abc import Iterable
from typing import Any

from services.legal.domain import commands as c
from services.legal.domain.clocks.pack import LawPack
from services.legal.domain.facts import proofs as p
from services.legal.domain.known import Known
from services.legal.domain.led import NOTHING, Led
from services.legal.domain.limitation.claims import Claims, Proofs
from services.legal.domain.limitation.kinds import kinds_by_hand, may_lie_ahead
from services.legal.domain.refusals import CaseUnheard, DebtNotOfCase, LegalDayAhead
from shared.kernel.evidence import GRADES
from shared.kernel.refusal import Refused

BY_PEOPLE = ("HAND", "HISTORY")
"""Sources that people type: what they say is checked. What another service told was checked there."""


class ProofUnknown(Refused):
    """No proof of that id is on record about the case or debt. `GET /v1/cases/{id}/limitation` lists those that are."""

    code = "limitation-proof-unknown"
    title_en = "There is no such proof"
    title_zh = "没有该证明"


class ProofKindUnknown(Refused):
    """The law pack knows nothing of that kind that bears on limitation. Context: `kinds`, those it knows."""

    code = "limitation-proof-kind-unknown"
    title_en = "That kind of fact does not bear on limitation"
    title_zh = "该类事实与时效无关"


class EvidenceGradeUnknown(Refused):
    """A proof says how well it is proved, by one of the grades. Context: `grades`, strongest first."""

    code = "evidence-grade-unknown"
    title_en = "That is no grade of evidence"
    title_zh = "没有该证据等级"


def recorded(known: Known, command: c.RecordProof) -> Led:
    """The proof, once, on the case's stream, or on each debt's where it names no case.

    Raises, for what a person typed: ProofKindUnknown, EvidenceGradeUnknown, LegalDayAhead, CaseUnheard, DebtNotOfCase.
    """
    proof = command.proof
    if _streams_with(known.claims, proof.proof):
        return NOTHING
    if proof.source in BY_PEOPLE:
        _check(known, proof)
    return Led(proofs=dict.fromkeys(_homes(proof), (proof,)))


def _check(known: Known, proof: p.ProofRecorded) -> None:
    law: LawPack = known.ground.law
    kinds = kinds_by_hand(law)
    if proof.kind not in kinds:
        raise ProofKindUnknown(kinds=kinds)
    if proof.evidence not in GRADES:
        raise EvidenceGradeUnknown(grades=tuple(GRADES))
    if proof.on > known.today and not may_lie_ahead(law, proof.kind):
        raise LegalDayAhead
    if not known.claims.debts:
        raise CaseUnheard
    if any(debt not in known.claims.debts for debt in proof.debts):
        raise DebtNotOfCase


def retracted(known: Known, command: c.RetractProof) -> Led:
    """The proof does not stand, wherever it lies; nothing where it was retracted already. Raises ProofUnknown."""
    known.happened(command.on)
    found = _streams_with(known.claims, command.proof)
    if not found:
        raise ProofUnknown
    event = p.ProofRetracted(proof=command.proof, on=command.on, reason=command.reason, by=command.by)
    stands = (about for about, stream in found if command.proof not in stream.retracted)
    return Led(proofs=dict.fromkeys(stands, (event,)))


def restored(known: Known, command: c.RestoreProof) -> Led:
    """The retraction was wrong; nothing where the proof stands. Raises ProofUnknown."""
    known.happened(command.on)
    found = _streams_with(known.claims, command.proof)
    if not found:
        raise ProofUnknown
    event = p.ProofRestored(proof=command.proof, on=command.on, reason=command.reason, by=command.by)
    gone = (about for about, stream in found if command.proof in stream.retracted)
    return Led(proofs=dict.fromkeys(gone, (event,)))


def _streams_with(claims: Claims, proof: str) -> tuple[tuple[str, Proofs], ...]:
    return tuple((about, stream) for about, stream in claims.streams.items() if proof in stream.proofs)


def told(known: Known, command: c.TellOfDebts) -> Led:
    """What the book says, on the streams of the case and of the debt; what they say already is not said again."""
    led: dict[str, list[p.ProofEvent]] = {}
    for fact in command.facts:
        for about in _stands_on(fact):
            before = known.claims.streams.get(about, Proofs())
            if not _said(before, led.get(about, ()), fact):
                led.setdefault(about, []).append(fact)
    return Led(proofs={about: tuple(events) for about, events in led.items()})


def written_to(command: c.MatterCommand | c.ProofCommand) -> tuple[str, ...]:
    """The cases and accounts whose streams a command about proofs may add to."""
    match command:
        case c.RecordProof():
            return _homes(command.proof)
        case c.TellOfDebts():
            return tuple(dict.fromkeys(about for fact in command.facts for about in _stands_on(fact)))
        case _:
            return ()


def _homes(proof: p.ProofRecorded) -> tuple[str, ...]:
    return (proof.case,) if proof.case is not None else proof.debts


def _stands_on(fact: Any) -> tuple[str, ...]:
    match fact:
        case p.DebtJoined() | p.DebtLeft():
            return (fact.case, fact.debt)
        case p.EvidenceTold():
            return (str(fact.case),)
        case _:
            return (str(fact.debt),)


def _said(before: Proofs, now: Iterable[p.ProofEvent], fact: Any) -> bool:
    if fact in now:
        return True
    match fact:
        case p.InstalmentTold():
            return before.instalments.get(fact.instalment) == fact.due
        case p.EvidenceTold():
            return before.evidence.get((fact.thing, fact.fact)) == fact.evidence
        case _:
            return fact in before.debts or fact in before.roles


def warned(known: Known, command: c.WarnOfLimitation) -> Led:
    """That a period ends soon, once for each end and threshold."""
    near = command.near
    same = (near.debt, near.clock, near.person, near.within, near.raw_on, near.expires_on)
    for one in known.claims.of_case.warned:
        if (one.debt, one.clock, one.person, one.within, one.raw_on, one.expires_on) == same:
            return NOTHING
    return Led(proofs={near.case: (near,)})
