"""What can be asked of a matter and of the proofs about a case. `by` is who asks; days are civil days of the lender.

A fact is proposed as the very event it would be: `Record(fact)` and `TakeStep(step)`. Ids are made by whoever asks.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from services.legal.domain.events import Step
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p

Recordable: TypeAlias = (
    m.PartyNamed
    | m.PartyDropped
    | m.ClaimStated
    | m.FeasibilityAssessed
    | m.PlacedWithFirm
    | m.PlacementEnded
    | m.DocumentFiled
    | m.MediationOffered
    | m.MediationAgreed
    | m.MediationFailed
    | m.DebtorRepresented
    | m.RepresentationEnded
    | m.MatterCostBooked
    | m.MatterCostReversed
)
"""Facts of a matter beside its tracks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMatter:
    """Begin a matter: `opened` says all of it."""

    opened: m.MatterOpened


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Record a fact of an open matter. `by` goes with what it proves, where it proves something."""

    fact: Recordable
    by: str = "legal"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep:
    """Take a step of a track, or begin a track by its first. `by_time`: the sweep found that its day has come."""

    step: Step
    by: str
    by_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractStep:
    """A step never was; only the newest of its track that stands can go, and its proof goes with it."""

    step: str
    track: str
    on: date
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOverride:
    """A second person lets a step through on an expired claim; the law pack must allow that, for that reason."""

    override: m.OverrideGiven


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMatter:
    """End the matter: no track may be under way, or the outcome ends them."""

    outcome: str
    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenMatter:
    """The matter goes on."""

    reason: str
    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HearOfCase:
    """The case service said that the matter's case has ended, or goes on."""

    turned: m.CaseTurned


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnOfDeadline:
    """The sweep found that a deadline is near, or has passed."""

    near: m.DeadlineNear


MatterCommand: TypeAlias = (
    OpenMatter
    | Record
    | TakeStep
    | RetractStep
    | GiveOverride
    | CloseMatter
    | ReopenMatter
    | WarnOfDeadline
    | HearOfCase
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProof:
    """Something that bears on limitation is on record: `proof` says all of it."""

    proof: p.ProofRecorded


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractProof:
    """The proof does not stand."""

    proof: str
    on: date
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreProof:
    """The retraction was wrong."""

    proof: str
    on: date
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOfDebts:
    """The case service said what is in the case, who owes with the debtor, and what falls due when.

    A debt that joins or leaves stands on the case's stream and on the debt's, evidence on the case's, all else on the
    debt's.
    """

    facts: tuple[
        p.DebtJoined
        | p.DebtLeft
        | p.GuaranteeTold
        | p.JointDebtorTold
        | p.RoleTaken
        | p.InstalmentTold
        | p.EvidenceTold,
        ...,
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnOfLimitation:
    """The sweep found that a period ends soon, or has ended."""

    near: p.LimitationNear


ProofCommand: TypeAlias = RecordProof | RetractProof | RestoreProof | TellOfDebts | WarnOfLimitation
