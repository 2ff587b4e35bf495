"""Enforcement of a title (执行; 民事诉讼法 235 ff. of 2023): applied for within two years (art. 250).

`track`, `step` and `document` as in suit.py. `title` names the track that brought it: a suit, a
payment order or an arbitration.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID


class EnforcementApplied(Struct, frozen=True, kw_only=True):
    """Enforcement of a title is applied for: limitation restarts, and the title's own clock stands."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    title: Annotated[str, FACTS]
    court: Annotated[str, FACTS]
    against: Annotated[tuple[str, ...], FACTS]
    amount: Annotated[Money, FACTS]
    override: Annotated[str | None, FACTS]


class EnforcementAccepted(Struct, frozen=True, kw_only=True):
    """The court takes it up under its number."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    case_no: Annotated[str, ID]


class EnforcementNotAccepted(Struct, frozen=True, kw_only=True):
    """The court does not take it up; the track ends."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class EnforcementNoticeServed(Struct, frozen=True, kw_only=True):
    """The debtor was told to perform and to report their property."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]
    kind: Annotated[str, FACTS]


class AssetsSearched(Struct, frozen=True, kw_only=True):
    """The court searched for property: `found` what kinds, none: nothing."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    found: Annotated[tuple[str, ...], FACTS]


class AssetSeized(Struct, frozen=True, kw_only=True):
    """Property is seized, sealed or frozen until `until`.

    Never the living necessities of the debtor and their dependants (art. 254, 255).
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    asset: Annotated[str, FACTS]
    kind: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    until: Annotated[date, FACTS]
    described: Annotated[str | None, ID]


class AssetReleased(Struct, frozen=True, kw_only=True):
    """The seizure of an asset ended."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    asset: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]


class AssetAppraised(Struct, frozen=True, kw_only=True):
    """The asset was appraised."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    asset: Annotated[str, FACTS]
    value: Annotated[Money, FACTS]


class AuctionHeld(Struct, frozen=True, kw_only=True):
    """Auction `round` of the asset: `outcome` SOLD or UNSOLD, `price` when sold."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    asset: Annotated[str, FACTS]
    round: Annotated[int, FACTS]
    outcome: Annotated[str, FACTS]
    price: Annotated[Money | None, FACTS]


class ProceedsDistributed(Struct, frozen=True, kw_only=True):
    """Proceeds were distributed by the court's order; `to_us` is what came to the lender."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]
    to_us: Annotated[Money, FACTS]


class EnforcementSatisfied(Struct, frozen=True, kw_only=True):
    """All of the title is satisfied; the track ends."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]


class EnforcementTerminatedForNow(Struct, frozen=True, kw_only=True):
    """Nothing more to be found: ended for now (终本); it can be resumed at any time, without a time limit."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class EnforcementResumed(Struct, frozen=True, kw_only=True):
    """Property was found: enforcement goes on."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    found: Annotated[tuple[str, ...], FACTS]


class EnforcementClosed(Struct, frozen=True, kw_only=True):
    """Ended for good: `reason` WITHDRAWN, SETTLED, DEBTOR_DECEASED_NO_ESTATE, TITLE_SET_ASIDE."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


EnforcementStep: TypeAlias = (
    EnforcementApplied
    | EnforcementAccepted
    | EnforcementNotAccepted
    | EnforcementNoticeServed
    | AssetsSearched
    | AssetSeized
    | AssetReleased
    | AssetAppraised
    | AuctionHeld
    | ProceedsDistributed
    | EnforcementSatisfied
    | EnforcementTerminatedForNow
    | EnforcementResumed
    | EnforcementClosed
)
EVENTS: tuple[type[Struct], ...] = (
    EnforcementApplied,
    EnforcementAccepted,
    EnforcementNotAccepted,
    EnforcementNoticeServed,
    AssetsSearched,
    AssetSeized,
    AssetReleased,
    AssetAppraised,
    AuctionHeld,
    ProceedsDistributed,
    EnforcementSatisfied,
    EnforcementTerminatedForNow,
    EnforcementResumed,
    EnforcementClosed,
)
