"""An order for payment (支付令; 民事诉讼法 225 to 228 of 2023): quick, and void once the debtor objects.

`track`, `step` and `document` as in suit.py.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID, STAFF


class PaymentOrderAssessed(Struct, frozen=True, kw_only=True):
    """Somebody thinks an order worth asking for; with it the track begins.

    `against` and `debts` as in suit.py.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    court: Annotated[str, FACTS]
    against: Annotated[tuple[str, ...], FACTS]
    amount: Annotated[Money, FACTS]
    by: Annotated[str, STAFF]
    debts: Annotated[tuple[str, ...], FACTS] = ()


class PaymentOrderApproved(Struct, frozen=True, kw_only=True):
    """A second person agrees."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    by: Annotated[str, STAFF]


class PaymentOrderRejected(Struct, frozen=True, kw_only=True):
    """A second person does not agree; the track ends."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class PaymentOrderApplied(Struct, frozen=True, kw_only=True):
    """The order is applied for: limitation restarts (limitation provisions art. 11)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]
    override: Annotated[str | None, FACTS]


class PaymentOrderAccepted(Struct, frozen=True, kw_only=True):
    """The court takes the application up."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    case_no: Annotated[str, ID]
    fee: Annotated[Money | None, FACTS]


class PaymentOrderRefused(Struct, frozen=True, kw_only=True):
    """The court turns it down; the track ends."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class PaymentOrderIssued(Struct, frozen=True, kw_only=True):
    """The court orders the debtor to pay `amount`."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]


class PaymentOrderServed(Struct, frozen=True, kw_only=True):
    """It was served on `person`: 15 days to pay or object (art. 227)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]
    kind: Annotated[str, FACTS]


class PaymentOrderNotServed(Struct, frozen=True, kw_only=True):
    """It could not be served: the order is void, and the track ends; a suit remains."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class PaymentOrderObjected(Struct, frozen=True, kw_only=True):
    """The debtor objected in time: the order is void (art. 228); `to_suit`: the court goes on with a suit."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]
    to_suit: Annotated[bool, FACTS]


class PaymentOrderUnopposed(Struct, frozen=True, kw_only=True):
    """Nobody objected in 15 days: it can be enforced. Recorded by the passing of time."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    perform_until: Annotated[date, FACTS]


class PaymentOrderPerformed(Struct, frozen=True, kw_only=True):
    """The debtor has paid what was ordered."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]


class PaymentOrderWithdrawn(Struct, frozen=True, kw_only=True):
    """The application is taken back."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


PaymentOrderStep: TypeAlias = (
    PaymentOrderAssessed
    | PaymentOrderApproved
    | PaymentOrderRejected
    | PaymentOrderApplied
    | PaymentOrderAccepted
    | PaymentOrderRefused
    | PaymentOrderIssued
    | PaymentOrderServed
    | PaymentOrderNotServed
    | PaymentOrderObjected
    | PaymentOrderUnopposed
    | PaymentOrderPerformed
    | PaymentOrderWithdrawn
)
EVENTS: tuple[type[Struct], ...] = (
    PaymentOrderAssessed,
    PaymentOrderApproved,
    PaymentOrderRejected,
    PaymentOrderApplied,
    PaymentOrderAccepted,
    PaymentOrderRefused,
    PaymentOrderIssued,
    PaymentOrderServed,
    PaymentOrderNotServed,
    PaymentOrderObjected,
    PaymentOrderUnopposed,
    PaymentOrderPerformed,
    PaymentOrderWithdrawn,
)
