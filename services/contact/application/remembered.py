"""The subjects this process worked on last, as they stood after the newest event it wrote or read.

A hint and no more, as with cases: what is decided on it counts only because an append names the version it was decided
on; a refusal of ours, or "nothing to add", is never answered on a hint.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.contact.domain.subject import Subject
from shared.eventstore.recent import Recent
from shared.kernel.clock import Clock

SUBJECTS_REMEMBERED = 8_192
REMEMBERED = timedelta(minutes=5)
"""How long after it was read from the ledger: facts that were erased since do not stay in memory for ever."""


@dataclass(frozen=True, slots=True)
class KnownSubject:
    """A subject folded from a stream read at `read_at`, and what this process added to it since."""

    subject_id: str
    state: Subject
    read_at: datetime
    position: int = 0

    @property
    def version(self) -> int:
        """The version of its stream; 0: nothing was ever recorded about it."""
        return self.state.version


class RememberedSubjects:
    """At most SUBJECTS_REMEMBERED subjects, none for longer than REMEMBERED after it was read."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._subjects: Recent[str, KnownSubject] = Recent(SUBJECTS_REMEMBERED)

    def take(self, subject_id: str) -> KnownSubject | None:
        """The subject, which is then no longer remembered; None if it was not."""
        found = self._subjects.get(subject_id)
        if found is None:
            return None
        self._subjects.forget(subject_id)
        return found if self._clock.now() < found.read_at + REMEMBERED else None

    def keep(self, known: KnownSubject) -> None:
        """Remember it, unless something newer is."""
        found = self._subjects.get(known.subject_id)
        if found is None or found.version < known.version:
            self._subjects.put(known.subject_id, known)
