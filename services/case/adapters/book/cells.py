"""What a table gives, whatever kind of file it stands in: a header, and rows of cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

UNREADABLE: Final = object()
"""A cell that holds something no field can take: a duration, or a number of which digits are lost."""

Cell: TypeAlias = "str | date | object"
"""A text, stripped; a day; or UNREADABLE."""

Row: TypeAlias = tuple[int, "list[Cell] | str"]
"""A row's number in the file, the first line being 1; its cells, or one of book_reasons where there are none."""


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it; blank rows are left out. `rows` can be read once."""

    header: list[str]
    rows: Iterator[Row]
