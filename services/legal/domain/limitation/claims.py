"""What is known for and against the limitation of a case's debts: the proofs of the case and of each debt, folded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from services.legal.domain.facts import proofs as p


@dataclass(frozen=True, slots=True)
class Proofs:
    """One stream of proofs, in the order in which they were recorded; `version` 0: nothing is on it.

    `retracted`: proof -> the retraction that stands. `instalments`: of a debt, those in the book with their days.
    `evidence`: (thing, type of the fact) -> what a fact from before go-live rests on.
    """

    version: int = 0
    proofs: Mapping[str, p.ProofRecorded] = field(default_factory=dict)
    retracted: Mapping[str, p.ProofRetracted] = field(default_factory=dict)
    debts: tuple[p.DebtJoined | p.DebtLeft, ...] = ()
    roles: tuple[p.GuaranteeTold | p.JointDebtorTold | p.RoleTaken, ...] = ()
    matters: tuple[str, ...] = ()
    warned: tuple[p.LimitationNear, ...] = ()
    instalments: Mapping[str, date] = field(default_factory=dict)
    evidence: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def last_due(self) -> tuple[str, date] | None:
        """The last instalment by the book, and its day; None: the debt has none."""
        found = max(self.instalments.items(), key=lambda one: (one[1], one[0]), default=None)
        return found


def evolve(known: Proofs, event: Any) -> Proofs:
    """The stream after one more event."""
    at = replace(known, version=known.version + 1)
    match event:
        case p.ProofRecorded():
            return replace(at, proofs={**known.proofs, event.proof: event})
        case p.ProofRetracted():
            return replace(at, retracted={**known.retracted, event.proof: event})
        case p.ProofRestored():
            left = {proof: one for proof, one in known.retracted.items() if proof != event.proof}
            return replace(at, retracted=left)
        case p.DebtJoined() | p.DebtLeft():
            return replace(at, debts=(*known.debts, event))
        case p.GuaranteeTold() | p.JointDebtorTold() | p.RoleTaken():
            return replace(at, roles=(*known.roles, event))
        case p.InstalmentTold():
            others = {name: due for name, due in known.instalments.items() if name != event.instalment}
            told = others if event.due is None else {**others, event.instalment: event.due}
            return replace(at, instalments=told)
        case p.EvidenceTold():
            return replace(at, evidence={**known.evidence, (event.thing, event.fact): event.evidence})
        case p.MatterLinked():
            return replace(at, matters=tuple(dict.fromkeys((*known.matters, event.matter))))
        case p.LimitationNear():
            return replace(at, warned=(*known.warned, event))
    return at


def skipped(known: Proofs) -> Proofs:
    """The stream after an event whose facts were erased."""
    return replace(known, version=known.version + 1)


def fold_proofs(events: Iterable[Any], *, begin: Proofs | None = None) -> Proofs:
    """The stream that these events make."""
    found = begin or Proofs()
    for event in events:
        found = evolve(found, event)
    return found


@dataclass(frozen=True, slots=True)
class Claims:
    """A case with all that bears on its debts: its own proofs, those of each debt, and of other cases a debt was in.

    Keys of `streams` are cases and accounts; a case that legal never heard of has none.
    """

    case: str
    streams: Mapping[str, Proofs] = field(default_factory=dict)

    @property
    def of_case(self) -> Proofs:
        """The case's own stream."""
        return self.streams.get(self.case, Proofs())

    @property
    def debts(self) -> tuple[str, ...]:
        """Every debt that is, or was, in the case, in the order in which they joined."""
        return tuple(dict.fromkeys(one.debt for one in self.of_case.debts))
