"""A table on a sheet of an XLSX workbook, read with calamine.

calamine holds a sheet in memory as a rectangle as large as its outermost cells, so a small file could ask for more
memory than there is: by its compression, or by one cell far out. Both are measured before it may open the file.
A cell that holds a formula counts as its last computed value, which is what the lender saw.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, WorksheetNotFound

from services.case.adapters.book.cells import UNREADABLE, Cell, Row, Table
from services.case.adapters.book.mapping import BookUnusable, FileShape
from services.case.application.book_reasons import HEADER_AGAIN

UNPACKED_BYTES_MAX = 256 << 20
CELLS_MAX = 5_000_000
"""Of a sheet's rectangle: about 160 MB in memory. A larger table is delivered as CSV, or as several workbooks."""
EXACT_MAX = 2**53
"""Below it every whole number that a cell can hold is exact; from it on digits of an account number may be lost."""
PARTS_MAX = 10_000
CHUNK_BYTES = 1 << 20
_OVERLAP = 64

_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,9})["']""")


def open_xlsx(path: Path, shape: FileShape) -> Table:
    """The table on the sheet that the mapping names, or on the only one.

    Raises: BookUnusable for what is no workbook, is locked or too large, or has no such sheet or header.
    """
    _measured(path, shape)
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


def _measured(path: Path, shape: FileShape) -> None:
    """Refuse a workbook that unpacks to too much, or reaches too far. Reads it once, a part at a time."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
                raise BookUnusable(
                    file=shape.name, wrong="too-large", allowed=(f"{UNPACKED_BYTES_MAX >> 20} MiB",)
                )
            for part in parts:
                if _reach(packed, part) > CELLS_MAX:
                    raise BookUnusable(file=shape.name, wrong="too-large", allowed=(f"{CELLS_MAX} cells",))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        # A part that is damaged, encrypted, packed in another way, or longer than it says.
        raise BookUnusable(file=shape.name, wrong="not-a-workbook") from None


def _reach(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """At most how many cells the rectangle of a sheet has; 0 for parts that are no sheet. Reads the part to its end.

    Cells need not say their place; then they stand one after another, and all could stand in one row.
    """
    is_sheet = "worksheets/" in part.filename
    rows, columns, placed, cells, tail = 0, 0, 0, 0, b""
    with packed.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK_BYTES):
            if not is_sheet:
                continue
            cells += len(_CELL.findall(chunk))
            for letters, digits in _PLACE.findall(tail + chunk):
                rows, columns = max(rows, int(digits)), max(columns, _column(letters))
                placed += bool(letters)
            tail = chunk[-_OVERLAP:]
    if placed < cells:
        rows, columns = max(rows, cells), max(columns, cells - placed)
    return rows * max(columns, 1)


def _column(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
