"""What a bank said went back, and which payment that was; the references by which the two are found."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID


class ReturnEntered(Struct, frozen=True, kw_only=True):
    """A raw return: what a source says went back, whichever payment it turns out to have been.

    `source` and `source_ref` are its natural key. `original_ref` is the source's own reference of the payment that went
    back, `end_to_end` the reference that the payment carried from end to end; either may be missing. `on` is the value
    date, `reason` the bank's code (ISO 20022 external return reasons: `AC04`, `MD06`, …) or one of ours.
    """

    source: Annotated[str, FACTS]
    source_ref: Annotated[str, ID]
    original_ref: Annotated[str | None, ID]
    end_to_end: Annotated[str | None, ID]
    amount: Annotated[Money, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class ReturnMatched(Struct, frozen=True, kw_only=True):
    """The return is of this payment, of which it took `amount` back under the name `returned`.

    `by` is RULE or PERSON, `rule` what found the payment (ORIGINAL_REF, END_TO_END), BY_HAND, or
    RECORDED_BEFORE: the payment had been taken back by hand, under the name `returned`, and no money moved again.
    """

    entry: Annotated[str, FACTS]
    returned: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, FACTS]
    rule: Annotated[str, FACTS]


class ReturnUnmatched(Struct, frozen=True, kw_only=True):
    """The payment that went back is not known, or not surely: the return waits for it. `reason` says why."""

    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class ReferenceTraced(Struct, frozen=True, kw_only=True):
    """A payment, or a return that waits, bears this bank reference; `thing` is its stream.

    The stream of a reference is named by HMAC, so the ledger says which things share one and not what it is.
    """

    thing: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


ReturnEvent: TypeAlias = ReturnEntered | ReturnMatched | ReturnUnmatched
"""On the stream of a raw return."""
