"""Who may collect: the lender, an agency or the legal service."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.parts import Parts
from shared.kernel.section import FACTS, STAFF


class HandlingModeChanged(Struct, frozen=True, kw_only=True):
    """Who may collect changed."""

    as_of: Annotated[date, FACTS]
    mode: Annotated[str, FACTS]
    previous: Annotated[str, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class DebtPlacedWithAgency(Struct, frozen=True, kw_only=True):
    """The case is with an agency up to and not including `until`."""

    placement: Annotated[str, FACTS]
    agency: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    until: Annotated[date, FACTS]
    evaluated_on: Annotated[date, FACTS]


class RecallRequested(Struct, frozen=True, kw_only=True):
    """The lender wants the case back: the agency's contact ends on `on`."""

    placement: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class RecallConfirmed(Struct, frozen=True, kw_only=True):
    """The agency's return file confirms the recall."""

    placement: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class PlacementExpired(Struct, frozen=True, kw_only=True):
    """The placement's term ended."""

    placement: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]


class LegalReferred(Struct, frozen=True, kw_only=True):
    """The case was handed to the legal service, with what was owed then."""

    referral: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    owed: Annotated[Parts, FACTS]
    by: Annotated[str, STAFF]


class LegalReferralEnded(Struct, frozen=True, kw_only=True):
    """Legal has finished, or gave the case back."""

    referral: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    outcome: Annotated[str, FACTS]


class CaseSkipped(Struct, frozen=True, kw_only=True):
    """A collector was handed the case from `queue` and passed it by, for a reason of the closed list.

    It is not offered again before `until`: to `everybody`, or to that collector alone.
    """

    skip: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    at: Annotated[datetime, FACTS]
    queue: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]
    until: Annotated[datetime, FACTS]
    everybody: Annotated[bool, FACTS]
    collector: Annotated[str, STAFF]


class CaseAllocatedFirst(Struct, frozen=True, kw_only=True):
    """A collector has the case; as it was stored before anybody asked who had had it."""

    allocation: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    collector: Annotated[str, STAFF]


class CaseAllocated(Struct, frozen=True, kw_only=True):
    """A collector has the case, which `previous` had before by the allocation it `replaces`.

    `run`: the run that shared it out, None by hand.
    """

    allocation: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    run: Annotated[str | None, FACTS] = None
    replaces: Annotated[str | None, FACTS] = None
    collector: Annotated[str, STAFF]
    previous: Annotated[str | None, STAFF] = None


def since_it_says_who_had_it(old: CaseAllocatedFirst) -> CaseAllocated:
    """The first form as it is read now: who had the case before was not asked then."""
    return CaseAllocated(allocation=old.allocation, on=old.on, reason=old.reason, collector=old.collector)


ModeEvent: TypeAlias = (
    HandlingModeChanged
    | DebtPlacedWithAgency
    | RecallRequested
    | RecallConfirmed
    | PlacementExpired
    | LegalReferred
    | LegalReferralEnded
    | CaseAllocated
    | CaseSkipped
)
