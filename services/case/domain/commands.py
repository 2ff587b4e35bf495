"""What the case service can be asked to do.

In the commands about a case, `on` is the day it happened in the world, which may lie in the past; `ref` is the id
under which the thing is kept, derived by the caller from the request (`prm_…`, `pln_…`), so that a repeated request
names the same thing; `by` is who asks, and counts where one person proposes and another approves.
"""

from datetime import date
from typing import TypeAlias

from msgspec import Struct

from services.case.domain.case_commands import CareCommand
from services.case.domain.money_commands import MoneyCommand
from shared.kernel.money import Money


class StatementLine(Struct, frozen=True, gc=False):
    """One account at one month end, as the lender's file has it; amounts are minor units of `currency`.

    `months_past_due` >= 0; `balance` and `payment` may be negative (credit, chargeback); `credit_limit` >= 0.
    """

    account_ref: str
    as_of: date
    months_past_due: int
    balance: int
    payment: int
    credit_limit: int
    currency: str

    def money(self, minor: int) -> Money:
        """An amount of the line."""
        return Money(minor, self.currency)


class ReportStatement(Struct, frozen=True, gc=False):
    """Take in one statement line; `account` is the stream id of its account, `content` its content hash."""

    account: str
    line: StatementLine
    content: str


LifeCommand: TypeAlias = MoneyCommand | CareCommand
CaseCommand: TypeAlias = ReportStatement | LifeCommand
