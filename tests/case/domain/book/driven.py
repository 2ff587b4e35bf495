"""Accounts of one debtor driven through deliveries without a ledger: rows go in, the record and the case come out."""

from datetime import date
from typing import Any

from services.case.domain.book import rows as b
from services.case.domain.book.account_change import AccountChange, Names, account_change
from services.case.domain.book.account_record import AccountRecord
from services.case.domain.book.on_case import Delivered, clearing, follows
from services.case.domain.decide import act
from services.case.domain.events import CaseEvent
from services.case.domain.judge import Picture, judge
from services.case.domain.policy import CN_RETAIL_3, CasePolicy
from services.case.domain.state import NO_CASE, CaseState, ClosedCase, NoCase, fold_case
from tests.kit.book import DAY, account, terms

NAMES = Names(
    party=lambda ref: f"party-{ref}",
    person=lambda ref: f"prs_{ref}",
    role=lambda row: f"rol_{row.party_ref}_{row.role}",
    collateral=lambda row: f"col_{row.reference}",
    parties=("P-1", "P-2"),
)


def stream(ref: str) -> str:
    """An account's stream."""
    return f"account-00000000-0000-8000-8000-0000000000{int(ref.partition('-')[2]):02}"


class Driven:
    """One debtor, P-1, and what the book leads to."""

    def __init__(self, *, policy: CasePolicy = CN_RETAIL_3, **how: Any) -> None:
        self.policy, self.how = policy, how
        self.records: dict[str, AccountRecord] = {}
        self.case: CaseState = NO_CASE
        self.cases: list[CaseState] = []
        self.cleared: set[str] = set()
        self.as_of = DAY

    def deliver(self, ref: str, *rows: b.BookRow, on: date = DAY, **how: Any) -> list[CaseEvent]:
        """One account of a delivery; the events of the case."""
        self.as_of = max(self.as_of, on)
        self._clear()
        said = terms(as_of=on, **(self.how | how))
        change = self.change(ref, *rows, said=said)
        asked = Delivered(
            account=stream(ref), record=change.record, as_of=on, paid_in=said.paid_in, left=change.left,
            cleared=self.cleared,
        )  # fmt: skip
        following = follows(asked, self.case, self.policy)
        if following.episode > getattr(self.case, "episode", 1):
            self.cases.append(self.case)
            self.case = NO_CASE
        self.case = fold_case(following.events, self.case)
        self._clear()
        again = follows(
            Delivered(
                account=stream(ref),
                record=change.record,
                as_of=on,
                paid_in=said.paid_in,
                cleared=self.cleared,
            ),
            self.case,
            self.policy,
        )
        assert not again.events, "in step at once"
        return list(following.events)

    def _clear(self) -> None:
        if isinstance(self.case, ClosedCase):
            self.cleared |= clearing(self.case, terms(**self.how).paid_in)

    def change(self, ref: str, *rows: b.BookRow, said: b.BookTerms) -> AccountChange:
        """What the rows change about the account; a row of the account itself is put before them where none is."""
        named = any(isinstance(row, b.AccountRow) for row in rows)
        whole = rows if named else (account(ref, "P-1"), *rows)
        record = self.records.setdefault(ref, AccountRecord())
        return account_change(record, whole, said, broken=(), names=NAMES)

    def act(self, command: Any) -> None:
        """A command of somebody else about the case."""
        self.case = fold_case(act(self.case, command, self.policy, today=self.as_of), self.case)

    @property
    def picture(self) -> Picture:
        """The case now."""
        assert not isinstance(self.case, NoCase)
        worked = self.case.was if isinstance(self.case, ClosedCase) else self.case
        assert worked is not None
        return judge(worked.facts, self.as_of, self.policy)


def kinds(events: list[CaseEvent]) -> list[str]:
    """Their names."""
    return [type(one).__name__ for one in events]
