"""A lender's monthly statements as a CSV file: strict, streaming, in constant memory.

Shapes: UTF-8 with or without a byte-order mark; comma, double quotes; lines end in LF or CRLF and a record
is one line; a header with exactly the columns of `COLUMNS` in any order; blank lines are skipped. Dates are
YYYY-MM-DD, months a whole number 0..999, amounts plain decimals of at most the currency's places
and 15 digits in all.

Order: a line that is wrong in several columns is rejected for the first of account_ref, as_of,
months_past_due, currency, statement_balance, payment_received, credit_limit.
"""

import csv
import hashlib
import unicodedata
from collections.abc import Iterator
from datetime import date
from io import BufferedReader
from pathlib import Path

from services.case.adapters.physical_lines import CHUNK_BYTES, physical_lines
from services.case.application.ports import MALFORMED, UNKNOWN_CURRENCY, Numbered, Reject
from services.case.domain.commands import StatementLine
from shared.kernel.currency import DIGITS
from shared.kernel.money import MalformedAmount, parse_minor
from shared.kernel.refusal import Refused

COLUMNS = (
    "account_ref", "as_of", "months_past_due", "statement_balance", "payment_received", "credit_limit", "currency",
)  # fmt: skip
ACCOUNT_REF_LETTERS_MAX = 128
MONTHS_DIGITS_MAX = 3
MINOR_END = 10**15
"""Amounts are below it, in minor units: ten trillion of a currency with cents. A case's sums then stay in 64 bits."""
YEAR_MIN, YEAR_MAX = 1970, 2199
DATES_KEPT_MAX = 4096

_BOM = b"\xef\xbb\xbf"


class StatementHeaderUnusable(Refused):
    """The first line does not name the columns of a statement file, so no line of it can be understood.

    The header must hold account_ref, as_of, months_past_due, statement_balance, payment_received,
    credit_limit and currency, each once and nothing else, separated by commas, in UTF-8. Context: `missing`
    columns, `unknown` (how many we do not know), `repeated` columns.
    """

    code = "statement-header-unusable"
    title_en = "The first line is not the header of a statement file"
    title_zh = "文件首行不是账单文件的表头"


class _Bad(Exception):
    """One field cannot be read."""

    def __init__(self, field: str, reason: str = MALFORMED) -> None:
        self.reject = Reject(reason, field)


class StatementFile:
    """One pass over a statement file. Raises StatementHeaderUnusable when iteration starts; OSError as `open` does."""

    def __init__(self, path: Path) -> None:
        self.bytes_total = path.stat().st_size
        self.bytes_read = 0
        # What a file hashes to is known before it is read; of a pipe only what went through it.
        self.piped = None if path.is_file() else hashlib.sha256()
        self._path = path
        self._dates: dict[str, date] = {}

    def __iter__(self) -> Iterator[Numbered]:
        """(line number, what it says or why it cannot be read) for every line that is not blank."""
        order: tuple[int, ...] | None = None
        with self._path.open("rb") as file:
            for number, raw in physical_lines(self._chunks(file)):
                if order is None:
                    order = _columns_of(raw.removeprefix(_BOM) if raw is not None else None)
                elif raw is None:
                    yield number, Reject(MALFORMED, "line")
                elif raw and not raw.isspace():
                    try:
                        yield number, self._read(raw, order)
                    except _Bad as bad:
                        yield number, bad.reject
        if order is None:
            raise StatementHeaderUnusable(missing=COLUMNS)

    def _chunks(self, file: BufferedReader) -> Iterator[bytes]:
        while chunk := file.read(CHUNK_BYTES):
            self.bytes_read += len(chunk)
            if self.piped:
                self.piped.update(chunk)
            yield chunk

    def _read(self, raw: bytes, order: tuple[int, ...]) -> StatementLine:
        """One line's fields, judged in the order of the module's docstring."""
        fields = _fields(raw)
        if len(fields) != len(COLUMNS):
            raise _Bad("line")
        ref, as_of, months, balance, payment, limit, currency = [fields[i] for i in order]
        if not (
            ref.isascii()
            and ref.isprintable()
            and 0 < len(ref) <= ACCOUNT_REF_LETTERS_MAX
            and ref == ref.strip()
        ):
            ref = _reference(ref)
        day = self._dates.get(as_of) or self._date(as_of)
        if not (months.isascii() and months.isdigit() and len(months) <= MONTHS_DIGITS_MAX):
            raise _Bad("months_past_due")
        places = DIGITS.get(currency)
        if places is None:
            raise _Bad("currency", UNKNOWN_CURRENCY if currency else MALFORMED)
        line = StatementLine(
            ref,
            day,
            int(months),
            _minor(balance, places, "statement_balance"),
            _minor(payment, places, "payment_received"),
            _minor(limit, places, "credit_limit"),
            currency,
        )
        if line.credit_limit < 0:
            raise _Bad("credit_limit")
        return line

    def _date(self, text: str) -> date:
        # date.fromisoformat also takes week dates and other spellings of ISO 8601; ours is one.
        if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
            raise _Bad("as_of")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise _Bad("as_of") from None
        if not YEAR_MIN <= day.year <= YEAR_MAX:
            raise _Bad("as_of")
        if len(self._dates) < DATES_KEPT_MAX:
            self._dates[text] = day
        return day


def _fields(raw: bytes) -> list[str]:
    """The fields of one line. Raises _Bad for bytes that are not UTF-8 and for quotes that do not close."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise _Bad("line") from None
    if '"' not in text:
        return text.split(",")
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error:
        raise _Bad("line") from None
    return rows[0] if len(rows) == 1 else []


def _columns_of(raw: bytes | None) -> tuple[int, ...]:
    """Where each of COLUMNS stands in the file. Raises StatementHeaderUnusable."""
    try:
        names = [name.strip() for name in _fields(raw or b"")]
    except _Bad:
        raise StatementHeaderUnusable(missing=COLUMNS) from None
    missing = tuple(column for column in COLUMNS if column not in names)
    repeated = tuple(column for column in COLUMNS if names.count(column) > 1)
    unknown = sum(name not in COLUMNS for name in names)
    if missing or repeated or unknown:
        raise StatementHeaderUnusable(missing=missing, repeated=repeated, unknown=unknown)
    return tuple(names.index(column) for column in COLUMNS)


def _reference(text: str) -> str:
    """An account reference that is not plain ASCII, in NFC. Raises _Bad for an empty, long or unprintable one."""
    text = unicodedata.normalize("NFC", text)
    if not text or len(text) > ACCOUNT_REF_LETTERS_MAX or not text.isprintable() or text != text.strip():
        raise _Bad("account_ref")
    return text


def _minor(text: str, places: int, column: str) -> int:
    """Minor units of an amount; the common spelling, a short run of digits, is read without a pattern."""
    if len(text) <= 11 and text.isascii() and text.isdigit():
        return int(text) * int(10**places)
    try:
        minor = parse_minor(text, places)
    except MalformedAmount:
        raise _Bad(column) from None
    if abs(minor) >= MINOR_END:
        raise _Bad(column)
    return minor
