"""What limits collecting: holds, relief, disputes, complaints, death and incapacity."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID, STAFF


class HoldPlaced(Struct, frozen=True, kw_only=True):
    """Collecting stops for an interval, from `on` up to and not including `until` (none: until lifted).

    `source` names the plan, relief, dispute, complaint or report that brought it, and is empty for one placed by hand.
    """

    hold: Annotated[str, FACTS]
    kind: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    until: Annotated[date | None, FACTS]
    reason: Annotated[str, FACTS]
    stops_interest: Annotated[bool, FACTS]
    source: Annotated[str, FACTS]


class HoldLifted(Struct, frozen=True, kw_only=True):
    """A hold ended on `on`, the first day on which collecting may go on."""

    hold: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class HoldExpired(Struct, frozen=True, kw_only=True):
    """A hold placed by hand for a time ended with its day: on `as_of` collecting may go on."""

    hold: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]


class HardshipClaimed(Struct, frozen=True, kw_only=True):
    """The debtor claimed hardship; a claim alone protects for some days."""

    relief: Annotated[str, FACTS]
    cause: Annotated[str, ID]
    on: Annotated[date, FACTS]


class ReliefGranted(Struct, frozen=True, kw_only=True):
    """Relief from `on` up to and not including `until`; `ageing` says whether days past due stand still."""

    relief: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    until: Annotated[date, FACTS]
    measures: Annotated[tuple[str, ...], FACTS]
    ageing: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class ReliefExtended(Struct, frozen=True, kw_only=True):
    """On `on`, while it ran, a relief was given a later end: it now runs up to and not including `until`."""

    extension: Annotated[str, FACTS]
    relief: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    until: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class ReliefDeclined(Struct, frozen=True, kw_only=True):
    """A claim of hardship was declined."""

    relief: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class ReliefEnded(Struct, frozen=True, kw_only=True):
    """A relief ended, by its day or before."""

    relief: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class DisputeRaised(Struct, frozen=True, kw_only=True):
    """The debtor disputes the debt, or `amount` of it; an answer is due by `answer_by`."""

    dispute: Annotated[str, FACTS]
    scope: Annotated[str, FACTS]
    amount: Annotated[Money | None, FACTS]
    on: Annotated[date, FACTS]
    answer_by: Annotated[date, FACTS]


class DisputeAcknowledged(Struct, frozen=True, kw_only=True):
    """The debtor was told that the dispute arrived and is looked into."""

    dispute: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class DisputeReopened(Struct, frozen=True, kw_only=True):
    """A decided dispute (`previous`) is open again as `dispute`, because of new `material`; answered by `answer_by`."""

    dispute: Annotated[str, FACTS]
    previous: Annotated[str, FACTS]
    scope: Annotated[str, FACTS]
    amount: Annotated[Money | None, FACTS]
    on: Annotated[date, FACTS]
    material: Annotated[str, FACTS]
    answer_by: Annotated[date, FACTS]


class DisputeUpheld(Struct, frozen=True, kw_only=True):
    """The debtor was right."""

    dispute: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class DisputePartlyUpheld(Struct, frozen=True, kw_only=True):
    """The debtor was right in part."""

    dispute: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class DisputeRejected(Struct, frozen=True, kw_only=True):
    """The debt stands as it was."""

    dispute: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class DisputeFoundDuplicate(Struct, frozen=True, kw_only=True):
    """The same was asked before and answered in `first`; nothing new was brought."""

    dispute: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    first: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class DisputeWithdrawn(Struct, frozen=True, kw_only=True):
    """The debtor took the dispute back."""

    dispute: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class ComplaintReceived(Struct, frozen=True, kw_only=True):
    """A complaint arrived, about the contact attempts named; an answer is due by `answer_by`."""

    complaint: Annotated[str, FACTS]
    kind: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    answer_by: Annotated[date, FACTS]
    attempts: Annotated[tuple[str, ...], FACTS]


class ComplaintAnswered(Struct, frozen=True, kw_only=True):
    """A complaint was answered; `finding` says whether a breach was found."""

    complaint: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    finding: Annotated[str, FACTS]
    redress: Annotated[Money | None, FACTS]
    by: Annotated[str, STAFF]


class ComplaintEscalated(Struct, frozen=True, kw_only=True):
    """The debtor went on to an ombudsman."""

    complaint: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    to: Annotated[str, FACTS]


class DeathReported(Struct, frozen=True, kw_only=True):
    """The debtor is said to have died."""

    report: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class DeathConfirmed(Struct, frozen=True, kw_only=True):
    """The debtor's death is certain."""

    report: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class IncapacityRecorded(Struct, frozen=True, kw_only=True):
    """The debtor lost legal capacity."""

    report: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class ReportRetracted(Struct, frozen=True, kw_only=True):
    """A report of death or incapacity was wrong, or no longer holds: its hold ends on `on`."""

    report: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


CareEvent: TypeAlias = (
    HoldPlaced
    | HoldLifted
    | HoldExpired
    | HardshipClaimed
    | ReliefGranted
    | ReliefExtended
    | ReliefDeclined
    | ReliefEnded
    | DisputeRaised
    | DisputeAcknowledged
    | DisputeReopened
    | DisputeUpheld
    | DisputePartlyUpheld
    | DisputeRejected
    | DisputeFoundDuplicate
    | DisputeWithdrawn
    | ComplaintReceived
    | ComplaintAnswered
    | ComplaintEscalated
    | DeathReported
    | DeathConfirmed
    | IncapacityRecorded
    | ReportRetracted
)
