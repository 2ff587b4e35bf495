"""The second delivery, a month later: what changed since the first, and nothing else."""

from datetime import date
from random import Random

from services.main.sample.book import people
from services.main.sample.book.portfolio import (
    MONTHS_AHEAD,
    MONTHS_BACK,
    Portfolio,
    Row,
    due,
    full,
    has_plan,
    statements,
)

AS_OF = date(2005, 10, 31)
CHANGED, ADDED, DROPPED = "U", "A", "D"
PHONES_CHANGED_OF = 10
ACCOUNTS_DROPPED = ("TWC-000003",)
"""Recalled by the lender: without arrears, so that no case hangs on it."""
FEE = 300


def delta(seed: int) -> Portfolio:
    """Every tenth debtor has another telephone, every plan an instalment more, one point and one account are gone.

    Whoever was in time on the day of the first delivery has paid what fell due since.
    """
    book, first = Portfolio(), full(seed)
    draw = Random(f"{seed}/delta")
    for row in first.points:
        if row[1:3] == ("电话", "mobile") and draw.randrange(PHONES_CHANGED_OF) == 0:
            book.points.append((*row[:3], people.phone(draw), "本人提供", "", CHANGED))
    book.points.append((*next(row for row in first.points if row[2] == "work"), DROPPED))
    number = MONTHS_BACK + MONTHS_AHEAD + 2
    for at, statement in enumerate(statements()):
        if has_plan(at, statement):
            added: Row = (statement.account_ref, number, due(-MONTHS_AHEAD - 1), FEE, 0, 0, "", ADDED)
            book.instalments.append(added)
    in_time = {statement.account_ref for statement in statements() if not statement.months}
    for row in first.instalments:
        ref, _, falls_due, principal = row[:4]
        if ref in in_time and falls_due == due(-1):
            book.instalments.append((*row[:5], principal, falls_due, CHANGED))
    for row in first.accounts:
        if row[0] in ACCOUNTS_DROPPED:
            book.accounts.append((*row, DROPPED))
    return book
