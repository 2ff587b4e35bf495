"""What is overdue by the book: days past due from instalments where it gives them, else as the lender reports them.

An instalment is overdue once it is not fully paid `instalment_grace_days` after its due date; its days then count from
the due date itself. Of what was paid on it, the policy's order of payment says which part is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain.book.account_record import AccountRecord, Due
from services.case.domain.policy import CasePolicy
from shared.kernel.money import scale
from shared.kernel.parts import NAMES, Parts, of


def covered(amounts: Parts, paid: int, order: Iterable[str]) -> Parts:
    """How much of each part so much money covers, in an order of payment; never more than the part."""
    taken = [0, 0, 0, 0]
    for name in order:
        place = NAMES.index(name)
        taken[place] = max(min(amounts.minors[place], paid), 0)
        paid -= taken[place]
    return of(taken, amounts.currency)


def unpaid(one: Due, policy: CasePolicy) -> Parts:
    """What is left of an instalment."""
    return one.amounts - covered(one.amounts, one.paid, policy.life.order)


def late_part(left: Parts) -> int:
    """The part that makes an instalment late: interest and principal, minor units."""
    return left.interest + left.principal


def fallen_due(one: Due, as_of: date, policy: CasePolicy) -> bool:
    """Its day and the days of grace after it are over, as of the end of a day."""
    return one.due + timedelta(days=policy.life.instalment_grace_days) < as_of


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is overdue of an account as of a day; minor units. No days past due: nothing is."""

    days_past_due: int
    arrears: int


def by_instalments(instalments: Mapping[str, Due], as_of: date, policy: CasePolicy) -> Overdue:
    """From the oldest instalment that has fallen due and is not paid."""
    oldest, arrears = as_of, 0
    for one in instalments.values():
        late = late_part(unpaid(one, policy)) if fallen_due(one, as_of, policy) else 0
        if late > slack(policy, one.amounts.currency):
            oldest, arrears = min(oldest, one.due), arrears + late
    return Overdue((as_of - oldest).days, arrears)


def by_book(account: AccountRecord, as_of: date, policy: CasePolicy) -> Overdue | None:
    """By instalments where there are any, else as last reported by then; None where nobody has said."""
    if scheduled := account.scheduled:
        return by_instalments(scheduled, as_of, policy)
    told = [said for day, (said, _) in account.balances.items() if day <= as_of]
    last = max(told, default=None, key=lambda said: said.as_of)
    if last is None or last.days_past_due is None:
        return None
    arrears = max(last.balance, 0) if last.overdue is None else last.overdue
    return Overdue(last.days_past_due, arrears if last.days_past_due else 0)


def slack(policy: CasePolicy, currency: str) -> int:
    """Arrears up to so many minor units count as none."""
    return policy.life.arrears_tolerance * scale(currency) if policy.life.arrears_tolerance else 0
