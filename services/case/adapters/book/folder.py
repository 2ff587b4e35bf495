"""Which files of a delivery's folder a mapping means, and of which day the delivery is."""

import re
from collections import deque
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol

from services.case.adapters.book import reading
from services.case.adapters.book.cells import Cell, Row, Table
from services.case.adapters.book.csv_table import open_csv
from services.case.adapters.book.mapping import XLSX, AsOf, BookUnusable, FileShape, Mapping
from services.case.adapters.book.reading import Unreadable
from services.case.adapters.book.xlsx_table import open_xlsx

FILES_MAX = 1000


class Found(NamedTuple):
    """A file of the delivery; `name` is its place below the folder, with slashes."""

    shape: FileShape
    path: Path
    name: str


class Shaped(Protocol):
    """A mapping, as far as its files go."""

    @property
    def files(self) -> dict[str, FileShape]:
        """By the name under which the mapping speaks of them."""


def find_files(folder: Path, mapping: Shaped) -> list[Found]:
    """The files in the mapping's order, those of one pattern by name.

    Raises: BookUnusable for one that is missing, is no file, or leads out of the folder through a link; OSError where
    the folder is none.
    """
    root = folder.resolve(strict=True)
    next(root.iterdir(), None)  # says what is wrong with a folder that is none, or may not be read
    found = [one for shape in mapping.files.values() for one in _of_shape(root, shape)]
    if len(found) > FILES_MAX:
        raise BookUnusable(wrong="too-many-files", allowed=(str(FILES_MAX),))
    return found


def _of_shape(root: Path, shape: FileShape) -> list[Found]:
    paths = sorted(root.glob(shape.path), key=str)
    if not paths and not shape.may_be_absent:
        raise BookUnusable(file=shape.name, wrong="missing-file")
    for path in paths:
        try:
            within = path.resolve(strict=True).is_relative_to(root)
        except (OSError, RuntimeError):  # a link to nowhere, or round in circles
            raise BookUnusable(file=shape.name, wrong="missing-file") from None
        if not within:
            raise BookUnusable(file=shape.name, wrong="outside-the-folder")
        if not path.is_file():
            raise BookUnusable(file=shape.name, wrong="not-a-file")
    return [Found(shape, path, _shown(path.relative_to(root))) for path in paths]


def _shown(path: Path) -> str:
    """A name that can be written to any list, whatever bytes the file system has in it."""
    return path.as_posix().encode("utf-8", "backslashreplace").decode()


def open_table(found: Found) -> Table:
    """The table in the file. Raises BookUnusable, OSError."""
    table = (open_xlsx if found.shape.format == XLSX else open_csv)(found.path, found.shape)
    return (
        Table(table.header, _above(table.rows, found.shape.footer_rows)) if found.shape.footer_rows else table
    )


def _above(rows: Iterator[Row], footer_rows: int) -> Iterator[Row]:
    """All rows but the last ones."""
    held: deque[Row] = deque()
    for row in rows:
        held.append(row)
        if len(held) > footer_rows:
            yield held.popleft()


def day_of(mapping: Mapping, files: list[Found]) -> date:
    """The day of the delivery: as the mapping says it, or as the file that it names does.

    Raises: BookUnusable where no file says it, or two say different days.
    """
    if isinstance(mapping.as_of, date):
        return mapping.as_of
    days = {
        day
        for found in files
        if found.shape.name == mapping.as_of.file
        for day in _says(mapping.as_of, found)
    }
    if len(days) != 1:
        raise BookUnusable(file=mapping.as_of.file, wrong="several-days" if days else "no-day")
    return days.pop()


def _says(as_of: AsOf, found: Found) -> list[date]:
    """The day that a file says, by its name or by the first row that can be read; none where it says none."""
    try:
        if as_of.pattern is not None:
            match = _pattern(as_of.pattern).fullmatch(found.path.name)
            return [reading.dates(as_of.dates)(match[1])] if match else []
        table = open_table(found)
        at = day_column(as_of, found, table)
        first = next((cells for _, cells in table.rows if isinstance(cells, list)), None)
        return [] if first is None else [day_in(as_of, first[at])]
    except Unreadable:
        return []


def _pattern(name: str) -> re.Pattern[str]:
    """A file's name with `{day}` in it, and perhaps stars for the rest. Nothing else in it has a meaning of its own."""
    shapes = {"{day}": "(.{6,20}?)", "*": ".*"}
    return re.compile(
        "".join(shapes.get(part) or re.escape(part) for part in re.split(r"(\{day\}|\*)", name))
    )


def day_column(as_of: AsOf, found: Found, table: Table) -> int:
    """Where the delivery's day stands in the rows of its file. Raises BookUnusable."""
    assert as_of.column is not None, "asked only where a column says the day"
    if table.header.count(as_of.column) != 1:
        raise BookUnusable(file=found.shape.name, wrong="missing-columns", columns=(as_of.column,))
    return table.header.index(as_of.column)


def day_in(as_of: AsOf, cell: Cell) -> date:
    """The day in a cell. Raises Unreadable."""
    if isinstance(cell, date):
        return cell
    return reading.dates(as_of.dates)(cell if isinstance(cell, str) else "")
