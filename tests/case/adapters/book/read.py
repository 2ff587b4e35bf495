"""What a test asks of a delivery."""

from __future__ import annotations

from pathlib import Path

from services.case.adapters.book.delivery import open_book
from services.case.application.book_source import BookReject, Placed
from services.case.domain.book.rows import BookRow

Groups = dict[str, list[BookRow]]


def groups(folder: Path, mapping: Path) -> tuple[Groups, Groups]:
    """The rows that are taken in, by party and by account."""
    with open_book(folder, mapping) as book:
        parties = {key: taken(rows) for key, rows in book.parties()}
        return parties, {key: taken(rows) for key, rows in book.accounts()}


def taken(rows: list[Placed]) -> list[BookRow]:
    return sorted((one.row for one in rows if not isinstance(one.row, BookReject)), key=repr)


def rejects(folder: Path, mapping: Path) -> list[Placed]:
    """Everything that is rejected, in the order of the files."""
    with open_book(folder, mapping) as book:
        for each in (book.parties(), book.accounts()):
            for _ in each:
                pass
        return list(book.rejects())


def reasons(folder: Path, mapping: Path) -> list[tuple[str, int, str, str, str]]:
    """File, row, entity, reason and field of everything that is rejected."""
    return [
        (one.file, one.number, one.entity, one.row.reason, one.row.field)
        for one in rejects(folder, mapping)
        if isinstance(one.row, BookReject)
    ]
