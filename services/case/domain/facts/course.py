"""How a case runs: it opens, its arrears are reported, its stage changes, it is cured and ends."""

from datetime import date
from typing import Annotated

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID


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


class ArrearsCorrected(Struct, frozen=True, kw_only=True):
    """What is now known to have been overdue on `as_of`: a statement was corrected, or came late.

    It stands in the place of what was reported of that account for that day; the newest `revision` counts.
    """

    account: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    days_past_due: Annotated[int, FACTS]
    arrears: Annotated[Money, FACTS]
    revision: Annotated[int, FACTS]


class StageEntered(Struct, frozen=True, kw_only=True):
    """The case's stage changed with its days past due, under the bucket scheme that is named.

    `previous` is the stage it left; a case that opens comes from the scheme's first stage.
    """

    as_of: Annotated[date, FACTS]
    stage: Annotated[str, FACTS]
    previous: Annotated[str, FACTS]
    days_past_due: Annotated[int, FACTS]
    scheme: Annotated[str, FACTS]


class CaseCured(Struct, frozen=True, kw_only=True):
    """Nothing is overdue any more, as of `as_of`."""

    as_of: Annotated[date, FACTS]


class CaseClosed(Struct, frozen=True, kw_only=True):
    """The case ended, as of `as_of`; `reason` is one of state.CLOSING_REASONS."""

    as_of: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
