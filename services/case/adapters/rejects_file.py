"""Rejected lines as a CSV file: line number, reason and column; never a value of the lender's file."""

import os
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from services.case.application.ports import Reject
from shared.kernel.refusal import Refused

HEADER = "line,reason,field\n"


class RejectsPathTaken(Refused):
    """The path named for rejected lines holds something that is not an earlier list of rejected lines.

    It is left alone, because it could be the lender's file itself. Name another path.
    """

    code = "rejects-path-taken"
    title_en = "The path for rejected lines holds another file"
    title_zh = "拒收清单的路径上已有其他文件"


class RejectsFile:
    """A list at `path` that is there after the run only if something was rejected; an earlier run's list
    goes.

    Raises: RejectsPathTaken, and OSError as `open` does, on entering: before anything is imported.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: TextIOWrapper | None = None

    def __enter__(self) -> "RejectsFile":
        if self.path.is_file():
            with self.path.open("rb") as earlier:
                if earlier.read(len(HEADER)) not in (b"", HEADER.encode()):
                    raise RejectsPathTaken
        self._file = self.path.open("w", encoding="utf-8", newline="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        if not self.count and self.path.is_file():
            self.path.unlink()

    def put(self, line: int, reject: Reject) -> None:
        """Note one rejected line."""
        assert self._file is not None, "a rejects file is entered before use"
        if not self.count:
            self._file.write(HEADER)
        self._file.write(f"{line},{reject.reason},{reject.field}\n")
        self.count += 1


def default_path(statements: Path, *, working_folder: Path) -> Path:
    """`<stem>.rejects.csv` beside the input; in the working folder where that cannot be, as beside a pipe."""
    folder = statements.resolve().parent
    piped = statements.exists() and not statements.is_file()
    if piped or not os.access(folder, os.W_OK):
        folder = working_folder
    return folder / f"{statements.stem}.rejects.csv"
