"""A book's rejected rows as a CSV file: file, row, entity, reason and field; never a value of the lender's files."""

import csv
import os
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any

from services.case.adapters.rejects_file import RejectsPathTaken
from services.case.application.book_source import BookReject, Placed

HEADER = "file,row,entity,reason,field"


class BookRejectsFile:
    """A list at `path` that is there after the run only if something was rejected; an earlier run's list goes.

    Raises: RejectsPathTaken, and OSError as `open` does, on entering: before anything is taken in.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: TextIOWrapper | None = None
        self._writer: Any = None

    def __enter__(self) -> "BookRejectsFile":
        if self.path.exists():
            with self.path.open("rb") as earlier:
                if earlier.read(len(HEADER)) not in (b"", HEADER.encode()):
                    raise RejectsPathTaken
        self._file = self.path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        if not self.count and self.path.is_file():
            self.path.unlink()

    def put(self, placed: Placed) -> None:
        """Note one rejected row."""
        assert isinstance(placed.row, BookReject), "only rejected rows are listed"
        if not self.count:
            self._writer.writerow(HEADER.split(","))
        row = (placed.file, placed.number, placed.entity, placed.row.reason, placed.row.field)
        self._writer.writerow(row)
        self.count += 1


def default_path(folder: Path, *, working_folder: Path) -> Path:
    """`<folder>.rejects.csv` beside the delivery's folder; in the working folder where that cannot be.

    Not inside of it: a pattern of the mapping could take the list for a file of the lender.
    """
    delivery = folder.resolve()
    beside = delivery.parent
    place = beside if os.access(beside, os.W_OK) else working_folder
    return place / f"{delivery.name or 'book'}.rejects.csv"
