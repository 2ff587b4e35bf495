"""Builders that speak the field's words, and a plain count of what a run of statement lines must lead to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.case.domain import statement
from services.case.domain.commands import ReportStatement, StatementLine
from services.case.domain.decide import Standing, decide
from services.case.domain.policy import CN_RETAIL_1, CasePolicy
from services.case.domain.state import fold_account, fold_case

ACCOUNT = "account-6f1c0d1e-0000-8000-8000-000000000001"


def month_end(month: int) -> date:
    """The last day of the `month`-th month from January 2005, counted from 0."""
    first = date(2005 + month // 12, month % 12 + 1, 1)
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def a_line(
    *,
    month: int = 0,
    behind: int = 0,
    balance: int = 100_000,
    paid: int = 0,
    ref: str = "TWC-1",
    currency: str = "TWD",
) -> StatementLine:
    """A statement line at a month end; amounts in minor units."""
    return StatementLine(ref, month_end(month), behind, balance, paid, 5_000_000, currency)


def ask(line: StatementLine) -> ReportStatement:
    """The command that reports a line."""
    return ReportStatement(ACCOUNT, line, statement.content_hash(line))


def after(standing: Standing, decision: statement.Decision) -> Standing:
    """Where a decision leaves the account and the debtor's newest case (a new episode is a new stream)."""
    fresh = Standing().case if decision.episode != getattr(standing.case, "episode", 0) else standing.case
    case = fold_case(decision.case, fresh) if decision.case else standing.case
    return Standing(fold_account(decision.account, standing.account), case)


def report_all(
    lines: Iterable[StatementLine], policy: CasePolicy = CN_RETAIL_1
) -> tuple[Standing, list[statement.Decision]]:
    """Report one account's lines one after another."""
    standing, decisions = Standing(), []
    for line in lines:
        decisions.append(decide(standing, ask(line), policy))
        standing = after(standing, decisions[-1])
    return standing, decisions


@dataclass
class PlainCount:
    """DESIGN.md 6 once more, as counting and with nothing of the product in it."""

    opened: int = 0
    cured: int = 0
    payments: int = 0
    paid: int = 0
    events: int = 0
    lines: int = 0
    behind: dict[str, int] = field(default_factory=dict)
    open_refs: set[str] = field(default_factory=set)

    def take(self, *, ref: str, months: int, payment: int) -> None:
        """Count one line of a file whose lines are in date order."""
        stage_before = min(self.behind.get(ref, 0), 4) if ref in self.open_refs else 0
        self.lines += 1
        self.events += 1
        if ref in self.open_refs:
            if payment > 0:
                self.payments += 1
                self.paid += payment
                self.events += 1
            self.events += 1 + (min(months, 4) != stage_before)
            if months == 0:
                self.cured += 1
                self.events += 2
                self.open_refs.discard(ref)
        elif months > 0:
            self.opened += 1
            self.events += 3
            self.open_refs.add(ref)
        self.behind[ref] = months
