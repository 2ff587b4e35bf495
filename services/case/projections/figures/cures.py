"""Cures: accounts that were in arrears, are not any more, and stay so; by what cured them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from services.case.domain.figures.measure import Item
from services.case.projections.figures import counted as c
from services.case.projections.figures.source import Row, Source


def cure(source: Source) -> Iterator[Item]:
    """Every account that was in a case in arrears when the period began, cured or not.

    The period only says when it begins: the cure's own days follow. What is not over by the question's day is no cure.
    """
    start, asked = source.asked.opening, source.asked
    until, stay = start + timedelta(days=asked.within_days), timedelta(days=asked.stay_days)
    facts = _Facts(source)
    for case_id, accounts in facts.accounts_on(start).items():
        if not source.lives[case_id].open_at_end_of(start) or facts.is_cured(case_id, start):
            continue
        cured_on = facts.cured_between(case_id, start, until)
        relapse = facts.behind_again(case_id, cured_on) if cured_on else None
        stayed = cured_on is not None and cured_on + stay <= asked.as_of
        good = stayed and (relapse is None or relapse >= cured_on + stay if cured_on else False)
        restructured = cured_on is not None and facts.restructured(case_id, cured_on)
        alone = cured_on is not None and not facts.attempted(case_id, cured_on)
        counts = {
            "cured": good,
            "by_payment": good and not restructured,
            "by_restructuring": good and restructured,
            "self_cured": good and not restructured and alone,
            "relapsed": cured_on is not None and relapse is not None and relapse < cured_on + stay,
        }
        group = source.group(case_id, start)
        for account in accounts:
            for measure, counted in counts.items():
                yield Item(
                    measure, "", "", group, "", case_id, account, cured_on or start, int(counted), 1
                )  # fmt: skip


class _Facts:
    """What is looked up for every case."""

    def __init__(self, source: Source) -> None:
        self._joined: dict[str, list[Row]] = {}
        for row in source.rows(c.DEBT_JOINED, c.DEBT_LEFT):
            self._joined.setdefault(row.case_id, []).append(row)
        self._cured = _days(source, c.CURED)
        self._restructured: dict[str, list[Row]] = {}
        for row in source.rows(c.RESTRUCTURED, c.RESTRUCTURE_ENDED):
            self._restructured.setdefault(row.case_id, []).append(row)
        self._attempted = _by_case(row for row in source.attempts() if row.detail != c.BREACH)
        # Behind again: opened again, a new case for one of its accounts, or more in arrears than before.
        self._again = _days(source, c.REOPENED)
        for case_id, on in source.arrears_rises():
            self._again.setdefault(case_id, []).append(on)
        self._opened: dict[str, list[tuple[date, str]]] = {}
        for rows in self._joined.values():
            for row in rows:
                if row.kind == c.DEBT_JOINED:
                    self._opened.setdefault(row.thing, []).append((row.on, row.case_id))

    def accounts_on(self, day: date) -> dict[str, list[str]]:
        """Case -> the accounts in it at the end of a day."""
        found: dict[str, list[str]] = {}
        for case_id, rows in self._joined.items():
            inside: dict[str, None] = {}
            for row in sorted(rows, key=lambda one: one.on):
                if row.on <= day:
                    inside.pop(row.thing, None)
                    if row.kind == c.DEBT_JOINED:
                        inside[row.thing] = None
            if inside:
                found[case_id] = list(inside)
        return found

    def is_cured(self, case_id: str, day: date) -> bool:
        """Was it cured by that day, and has not fallen behind since?"""
        before = [on for on in self._cured.get(case_id, ()) if on <= day]
        return bool(before) and not any(max(before) < on <= day for on in self._again.get(case_id, ()))

    def cured_between(self, case_id: str, after: date, until: date) -> date | None:
        """The first day on which it was cured, after one day and not after another."""
        return min((on for on in self._cured.get(case_id, ()) if after < on <= until), default=None)

    def behind_again(self, case_id: str, cured_on: date) -> date | None:
        """The first day after the cure on which the debtor was behind with one of the accounts again."""
        days = [on for on in self._again.get(case_id, ()) if on > cured_on]
        for row in self._joined.get(case_id, ()):
            days += [on for on, case in self._opened.get(row.thing, ()) if case != case_id and on > cured_on]
        return min(days, default=None)

    def restructured(self, case_id: str, by: date) -> bool:
        """Was a plan agreed, a relief granted or a sum waived by then, and still stood?"""
        standing: set[str] = set()
        for row in self._restructured.get(case_id, ()):
            if row.on <= by:
                (standing.add if row.kind == c.RESTRUCTURED else standing.discard)(row.thing)
        return bool(standing)

    def attempted(self, case_id: str, by: date) -> bool:
        """Was there a permitted attempt to reach the debtor before that day?"""
        days = self._attempted.get(case_id, [])
        return bisect_right(days, by - timedelta(days=1)) > 0


def _days(source: Source, kind: str) -> dict[str, list[date]]:
    """Case -> the days of its things of a kind, in order."""
    return _by_case(source.rows(kind))


def _by_case(rows: Iterable[Row]) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row.on)
    for days in found.values():
        days.sort()
    return found
