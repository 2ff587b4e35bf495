"""Plain books beside the product: what was told of each case, and when; what follows is counted, never asked.

Nothing of the product's rules is used here. Amounts are fen.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import chinese_calendar

from tests.laws.plain_balance import Row

GRACE_WORKING_DAYS = 2
TOLERANCE_BPS = 100


def deadline(due: date) -> date:
    """The second working day after a promise's day, by the State Council's calendar."""
    at, left = due, GRACE_WORKING_DAYS
    while left:
        at += timedelta(days=1)
        left -= chinese_calendar.is_workday(at)
    return at


@dataclass(frozen=True)
class Told:
    """A row of money, and when it was recorded."""

    recorded_at: datetime
    row: Row


@dataclass
class ShadowHold:
    """A hold placed by hand, and the places in the order of telling at which it was placed and lifted."""

    kind: str
    on: date
    until: date | None
    stops: bool
    placed_at: int
    lifted: date | None = None
    lifted_at: int = 0

    def covers(self, asked: date, known: int) -> bool:
        """Did it lie over a day, by the first `known` things that were told?"""
        if self.placed_at > known or asked < self.on or (self.until and asked >= self.until):
            return False
        return self.lifted is None or self.lifted_at > known or asked < self.lifted


@dataclass
class ShadowPromise:
    """A promise; `cancelled` when it was taken back."""

    ref: str
    on: date
    due: date
    amount: int
    cancelled: bool = False


@dataclass
class ShadowCase:
    """What was told of one case. `by_item`: its balance can be counted day by day (plain_balance.py)."""

    debtor: int
    episode: int
    by_statement: bool
    opened_on: date
    money: list[Told] = field(default_factory=list)
    holds: dict[str, ShadowHold] = field(default_factory=dict)
    promises: dict[str, ShadowPromise] = field(default_factory=dict)
    attempts: dict[str, tuple[date, int]] = field(default_factory=dict)
    things: dict[str, list[str]] = field(default_factory=dict)
    sums_agreed: dict[str, int] = field(default_factory=dict)
    countable: bool = True
    promises_countable: bool = True
    closed: bool = False

    def rows(self, known_at: datetime) -> list[Row]:
        """The money that was told by a time."""
        return [one.row for one in self.money if one.recorded_at <= known_at]

    def sums(self, as_of: date, known_at: datetime) -> tuple[int, int]:
        """What came in, and what bounced of it, up to the end of a day."""
        rows = self.rows(known_at)
        came = {row.ref: row for row in rows if row.what == "paid" and row.day <= as_of}
        back = sum(
            row.amount
            for row in rows
            if row.what == "back" and row.of in came and max(row.day, came[row.of].day) <= as_of
        )
        return sum(row.amount for row in came.values()), back

    def cleared(self, as_of: date, known_at: datetime) -> dict[str, int]:
        """What is there of each payment, up to the end of a day; nothing is said where money was refunded."""
        rows = self.rows(known_at)
        if any(row.what == "refund" for row in rows):
            return {}
        paid = {row.ref: row for row in rows if row.what == "paid" and row.day <= as_of}
        left = {ref: row.amount for ref, row in paid.items()}
        for row in rows:
            if row.what == "back" and row.of in paid and max(row.day, paid[row.of].day) <= as_of:
                left[row.of] -= row.amount
        return left

    def stated(self, months: dict[date, tuple[date, int]], as_of: date, known_at: datetime) -> int:
        """What statements add to what was told singly: the lender reports all of a month, also what we know already.

        First day of a month -> the day after its last, and what the statement says came in. What bounced inside the
        month is not in the statement.
        """
        rows, added = self.rows(known_at), 0
        paid = {row.ref: row for row in rows if row.what == "paid" and row.day <= as_of}
        for first, (until, minor) in months.items():
            if until > as_of + timedelta(days=1):
                continue
            inside = {ref: row for ref, row in paid.items() if first <= row.day < until}
            ours = sum(row.amount for row in inside.values())
            for row in rows:
                if row.what == "back" and row.of in inside and row.day < until and row.day <= as_of:
                    ours -= row.amount
            added += max(minor - max(ours, 0), 0)
        return added

    def verdict(self, ref: str, as_of: date, known_at: datetime) -> str:
        """KEPT, PARTLY_KEPT, BROKEN, ACTIVE: the promise due first takes its money first, cleared money only."""
        left = self.cleared(as_of, known_at)
        days = {row.ref: row.day for row in self.rows(known_at) if row.what == "paid"}
        paid = sorted((days[name], name) for name in left)
        for promise in sorted(self.promises.values(), key=lambda one: (one.due, one.on, one.ref)):
            if promise.cancelled or promise.on > as_of:
                continue
            last, got = deadline(promise.due), 0
            for when, name in paid:
                if promise.on <= when <= last:
                    take = min(left[name], promise.amount - got)
                    left[name] -= take
                    got += take
            if promise.ref == ref:
                if got * 10_000 >= promise.amount * (10_000 - TOLERANCE_BPS):
                    return "KEPT"
                return "ACTIVE" if as_of < last else "PARTLY_KEPT" if got else "BROKEN"
        return "CANCELLED"

    def stops(self) -> list[tuple[date, date]]:
        """Days without interest, by the holds placed by hand."""
        return [
            (one.on, min([d for d in (one.until, one.lifted) if d], default=date.max))
            for one in self.holds.values()
            if one.stops
        ]


@dataclass
class Shadow:
    """The books of the portfolio."""

    cases: dict[tuple[int, int], ShadowCase] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    told: int = 0
    """Things told so far. Several may be recorded at one instant where the server's clock was set back."""

    def newest(self, debtor: int) -> ShadowCase | None:
        """The debtor's last case."""
        found = [case for (who, _), case in self.cases.items() if who == debtor]
        return max(found, key=lambda case: case.episode, default=None)

    def book(self, kind: str, key: tuple[int, int], note: dict[str, Any], at: datetime) -> None:
        """Something was done."""
        self.told += 1
        self.done[kind] = self.done.get(kind, 0) + 1
        if note.get("opens"):
            self.cases[key] = ShadowCase(
                *key, by_statement=note["opens"] == "statement", opened_on=note["on"]
            )
        case = self.cases.get(key)
        if case is None:
            return
        for row in note.get("rows", ()):
            case.money.append(Told(at, row))
        if "hold" in note:
            ref, hold, on, until, stops = note["hold"]
            case.holds[ref] = ShadowHold(hold, on, until, stops, self.told)
        if "lift" in note:
            case.holds[note["lift"][0]].lifted, case.holds[note["lift"][0]].lifted_at = (
                note["lift"][1],
                self.told,
            )
        if "promise" in note:
            ref, on, due, amount = note["promise"]
            case.promises[ref] = ShadowPromise(ref, on, due, amount)
        if "cancel" in note:
            case.promises[note["cancel"]].cancelled = True
        if "attempt" in note:
            case.attempts[note["attempt"][0]] = (note["attempt"][1], self.told)
        if "thing" in note:
            case.things.setdefault(note["thing"][0], []).append(note["thing"][1])
        if "sum" in note:
            case.sums_agreed[note["sum"][0]] = note["sum"][1]
        if note.get("amended"):
            case.promises_countable = False
        if note.get("uncountable"):
            case.countable = False
