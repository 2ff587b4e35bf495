"""One deadline as it stands on a day: when it ends, from which step, by which article, and whether it was met."""

from dataclasses import dataclass
from datetime import date

from services.legal.domain.clocks import reading

RUNNING, EXPIRED, CALENDAR_MISSING, SUSPENDED = (
    reading.RUNNING, reading.EXPIRED, reading.CALENDAR_MISSING, reading.SUSPENDED,
)  # fmt: skip
KEPT, LATE = "KEPT", "LATE"
STATES = (RUNNING, CALENDAR_MISSING, SUSPENDED, EXPIRED, KEPT, LATE)
OURS, THEIRS, COURT, ANYBODY = "OURS", "THEIRS", "COURT", "ANYBODY"
WHOSE = (OURS, THEIRS, COURT, ANYBODY)
"""Who has to act: the lender, the other side, the court or tribunal, or any party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A deadline of a track, letter or mediation (`thing`), counted from the step `begun_by`, as of a day.

    `raw_on` is the last day in time before rolling to a working day, `expires_on` after it: None while the working
    days of that year are not announced (then `state` is CALENDAR_MISSING) or while it stands still (SUSPENDED).
    `state`: KEPT and LATE when `done_by` met it, in time or not; EXPIRED when its last day is over and nothing did
    (`done_by` then: the step by which the passing is on record).
    `clock` of the law pack with its `article` and `confidence`; None: a step itself named the day. `person`: whose
    (None: the debtor, or everybody's).
    """

    name: str
    thing: str
    begun_by: str
    whose: str
    raw_on: date
    expires_on: date | None
    state: str
    clock: str | None
    article: str | None
    confidence: str | None
    done_by: str | None = None
    person: str | None = None

    @property
    def open(self) -> bool:
        """Is there still something to do, or something left undone?"""
        return self.done_by is None

    @property
    def ends_on(self) -> date:
        """The day by which a person plans: rolled where that can be told, else the raw day, which is surely in time."""
        return self.expires_on or self.raw_on

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it this deadline and no other, however often it moves."""
        return (self.name, self.thing, self.begun_by, self.person or "")
