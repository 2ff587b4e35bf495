"""Money that came in, went back or was allocated."""

from datetime import date
from typing import Annotated

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.parts import Parts
from shared.kernel.section import FACTS


class PaymentReceivedFirst(Struct, frozen=True, kw_only=True):
    """The first shape of `PaymentReceived`: a payment known only by its period, without a reference."""

    account: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    period_from: Annotated[date, FACTS]
    period_until: Annotated[date, FACTS]


class PaymentReceived(Struct, frozen=True, kw_only=True):
    """Money came in on a case.

    Shapes: the period is half-open, from `period_from` up to and not including `period_until`: a month where a
    statement reports it, a single day where `payment`, its reference in the case, is set. `amount` is above zero.
    """

    account: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]
    period_from: Annotated[date, FACTS]
    period_until: Annotated[date, FACTS]
    payment: Annotated[str | None, FACTS] = None
    channel: Annotated[str | None, FACTS] = None


def since_it_has_a_reference(old: PaymentReceivedFirst) -> PaymentReceived:
    """The first form as it is read now: it had no reference."""
    return PaymentReceived(
        account=old.account, amount=old.amount, period_from=old.period_from, period_until=old.period_until
    )


class PaymentAllocated(Struct, frozen=True, kw_only=True):
    """A payment was put on what was owed, in the policy's `order`; `unallocated` is what was left."""

    payment: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    amounts: Annotated[Parts, FACTS]
    unallocated: Annotated[Money, FACTS]
    order: Annotated[str, FACTS]


class AllocationReversed(Struct, frozen=True, kw_only=True):
    """An allocation no longer stands, because of what `because` names; another may follow."""

    payment: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    amounts: Annotated[Parts, FACTS]
    unallocated: Annotated[Money, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PaymentReturned(Struct, frozen=True, kw_only=True):
    """A payment bounced, or a part of it: from `on` that money was never there."""

    returned: Annotated[str, FACTS]
    payment: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]
    reason: Annotated[str, FACTS]


class OverpaymentFound(Struct, frozen=True, kw_only=True):
    """More came in than was owed, as of `as_of`; `amount` is all that is unallocated."""

    as_of: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class RefundPaid(Struct, frozen=True, kw_only=True):
    """Overpaid money went back to the debtor."""

    refund: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]
