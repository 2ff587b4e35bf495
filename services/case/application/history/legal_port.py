"""What the import of history asks of the legal service, which keeps what bears on limitation.

The services do not know each other: whoever opens both gives the import somebody who speaks for legal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.case.domain.history.rows import LegalRow
from services.case.domain.history.take_in import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalTold:
    """A row as legal is told of it: the debts it concerns, and the pseudonym of whom (None: the debtor).

    `all_debts`: the row named none. `ref` stands for the row's own reference and says nothing of it.
    """

    row: LegalRow
    ref: str
    debts: tuple[str, ...]
    all_debts: bool
    person: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAbout:
    """The case that rows are about: its debts, and its first day."""

    case: str
    opened_on: date
    debts: tuple[str, ...]


class LegalHistory(Protocol):
    """Takes in, for the same tenant, what bears on limitation."""

    async def take(
        self, about: CaseAbout, rows: Sequence[LegalTold], *, check: bool
    ) -> tuple[list[Outcome], int]:
        """What becomes of each row there, and how many events that is; a repetition adds nothing."""
