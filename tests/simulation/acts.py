"""What somebody does to a case on a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from services.case.domain.commands import LifeCommand
from shared.kernel.money import Money

FIRST_DAY = date(2026, 1, 5)
"""The first day of every run; a Monday, with the Spring Festival ahead."""
ACCOUNT = "account-6f1c0d1e-0000-8000-8000-{:012d}"
"""The account of a debtor whose debt comes from another system than statements."""


def day(number: int) -> date:
    """The n-th day of the run, from 0."""
    return FIRST_DAY + timedelta(days=number)


def cny(minor: int) -> Money:
    """Fen."""
    return Money(minor, "CNY")


Note = dict[str, Any]
"""What the shadow books when an act was done (shadow.py)."""


@dataclass(frozen=True, slots=True)
class Act:
    """One request: a `command` for the desk, or what is `sent` to a `path` of the HTTP interface.

    `ref` is the id of what it makes; over HTTP the product gives it, and `note` gets it. `by`: who asks. `fault`: how
    its first sending ends, None where it comes through. `again`: sent twice. `skew_min`: how far the server's clock is
    off meanwhile. `must`: it may not be refused; `must_not`: the refusal it has to meet.
    """

    key: str
    debtor: int
    episode: int
    kind: str
    on: date
    command: LifeCommand | None = None
    ref: str = ""
    by: str = "user:first"
    path: str = ""
    sent: dict[str, Any] | None = None
    fault: Literal["before", "after"] | None = None
    again: bool = False
    skew_min: int = 0
    must: bool = False
    must_not: str | None = None
    note: Callable[[str], Note] = lambda ref: {}
