"""A table that somebody hands in as CSV: UTF-8 with a header, one record a line, in constant memory."""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from services.contact.application.handed_in import (
    BAD_ENCODING,
    MALFORMED,
    MALFORMED_ROW,
    MISSING,
    TOO_LONG,
    Flaw,
    HandedInUnusable,
)
from shared.kernel.clock import in_utc, zone

LINE_BYTES_MAX = 16_384
_BOM = b"\xef\xbb\xbf"

Cells = Mapping[str, str]


def read_cells(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, Cells | Flaw]]:
    """(line number, cells by column, or why there are none) of every row that is not empty.

    Raises: HandedInUnusable where a needed column is not there; OSError as `open` does.
    """
    with path.open("rb") as file:
        header = _fields(file.readline(LINE_BYTES_MAX).removeprefix(_BOM))
        if isinstance(header, Flaw) or len(set(header)) != len(header):
            raise HandedInUnusable
        missing = tuple(name for name in needed if name not in header)
        if missing:
            raise HandedInUnusable(columns=missing)
        number = 1
        while line := file.readline(LINE_BYTES_MAX):
            number += 1
            if not line.endswith(b"\n") and len(line) == LINE_BYTES_MAX:
                while rest := file.readline(LINE_BYTES_MAX):
                    if rest.endswith(b"\n"):
                        break
                yield number, Flaw(TOO_LONG)
                continue
            if not line.strip():
                continue
            fields = _fields(line)
            if isinstance(fields, Flaw):
                yield number, fields
            elif len(fields) != len(header):
                yield number, Flaw(MALFORMED_ROW)
            else:
                yield number, dict(zip(header, fields, strict=True))


def _fields(line: bytes) -> list[str] | Flaw:
    try:
        text = line.decode().rstrip("\r\n")
        rows = list(csv.reader([text], strict=True))
    except UnicodeDecodeError:
        return Flaw(BAD_ENCODING)
    except csv.Error:
        return Flaw(MALFORMED_ROW)
    return [field.strip() for field in rows[0]] if len(rows) == 1 else Flaw(MALFORMED_ROW)


class Unfit(ValueError):
    """A cell that says nothing we understand."""

    def __init__(self, reason: str, field: str) -> None:
        super().__init__(reason)
        self.flaw = Flaw(reason, field)


def text_of(cells: Cells, name: str, *, longest: int = 200) -> str | None:
    """The text of a cell, None for an empty or absent one. Raises Unfit."""
    found = cells.get(name) or None
    if found is not None and (len(found) > longest or not found.isprintable()):
        raise Unfit(MALFORMED, name)
    return found


def needed_of(cells: Cells, name: str) -> str:
    """The text of a cell that must not be empty. Raises Unfit."""
    found = text_of(cells, name)
    if found is None:
        raise Unfit(MISSING, name)
    return found


def whole_of(cells: Cells, name: str, *, most: int = 1_000_000) -> int | None:
    """A whole number from 0, None for an empty cell. Raises Unfit."""
    found = text_of(cells, name, longest=9)
    if found is None:
        return None
    if not (found.isascii() and found.isdigit() and int(found) <= most):
        raise Unfit(MALFORMED, name)
    return int(found)


def instant_of(cells: Cells, name: str, *, zone_name: str | None) -> datetime | None:
    """An instant, RFC 3339; one without an offset is read in `zone_name` (None: refused). Raises Unfit, UnknownZone."""
    found = text_of(cells, name)
    if found is None:
        return None
    try:
        at = datetime.fromisoformat(found)
        if len(found) < len("2026-01-01T00:00"):
            raise ValueError
        if at.tzinfo is None:
            if zone_name is None:
                raise ValueError
            at = at.replace(tzinfo=zone(zone_name))
        return in_utc(at)
    except (ValueError, OverflowError):
        raise Unfit(MALFORMED, name) from None
