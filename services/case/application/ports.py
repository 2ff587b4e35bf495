"""What the shell around the rules needs from outside; adapters provide it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from services.case.domain.commands import StatementLine

MALFORMED = "malformed"
CONFLICT = "conflict"
OUT_OF_ORDER = "out-of-order"
UNKNOWN_CURRENCY = "unknown-currency"
CURRENCY_CHANGED = "currency-changed"
ACCOUNT_IN_BOOK = "account-in-book"
REASONS = (MALFORMED, UNKNOWN_CURRENCY, ACCOUNT_IN_BOOK, CONFLICT, OUT_OF_ORDER, CURRENCY_CHANGED)
"""Why a line can be rejected, in order of precedence: a line is read before it is judged.

ACCOUNT_IN_BOOK: a lender's book has the account under its debtor; a statement would open a case of its own for it.
"""


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a line is not taken in: one of REASONS, and the column it shows in ("line": the line as a whole)."""

    reason: str
    field: str


Numbered: TypeAlias = tuple[int, StatementLine | Reject]
"""A line's number in its file (the header is line 1) and what it says, or why that cannot be read."""


class StatementSource(Protocol):
    """A lender's file, read once and forward."""

    @property
    def bytes_total(self) -> int:
        """Its size."""

    @property
    def bytes_read(self) -> int:
        """How much of it has been read."""

    def __iter__(self) -> Iterator[Numbered]:
        """Its lines, one at a time and in constant memory; blank lines are left out."""


class RejectSink(Protocol):
    """Where rejected lines go."""

    def put(self, line: int, reject: Reject) -> None:
        """Note one rejected line: its number and reason, never a value."""
