"""Signs that an account may fall behind, as typed rules with weights; each says what it was seen by.

Only what was so on or before the day counts: an account is judged by what could be known of it then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain.treatment.account_seen import AccountSeen, Month

UTILISATION, PAYMENT_SHRINKS, PART_PAID, NOTHING_PAID = (
    "UTILISATION", "PAYMENT_SHRINKS", "PART_PAID", "NOTHING_PAID",
)  # fmt: skip
DUE_AFTER_LATE, FIRST_PAYMENT_DEFAULT, EARLIER_EPISODES, JUST_IN = (
    "DUE_AFTER_LATE", "FIRST_PAYMENT_DEFAULT", "EARLIER_EPISODES", "JUST_IN",
)  # fmt: skip
HUNDRED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRule:
    """One sign: how many `points` it weighs, and from which `threshold` on it is seen.

    The threshold's unit is the sign's own: UTILISATION, PAYMENT_SHRINKS and PART_PAID per cent, DUE_AFTER_LATE and
    JUST_IN days, EARLIER_EPISODES a number; the others take none (0).
    """

    sign: str
    points: int
    threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRules:
    """Which signs count; an account is listed from `listed_from` points on, unless it has been overdue for longer than
    `just_in_days`: then it is for collections, not for early warning."""

    listed_from: int
    just_in_days: int
    signs: tuple[SignRule, ...]


@dataclass(frozen=True, slots=True)
class SignFound:
    """A sign that was seen, its points, and the figures it was seen by (amounts in minor units)."""

    sign: str
    points: int
    figures: Mapping[str, int]


def signs_of(account: AccountSeen, as_of: date, rules: WarningRules) -> tuple[SignFound, ...]:
    """The signs an account shows as of a day, most points first. `account` tells nothing of later days."""
    found = []
    for rule in rules.signs:
        figures = _SIGNS[rule.sign](account, as_of, rule.threshold)
        if figures is not None:
            found.append(SignFound(rule.sign, rule.points, figures))
    return tuple(sorted(found, key=lambda one: (-one.points, one.sign)))


def overdue_days(account: AccountSeen, as_of: date) -> int | None:
    """For how many days it has been overdue by what is known: 0 if it is not, None where nothing is known."""
    if not account.months and not account.items:
        return None
    late = [one.due for one in account.items if one.due < as_of and one.paid.minor < one.total.minor]
    since = min(late, default=None)
    for month in reversed(account.months):
        if not month.months_past_due:
            break
        since = month.as_of if since is None else min(since, month.as_of)
    return 0 if since is None else max((as_of - since).days, 1)


def watched(account: AccountSeen, as_of: date, rules: WarningRules) -> bool:
    """Is it one that early warning is about: known, and not in arrears or only just?"""
    days = overdue_days(account, as_of)
    return days is not None and days <= rules.just_in_days


def _utilisation(account: AccountSeen, as_of: date, threshold: int) -> Mapping[str, int] | None:
    last = _last(account)
    if last is None or last.limit <= 0 or last.balance <= 0:
        return None
    per_cent = HUNDRED * last.balance // last.limit
    figures = {"per_cent": per_cent, "balance": last.balance, "limit": last.limit}
    return figures if per_cent >= threshold else None


def _shrinks(account: AccountSeen, as_of: date, threshold: int) -> Mapping[str, int] | None:
    """The last payment is at most that share of the one before, which came while something was owed."""
    if len(account.months) < 2:
        return None
    before, last = account.months[-2:]
    if before.payment <= 0 or before.balance <= 0:
        return None
    per_cent = HUNDRED * max(last.payment, 0) // before.payment
    return (
        {"per_cent": per_cent, "before": before.payment, "last": last.payment}
        if per_cent <= threshold
        else None
    )


def _part_paid(account: AccountSeen, as_of: date, threshold: int) -> Mapping[str, int] | None:
    """Of what was owed a month before, no more than that share was paid, and more than nothing."""
    if len(account.months) < 2:
        return None
    before, last = account.months[-2:]
    if before.balance <= 0 or last.payment <= 0:
        return None
    per_cent = HUNDRED * last.payment // before.balance
    figures = {"per_cent": per_cent, "owed": before.balance, "paid": last.payment}
    return figures if per_cent <= threshold else None


def _nothing_paid(account: AccountSeen, as_of: date, threshold: int) -> Mapping[str, int] | None:
    if len(account.months) < 2:
        return None
    before, last = account.months[-2:]
    return {"owed": before.balance, "paid": last.payment} if before.balance > 0 >= last.payment else None


def _due_after_late(account: AccountSeen, as_of: date, threshold: int) -> Mapping[str, int] | None:
    """An instalment falls due within so many days, and the one before it was paid late or is not paid."""
    ahead = [one for one in account.items if as_of <= one.due <= as_of + timedelta(days=threshold)]
    past = [one for one in account.items if one.due < as_of]
    if not ahead or not past or not past[-1].unpaid_after(past[-1].due):
        return None
    return {"due_in_days": (ahead[0].due - as_of).days, "amount": ahead[0].total.minor}


def _first_default(account: AccountSeen, as_of: date, threshold: int) -> Mapping[str, int] | None:
    return {"missed": 1} if account.first_payment_default(as_of) else None


def _episodes(account: AccountSeen, as_of: date, threshold: int) -> Mapping[str, int] | None:
    """How often it fell behind before and recovered, by its statements."""
    count, behind = 0, False
    for month in account.months:
        count += behind and not month.months_past_due
        behind = month.months_past_due > 0
    return {"episodes": count} if count >= threshold else None


def _just_in(account: AccountSeen, as_of: date, threshold: int) -> Mapping[str, int] | None:
    days = overdue_days(account, as_of) or 0
    return {"days": days} if 0 < days <= threshold else None


def _last(account: AccountSeen) -> Month | None:
    return account.months[-1] if account.months else None


_SIGNS: Mapping[str, Callable[[AccountSeen, date, int], Mapping[str, int] | None]] = {
    UTILISATION: _utilisation,
    PAYMENT_SHRINKS: _shrinks,
    PART_PAID: _part_paid,
    NOTHING_PAID: _nothing_paid,
    DUE_AFTER_LATE: _due_after_late,
    FIRST_PAYMENT_DEFAULT: _first_default,
    EARLIER_EPISODES: _episodes,
    JUST_IN: _just_in,
}
SIGNS = tuple(_SIGNS)
"""The closed list of signs."""
