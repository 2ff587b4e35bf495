"""A table on a sheet of an XLSX workbook, read with calamine.

A cell that holds a formula counts as its last computed value, which is what the lender saw.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, WorksheetNotFound

from services.case.adapters.book import xlsx_size
from services.case.adapters.book.cells import UNREADABLE, Cell, Row, Table
from services.case.adapters.book.mapping import BookUnusable, FileShape
from services.case.application.book_reasons import HEADER_AGAIN

EXACT_MAX = 2**53
"""Below it every whole number that a cell can hold is exact; from it on digits of an account number may be lost."""


def open_xlsx(path: Path, shape: FileShape) -> Table:
    """The table on the sheet that the mapping names, or on the only one.

    Raises: BookUnusable for what is no workbook, is locked or too large, or has no such sheet or header.
    """
    if (wrong := xlsx_size.wrong_with(path)) is not None:
        raise BookUnusable(file=shape.name, wrong=wrong)
    try:
        book = CalamineWorkbook.from_path(str(path))
        if shape.sheet is None and len(book.sheet_names) != 1:
            raise BookUnusable(file=shape.name, wrong="several-sheets")
        sheet = book.get_sheet_by_name(shape.sheet) if shape.sheet else book.get_sheet_by_index(0)
    except PasswordError:
        raise BookUnusable(file=shape.name, wrong="locked") from None
    except WorksheetNotFound:
        raise BookUnusable(file=shape.name, wrong="no-such-sheet") from None
    except CalamineError:
        raise BookUnusable(file=shape.name, wrong="not-a-workbook") from None
    rows = _numbered(sheet)
    for number, values in rows:
        if number == shape.header_row:
            header = [cell if isinstance(cell, str) else "" for cell in map(_cell, values)]
            return Table(header, _rows(rows, header))
    raise BookUnusable(file=shape.name, wrong="no-header")


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """The rows as calamine has them, from the sheet's first one."""
    return enumerate(sheet.iter_rows(), 1)


def _rows(rows: Iterator[tuple[int, list[Any]]], header: list[str]) -> Iterator[Row]:
    for number, values in rows:
        cells = [_cell(value) for value in values]
        if cells == header:
            yield number, HEADER_AGAIN
        elif any(cell != "" for cell in cells):
            yield number, cells


def _cell(value: Any) -> Cell:
    """A text as it would stand in a CSV file, or a day."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date() if value.time() == time.min else UNREADABLE
    return value if isinstance(value, date) else UNREADABLE


def _number(value: float) -> Cell:
    """The shortest decimal that is this number; UNREADABLE where it may have been longer once."""
    if abs(value) >= EXACT_MAX:
        return UNREADABLE
    if value == int(value):
        return str(int(value))
    shown = repr(value)
    return shown if "e" not in shown else UNREADABLE
