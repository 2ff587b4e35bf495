"""What is owed as of a day, and where every payment went: one walk through the facts in the order of their days.

Law: allocations + unallocated = payments - returns - refunds, on any day and for any facts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts, day_of
from services.case.domain.policy import LifePolicy
from shared.kernel import parts
from shared.kernel.money import Money, scale
from shared.kernel.parts import Parts
from shared.kernel.period import Period

PENALTY = parts.NAMES.index("penalty")
PRINCIPAL = parts.NAMES.index("principal")
PPM = 1_000_000
NOBODY = ""
"""The account of what is owed on the case as a whole."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where a payment stands: on `amounts`, and `unallocated`; what was returned or refunded is in neither."""

    amounts: Parts
    unallocated: Money


@dataclass(frozen=True, slots=True)
class Report:
    """What was last said of an account, on `day`; `ages`: days past due go on counting from there."""

    day: date
    days_past_due: int
    arrears: int
    ages: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Sums as of a day. `owed` and `by_account` are what is still open; `penalty` is all that accrued.

    `reports` holds each account's newest report, `bounced` the day of the oldest payment that bounced after it.
    """

    owed: Parts
    by_account: Mapping[str, Parts]
    received: Money
    returned: Money
    refunded: Money
    allocated: Parts
    unallocated: Money
    penalty: Money
    allocations: Mapping[str, Allocation]
    reports: Mapping[str, Report]
    bounced: Mapping[str, date]


@lru_cache(maxsize=64)
def _numbers(order: tuple[str, ...]) -> tuple[int, ...]:
    """The places of parts among NAMES, in an order of payment."""
    return tuple(map(parts.NAMES.index, order))


@dataclass(slots=True)
class _Payment:
    """A payment on its way through the days; `on` is account -> minor units of each part."""

    account: str | None
    day: date
    left: int
    referenced: bool
    on: dict[str, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Walk:
    """The state of the walk; minor units throughout."""

    policy: LifePolicy
    currency: str
    stops: Sequence[Period]
    itemised: frozenset[str]
    counted: Mapping[str, int]
    history: frozenset[str]
    received: int = 0
    owed: dict[str, list[int]] = field(default_factory=dict)
    paid: dict[str, _Payment] = field(default_factory=dict)
    terms: dict[str, int] = field(default_factory=dict)
    accrued: dict[str, int] = field(default_factory=dict)
    peak: dict[str, int] = field(default_factory=dict)
    penalty: dict[str, int] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    bounced: dict[str, date] = field(default_factory=dict)
    returned: int = 0
    refunded: int = 0
    at: date | None = None

    def account(self, name: str | None) -> list[int]:
        return self.owed.setdefault(name or NOBODY, [0, 0, 0, 0])

    def accrue(self, until: date) -> None:
        """Penalty interest of the days after `at`, up to and including `until`, on each day's opening principal."""
        if self.at is not None and until > self.at and self.terms:
            days = _days(self.at, until, self.stops)
            for name, ppm in self.terms.items():
                principal = max(self.account(name)[PRINCIPAL], 0)
                self.peak[name] = max(self.peak.get(name, 0), principal)
                self.accrued[name] = self.accrued.get(name, 0) + principal * ppm * days
                # Rounded once, half up, over the whole time: a correction gives the same cents as never erring.
                cap = self.peak[name] * self.policy.penalty_share_bps_max // 10_000
                total = min((2 * self.accrued[name] + PPM) // (2 * PPM), cap)
                self.account(name)[PENALTY] += total - self.penalty.get(name, 0)
                self.penalty[name] = total
        self.at = until

    def allocate(self, payment: _Payment) -> None:
        """Put what is left of a payment on what is owed, part by part in the policy's order."""
        rows = (
            sorted(self.owed.items())
            if payment.account is None
            else [(name, self.account(name)) for name in (payment.account, NOBODY)]
        )
        for part in _numbers(self.policy.order):
            if payment.left <= 0:
                return
            for name, row in rows:
                if row[part] > 0 and payment.left > 0:
                    take = min(payment.left, row[part])
                    row[part] -= take
                    payment.on.setdefault(name, [0, 0, 0, 0])[part] += take
                    payment.left -= take

    def take_back(self, payment: _Payment, amount: int) -> int:
        """Undo up to `amount` of a payment, what was allocated last first; how much that was."""
        wanted = amount
        take = min(payment.left, wanted)
        payment.left -= take
        wanted -= take
        for part in reversed(_numbers(self.policy.order)):
            for name in sorted(payment.on, reverse=True):
                take = min(payment.on[name][part], wanted)
                payment.on[name][part] -= take
                self.account(name)[part] += take
                wanted -= take
        return amount - wanted

    def refund(self, amount: int) -> None:
        """Money back to the debtor: out of what is unallocated, then out of the newest payments."""
        for payment in self.paid.values():
            take = min(payment.left, amount)
            payment.left -= take
            amount -= take
            self.refunded += take
        for payment in reversed(self.paid.values()):
            took = self.take_back(payment, amount)
            amount -= took
            self.refunded += took

    def book(self, name: str | None, amounts: Parts) -> None:
        """More (or less) is owed; money that was waiting, or was put on what is not owed after all, is put on it."""
        account = self.account(name)
        for part, minor in enumerate(amounts.minors):
            left = account[part] + minor
            account[part] = max(left, 0)
            if left < 0:
                self.release(name or NOBODY, part, -left)
        self.put_waiting()

    def release(self, name: str, part: int, minor: int) -> None:
        """Take up to `minor` off what payments to us were put on, the newest first: that money waits again."""
        for payment in reversed(self.paid.values()):
            if payment.referenced and name in payment.on:
                take = min(payment.on[name][part], minor)
                payment.on[name][part] -= take
                payment.left += take
                minor -= take

    def put_waiting(self) -> None:
        """Put money that was on no debt on what is owed now."""
        for payment in self.paid.values():
            if payment.left and payment.referenced:
                self.allocate(payment)

    def report(
        self,
        name: str,
        said: e.CaseOpened | e.ArrearsReported | e.ArrearsCorrected | e.DebtAttached,
        day: date,
        *,
        ages: bool,
    ) -> None:
        """What the lender reports is what is owed: payments up to that day are in it."""
        self.reports[name] = Report(day, said.days_past_due, said.arrears.minor, ages)
        self.bounced.pop(name, None)
        if name not in self.itemised:
            self.account(name)[PRINCIPAL] = said.arrears.minor

    def receive(self, fact: e.PaymentReceived) -> None:
        """Money came in; what a statement counts of it is counted once."""
        name = reference(fact)
        minor = self.counted.get(name, fact.amount.minor)
        ours = not of_statement(fact) and name not in self.history
        payment = self.paid[name] = _Payment(fact.account, day_of(fact), minor, ours)
        self.received += minor
        self.allocate(payment)

    def take(self, fact: Any) -> None:
        """One fact."""
        if type(fact) is e.PaymentReceived:  # most of them are
            self.receive(fact)
            return
        match fact:
            case e.CaseOpened():
                self.report(fact.debts[0] if fact.debts else NOBODY, fact, fact.as_of, ages=False)
            case e.ArrearsReported() | e.ArrearsCorrected():
                self.report(fact.account, fact, fact.as_of, ages=False)
            case e.DebtAttached():
                self.report(fact.account, fact, fact.on, ages=True)
            case e.DebtDetached():
                self.owed[fact.account] = [0, 0, 0, 0]
                self.terms.pop(fact.account, None)
                self.reports.pop(fact.account, None)
            case e.InstalmentFellDue() | e.ChargeBooked() | e.BalanceAdjusted():
                self.book(fact.account, fact.amounts)
            case e.PenaltyTermsSet():
                self.terms[fact.account] = min(fact.ppm_per_day, self.policy.penalty_ppm_per_day_max)
            case e.PaymentReturned():
                found = self.paid.get(fact.payment)
                if found is not None:
                    for name in found.on:
                        self.bounced[name] = min(self.bounced.get(name, found.day), found.day)
                    self.returned += self.take_back(found, fact.amount.minor)
                    self.put_waiting()
            case e.RefundPaid():
                self.refund(fact.amount.minor)
            case e.DebtWrittenOff():
                self.owed.clear()
                self.terms.clear()


def reference(payment: e.PaymentReceived) -> str:
    """How a payment is called among allocations: its reference, or its account and period."""
    return payment.payment or f"{payment.account}|{payment.period_from}|{payment.period_until}"


def of_statement(payment: e.PaymentReceived) -> bool:
    """Is it what a statement reports of a month, or a correction of that?"""
    return payment.payment is None or payment.payment.startswith("cor:")


def of_history(facts: CaseFacts) -> frozenset[str]:
    """The payments of before go-live: they are on the lender's books, so what they exceed is not ours to give back."""
    return frozenset(one.thing for one in facts.all(e.HistoryTaken) if one.fact == e.PaymentReceived.__name__)


def unmatched(facts: CaseFacts) -> dict[str, int]:
    """What each statement's payment adds to the payments of its month that came to us with a reference of their own.

    The lender reports all that came in; counting both would count the same money twice. A payment that bounced
    inside the month is in neither.
    """
    ours: list[e.PaymentReceived] = []
    statements: list[e.PaymentReceived] = []
    for received in facts.all(e.PaymentReceived):
        (statements if of_statement(received) else ours).append(received)
    backs = list(facts.all(e.PaymentReturned))
    pools: dict[tuple[str | None, date, date], int] = {}
    found = {}
    for stated in statements:
        month = (stated.account, stated.period_from, stated.period_until)
        if month not in pools:
            inside = {
                one.payment: one.amount.minor
                for one in ours
                if one.account in (stated.account, None)
                and stated.period_from <= day_of(one) < stated.period_until
            }
            gone = sum(
                min(one.amount.minor, inside[one.payment])
                for one in backs
                if one.payment in inside and one.on < stated.period_until
            )
            pools[month] = max(sum(inside.values()) - gone, 0)
        cut = min(pools[month], stated.amount.minor)
        pools[month] -= cut
        found[reference(stated)] = stated.amount.minor - cut
    return found


_ORDER: tuple[type, ...] = (
    e.CaseOpened, e.DebtAttached, e.InstalmentFellDue, e.ChargeBooked, e.PenaltyTermsSet, e.PaymentReceived,
    e.PaymentReturned, e.RefundPaid, e.BalanceAdjusted, e.ArrearsReported, e.ArrearsCorrected, e.DebtDetached,
    e.DebtWrittenOff,
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}


def _effective(facts: CaseFacts, fact: Any) -> date:
    """A return or refund never comes before the payment it is about."""
    if isinstance(fact, e.PaymentReturned):
        payment = facts.one(e.PaymentReceived, fact.payment)
        return max(fact.on, day_of(payment)) if payment else fact.on
    return day_of(fact)


def _takes_back(fact: Any) -> bool:
    """Of one day's charges, what is owed comes before what takes it back: neither is known by its order of arrival."""
    return isinstance(fact, e.ChargeBooked) and min(fact.amounts.minors) < 0


def walk(facts: CaseFacts, *, as_of: date, policy: LifePolicy, stops: Sequence[Period]) -> Balance:
    """The balance as of a day; no penalty interest accrues on the days of `stops`."""
    money = sorted(
        [
            (_effective(facts, fact), rank, _takes_back(fact), key)
            for key, fact in facts.by_key.items()
            if (rank := _RANK.get(type(fact))) is not None
        ]
    )
    going = _Walk(
        policy,
        currency_of(facts),
        stops,
        frozenset(fact.account for fact in facts.all(e.InstalmentFellDue)),
        unmatched(facts),
        of_history(facts),
    )
    for day, *_, key in money:
        if day <= as_of:
            going.accrue(day)
            going.take(facts.by_key[key])
    going.accrue(as_of)
    return _summed(going, facts)


def _summed(going: _Walk, facts: CaseFacts) -> Balance:
    currency = going.currency

    def amount(minor: int) -> Money:
        return Money(minor, currency)

    nothing = parts.nothing(currency)

    def whole(rows: Sequence[Sequence[int]]) -> Parts:
        if len(rows) == 1:
            return parts.of(rows[0], currency)
        return parts.of([sum(part) for part in zip(*rows, strict=True)], currency) if rows else nothing

    allocations = {
        name: Allocation(whole(list(one.on.values())), amount(one.left)) for name, one in going.paid.items()
    }
    return Balance(
        owed=whole(list(going.owed.values())),
        by_account={name: parts.of(row, currency) for name, row in going.owed.items() if name or any(row)},
        received=amount(going.received),
        returned=amount(going.returned),
        refunded=amount(going.refunded),
        allocated=whole([row for one in going.paid.values() for row in one.on.values()]),
        unallocated=amount(sum(one.left for one in going.paid.values())),
        penalty=amount(sum(going.penalty.values())),
        allocations=allocations,
        reports=going.reports,
        bounced=going.bounced,
    )


def currency_of(facts: CaseFacts) -> str:
    """The one currency of a case."""
    for fact in facts.all(e.CaseOpened):
        return fact.arrears.currency
    return next((fact.amount.currency for fact in facts.all(e.PaymentReceived)), "XXX")


def tolerance(policy: LifePolicy, currency: str) -> int:
    """Arrears up to this many minor units count as none."""
    return policy.arrears_tolerance * scale(currency) if policy.arrears_tolerance else 0


def _days(after: date, until: date, stops: Sequence[Period]) -> int:
    """Days after `after`, up to and including `until`, that lie in none of `stops`."""
    first, end = after + timedelta(days=1), until + timedelta(days=1)
    count, at = 0, first
    for stop in sorted(stops, key=lambda stop: stop.from_):
        if stop.until > at:
            count += max((min(stop.from_, end) - at).days, 0)
            at = max(at, stop.until)
        if at >= end:
            break
    return count + max((end - at).days, 0)
