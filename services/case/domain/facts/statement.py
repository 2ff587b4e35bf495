"""What a lender's statement says of an account at a month end."""

from datetime import date
from typing import Annotated

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


class StatementCorrected(Struct, frozen=True, kw_only=True):
    """The lender said something else about a month end than before; the newest `revision` (from 1) counts.

    `replaces` is the content hash of what it said last. The other fields are those of `StatementReported`.
    """

    account_ref: Annotated[str, ID]
    as_of: Annotated[date, FACTS]
    months_past_due: Annotated[int, FACTS]
    balance: Annotated[Money, FACTS]
    payment: Annotated[Money, FACTS]
    credit_limit: Annotated[Money, FACTS]
    content: Annotated[str, FACTS]
    replaces: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
