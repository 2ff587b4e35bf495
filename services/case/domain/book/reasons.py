"""Why a row of a book cannot be taken in, as far as the ledger knows better: stable codes, words in the application."""

from typing import NamedTuple

from services.case.domain.book.rows import BookRow

UNKNOWN_PARTY = "unknown-party"
UNKNOWN_ACCOUNT = "unknown-account"
CURRENCY_CHANGED = "currency-changed"
DEBTOR_CHANGED = "debtor-changed"
OUT_OF_ORDER = "out-of-order"
KNOWN_BY_STATEMENTS = "known-by-statements"
CURRENCY_OF_CASE = "currency-of-case"
NOT_ON_CASE = "not-on-case"
FORGOTTEN = "forgotten"
TOO_MANY = "too-many"
ROW = "row"
"""The row as a whole."""


class RowRefused(NamedTuple):
    """A row that is not taken in: why, and our name of the field."""

    row: BookRow
    reason: str
    field: str
