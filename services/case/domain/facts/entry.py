"""A payment as a gateway or a bank file has it, and which case it was found to belong to."""

from datetime import date
from typing import Annotated

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID


class PaymentEntered(Struct, frozen=True, kw_only=True):
    """A raw entry: what a source says has come in, whoever it turns out to be for.

    `source` and `source_ref` are its natural key: the same pair is taken in once. `on` is the value date. The account's
    and the debtor's reference are the lender's, as far as the source gave them.
    """

    source: Annotated[str, FACTS]
    source_ref: Annotated[str, ID]
    account_ref: Annotated[str | None, ID]
    debtor_ref: Annotated[str | None, ID]
    amount: Annotated[Money, FACTS]
    on: Annotated[date, FACTS]
    channel: Annotated[str, FACTS]


class PaymentMatched(Struct, frozen=True, kw_only=True):
    """The entry belongs to a case, where it is the payment `payment` from its value date on.

    `by` is RULE or PERSON, `rule` the rule that found the case, or BY_HAND. `account` None: over all debts of the case.
    """

    case: Annotated[str, FACTS]
    payment: Annotated[str, FACTS]
    account: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, FACTS]
    rule: Annotated[str, FACTS]


class PaymentUnmatched(Struct, frozen=True, kw_only=True):
    """No rule found the case: the entry waits in the pool for a person. `reason` says why."""

    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class PaymentMismatchDiscovered(Struct, frozen=True, kw_only=True):
    """The match was wrong: what the case still had of the payment left it again, from the value date on.

    `returned` is the return on the case, `amount` what came back into the pool.
    """

    case: Annotated[str, FACTS]
    payment: Annotated[str, FACTS]
    returned: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class PaymentEntryReversed(Struct, frozen=True, kw_only=True):
    """The source took the money back, or a part of it. Where the entry is matched, the case has the same return."""

    returned: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]
    reason: Annotated[str, FACTS]
