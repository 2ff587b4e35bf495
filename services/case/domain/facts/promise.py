"""Promises to pay, and what became of them."""

from datetime import date
from typing import Annotated

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS


class PromiseToPay(Struct, frozen=True, kw_only=True):
    """The debtor, a representative or a payer (`given_by`) promised `amount` by `due`."""

    promise: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]
    due: Annotated[date, FACTS]
    given_by: Annotated[str, FACTS]


class PromiseAmended(Struct, frozen=True, kw_only=True):
    """Before it was judged the promise was changed: from `on` it is for `amount` by `due`; `revision` counts from 1."""

    promise: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
    on: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]
    due: Annotated[date, FACTS]


class PromiseCancelled(Struct, frozen=True, kw_only=True):
    """A promise was taken back before it was judged."""

    promise: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class PromiseKept(Struct, frozen=True, kw_only=True):
    """Cleared money of `appropriated` kept the promise, as of `as_of`."""

    promise: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    appropriated: Annotated[Money, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PromisePartlyKept(Struct, frozen=True, kw_only=True):
    """The day passed, and only `appropriated` had come."""

    promise: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    appropriated: Annotated[Money, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PromiseBroken(Struct, frozen=True, kw_only=True):
    """The day passed, and nothing had come."""

    promise: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PromiseReopened(Struct, frozen=True, kw_only=True):
    """What was judged before no longer stands; a new judgement follows, or the promise runs on."""

    promise: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    previous: Annotated[str, FACTS]
    because: Annotated[tuple[str, ...], FACTS]
