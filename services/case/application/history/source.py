"""A delivery of history as the application reads it; adapters/history makes it of files and a mapping."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from services.case.domain.facts.imports import FileSeen
from services.case.domain.history.rows import ContactRow, HistoryRow, HistoryTerms, LegalRow


class Unreadable(NamedTuple):
    """Why a row cannot be read: a stable code, and our name of the field ("row": as a whole)."""

    reason: str
    field: str


class PlacedRow(NamedTuple):
    """A row and where it stands: its entity, which file (from 0), and the row's number in it (the header is 1)."""

    entity: str
    file: int
    number: int
    row: HistoryRow | ContactRow | LegalRow | Unreadable


class HistorySource(Protocol):
    """One delivery, read in constant memory whatever its size."""

    @property
    def terms(self) -> HistoryTerms:
        """How it is to be read."""

    @property
    def content(self) -> str:
        """SHA-256, in hex, of mapping and files: the same delivery again has the same."""

    @property
    def mapping(self) -> str:
        """SHA-256, in hex, of the mapping."""

    @property
    def names(self) -> Sequence[str]:
        """The files as the lender calls them."""

    @property
    def files(self) -> Sequence[FileSeen]:
        """What is known of each."""

    def debtors(self) -> Iterator[tuple[str, list[PlacedRow]]]:
        """The rows of one debtor after another; each debtor once."""

    def unread(self) -> Sequence[PlacedRow]:
        """Rows that could not be read; complete once `debtors` is read."""
