"""What is owed, worked out once more by plain counting, day by day, with nothing of the product in it.

One account. Every day first brings its penalty interest, on the principal it begins with, unless the day is stopped;
then what happened on it, in the order of `_SAME_DAY`. Interest is a fraction until it is looked at; then it is
rounded once, half up, over the whole time. What is taken back and was paid already is money that waits; on one day it
comes after what is owed.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

COSTS, INTEREST, PENALTY, PRINCIPAL = range(4)
PUT_ON = (COSTS, INTEREST, PENALTY, PRINCIPAL)
"""The order in which money is put on what is owed."""
_SAME_DAY = ("opened", "due", "charge", "terms", "paid", "back", "refund", "adjusted")


def _turn(row: "Row") -> tuple[int, bool, str]:
    return _SAME_DAY.index(row.what), row.what == "charge" and min(row.parts) < 0, row.ref


@dataclass(frozen=True)
class Row:
    """Something that happened on a day.

    `what`: opened (amount: principal), due or charge (parts), terms (ppm a day), paid (amount), back (amount of the
    payment `of`), refund (amount), adjusted (parts, below zero where something is given up).
    """

    what: str
    day: date
    ref: str
    amount: int = 0
    parts: tuple[int, int, int, int] = (0, 0, 0, 0)
    of: str = ""


@dataclass
class Paid:
    """A payment: what is left of it, and what it was put on."""

    left: int
    on: list[int] = field(default_factory=lambda: [0, 0, 0, 0])


@dataclass
class PlainBalance:
    """Minor units."""

    owed: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    received: int = 0
    returned: int = 0
    refunded: int = 0
    penalty: int = 0
    payments: dict[str, Paid] = field(default_factory=dict)

    @property
    def unallocated(self) -> int:
        return sum(one.left for one in self.payments.values())

    @property
    def allocated(self) -> list[int]:
        return [sum(one.on[part] for one in self.payments.values()) for part in range(4)]

    def put(self, paid: Paid) -> None:
        for part in PUT_ON:
            take = min(paid.left, self.owed[part])
            paid.left -= take
            paid.on[part] += take
            self.owed[part] -= take

    def put_waiting(self) -> None:
        for paid in self.payments.values():
            self.put(paid)

    def undo(self, paid: Paid, amount: int) -> int:
        take = min(paid.left, amount)
        paid.left -= take
        gone = take
        for part in reversed(PUT_ON):
            take = min(paid.on[part], amount - gone)
            paid.on[part] -= take
            self.owed[part] += take
            gone += take
        return gone


def balance(
    rows: list[Row], as_of: date, *, stops: list[tuple[date, date]], ppm_max: int, share_bps: int, **_: Any
) -> PlainBalance:
    """The balance at the end of a day. `stops`: days without interest, each up to and not including its second."""
    paid_on = {row.ref: row.day for row in rows if row.what == "paid"}
    by_day: dict[date, list[Row]] = {}
    for row in rows:
        day = max(row.day, paid_on.get(row.of, row.day)) if row.what == "back" else row.day
        by_day.setdefault(day, []).append(row)
    found, rate, peak, accrued = PlainBalance(), None, 0, Fraction(0)
    day = min(by_day, default=as_of)
    while day <= as_of:
        if rate is not None:
            principal = found.owed[PRINCIPAL]
            peak = max(peak, principal)
            if not any(first <= day < end for first, end in stops):
                accrued += Fraction(principal * rate, 1_000_000)
            total = min(int(accrued + Fraction(1, 2)), peak * share_bps // 10_000)
            found.owed[PENALTY] += total - found.penalty
            found.penalty = total
        for row in sorted(by_day.get(day, ()), key=_turn):
            if row.what == "terms":
                rate = min(row.amount, ppm_max)
            else:
                _take(found, row)
        day += timedelta(days=1)
    return found


def _take(found: PlainBalance, row: Row) -> None:
    match row.what:
        case "opened":
            found.owed[PRINCIPAL] = row.amount
        case "due" | "charge" | "adjusted":
            for part in range(4):
                found.owed[part] += row.parts[part]
                for paid in reversed(found.payments.values()):
                    back = min(paid.on[part], max(-found.owed[part], 0))
                    paid.on[part] -= back
                    paid.left += back
                    found.owed[part] += back
                found.owed[part] = max(found.owed[part], 0)
            found.put_waiting()
        case "paid":
            found.received += row.amount
            found.payments[row.ref] = Paid(row.amount)
            found.put(found.payments[row.ref])
        case "back" if row.of in found.payments:
            found.returned += found.undo(found.payments[row.of], row.amount)
            found.put_waiting()
        case "refund":
            wanted = row.amount
            for paid in found.payments.values():
                take = min(paid.left, wanted)
                paid.left -= take
                wanted -= take
            for paid in reversed(found.payments.values()):
                wanted -= found.undo(paid, wanted)
            found.refunded += row.amount - wanted
