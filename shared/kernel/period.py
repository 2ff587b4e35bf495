"""Periods of whole days, half-open: the first day belongs to them, `until` no longer does."""

from dataclasses import dataclass
from datetime import date, timedelta

from shared.kernel.refusal import Refused


class EmptyPeriod(Refused):
    """A period must hold at least one day: it ends after it starts. Send an end later than the start."""

    code = "empty-period"
    title_en = "The period ends before it starts"
    title_zh = "期间的结束日期早于开始日期"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `from_` up to, not including, `until`; at least one. Raises EmptyPeriod."""

    from_: date
    until: date

    def __post_init__(self) -> None:
        if self.until <= self.from_:
            raise EmptyPeriod

    @property
    def days(self) -> int:
        """How many days it holds, at least 1."""
        return (self.until - self.from_).days

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until - timedelta(days=1)

    def contains(self, day: date) -> bool:
        """Does `day` fall inside?"""
        return self.from_ <= day < self.until

    def overlaps(self, other: "Period") -> bool:
        """Do the two share a day? Neighbours that touch do not."""
        return self.from_ < other.until and other.from_ < self.until

    def encloses(self, other: "Period") -> bool:
        """Does every day of `other` fall inside? A period encloses itself."""
        return self.from_ <= other.from_ and other.until <= self.until


def month_of(day: date) -> Period:
    """The calendar month that holds `day`, for every month that ends before the year 10000."""
    first = day.replace(day=1)
    if first.month == 12:
        return Period(first, date(first.year + 1, 1, 1))
    return Period(first, first.replace(month=first.month + 1))
