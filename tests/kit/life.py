"""A case driven without a ledger: commands go in, events come out and are folded, as the desk would store them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from services.case.domain.case_commands import Sweep
from services.case.domain.commands import LifeCommand
from services.case.domain.decide import act
from services.case.domain.events import CaseEvent
from services.case.domain.judge import Picture, judge
from services.case.domain.money_commands import OpenCase as Open
from services.case.domain.policy import CN_RETAIL_1, CasePolicy
from services.case.domain.state import NO_CASE, CaseState, ClosedCase, OpenCase, fold_case
from shared.kernel.money import Money

ACCOUNT = "account-6f1c0d1e-0000-8000-8000-000000000001"
DAY = date(2026, 3, 2)


def cny(minor: int) -> Money:
    """Fen."""
    return Money(minor, "CNY")


class Life:
    """One case and all its events; `today` only goes on."""

    def __init__(self, *, policy: CasePolicy = CN_RETAIL_1, today: date = DAY) -> None:
        self.policy, self.today = policy, today
        self.state: CaseState = NO_CASE
        self.events: list[CaseEvent] = []

    def open(self, minor: int = 100_000, *, days_past_due: int = 120) -> "Life":
        """A case over one account, in the last stage unless said otherwise."""
        self.do(
            Open(
                debtor_ref="D-1",
                episode=1,
                debts=(ACCOUNT,),
                on=self.today,
                arrears=cny(minor),
                days_past_due=days_past_due,
            )
        )
        return self

    def do(self, command: LifeCommand) -> tuple[CaseEvent, ...]:
        """The events of one command, folded into the case."""
        self.today = max(self.today, command.on)
        events = act(self.state, command, self.policy, today=self.today)
        self.take(events)
        return events

    def take(self, events: Iterable[CaseEvent]) -> None:
        """Events from elsewhere."""
        for event in events:
            self.events.append(event)
            self.state = fold_case((event,), self.state)

    def sweep(self, day: date) -> list[str]:
        """Judge as of a day; the names of what followed."""
        return names(self.do(Sweep(on=day)))

    def sweep_until(self, day: date) -> list[str]:
        """One sweep a day up to and including `day`."""
        found = []
        while self.today < day:
            found += self.sweep(self.today + timedelta(days=1))
        return found

    @property
    def worked(self) -> OpenCase:
        """The case with its facts, open or closed."""
        found = self.state.was if isinstance(self.state, ClosedCase) else self.state
        assert isinstance(found, OpenCase)
        return found

    def picture(self, day: date | None = None) -> Picture:
        """The case as of a day."""
        return judge(self.worked.facts, day or self.today, self.policy)

    def last(self, kind: type[Any]) -> Any:
        """The newest event of a kind."""
        return next(event for event in reversed(self.events) if isinstance(event, kind))


def names(events: Iterable[CaseEvent]) -> list[str]:
    """The types of events, in order."""
    return [type(event).__name__ for event in events]
