"""The cases this process worked on last, as they stood after the newest event it wrote or read.

A hint and no more: another process may have written since. What is decided on it counts only because an append names
the version it was decided on; a refusal, or "nothing to add", is never answered on a hint. Whoever decides takes the
hint away and leaves the new one when the ledger has taken the command; so a hint that was wrong is used once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.case.domain.state import CaseState
from shared.eventstore.recent import Recent
from shared.kernel.clock import Clock

CASES_REMEMBERED = 8_192
"""Each is some 8 KB: what was told of the case, and the last picture of it."""
REMEMBERED = timedelta(minutes=5)
"""How long after it was read from the ledger: facts that were erased since do not stay in memory for ever."""


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case after `version` events, folded from a stream read at `read_at`; no `debtor_ref` where it was erased."""

    case_id: str
    state: CaseState
    version: int
    debtor_ref: str | None
    read_at: datetime
    erased: bool = False


class RememberedCases:
    """At most CASES_REMEMBERED cases, none for longer than REMEMBERED after it was read."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._cases: Recent[str, KnownCase] = Recent(CASES_REMEMBERED)

    def take(self, case_id: str) -> KnownCase | None:
        """The case, which is then no longer remembered; None if it was not."""
        found = self._cases.get(case_id)
        if found is None:
            return None
        self._cases.forget(case_id)
        return found if self._clock.now() < found.read_at + REMEMBERED else None

    def keep(self, case: KnownCase) -> None:
        """Remember it, unless something newer is."""
        found = self._cases.get(case.case_id)
        if found is None or found.version < case.version:
            self._cases.put(case.case_id, case)
