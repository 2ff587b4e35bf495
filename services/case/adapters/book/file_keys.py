"""Keys that every kind of mapping has: where a file lies, how its CSV is written, in which forms its dates stand."""

from pathlib import PurePosixPath

from services.case.adapters.book import reading
from services.case.adapters.book.mapping import ENCODINGS
from services.case.adapters.book.strict_table import StrictTable

HEADER_ROW_MAX = 100
DELIMITERS = (",", ";", "|", "\t", "^", "\x1f")


def file_path(table: StrictTable) -> str:
    """The `path` of a file, below the delivery's folder. Raises MappingUnusable."""
    path: str = table.text("path")
    parts = PurePosixPath(path).parts
    # An address outside of the delivery's folder, or a walk through all of it, is never what a mapping means.
    if path.startswith("/") or "\\" in path or ".." in parts or any("**" in part for part in parts):
        raise table.refuse("path", "not-below-the-folder")
    return path


def csv_form(table: StrictTable) -> dict[str, str]:
    """The `encoding` and the `delimiter` of a CSV file. Raises MappingUnusable."""
    delimiter = table.take("delimiter", ",")
    if delimiter not in DELIMITERS:
        raise table.refuse("delimiter", "not-allowed", allowed=DELIMITERS)
    return {"encoding": table.text("encoding", "utf-8", among=ENCODINGS), "delimiter": delimiter}


def date_forms(table: StrictTable, default: tuple[str, ...]) -> tuple[str, ...]:
    """The forms of `dates`, at least one. Raises MappingUnusable."""
    forms: tuple[str, ...] = table.texts("dates", default)
    for form in forms:
        try:
            reading.date_pattern(form)
        except ValueError:
            raise table.refuse("dates", "not-a-date-form", allowed=("%Y", "%m", "%d")) from None
    if not forms:
        raise table.refuse("dates", "missing")
    return forms
