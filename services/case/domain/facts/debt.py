"""What is owed: debts that join and leave, instalments that fell due, charges, penalty interest."""

from datetime import date
from typing import Annotated

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.parts import Parts
from shared.kernel.section import FACTS


class DebtAttached(Struct, frozen=True, kw_only=True):
    """An account joined the case; `arrears` and `days_past_due` are as of `on`."""

    account: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    arrears: Annotated[Money, FACTS]
    days_past_due: Annotated[int, FACTS]


class DebtDetached(Struct, frozen=True, kw_only=True):
    """An account left the case: what it owes is no longer the case's affair."""

    account: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class InstalmentFellDue(Struct, frozen=True, kw_only=True):
    """An instalment of a debt was due on `on`: days past due count from the oldest one unpaid."""

    item: Annotated[str, FACTS]
    account: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    amounts: Annotated[Parts, FACTS]


class ChargeBooked(Struct, frozen=True, kw_only=True):
    """Costs, interest or a penalty the debtor owes; a part below zero takes one back."""

    charge: Annotated[str, FACTS]
    account: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    amounts: Annotated[Parts, FACTS]
    reason: Annotated[str, FACTS]


class BalanceAdjusted(Struct, frozen=True, kw_only=True):
    """What is owed changed by decision, not by payment: `source` is the dispute or waiver that led to it."""

    adjustment: Annotated[str, FACTS]
    account: Annotated[str | None, FACTS]
    on: Annotated[date, FACTS]
    amounts: Annotated[Parts, FACTS]
    source: Annotated[str, FACTS]


class PenaltyTermsSet(Struct, frozen=True, kw_only=True):
    """The contract's penalty interest on overdue principal, in parts per million a day, from `on`."""

    terms: Annotated[str, FACTS]
    account: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    ppm_per_day: Annotated[int, FACTS]


class PenaltyInterestAccrued(Struct, frozen=True, kw_only=True):
    """Penalty interest up to and including `as_of`: `total` since the case opened, `change` since the last record.

    A correction may make `change` negative: the total is always derived anew.
    """

    as_of: Annotated[date, FACTS]
    total: Annotated[Money, FACTS]
    change: Annotated[Money, FACTS]
    because: Annotated[tuple[str, ...], FACTS]
