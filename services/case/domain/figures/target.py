"""What a team is to recover in a month, and where it stands: by working days, since money comes in on those."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from services.case.domain import events as e
from services.case.domain.payment import positive
from shared.kernel.calendar import CalendarMissing, is_working_day
from shared.kernel.money import Money
from shared.kernel.period import month_of
from shared.kernel.refusal import Refused


class NotAMonth(Refused):
    """A target is for a calendar month, named by its first day. Send the first of the month."""

    code = "not-a-month"
    title_en = "The day is not the first of a month"
    title_zh = "日期不是当月第一天"


class SetTarget(Struct, frozen=True, kw_only=True):
    """Set, or change, what a team is to recover in the month that begins on `month`."""

    team: str
    month: date
    amount: Money
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How much of a month is over, in working days: `over` of `all`. `missing`: the year nobody has announced."""

    over: int
    all: int
    missing: int | None = None

    @property
    def share(self) -> Fraction | None:
        """The part that is over; None where the working days are not known."""
        return None if self.missing is not None or not self.all else Fraction(self.over, self.all)


def set_(before: Sequence[e.TargetSet], ask: SetTarget) -> tuple[e.TargetSet, ...]:
    """The target's next version; none where it says what the last one says. Raises NotAMonth, AmountNotPositive."""
    if ask.month.day != 1:
        raise NotAMonth
    positive(ask.amount, ask.amount.currency)
    last = max(before, key=lambda one: one.revision, default=None)
    if last is not None and last.amount == ask.amount:
        return ()
    return (
        e.TargetSet(
            team=ask.team, month=ask.month, amount=ask.amount, revision=last.revision + 1 if last else 0, on=ask.on,
            by=ask.by,
        ),
    )  # fmt: skip


def pace(month: date, as_of: date) -> Pace:
    """How much of the month is over at the end of a day. A month with a day in an unannounced year is not guessed."""
    period, over, every = month_of(month), 0, 0
    for number in range(period.days):
        day = period.from_ + timedelta(days=number)
        works = is_working_day(day)
        if isinstance(works, CalendarMissing):
            return Pace(0, 0, works.year)
        every += works
        over += works and day <= as_of
    return Pace(over, every)


def expected(target: int, how_far: Pace) -> int | None:
    """Minor units that should have come in by now, half to even; None where the working days are not known."""
    return None if how_far.share is None else round(target * how_far.share)
