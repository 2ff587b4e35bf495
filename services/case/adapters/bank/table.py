"""The lender's own list of payments, CSV or XLSX, read row by row as its mapping says."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from services.case.adapters.bank.terms import PAYMENT, RETURN, TEXT, PaymentTerms
from services.case.adapters.book import reading
from services.case.adapters.book.cells import UNREADABLE, Cell
from services.case.adapters.book.csv_table import open_csv
from services.case.adapters.book.mapping import FEN, XLSX, BookUnusable
from services.case.adapters.book.reading import Unreadable
from services.case.adapters.book.xlsx_table import open_xlsx
from services.case.application.bank.rows import Numbered, PaymentTold, ReturnTold, Told, Warned
from services.case.application.book_reasons import BAD_TEXT, MISSING_VALUE, UNKNOWN_CURRENCY, UNMAPPED_CODE
from services.case.application.ports import Reject
from services.case.domain.bank.returns import EnterReturn
from services.case.domain.entry import EnterPayment
from shared.kernel.currency import DIGITS
from shared.kernel.money import Money

TEXT_LETTERS_MAX = 4_000
T = TypeVar("T")


class PaymentTable:
    """One pass over a table; `unmapped`: columns that nobody asked for, known once its rows are read.

    Raises BookUnusable where its header is not the mapping's; OSError as `open` does.
    A row that is wrong in several ways is rejected for the first, in the order of `terms.FIELDS`.
    """

    def __init__(self, path: Path, terms: PaymentTerms) -> None:
        assert terms.shape is not None, "whoever reads a table has a mapping of one"
        self.bytes_total = path.stat().st_size
        self.bytes_read = 0
        self.warnings: list[Warned] = []
        self.unmapped: tuple[str, ...] = ()
        self._path, self._terms, self._shape = path, terms, terms.shape
        self._date = reading.dates(terms.dates)

    def __iter__(self) -> Iterator[Numbered]:
        """(row, what it says or why it cannot be read) for every row that is not blank."""
        opened = open_xlsx if self._shape.format == XLSX else open_csv
        table = opened(self._path, self._shape)
        at = self._columns(table.header)
        for number, cells in table.rows:
            if isinstance(cells, str):
                yield number, Reject(cells, "row")
                continue
            row = {name: cells[where] for name, where in at.items()}
            yield number, self._told(row)
        self.bytes_read = self.bytes_total

    def _columns(self, header: list[str]) -> dict[str, int]:
        """Where each field's column stands. Raises BookUnusable."""
        terms = self._terms
        missing = tuple(column for column in terms.columns.values() if column not in header)
        twice = tuple(column for column in terms.columns.values() if header.count(column) > 1)
        if missing or twice:
            wrong = "missing-columns" if missing else "columns-twice"
            raise BookUnusable(file=self._shape.name, wrong=wrong, columns=missing or twice)
        known = {*terms.columns.values(), *self._shape.ignore}
        self.unmapped = tuple(column for column in header if column and column not in known)
        return {name: header.index(column) for name, column in terms.columns.items()}

    def _told(self, row: dict[str, Cell]) -> Told:
        try:
            return self._read(_Row(row, self._terms))
        except Unreadable as problem:
            return Reject(problem.reason, problem.field or "row")

    def _read(self, row: "_Row") -> Told:
        terms = self._terms
        kind = row.word("kind") or PAYMENT
        if kind not in (PAYMENT, RETURN):
            raise Unreadable(UNMAPPED_CODE, "kind")
        source = row.word("source") or terms.source
        if source is None:
            raise Unreadable(MISSING_VALUE, "source")
        ref = row.needed("source_ref", reading.reference)
        on = row.day("value_on", self._date)
        currency = row.word("currency") or ""
        if currency not in DIGITS:
            raise Unreadable(UNKNOWN_CURRENCY, "currency")
        places = DIGITS[currency]

        def minor(cell: str) -> int:
            return reading.amount(cell, places, minor_units=terms.unit == FEN, thousands=terms.thousands)

        amount = Money(row.needed("amount", minor), currency)
        if kind == RETURN:
            amount = Money(abs(amount.minor), currency)  # lenders write what went back with either sign
        if amount.minor <= 0:
            raise Unreadable("amount-not-positive", "amount")
        debtor, account = (
            row.read("debtor_ref", reading.reference),
            row.read("account_ref", reading.reference),
        )
        text, traced = row.read("text", _long), row.read("end_to_end", reading.reference)
        original = row.read("original_ref", reading.reference)
        channel, reason = row.word("channel"), row.word("reason")
        if kind == RETURN:
            if original is None and traced is None:
                raise Unreadable(MISSING_VALUE, "original_ref")
            back = EnterReturn(
                source=source, source_ref=ref, original_ref=original, end_to_end=traced, amount=amount, on=on,
                reason=reason or "RETURNED",
            )  # fmt: skip
            return ReturnTold(back)
        if debtor is None and account is None and text is not None:
            account, debtor = terms.named({TEXT: (text,)})
        paid = EnterPayment(
            source=source, source_ref=ref, account_ref=account, debtor_ref=debtor, amount=amount, on=on,
            channel=channel or terms.channel,
        )  # fmt: skip
        return PaymentTold(paid, traced)


class _Row:
    """The cells of a row by our field, with what the mapping says of them."""

    def __init__(self, cells: dict[str, Cell], terms: PaymentTerms) -> None:
        self._cells, self._terms = cells, terms

    def _cell(self, name: str) -> "str | date | None":
        cell = self._cells.get(name)
        if cell is UNREADABLE:
            raise Unreadable(BAD_TEXT, name)
        return cell if isinstance(cell, str | date) and cell != "" else None

    def read(self, name: str, how: Callable[[str], T]) -> T | None:
        """The field, None where it is blank."""
        cell = self._cell(name)
        return None if cell is None else self._under(name, how, cell)

    def needed(self, name: str, how: Callable[[str], T]) -> T:
        """A field that is never blank."""
        found = self.read(name, how)
        if found is None:
            raise Unreadable(MISSING_VALUE, name)
        return found

    def day(self, name: str, how: Callable[[str], date]) -> date:
        """A day, also where the table holds it as one."""
        cell = self._cell(name)
        return cell if isinstance(cell, date) else self.needed(name, how)

    def word(self, name: str) -> str | None:
        """One of our codes: the row's by the code table, else the constant."""
        found = self.read(name, lambda text: reading.word(text, self._terms.codes.get(name), ()))
        return found or self._terms.constants.get(name)

    @staticmethod
    def _under(name: str, how: Callable[[str], T], cell: "str | date") -> T:
        if isinstance(cell, date):
            raise Unreadable(BAD_TEXT, name)
        try:
            return how(cell)
        except Unreadable as problem:
            raise Unreadable(problem.reason, name) from None


def _long(cell: str) -> str:
    return reading.text(cell, letters_max=TEXT_LETTERS_MAX)
