"""Raw payments and their matching: which case a payment is for, and what becomes of one that nobody can place.

The entry and the match are two events. An entry is taken in whatever it says; the rule places it only where it is
sure, and a person places the rest. A wrong match is discovered, not edited: the money leaves the case from its value
date on and may be matched again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import TypeAlias

from msgspec import Struct

from services.case.domain import events as e
from services.case.domain.payment import AmountNotPositive, ReturnTooLarge
from shared.kernel.money import Money
from shared.kernel.refusal import Refused

RULE, PERSON, BY_HAND = "RULE", "PERSON", "BY_HAND"
MISMATCH = "MISMATCH"
"""Why a payment left a case that it had been matched to by mistake."""
NO_CASE, CASE_CLOSED, SEVERAL_CASES = "NO_CASE", "CASE_CLOSED", "SEVERAL_CASES"
ACCOUNT_NOT_IN_CASE, OTHER_CURRENCY, BEFORE_THE_CASE = (
    "ACCOUNT_NOT_IN_CASE", "OTHER_CURRENCY", "BEFORE_THE_CASE",
)  # fmt: skip


class DuplicateSourceRef(Refused):
    """The source has sent another payment under this reference; one reference is one payment, whatever the key.

    Nothing was recorded. Ask the source which of the two is right; a correction has a reference of its own.
    """

    code = "duplicate-source-ref"
    title_en = "The source's reference is on record with other content"
    title_zh = "该来源流水号已有内容不同的记录"


class PaymentAlreadyMatched(Refused):
    """The payment belongs to a case. Where that is wrong, record the mismatch first."""

    code = "payment-already-matched"
    title_en = "The payment is matched already"
    title_zh = "该笔还款已匹配案件"


class PaymentNotMatched(Refused):
    """The payment belongs to no case, so there is no match to take back."""

    code = "payment-not-matched"
    title_en = "The payment is not matched"
    title_zh = "该笔还款尚未匹配案件"


class PaymentGoneBack(Refused):
    """All of the payment bounced: nothing is left that could be put anywhere."""

    code = "payment-gone-back"
    title_en = "Nothing is left of the payment"
    title_zh = "该笔还款已全部退回"


class NoMatchFound(Refused):
    """The rule is still not sure which case the payment is for; `context` says why. Name the case."""

    code = "no-match-found"
    title_en = "The rule finds no case for the payment"
    title_zh = "规则未找到该笔还款对应的案件"


class PaymentForgotten(Refused):
    """What the entry said was erased: nothing can be decided about it any more."""

    code = "payment-forgotten"
    title_en = "The payment's facts were erased"
    title_zh = "该笔还款的内容已被清除"


class EnterPayment(Struct, frozen=True, gc=False, kw_only=True):
    """Take in what a source says has come in; `on` is the value date."""

    source: str
    source_ref: str
    account_ref: str | None
    debtor_ref: str | None
    amount: Money
    on: date
    channel: str


@dataclass(frozen=True, slots=True)
class NoEntry:
    """Nothing came under this reference."""


@dataclass(frozen=True, slots=True)
class InPool:
    """An entry that belongs to no case. `left`: what of it has not bounced; `matches`: how often it was matched."""

    said: e.PaymentEntered
    left: Money
    reason: str
    matches: int = 0


@dataclass(frozen=True, slots=True)
class Matched:
    """An entry that is the payment `payment` of a case."""

    said: e.PaymentEntered
    left: Money
    case: str
    payment: str
    account: str | None
    by: str
    rule: str
    matches: int


EntryState: TypeAlias = NoEntry | InPool | Matched
NO_ENTRY = NoEntry()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A case that an entry may be for. `debts` are those the entry's account may be, all of them without an account."""

    case: str
    open: bool
    opened_on: date
    currency: str
    debts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Where the rule puts an entry."""

    case: str
    account: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """Why the rule leaves an entry to a person."""

    reason: str


def evolve_entry(entry: EntryState, event: e.EntryEvent) -> EntryState:
    """The entry after one more event; what makes no sense is a fact we cannot use, not an error."""
    if isinstance(event, e.PaymentEntered):
        return InPool(event, event.amount, NO_CASE)
    if isinstance(entry, NoEntry):
        return entry
    match event:
        case e.PaymentUnmatched() if isinstance(entry, InPool):
            return replace(entry, reason=event.reason)
        case e.PaymentMatched():
            return Matched(
                entry.said, entry.left, event.case, event.payment, event.account, event.by, event.rule,
                entry.matches + 1,
            )  # fmt: skip
        case e.PaymentMismatchDiscovered():
            return InPool(entry.said, event.amount, event.reason, entry.matches)
        case e.PaymentEntryReversed():
            return replace(entry, left=(entry.left - event.amount).floored())
        case _:
            return entry


def fold_entry(events: Iterable[e.EntryEvent], start: EntryState = NO_ENTRY) -> EntryState:
    """The entry that these events make of `start`."""
    return reduce(evolve_entry, events, start)


def known(entry: EntryState, ask: EnterPayment, *, partly: bool = False) -> bool:
    """Is it on record already? What was erased since is not compared.

    `partly`: messages of one bank tell a payment more and less fully, so a reference that one lacks is no difference.
    Raises: DuplicateSourceRef where it is on record with other content.
    """
    if isinstance(entry, NoEntry):
        return False
    said = entry.said
    for name in ("amount", "on", "channel"):
        if getattr(said, name) != getattr(ask, name):
            raise DuplicateSourceRef
    for name in ("account_ref", "debtor_ref"):
        told: object = getattr(said, name)
        asked: object = getattr(ask, name)
        if partly and (told is None or asked is None):
            continue
        if (told is None or isinstance(told, str)) and told != asked:
            raise DuplicateSourceRef
    return True


def tells_more(entry: EntryState, ask: EnterPayment) -> bool:
    """Does it name what an entry that nobody has placed yet left open? What a person took off its case stays there."""
    if not isinstance(entry, InPool) or entry.matches or entry.left.minor <= 0:
        return False
    return any(
        getattr(entry.said, name) is None and getattr(ask, name) is not None
        for name in ("account_ref", "debtor_ref")
    )


def asked_again(said: e.PaymentEntered) -> EnterPayment:
    """What the rule is asked about an entry that waits; a reference that was erased is none."""

    def told(ref: object) -> str | None:
        return ref if isinstance(ref, str) else None

    return EnterPayment(
        source=said.source,
        source_ref=told(said.source_ref) or "",
        account_ref=told(said.account_ref),
        debtor_ref=told(said.debtor_ref),
        amount=said.amount,
        on=said.on,
        channel=said.channel,
    )


def entered(ask: EnterPayment) -> e.PaymentEntered:
    """The raw entry. Raises AmountNotPositive: what goes the other way is a reversal."""
    if ask.amount.minor <= 0:
        raise AmountNotPositive
    return e.PaymentEntered(
        source=ask.source,
        source_ref=ask.source_ref,
        account_ref=ask.account_ref,
        debtor_ref=ask.debtor_ref,
        amount=ask.amount,
        on=ask.on,
        channel=ask.channel,
    )


def find(ask: EnterPayment, candidates: Sequence[Candidate]) -> Found | NotFound:
    """The case the entry is surely for: the one open case of the debtor, or with the account.

    Order: no case, none that is open, more than one, the account not in it, other currency, money from before the
    case (what was paid before it opened is the account's affair). The first that applies is the reason.
    """
    working = [one for one in candidates if one.open]
    if len(working) != 1:
        return NotFound(SEVERAL_CASES if working else CASE_CLOSED if candidates else NO_CASE)
    [case] = working
    account = case.debts[0] if ask.account_ref is not None and case.debts else None
    if ask.account_ref is not None and account is None:
        return NotFound(ACCOUNT_NOT_IN_CASE)
    if case.currency != ask.amount.currency:
        return NotFound(OTHER_CURRENCY)
    if ask.on < case.opened_on:
        return NotFound(BEFORE_THE_CASE)
    given = ("DEBTOR" if ask.debtor_ref is not None else None, "ACCOUNT" if account else None)
    return Found(case.case, account, "_AND_".join(filter(None, given)))


def pooled(entry: EntryState) -> InPool:
    """The entry, which may be matched. Raises PaymentForgotten, PaymentAlreadyMatched, PaymentGoneBack."""
    if isinstance(entry, NoEntry):
        raise PaymentForgotten
    if isinstance(entry, Matched):
        raise PaymentAlreadyMatched
    if entry.left.minor <= 0:
        raise PaymentGoneBack
    return entry


def matched(entry: EntryState) -> Matched:
    """The entry, whose match may be taken back. Raises PaymentForgotten, PaymentNotMatched."""
    if isinstance(entry, NoEntry):
        raise PaymentForgotten
    if isinstance(entry, InPool):
        raise PaymentNotMatched
    return entry


def taken_back(
    entry: InPool, *, ref: str, on: date, amount: Money | None, reason: str
) -> e.PaymentEntryReversed:
    """Money in the pool bounced; `amount` None: all that is left.

    Raises: PaymentGoneBack, AmountNotPositive, ReturnTooLarge, CurrencyMismatch.
    """
    if entry.left.minor <= 0:
        raise PaymentGoneBack
    back = entry.left if amount is None else amount
    if back <= Money(0, entry.left.currency):
        raise AmountNotPositive
    if back > entry.left:
        raise ReturnTooLarge
    return e.PaymentEntryReversed(returned=ref, on=max(on, entry.said.on), amount=back, reason=reason)
