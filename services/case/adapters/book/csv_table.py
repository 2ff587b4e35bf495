"""A table in a CSV file: strict, streaming, in constant memory, one record a line.

A record never goes on in the next line: a quote that does not close breaks its own row, and not all that follow.
Quotes are read by the csv module; a line without one is split at the delimiter, which is the same and quicker.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from services.case.adapters.book.cells import Cell, Row, Table
from services.case.adapters.book.mapping import BookUnusable, FileShape
from services.case.adapters.physical_lines import CHUNK_BYTES, Line, physical_lines
from services.case.application.book_reasons import BAD_ENCODING, HEADER_AGAIN, MALFORMED_ROW, TOO_LONG

_BOMS = {"utf-8": b"\xef\xbb\xbf", "gb18030": b"\x84\x31\x95\x33"}


def open_csv(path: Path, shape: FileShape) -> Table:
    """The table in the file. Raises: BookUnusable where the header cannot be read; OSError as `open` does."""
    lines = _lines(path)
    for number, raw in lines:
        if number == shape.header_row:
            header = _fields(raw.removeprefix(_BOMS[shape.encoding]) if number == 1 and raw else raw, shape)
            if isinstance(header, str):
                raise BookUnusable(file=shape.name, wrong="header-unreadable")
            return Table(header, _rows(lines, header, shape))
    raise BookUnusable(file=shape.name, wrong="no-header")


def _rows(lines: Iterator[Line], header: list[str], shape: FileShape) -> Iterator[Row]:
    for number, raw in lines:
        if raw is not None and (not raw or raw.isspace()):
            continue
        fields = _fields(raw, shape)
        if isinstance(fields, str):
            yield number, fields
        elif fields == header:
            yield number, HEADER_AGAIN
        elif len(fields) != len(header) and not _ends_alike(fields, header):
            yield number, MALFORMED_ROW
        elif any(fields):
            cells: list[Cell] = [*fields]
            yield number, cells


def _ends_alike(fields: list[str], header: list[str]) -> bool:
    """Some systems end every row with a delimiter and the header not, or the other way round: nothing stands behind it.

    Makes the row as long as the header where that is all that differs.
    """
    if len(fields) == len(header) + 1 and not fields[-1]:
        fields.pop()
    elif len(fields) == len(header) - 1 and not header[-1]:
        fields.append("")
    return len(fields) == len(header)


def _fields(raw: bytes | None, shape: FileShape) -> list[str] | str:
    """The fields of one line, stripped; or why there are none."""
    if raw is None:
        return TOO_LONG
    try:
        text = raw.decode(shape.encoding)
    except UnicodeDecodeError:
        return BAD_ENCODING
    if '"' not in text:
        return [field.strip() for field in text.split(shape.delimiter)]
    try:
        rows = list(csv.reader([text], delimiter=shape.delimiter, strict=True))
    except csv.Error:
        return MALFORMED_ROW
    return [field.strip() for field in rows[0]] if len(rows) == 1 else MALFORMED_ROW


def _lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        yield from physical_lines(iter(lambda: file.read(CHUNK_BYTES), b""))
