"""What happens to an account and in a case. These types are the storage format: a stored version never changes.

To change one, add the next version to `STORED_AS`, an upcast beside it, and keep its golden file
(docs/how-to/change-an-event.md). Amounts are `Money`, days are dates in the tenant's zone, month counts are whole.
Sections (DESIGN.md 3): `FACTS` may be proved for ever, `ID` points to a person and can be forgotten.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID


class StatementReported(Struct, frozen=True, kw_only=True):
    """The lender reported an account's month end; a fact about the account, whether or not there is a case.

    `content` is the SHA-256, in hex, of what the line said (statement.content_hash): the same key with other
    content is a conflict. `balance` may be negative (the lender owes); `payment` is what came in since the
    statement before.
    """

    account_ref: Annotated[str, ID]
    as_of: Annotated[date, FACTS]
    months_past_due: Annotated[int, FACTS]
    balance: Annotated[Money, FACTS]
    payment: Annotated[Money, FACTS]
    credit_limit: Annotated[Money, FACTS]
    content: Annotated[str, FACTS]


class CaseOpened(Struct, frozen=True, kw_only=True):
    """A debtor fell behind and had no open case.

    `episode` counts the debtor's cases from 1. `debts` are the stream ids of the accounts in it. `arrears` and
    `days_past_due` are as of `as_of`, the first day of the case.
    """

    debtor_ref: Annotated[str, ID]
    episode: Annotated[int, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    as_of: Annotated[date, FACTS]
    arrears: Annotated[Money, FACTS]
    days_past_due: Annotated[int, FACTS]


class ArrearsReported(Struct, frozen=True, kw_only=True):
    """What the lender reported of one account of an open case, on every statement: the first and last included.

    `account` is the account's stream id; `arrears` is never negative and may be zero while `days_past_due` is not.
    """

    account: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    days_past_due: Annotated[int, FACTS]
    arrears: Annotated[Money, FACTS]


class StageEntered(Struct, frozen=True, kw_only=True):
    """The case's stage changed with its days past due, under the bucket scheme that is named.

    `previous` is the stage it left; a case that opens comes from the scheme's first stage.
    """

    as_of: Annotated[date, FACTS]
    stage: Annotated[str, FACTS]
    previous: Annotated[str, FACTS]
    days_past_due: Annotated[int, FACTS]
    scheme: Annotated[str, FACTS]


class PaymentReceived(Struct, frozen=True, kw_only=True):
    """Money came in on an account of an open case, on days we know only as a period.

    Shapes: the period is half-open, from `period_from` up to and not including
    `period_until`; `amount` is above zero.
    """

    account: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    period_from: Annotated[date, FACTS]
    period_until: Annotated[date, FACTS]


class CaseCured(Struct, frozen=True, kw_only=True):
    """Nothing is overdue any more, as of `as_of`."""

    as_of: Annotated[date, FACTS]


class CaseClosed(Struct, frozen=True, kw_only=True):
    """The case ended, as of `as_of`; `reason` is one of state.CLOSING_REASONS."""

    as_of: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


AccountEvent: TypeAlias = StatementReported
CaseEvent: TypeAlias = CaseOpened | ArrearsReported | StageEntered | PaymentReceived | CaseCured | CaseClosed

STORED_AS: dict[str, type[Struct]] = {
    "case.StatementReported/v1": StatementReported,
    "case.CaseOpened/v1": CaseOpened,
    "case.ArrearsReported/v1": ArrearsReported,
    "case.StageEntered/v1": StageEntered,
    "case.PaymentReceived/v1": PaymentReceived,
    "case.CaseCured/v1": CaseCured,
    "case.CaseClosed/v1": CaseClosed,
}
