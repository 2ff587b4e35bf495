"""What a clock says as of a day, and by which facts and articles it says so."""

from dataclasses import dataclass
from datetime import date

from services.legal.domain.clocks.facts import ClockFact

RUNNING, SUSPENDED, IN_PROCEDURE, EXPIRED, WAIVED, CALENDAR_MISSING, NOT_STARTED = (
    "RUNNING", "SUSPENDED", "IN_PROCEDURE", "EXPIRED", "WAIVED", "CALENDAR_MISSING", "NOT_STARTED",
)  # fmt: skip
START, RESTART, HELD, RUNS_AGAIN, SUSPENDS, RESUMES, WAIVES, TOO_LATE, UNDONE = (
    "START", "RESTART", "HELD", "RUNS_AGAIN", "SUSPENDS", "RESUMES", "WAIVES", "TOO_LATE", "UNDONE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """One fact of the chain: what it did to the clock, by which article, and the raw end after it (None: it stands)."""

    fact: ClockFact
    effect: str
    article: str
    raw_on: date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock as of a day.

    `raw_on`: the last day before rolling to a working day; `expires_on`: after it, None while that year's calendar is
    not announced. Both None while it has not started, or stands still. The last day itself is still in time. `chain`:
    every fact that touched the clock, in order.
    """

    state: str
    raw_on: date | None
    expires_on: date | None
    chain: tuple[Link, ...]
