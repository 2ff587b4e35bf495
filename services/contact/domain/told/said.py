"""One event of the case service as a rule here reads it: plain values, since it is another service's word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

CASE, ACCOUNT = "case-", "account-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`name` is the type without its service, `about` the case or account; `data` its facts as published.

    `at` is when it took effect, most often the beginning of a day; `recorded` when the publisher learnt it. `event`
    names it at the publisher's.
    """

    name: str
    about: str
    version: int
    at: datetime
    recorded: datetime
    event: str
    data: Mapping[str, Any]

    @property
    def of_case(self) -> bool:
        """Is it about a case?"""
        return self.about.startswith(CASE)

    @property
    def on(self) -> date:
        """The day it holds from. Raises KeyError where it tells none."""
        for name in ("on", "as_of", "period_from"):
            if name in self.data:
                return date.fromisoformat(self.data[name])
        raise KeyError("on")

    def day(self, name: str) -> date | None:
        """A day that it names, None where it leaves it open."""
        text = self.data.get(name)
        return None if text is None else date.fromisoformat(text)
