"""An arbitration (仲裁法, old and as in force from 1 March 2026): no clause verified, no filing.

`track`, `step` and `document` as in suit.py.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID, STAFF


class ArbitrationAssessed(Struct, frozen=True, kw_only=True):
    """Somebody thinks arbitration worth bringing; with it the track begins.

    `against` and `debts` as in suit.py.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    institution: Annotated[str, FACTS]
    against: Annotated[tuple[str, ...], FACTS]
    amount: Annotated[Money, FACTS]
    by: Annotated[str, STAFF]
    debts: Annotated[tuple[str, ...], FACTS] = ()


class ClauseVerified(Struct, frozen=True, kw_only=True):
    """The arbitration clause was read and found to bind.

    `clause` is the SHA-256 (hex) of the paper it stands in (仲裁法 4).
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    clause: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class ClauseNotFound(Struct, frozen=True, kw_only=True):
    """There is no clause that binds, or it is void; the track ends."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class ArbitrationApproved(Struct, frozen=True, kw_only=True):
    """A second person agrees to bring it."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    by: Annotated[str, STAFF]


class ArbitrationRejected(Struct, frozen=True, kw_only=True):
    """A second person does not agree; the track ends."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class ArbitrationFiled(Struct, frozen=True, kw_only=True):
    """The request is filed: limitation restarts (Civil Code art. 195(3))."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]
    override: Annotated[str | None, FACTS]


class ArbitrationAccepted(Struct, frozen=True, kw_only=True):
    """The institution takes it up, within five days (仲裁法 24 of 2017)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    case_no: Annotated[str, ID]
    fee: Annotated[Money | None, FACTS]


class ArbitrationNotAccepted(Struct, frozen=True, kw_only=True):
    """The institution does not take it up; the track ends."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class ArbitrationServed(Struct, frozen=True, kw_only=True):
    """The papers were served on `person`."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]
    kind: Annotated[str, FACTS]


class TribunalFormed(Struct, frozen=True, kw_only=True):
    """The tribunal is formed."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    arbitrators: Annotated[int, FACTS]


class ArbitrationHearingSet(Struct, frozen=True, kw_only=True):
    """A hearing is set for `hearing_on`; said again, the later word counts."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    hearing_on: Annotated[date, FACTS]


class ArbitrationHeard(Struct, frozen=True, kw_only=True):
    """The hearing was held."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    outcome: Annotated[str, FACTS]


class AwardIssued(Struct, frozen=True, kw_only=True):
    """The tribunal has awarded: `outcome` WON, PARTLY_WON, LOST.

    It takes effect on this day (仲裁法 57 of 2017).
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    outcome: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    perform_until: Annotated[date, FACTS]


class ArbitrationConciliated(Struct, frozen=True, kw_only=True):
    """The parties agreed before the tribunal: it has the force of an award."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]
    perform_until: Annotated[date, FACTS]


class ArbitrationWithdrawn(Struct, frozen=True, kw_only=True):
    """The request is taken back."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]
    settlement: Annotated[str | None, FACTS]


class AwardReceived(Struct, frozen=True, kw_only=True):
    """`person` received the award: the time to ask for it to be set aside runs from here."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]


class AwardEffective(Struct, frozen=True, kw_only=True):
    """The award is in force."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]
    perform_until: Annotated[date, FACTS]


class AwardPerformed(Struct, frozen=True, kw_only=True):
    """The respondent has performed."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]


class SetAsideApplied(Struct, frozen=True, kw_only=True):
    """Somebody asked the court to set the award aside: `by_side` OURS or THEIRS."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    by_side: Annotated[str, FACTS]


class AwardUpheld(Struct, frozen=True, kw_only=True):
    """The court left the award as it is."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]


class AwardSetAside(Struct, frozen=True, kw_only=True):
    """The court has set the award aside: the dispute may be brought again."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class EnforcementOfAwardRefused(Struct, frozen=True, kw_only=True):
    """The court will not enforce the award: the dispute may be brought again (仲裁法 9)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


ArbitrationStep: TypeAlias = (
    ArbitrationAssessed
    | ClauseVerified
    | ClauseNotFound
    | ArbitrationApproved
    | ArbitrationRejected
    | ArbitrationFiled
    | ArbitrationAccepted
    | ArbitrationNotAccepted
    | ArbitrationServed
    | TribunalFormed
    | ArbitrationHearingSet
    | ArbitrationHeard
    | AwardIssued
    | ArbitrationConciliated
    | ArbitrationWithdrawn
    | AwardReceived
    | AwardEffective
    | AwardPerformed
    | SetAsideApplied
    | AwardUpheld
    | AwardSetAside
    | EnforcementOfAwardRefused
)
EVENTS: tuple[type[Struct], ...] = (
    ArbitrationAssessed,
    ClauseVerified,
    ClauseNotFound,
    ArbitrationApproved,
    ArbitrationRejected,
    ArbitrationFiled,
    ArbitrationAccepted,
    ArbitrationNotAccepted,
    ArbitrationServed,
    TribunalFormed,
    ArbitrationHearingSet,
    ArbitrationHeard,
    AwardIssued,
    ArbitrationConciliated,
    ArbitrationWithdrawn,
    AwardReceived,
    AwardEffective,
    AwardPerformed,
    SetAsideApplied,
    AwardUpheld,
    AwardSetAside,
    EnforcementOfAwardRefused,
)
