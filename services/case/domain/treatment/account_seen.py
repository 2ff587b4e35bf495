"""What an account's own stream tells of it as of a day: its product, its statements, its instalments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.case.domain import events as e
from shared.kernel.money import Money

FIRST_DUE_DAYS = 62
"""So many days after its opening an account's first payment has fallen due, where only statements tell."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month end as the lender said it last: months past due, and amounts in minor units of one currency."""

    as_of: date
    months_past_due: int
    balance: int
    payment: int
    limit: int
    currency: str


@dataclass(frozen=True, slots=True)
class Item:
    """An instalment as the book had it last, on `said`: what fell due in all, and what was paid of it by when."""

    due: date
    total: Money
    paid: Money
    paid_on: date | None
    said: date = date.max

    def unpaid_after(self, due: date) -> bool:
        """Was it not paid in full by that day, as far as is known?"""
        short = self.paid.minor < self.total.minor
        return short or (self.paid_on is not None and self.paid_on > due)

    @property
    def fell_behind(self) -> bool:
        """Was it late by a word of the book from after its due date? On the day itself it is not late yet."""
        return self.said > self.due and self.unpaid_after(self.due)


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account; `months` by day and `items` by due day. None: the book does not say."""

    product: str | None = None
    opened_on: date | None = None
    months: tuple[Month, ...] = ()
    items: tuple[Item, ...] = ()

    def first_payment_default(self, as_of: date) -> bool | None:
        """Was the very first payment missed? None where the account's beginning is not known."""
        if self.items and (self.opened_on is None or self.items[0].due > self.opened_on):
            first = self.items[0]
            return first.unpaid_after(first.due) if first.due < as_of else False
        if self.opened_on is None:
            return None
        end = self.opened_on + timedelta(days=FIRST_DUE_DAYS)
        early = [one for one in self.months if self.opened_on < one.as_of <= end]
        return any(one.months_past_due for one in early) if early else None


def account_seen(events: Iterable[Any], as_of: date) -> AccountSeen:
    """The account that these events of its stream make, those about days after `as_of` left out.

    Order: of two statements for one day, or two words for one instalment, the later revision counts.
    """
    product, opened, booked_on = None, None, date.min
    months: dict[date, tuple[int, Month]] = {}
    items: dict[str, tuple[int, Item]] = {}
    for event in events:
        match event:
            case e.StatementReported() | e.StatementCorrected() if event.as_of <= as_of:
                revision = event.revision if isinstance(event, e.StatementCorrected) else 0
                if event.as_of not in months or months[event.as_of][0] <= revision:
                    months[event.as_of] = (revision, _month(event))
            case e.AccountBooked() if booked_on <= event.on <= as_of:
                product, opened, booked_on = event.product, event.opened_on, event.on
            case e.InstalmentScheduled() if event.on <= as_of:
                if event.instalment not in items or items[event.instalment][0] <= event.revision:
                    items[event.instalment] = (event.revision, _item(event, as_of))
            case e.InstalmentWithdrawn() if event.on <= as_of:
                items.pop(event.instalment, None)
    return AccountSeen(
        product,
        opened,
        tuple(month for _, (_, month) in sorted(months.items())),
        tuple(sorted((item for _, item in items.values()), key=lambda one: one.due)),
    )


def _month(event: e.StatementReported | e.StatementCorrected) -> Month:
    return Month(
        event.as_of,
        event.months_past_due,
        event.balance.minor,
        event.payment.minor,
        event.credit_limit.minor,
        event.balance.currency,
    )


def _item(event: e.InstalmentScheduled, as_of: date) -> Item:
    paid_on = event.paid_on if event.paid_on is None or event.paid_on <= as_of else None
    paid = event.paid if event.paid_on is None or paid_on is not None else Money(0, event.paid.currency)
    total = Money(event.amounts.total.minor, event.amounts.currency)
    return Item(event.due, total, paid, paid_on, event.on)
