"""Rows that somebody hands in (results of a dialer, receipts of the post), taken one by one, the wrong ones told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from shared.kernel.refusal import Refused

MALFORMED_ROW, BAD_ENCODING, TOO_LONG = "malformed-row", "bad-encoding", "too-long"
MISSING, MALFORMED = "missing", "malformed"


class HandedInUnusable(Refused):
    """Its first line names the columns, separated by commas; the how-to page of the import lists them.

    Context: `columns`: those that are missing; none: there is no header that can be read.
    """

    code = "handed-in-unusable"
    title_en = "The file is not a table with the columns that are needed"
    title_zh = "文件不是包含所需列的表格"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a row was not taken: a code, and the column it lies in, where it is one's."""

    reason: str
    field: str = ""


Reject: TypeAlias = Callable[[int, Flaw], None]
"""Told of every row that was not taken, by its line."""


@dataclass(slots=True)
class TakenIn:
    """What became of a file: rows, those new, those that correct an earlier one, on record already, and rejected.

    `flagged`: contacts among the new and corrected that are known to break a rule.
    """

    lines: int = 0
    new: int = 0
    corrected: int = 0
    unchanged: int = 0
    rejected: int = 0
    flagged: int = 0

    def as_json(self) -> dict[str, int]:
        """For `--json`."""
        return {
            "lines": self.lines,
            "new": self.new,
            "corrected": self.corrected,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "flagged": self.flagged,
        }
