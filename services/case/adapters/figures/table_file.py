"""Figures as files: CSV and Parquet with the same columns, typed, and whole or not there at all.

In CSV a text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection); numbers are
ours and stay as they are. In Parquet amounts are whole minor units beside their currency and its places, days are days.
"""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from arro3.core import Array, DataType, Field, Schema, Table
from arro3.io import write_parquet

Column = tuple[str, str]
Row = Sequence[Any]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_EPOCH = date(1970, 1, 1)


def to_csv(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Write a CSV with a header, in UTF-8; how many rows. A file there is replaced at the end. Raises OSError."""
    texts = {place for place, (_, kind) in enumerate(columns) if kind == "text"}
    count = 0
    with _whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")  # RFC 4180; it also has a lone \r quoted
        writer.writerow([name for name, _ in columns])
        for row in rows:
            writer.writerow([_safe(value) if place in texts else value for place, value in enumerate(row)])
            count += 1
    return count


def to_parquet(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Write a Parquet file of the same columns; how many rows. Raises OSError."""
    table = list(rows)
    arrays = [_array(kind, [row[place] for row in table]) for place, (_, kind) in enumerate(columns)]
    schema = Schema([Field(name, _TYPES[kind], nullable=True) for name, kind in columns])
    with _whole(path) as part:
        write_parquet(Table.from_arrays(arrays, schema=schema), part)
    return len(table)


_TYPES = {
    "text": DataType.utf8(),
    "whole": DataType.int64(),
    "sum": DataType.decimal128(38, 0),
    "decimal": DataType.decimal128(38, 6),
    "date": DataType.date32(),
}
"""A sum of many amounts may be more than 64 bits hold."""


def _array(kind: str, values: Sequence[Any]) -> Any:
    if kind == "date":
        days = [None if value is None else (value - _EPOCH).days for value in values]
        return Array(days, DataType.int32()).cast(_TYPES[kind])
    if kind in ("sum", "decimal"):
        texts = [None if value is None else str(value) for value in values]
        return Array(texts, DataType.utf8()).cast(_TYPES[kind])
    return Array(values, _TYPES[kind])


def _safe(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file beside it that takes its place when all is written; nothing is left of one that is not."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
