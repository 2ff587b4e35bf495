"""A case that is swept with strategies, without a ledger."""

from datetime import date, timedelta
from typing import Any

from services.case.domain.case_commands import Sweep
from services.case.domain.events import ArrearsReported, CaseEvent
from services.case.domain.facts import treatment as t
from services.case.domain.state import OpenCase
from services.case.domain.treatment import said
from services.case.domain.treatment.account_seen import AccountSeen
from services.case.domain.treatment.strategy import StrategyBook
from services.case.domain.treatment.treating import Treating
from tests.kit.life import ACCOUNT, DAY, Life, cny
from tests.kit.treated import book

CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"


class TreatedLife(Life):
    """`days` counts from the day the case was opened on."""

    def __init__(
        self, strategies: StrategyBook | None = None, accounts: tuple[AccountSeen, ...] = ()
    ) -> None:
        super().__init__()
        self.book, self.accounts = strategies or book(), accounts

    def sweep(self, days: int) -> list[CaseEvent]:
        """What the sweep of that day says."""
        on = DAY + timedelta(days=days)
        treating = Treating(case_id=CASE, book=self.book, accounts=self.accounts)
        return list(self.do(Sweep(on=on, treating=treating)))

    def report(self, days: int, days_past_due: int, minor: int = 100_000) -> None:
        """The lender reports the account, as its statement would."""
        on = DAY + timedelta(days=days)
        self.take(
            [ArrearsReported(account=ACCOUNT, as_of=on, days_past_due=days_past_due, arrears=cny(minor))]
        )

    def steps(self) -> dict[str, str]:
        """How each step stands."""
        assert isinstance(self.state, OpenCase)
        known = self.state.judged.said.items()
        return {
            str(subject[1]): str(said.status_of(event)) for subject, event in known if subject[0] == "step"
        }

    @property
    def segment(self) -> str:
        """The segment on record."""
        assert isinstance(self.state, OpenCase)
        decided = said.segment_said(self.state.judged)
        assert decided is not None
        return decided.segment


def names(events: list[CaseEvent]) -> list[str]:
    """The types of those of the treatment, in order."""
    return [type(event).__name__ for event in events if isinstance(event, t.TreatmentEvent)]


def only(events: list[CaseEvent], kind: type) -> list[Any]:
    """Those of one type."""
    return [event for event in events if isinstance(event, kind)]


def on(days: int) -> date:
    """The day so many days after the opening."""
    return DAY + timedelta(days=days)
