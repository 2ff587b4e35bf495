"""Preservation of property (保全; 民事诉讼法 103 to 108 of 2023): before or in a suit, against security, for a time.

`track`, `step` and `document` as in suit.py.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID


class PreservationApplied(Struct, frozen=True, kw_only=True):
    """Preservation is applied for, before a suit (`phase` PRE_SUIT) or in one (IN_SUIT).

    Limitation restarts if before.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    phase: Annotated[str, FACTS]
    court: Annotated[str, FACTS]
    against: Annotated[tuple[str, ...], FACTS]
    amount: Annotated[Money, FACTS]
    follows: Annotated[str | None, FACTS]
    override: Annotated[str | None, FACTS]


class SecurityGiven(Struct, frozen=True, kw_only=True):
    """Security was given for it: `kind` CASH, GUARANTEE, INSURANCE."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    kind: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]


class PreservationRuled(Struct, frozen=True, kw_only=True):
    """The court has ruled for it: urgent and pre-suit within 48 hours (art. 103, 104)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]


class PreservationRefused(Struct, frozen=True, kw_only=True):
    """The court has ruled against it; the track ends."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class PreservationExecuted(Struct, frozen=True, kw_only=True):
    """It is carried out.

    `asset` BANK_DEPOSIT, MOVABLE, REAL_ESTATE, EQUITY, OTHER, for `amount`, until `until` (its last day).
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    asset: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    until: Annotated[date, FACTS]
    described: Annotated[str | None, ID]


class PreservationRenewalAsked(Struct, frozen=True, kw_only=True):
    """The court was asked to renew it, at least seven days before its end (preservation provisions art. 18).

    `executed` is the step that carried it out; None: all of them.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    executed: Annotated[str | None, FACTS]


class PreservationRenewed(Struct, frozen=True, kw_only=True):
    """It was renewed before its end, until `until` (its last day).

    `executed` is the step that carried it out; None: all of them.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    executed: Annotated[str | None, FACTS]
    until: Annotated[date, FACTS]


class PreservationLapsed(Struct, frozen=True, kw_only=True):
    """It has lapsed: no suit within 30 days (`reason` NO_SUIT; art. 104) or not renewed (TERM).

    Recorded by the passing of time.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class PreservationLifted(Struct, frozen=True, kw_only=True):
    """It was lifted: `reason` SETTLED, PAID, COUNTER_SECURITY, COURT, WITHDRAWN."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class PreservationConverted(Struct, frozen=True, kw_only=True):
    """It goes over without a gap into a suit or an enforcement (preservation provisions art. 17).

    `into` names the track.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    into: Annotated[str, FACTS]


PreservationStep: TypeAlias = (
    PreservationApplied
    | SecurityGiven
    | PreservationRuled
    | PreservationRefused
    | PreservationExecuted
    | PreservationRenewalAsked
    | PreservationRenewed
    | PreservationLapsed
    | PreservationLifted
    | PreservationConverted
)
EVENTS: tuple[type[Struct], ...] = (
    PreservationApplied,
    SecurityGiven,
    PreservationRuled,
    PreservationRefused,
    PreservationExecuted,
    PreservationRenewalAsked,
    PreservationRenewed,
    PreservationLapsed,
    PreservationLifted,
    PreservationConverted,
)
