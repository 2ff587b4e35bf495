"""A lender's book as the application reads it; adapters/book makes it of files and a mapping."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from services.case.domain.book.rows import ENTITIES as ENTITIES
from services.case.domain.book.rows import BookRow, BookTerms


@dataclass(frozen=True, slots=True)
class BookReject:
    """Why a row of the book is not taken in: a stable code, and our name of the field ("row": as a whole)."""

    reason: str
    field: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and where it stands: entity, file's name, and the row's number in it (the header is 1)."""

    entity: str
    file: str
    number: int
    row: BookRow | BookReject


Group: TypeAlias = tuple[str, list[Placed]]
"""All rows of a delivery about one key: a party's (`parties`, `points`), or an account's (all others).

In the order of ENTITIES, then of the files. Rejected rows of the key stand among the others, so that what a broken
row names is not taken as missing from a full book: an account whose row is broken did not leave, and of an entity with
a rejected row nothing is withdrawn. They are counted and listed from `BookSource.rejects` alone.
"""


class BookSource(Protocol):
    """One delivery, read in constant memory whatever its size."""

    @property
    def terms(self) -> BookTerms:
        """How it is to be read."""

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hex, of mapping and files: the same delivery again has the same."""

    def parties(self) -> Iterator[Group]:
        """The rows of one party after another, by party_ref; each party once."""

    def accounts(self) -> Iterator[Group]:
        """The rows of one account after another, by account_ref; each account once, even if no file names it twice."""

    @property
    def nameless(self) -> int:
        """Rejected account rows of which nobody can tell the account; known once `accounts` has begun.

        While there are any, an account that is missing from a full book may be one of them.
        """

    def rejects(self) -> Iterator[Placed]:
        """Rows that could not be read, in the order of the files; complete once parties and accounts are read.

        Of a full book also rows of accounts and parties that no row of it names (`unknown-account`, `unknown-party`),
        unless a broken row may have named them; then, and of a delta, that is for the reader to judge, who knows the
        ledger.
        """
