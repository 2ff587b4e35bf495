"""Ends by agreement: settlements and waivers."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.parts import Parts
from shared.kernel.section import FACTS, STAFF


class SettlementProposed(Struct, frozen=True, kw_only=True):
    """An offer to end the claim for `amount`, paid by `pay_by`, where `owed` was owed.

    `kind` is FULL or LESS; `needs_approval`: a second person must agree.
    """

    settlement: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]
    owed: Annotated[Money, FACTS]
    kind: Annotated[str, FACTS]
    pay_by: Annotated[date, FACTS]
    needs_approval: Annotated[bool, FACTS]
    by: Annotated[str, STAFF]


class SettlementApproved(Struct, frozen=True, kw_only=True):
    """A second person agreed to the offer."""

    settlement: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class SettlementRejected(Struct, frozen=True, kw_only=True):
    """A second person did not agree to the offer."""

    settlement: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class SettlementLapsed(Struct, frozen=True, kw_only=True):
    """The offer's day passed and nothing had been paid."""

    settlement: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class Settled(Struct, frozen=True, kw_only=True):
    """The claim is ended by agreed payment: `paid` came, `waived` is given up."""

    settlement: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    kind: Annotated[str, FACTS]
    paid: Annotated[Money, FACTS]
    waived: Annotated[Parts, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class SettlementDefaulted(Struct, frozen=True, kw_only=True):
    """Less than agreed came by the day, or it bounced: the debt stands as it was."""

    settlement: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    paid: Annotated[Money, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class OriginalDebtRevived(Struct, frozen=True, kw_only=True):
    """What the settlement would have given up is owed again."""

    settlement: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    owed: Annotated[Parts, FACTS]


class WaiverProposed(Struct, frozen=True, kw_only=True):
    """Somebody asked to waive amounts."""

    waiver: Annotated[str, FACTS]
    account: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    amounts: Annotated[Parts, FACTS]
    reason: Annotated[str, FACTS]
    needs_approval: Annotated[bool, FACTS]
    by: Annotated[str, STAFF]


class WaiverApproved(Struct, frozen=True, kw_only=True):
    """The waiver stands."""

    waiver: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class WaiverRejected(Struct, frozen=True, kw_only=True):
    """A second person did not agree: nothing is waived."""

    waiver: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


SettlementEvent: TypeAlias = (
    SettlementProposed
    | SettlementApproved
    | SettlementRejected
    | SettlementLapsed
    | Settled
    | SettlementDefaulted
    | OriginalDebtRevived
    | WaiverProposed
    | WaiverApproved
    | WaiverRejected
)
