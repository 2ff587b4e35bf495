"""Complaint rates: per active case and per attempt, by the day a complaint arrived and by that of what it is about."""

from collections.abc import Iterator
from datetime import date

from services.case.domain.figures.measure import Item
from services.case.projections.figures import counted as c
from services.case.projections.figures.source import Row, Source

UPHELD = "BREACH"
"""The finding of an answer that says the debtor was right."""


def complaints(source: Source) -> Iterator[Item]:
    """Every complaint, with the active cases of each month and the permitted attempts of the period below the line."""
    asked = source.asked
    received = sorted(source.rows(c.COMPLAINT), key=lambda one: (one.on, one.case_id, one.version))
    named = {(row.case_id, ref) for row in received for ref in row.detail.split()}
    attempts = {
        (row.case_id, row.thing): row.on
        for row in (source.attempts() if named else ())
        if (row.case_id, row.thing) in named
    }
    answers = {(row.case_id, row.thing): row for row in source.rows(c.ANSWER)}
    before: set[str] = set()
    for row in received:
        about = min((attempts.get((row.case_id, ref), row.on) for ref in row.detail.split()), default=row.on)
        for measure, on in (("receipt", row.on), ("event", about)):
            if asked.from_ <= on <= asked.to:
                told = ("", "", source.group(row.case_id, on), "", row.case_id, row.thing, on, 1, 0)
                yield Item(f"per_cases_by_{measure}", *told)
                yield Item(f"per_attempts_by_{measure}", *told)
        if asked.from_ <= row.on <= asked.to:
            group = source.group(row.case_id, row.on)
            again = int(row.case_id in before)
            yield Item("repeat", "", "", group, "", row.case_id, row.thing, row.on, again, 1)
            yield from _answered(row, group, answers.get((row.case_id, row.thing)))
        before.add(row.case_id)
    yield from _active(source)
    yield from _permitted(source)


def _answered(row: Row, group: str | None, answer: Row | None) -> Iterator[Item]:
    if answer is not None:
        told = ("", "", group, "", row.case_id, row.thing, answer.on)
        yield Item("upheld", *told, int(answer.code == UPHELD), 1)
        yield Item("days_to_answer", *told, (answer.on - row.on).days, 1)


def _active(source: Source) -> Iterator[Item]:
    """One for each case and month of the period in which it was open on some day."""
    months = source.asked.months
    for case_id, life in source.lives.items():
        for month in months:
            if life.open_in(month.from_, month.last):
                day: date = month.last
                told = ("", "", source.group(case_id, day), "", case_id, "", day, 0, 1)
                yield Item("per_cases_by_receipt", *told)
                yield Item("per_cases_by_event", *told)


def _permitted(source: Source) -> Iterator[Item]:
    asked = source.asked
    for row in source.attempts(from_=asked.from_, to=asked.to):
        if row.detail != c.BREACH:
            told = ("", "", source.group(row.case_id, row.on), "", row.case_id, row.thing, row.on, 0, 1)
            yield Item("per_attempts_by_receipt", *told)
            yield Item("per_attempts_by_event", *told)
