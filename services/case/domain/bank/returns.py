"""Raw returns and their matching: which payment a bank says went back.

Like payments, a return and its match are two events. A return that comes before its payment waits for it; one whose
payment is not surely known waits for a person. It never guesses: an amount and a day are no reference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import TypeAlias

from msgspec import Struct

from services.case.domain import events as e
from services.case.domain.entry import DuplicateSourceRef
from services.case.domain.payment import AmountNotPositive
from shared.kernel.money import Money
from shared.kernel.refusal import Refused

ORIGINAL_REF, END_TO_END = "ORIGINAL_REF", "END_TO_END"
RECORDED_BEFORE = "RECORDED_BEFORE"
"""How a person matches a return of which the payment had been taken back by hand."""
UNKNOWN_ORIGINAL, SEVERAL_PAYMENTS, OTHER_CURRENCY, TOO_LARGE, GONE_BACK = (
    "UNKNOWN_ORIGINAL", "SEVERAL_PAYMENTS", "OTHER_CURRENCY", "TOO_LARGE", "GONE_BACK",
)  # fmt: skip


class ReturnAlreadyMatched(Refused):
    """The return belongs to a payment. Where that is wrong, it is the bank's word against its own: ask the bank."""

    code = "return-already-matched"
    title_en = "The return is matched already"
    title_zh = "该笔退回已匹配还款"


class ReturnForgotten(Refused):
    """What the return said was erased: nothing can be decided about it any more."""

    code = "return-forgotten"
    title_en = "The return's facts were erased"
    title_zh = "该笔退回的内容已被清除"


class OriginalNotFound(Refused):
    """The rule is still not sure which payment went back; `context` says why. Name the payment."""

    code = "original-not-found"
    title_en = "The rule finds no payment for the return"
    title_zh = "规则未找到该笔退回对应的还款"


class EnterReturn(Struct, frozen=True, gc=False, kw_only=True):
    """Take in what a source says went back; `on` is the value date."""

    source: str
    source_ref: str
    original_ref: str | None
    end_to_end: str | None
    amount: Money
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class NoReturn:
    """Nothing came under this reference."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A return whose payment is not known; `reason` says why."""

    said: e.ReturnEntered
    reason: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A return of the payment `entry`, taken back under the name `returned`."""

    said: e.ReturnEntered
    entry: str
    returned: str


ReturnState: TypeAlias = NoReturn | Waiting | Settled
NO_RETURN = NoReturn()


@dataclass(frozen=True, slots=True)
class Original:
    """A payment that may be the one: what of it has not gone back."""

    entry: str
    left: Money


@dataclass(frozen=True, slots=True)
class FoundOriginal:
    """The payment, and what found it."""

    entry: str
    rule: str


def evolve_return(state: ReturnState, event: e.ReturnEvent) -> ReturnState:
    """The return after one more event; what makes no sense is a fact we cannot use, not an error."""
    if isinstance(event, e.ReturnEntered):
        return Waiting(event, UNKNOWN_ORIGINAL)
    if isinstance(state, NoReturn):
        return state
    if isinstance(event, e.ReturnMatched):
        return Settled(state.said, event.entry, event.returned)
    return replace(state, reason=event.reason) if isinstance(state, Waiting) else state


def fold_return(events: Iterable[e.ReturnEvent], start: ReturnState = NO_RETURN) -> ReturnState:
    """The return that these events make of `start`."""
    return reduce(evolve_return, events, start)


def entered(ask: EnterReturn) -> e.ReturnEntered:
    """The raw return. Raises AmountNotPositive."""
    if ask.amount.minor <= 0:
        raise AmountNotPositive
    return e.ReturnEntered(
        source=ask.source,
        source_ref=ask.source_ref,
        original_ref=ask.original_ref,
        end_to_end=ask.end_to_end,
        amount=ask.amount,
        on=ask.on,
        reason=ask.reason,
    )


def known(state: ReturnState, ask: EnterReturn) -> bool:
    """Is it on record already? Its references are not compared: one message of a bank says more than another.

    Raises: DuplicateSourceRef where it is on record with other money.
    """
    if isinstance(state, NoReturn):
        return False
    if (state.said.amount, state.said.on) != (ask.amount, ask.on):
        raise DuplicateSourceRef
    return True


def find_original(
    amount: Money, by_ref: Sequence[Original], end_to_end: Sequence[Original]
) -> FoundOriginal | str:
    """The payment that went back, or why none is surely meant.

    The source's own reference of the payment counts before the one from end to end, and alone where it finds any. The
    payment must hold what went back: less may have gone back, more never.
    """
    for rule, found in ((ORIGINAL_REF, by_ref), (END_TO_END, end_to_end)):
        if not found:
            continue
        if len(found) > 1:
            return SEVERAL_PAYMENTS
        [one] = found
        if one.left.currency != amount.currency:
            return OTHER_CURRENCY
        if one.left.minor <= 0:
            return GONE_BACK
        return TOO_LARGE if amount > one.left else FoundOriginal(one.entry, rule)
    return UNKNOWN_ORIGINAL


def waiting(state: ReturnState) -> Waiting:
    """The return, which may be matched. Raises ReturnForgotten, ReturnAlreadyMatched."""
    if isinstance(state, NoReturn):
        raise ReturnForgotten
    if isinstance(state, Settled):
        raise ReturnAlreadyMatched
    return state
