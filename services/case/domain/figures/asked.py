"""What is asked of a figure: a period, the two clocks, and how to break it down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.case.domain.figures.rules import CURE_STAY_DAYS, CURE_WITHIN_DAYS
from shared.kernel.period import Period, month_of

TeamsOn = Callable[[date], Mapping[str, str]]
"""A day -> collector -> team on that day, as known by the question's second clock."""
ONE_DAY = timedelta(days=1)


def nobody(_day: date) -> Mapping[str, str]:
    """Where no directory is kept, nobody is in a team."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question. The period runs from `from_` to `to`, both days included; what is effective after `as_of` or was
    recorded after `known_at` (None: all counts) does not count. `to` is not after `as_of`.

    `within_days` and `stay_days` are the cure's. `history` False leaves out what is from before go-live.
    """

    as_of: date
    from_: date
    to: date
    known_at: datetime | None = None
    by: str | None = None
    within_days: int = CURE_WITHIN_DAYS
    stay_days: int = CURE_STAY_DAYS
    history: bool = True

    def __post_init__(self) -> None:
        Period(self.from_, self.to + ONE_DAY)

    @property
    def opening(self) -> date:
        """The last day before the period."""
        return self.from_ - ONE_DAY

    @property
    def months(self) -> list[Period]:
        """The months that the period touches, cut to it."""
        found, day = [], self.from_
        while day <= self.to:
            until = min(month_of(day).until, self.to + ONE_DAY)
            found.append(Period(day, until))
            day = until
        return found


MONTHS_OF_VINTAGES = 12


def begins(name: str, to: date, *, within_days: int, stay_days: int) -> date:
    """The first day of a figure's period where none is named: its month's, unless what is counted takes longer."""
    if name == "cure":
        # The cohort is as old as it takes to know what became of it.
        return to - timedelta(days=within_days + stay_days - 1)
    first = month_of(to).from_
    if name == "liquidation":
        for _ in range(MONTHS_OF_VINTAGES - 1):
            first = month_of(first - ONE_DAY).from_
    return first


def age(since: date, day: date) -> int:
    """Whole calendar months between two days' months: 0 in the month itself."""
    return (day.year - since.year) * 12 + day.month - since.month
