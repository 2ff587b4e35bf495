"""What the import of a book says of itself: how far it is, and what it added."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from services.case.application.book_source import BookReject, Placed
from services.case.domain.book.reasons import RowRefused
from services.case.domain.book.rows import ENTITIES
from services.case.domain.events import (
    CaseClosed,
    CaseCured,
    CaseEvent,
    CaseOpened,
    DebtAttached,
    DebtDetached,
    PaymentReceived,
)


@dataclass(frozen=True, slots=True)
class BookProgress:
    """How far an import is: rows judged, and seconds since its start."""

    rows: int
    seconds: float

    @property
    def rows_per_second(self) -> float:
        """The rate since the start."""
        return self.rows / self.seconds if self.seconds else 0.0


class BookRejects(Protocol):
    """Where rejected rows go."""

    def put(self, placed: Placed) -> None:
        """Note one rejected row (`placed.row` is a BookReject): where it stands and why, never a value."""


def put_refused(rejects: BookRejects, rows: Iterable[Placed], refused: Iterable[RowRefused]) -> None:
    """Note the rows that the ledger knows better than, in the order of the delivery."""
    by_row = {id(said.row): said for said in refused}
    for placed in rows if by_row else ():
        if said := by_row.get(id(placed.row)):
            rejects.put(replace(placed, row=BookReject(said.reason, said.field)))


@dataclass(slots=True)
class BookResult:
    """What one run added. `imported` + `unchanged` + `rejected` = all rows; `accounts_left` left the book by it.

    `rows` counts what could be read, by entity. `missing_kept`: accounts that a full book did not name stayed, because
    some of its rows could not be told apart from them, or it named none at all. `invented`: nobody in it exists.
    """

    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENTITIES, 0))
    imported: int = 0
    unchanged: int = 0
    rejected: int = 0
    accounts_left: int = 0
    cases_opened: int = 0
    cases_cured: int = 0
    cases_closed: int = 0
    debts_attached: int = 0
    debts_detached: int = 0
    payments: int = 0
    events: int = 0
    missing_kept: bool = False
    invented: bool = False
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The document of `import book --json`."""
        return {
            "invented": self.invented,
            **self.rows,
            "imported": self.imported,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "accounts_left": self.accounts_left,
            "missing_kept": self.missing_kept,
            "cases_opened": self.cases_opened,
            "cases_cured": self.cases_cured,
            "cases_closed": self.cases_closed,
            "debts_attached": self.debts_attached,
            "debts_detached": self.debts_detached,
            "payments": self.payments,
            "events": self.events,
            "seconds": round(self.seconds, 3),
        }

    def add(self, facts: int, case: Iterable[CaseEvent]) -> None:
        """Count events that are in the ledger now: how many of a party or account, and those of a case.

        The account that opens a case is not counted as one that joined it.
        """
        self.events += facts
        opened = False
        for event in case:
            self.events += 1
            match event:
                case CaseOpened():
                    self.cases_opened += 1
                    opened = True
                case CaseCured():
                    self.cases_cured += 1
                case CaseClosed():
                    self.cases_closed += 1
                case DebtAttached() if not opened:
                    self.debts_attached += 1
                case DebtDetached():
                    self.debts_detached += 1
                case PaymentReceived():
                    self.payments += 1
                case _:
                    pass
