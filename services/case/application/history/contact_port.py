"""What the import of history asks of the contact service, which keeps attempts for its caps, consents and opt-outs.

The services do not know each other: whoever opens both gives the import somebody who speaks for contact.
"""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from services.case.domain.history.rows import AttemptRow, ConsentRow, OptOutRow
from services.case.domain.history.take_in import Outcome

ToldRow: TypeAlias = AttemptRow | ConsentRow | OptOutRow


class ContactHistory(Protocol):
    """Takes in, for the same tenant, what concerns contact."""

    def unfit(self, row: ToldRow) -> Outcome | None:
        """The rejection of a row that contact could keep nothing of; None where it can."""

    async def take(
        self, debtor_ref: str, rows: Sequence[ToldRow], *, zone: str, check: bool
    ) -> tuple[list[Outcome], int]:
        """What becomes of each row there, and how many events that is; a repetition adds nothing.

        `zone`: in which the rows' days are days.
        """
