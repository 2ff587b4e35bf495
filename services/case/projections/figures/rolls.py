"""Roll rates, and what of the book is overdue: accounts by how they stood on one day or two."""

from collections.abc import Iterator, Mapping
from datetime import date

from services.case.domain.delinquency import RETAIL
from services.case.domain.figures import rules
from services.case.domain.figures.measure import Item
from services.case.domain.figures.rules import PAR_DAYS
from services.case.projections.figures import counted as c
from services.case.projections.figures.source import Row, Source
from services.case.projections.figures.standings import Standing, standings

_ENDS = (c.SETTLED, c.UNSETTLED, c.CHARGED_OFF, c.CHARGE_OFF_BACK, c.WRITTEN_OFF, c.CLOSED, c.REOPENED)
_BECOMES = {
    c.SETTLED: rules.SETTLED,
    c.UNSETTLED: "",
    c.CHARGED_OFF: rules.CHARGED_OFF,
    c.CHARGE_OFF_BACK: "",
    c.WRITTEN_OFF: rules.WRITTEN_OFF,
    c.REOPENED: "",
}


_FOLLOWING = dict(zip(RETAIL.names[:-1], RETAIL.names[1:], strict=True))
"""Bucket -> the next one, which the last has not."""
_PRECEDING = {after: before for before, after in _FOLLOWING.items()}


class Accounts:
    """The accounts of the book on the days of a question, and the case each was in."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ends: dict[str, list[Row]] = {}
        for row in source.rows(*_ENDS):
            if row.kind != c.CLOSED or row.code == rules.SOLD:
                self._ends.setdefault(row.case_id, []).append(row)
        self._cases: dict[str, list[tuple[date, str]]] = {}
        for row in source.rows(c.DEBT_JOINED):
            self._cases.setdefault(row.thing, []).append((row.on, row.case_id))
        for joined in self._cases.values():
            joined.sort()

    def on(self, day: date) -> Mapping[str, Standing]:
        """Account -> how it stood at the end of a day."""
        return standings(self._source.connection, day, known_at=self._source.asked.known_at)

    def case_of(self, account: str, day: date) -> str:
        """The case that the account was in last by that day; empty where it never was."""
        found = ""
        for on, case_id in self._cases.get(account, ()):
            if on <= day:
                found = case_id
        return found

    def out(self, account: str, standing: Standing, day: date) -> str:
        """Why the account is in no bucket by that day: settled, charged off, sold and so on; empty while it is."""
        if standing.gone:
            return standing.gone if standing.gone in rules.OUT_OF_BUCKETS else rules.LEFT
        state = ""
        for row in self._ends.get(self.case_of(account, day), ()) if self._ends else ():
            if row.on <= day:
                state = _BECOMES.get(row.kind, rules.SOLD)
        return state


def roll(source: Source) -> Iterator[Item]:
    """From the day before the period to its last: every account that was in a bucket at its beginning."""
    accounts, first, last = Accounts(source), source.asked.opening, source.asked.to
    before, after = accounts.on(first), accounts.on(last)
    for account, was in before.items():
        if accounts.out(account, was, first):
            continue
        became = after.get(account, was)
        case_id, row = accounts.case_of(account, last), was.bucket
        cell = accounts.out(account, became, last) or became.bucket
        if cell == RETAIL.first != row:
            cell = rules.CURED
        opening, closing = max(was.balance, 0), max(became.balance, 0)
        group, currency = source.group(case_id, first), was.currency
        told = (group, currency, case_id, account, last)
        yield Item("accounts", row, cell, *told, 1, 1)
        yield Item("balance", row, cell, *told, opening, opening)
        yield Item("closing_balance", row, cell, *told, closing, opening)
        if row in _FOLLOWING:
            yield Item("net_flow", row, _FOLLOWING[row], *told, 0, opening)
    for account, became in after.items():
        bucket = became.bucket
        if bucket == RETAIL.first or accounts.out(account, became, last):
            continue
        case_id = accounts.case_of(account, last)
        told = (source.group(case_id, first), became.currency, case_id, account, last)
        yield Item("net_flow", _PRECEDING[bucket], bucket, *told, max(became.balance, 0), 0)


def overdue(source: Source) -> Iterator[Item]:
    """Every account of the book on the question's day, more than X days past due or not."""
    accounts, day = Accounts(source), source.asked.to
    rows = [(more_than, f"PAR-{more_than}") for more_than in PAR_DAYS]
    for account, stands in accounts.on(day).items():
        if stands.gone:
            continue
        balance, days = max(stands.balance, 0), stands.days or 0
        told = ("", None, stands.currency, accounts.case_of(account, day), account, day)
        for more_than, row in rows:
            late = days > more_than
            yield Item("balance", row, *told, balance if late else 0, balance)
            yield Item("accounts", row, *told, int(late), 1)
