"""Roll matrices against implementations nobody here wrote, on real statements (500 real accounts over six months).

`roll-rate-analysis` counts month on month with polars; `transitionmatrix` estimates cohorts with pandas and numpy, and
brings 42,535 real loans with it. `QUITTANCE_STATEMENTS` may name a larger file of statements to compare on.
"""

import csv
import os
import warnings
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from roll_rate_analysis.mom import MOMRollRateTable

from services.case.domain.delinquency import RETAIL
from services.case.domain.figures import rules
from services.case.domain.figures.catalogue import kpi
from services.case.domain.figures.measure import Item, figures
from services.case.projections.figures.questions import Answer
from tests.case.projections.figures.asking import answer, later
from tests.case.projections.portfolio import desk
from tests.kit.importing import SAMPLE, rows_of, take_in
from tests.kit.statements import month_end

STATEMENTS = Path(os.environ.get("QUITTANCE_STATEMENTS", str(SAMPLE)))
NAMES = RETAIL.names
Matrix = dict[tuple[str, str], int]


def counted(found: Answer, measure: str) -> Matrix:
    """(from, to) -> what stands above the line; a cure is a roll to the first bucket."""
    return {
        (one.row, NAMES[0] if one.cell == rules.CURED else one.cell): one.above
        for one in found.figures
        if one.measure.code == measure
    }


@pytest.fixture(scope="module")
def months() -> dict[date, list[dict[str, str]]]:
    """The real lines by month end."""
    found: dict[date, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(STATEMENTS):
        found[date.fromisoformat(row["as_of"])].append(row)
    return dict(sorted(found.items()))


def frame(rows: list[dict[str, str]]) -> pl.DataFrame:
    """As their table takes it."""
    return pl.DataFrame(
        {
            "id": [row["account_ref"] for row in rows],
            "months": [int(row["months_past_due"]) for row in rows],
            "balance": [max(round(float(row["statement_balance"]) * 100), 0) for row in rows],
        }
    )


async def test_every_month_pair_is_as_roll_rate_analysis_and_polars_have_it(
    tmp_path: Path, request: pytest.FixtureRequest, months: dict[date, list[dict[str, str]]]
) -> None:
    days = list(months)
    async with desk("sqlite", tmp_path, request) as it:
        await take_in(it.ledger, STATEMENTS, tmp_path / "rejected.csv")
        for n, first in enumerate(days):
            for last in days[n + 1 :]:
                was, became = frame(months[first]), frame(months[last])
                table = MOMRollRateTable(
                    was.lazy(), became.lazy(), unique_key_col="id", delinquency_col="months", max_delq=4
                )
                theirs = {
                    (NAMES[row], NAMES[column]): int(number)
                    for row, (_, *numbers) in enumerate(table.compute().rows())
                    for column, number in enumerate(numbers)
                    if number
                }
                found = await answer(it, "roll", last, from_=later(first, 1), things=False)
                assert counted(found, "accounts") == theirs, (first, last)
                rolled = (
                    was.join(became, on="id", suffix="_after")
                    .with_columns(pl.col("months", "months_after").clip(upper_bound=4))
                    .group_by("months", "months_after")
                    .agg(pl.col("balance").sum())
                )
                by_balance = {(NAMES[a], NAMES[b]): minor for a, b, minor in rolled.rows()}
                assert counted(found, "balance") == by_balance, (first, last)


async def test_cohorts_are_as_transitionmatrix_estimates_them(
    tmp_path: Path, request: pytest.FixtureRequest, months: dict[date, list[dict[str, str]]]
) -> None:
    estimated = _cohorts(months)
    days = list(months)
    async with desk("sqlite", tmp_path, request) as it:
        await take_in(it.ledger, STATEMENTS, tmp_path / "rejected.csv")
        for number, (first, last) in enumerate(pairwise(days)):
            found = await answer(it, "roll", last, from_=later(first, 1), things=False)
            ours = {
                (one.row, NAMES[0] if one.cell == rules.CURED else one.cell): one.value
                for one in found.figures
                if one.measure.code == "accounts"
            }
            theirs = {
                (before, after): float(estimated[number][i][j])
                for i, before in enumerate(NAMES)
                for j, after in enumerate(NAMES)
                if estimated[number][i][j]
            }
            assert {place: float(value or 0) for place, value in ours.items()} == pytest.approx(theirs), first


def _cohorts(months: dict[date, list[dict[str, str]]]) -> Any:
    """Their cohort estimator on the real lines: one matrix for each month and the next.

    It counts the very last row of its input one interval too early (transitionmatrix 0.5.1, "handle boundary cases"),
    so an entity of a state of its own comes last, where that does no harm.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library = pytest.importorskip("transitionMatrix", reason="not in this environment")
        pandas = pytest.importorskip("pandas")
        estimators = pytest.importorskip("transitionMatrix.estimators.cohort_estimator")
        refs = {row["account_ref"]: number for number, row in enumerate(next(iter(months.values())))}
        told = sorted(
            (refs[row["account_ref"]], number, min(int(row["months_past_due"]), 4))
            for number, rows in enumerate(months.values())
            for row in rows
        )
        told.append((len(refs), 1, len(NAMES)))
        states = library.StateSpace([(str(n), name) for n, name in enumerate((*NAMES, "NONE"))])
        estimator = estimators.CohortEstimator(
            states=states, cohort_bounds=list(range(len(months))), ci={"method": "goodman", "alpha": 0.05}
        )
        data = pandas.DataFrame(told, columns=["ID", "Time", "State"])
        return estimator.fit(data, labels={"ID": "ID", "Time": "Time", "State": "State"})


def test_42_535_real_loans_roll_as_transitionmatrix_says() -> None:
    """LendingClub's first file, grade to end state: our sums and their estimator over the same pairs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library = pytest.importorskip("transitionMatrix", reason="not in this environment")
        pandas = pytest.importorskip("pandas")
        estimators = pytest.importorskip("transitionMatrix.estimators.simple_estimator")
    file = Path(library.__file__).parents[1] / "datasets" / "LoanStats3a_Step2.csv"
    with file.open(newline="", encoding="utf-8") as lines:
        pairs = [(row["State_IN"], row["State_OUT"]) for row in csv.DictReader(lines)]
    names = sorted({name for pair in pairs for name in pair})
    place = {name: number for number, name in enumerate(names)}
    states = library.StateSpace([(str(number), name) for number, name in enumerate(names)])
    data = pandas.DataFrame(
        [(n, 0, place[a], place[b]) for n, (a, b) in enumerate(pairs)], columns=["ID", "T", "In", "Out"]
    )
    estimator = estimators.SimpleEstimator(states=states, ci={"method": "goodman", "alpha": 0.05})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator.fit(data)
    items = (
        Item("accounts", a, b, None, "", "", str(n), date(2011, 12, 31), 1, 1)
        for n, (a, b) in enumerate(pairs)
    )
    found = figures(items, kpi("roll").by_code)
    assert sum(one.above for one in found) == len(pairs) == 42_535
    for one in found:
        theirs = float(estimator.matrix_set[0][place[one.row]][place[one.cell]])
        assert float(one.value or 0) == pytest.approx(theirs), (one.row, one.cell)


def test_the_sample_is_real_and_of_six_months(months: dict[date, list[dict[str, str]]]) -> None:
    assert len(months) == 6
    assert {len(rows) for rows in months.values()} == {len(next(iter(months.values())))}
    assert month_end(3) in months
