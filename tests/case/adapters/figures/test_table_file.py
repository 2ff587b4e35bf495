"""Figures as files: the same rows in CSV and Parquet, typed, and no formula in a spreadsheet."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.adapters.figures import table_file
from services.case.domain.figures.asked import Asked
from services.case.domain.figures.catalogue import kpi
from services.case.domain.figures.measure import Item, figures
from services.case.projections.figures import shown
from services.case.projections.figures.questions import Answer

COLUMNS = (("name", "text"), ("sum", "sum"), ("count", "whole"), ("value", "decimal"), ("on", "date"))
DAY = date(2026, 3, 31)
ROWS: list[tuple[Any, ...]] = [
    ("M1", 10**25, 3, "0.333333", DAY),
    (None, -5, None, None, None),
    ('张三, "quoted"\nline', 0, 0, "-1.000000", date(1969, 12, 31)),
]


def test_parquet_is_read_by_polars_with_its_types(tmp_path: Path) -> None:
    assert table_file.to_parquet(tmp_path / "f.parquet", COLUMNS, ROWS) == 3
    frame = pl.read_parquet(tmp_path / "f.parquet")
    assert frame.schema == {
        "name": pl.String, "sum": pl.Decimal(38, 0), "count": pl.Int64, "value": pl.Decimal(38, 6), "on": pl.Date,
    }  # fmt: skip
    assert frame.rows() == [
        (name, Decimal(total), count, None if value is None else Decimal(value), on)
        for name, total, count, value, on in ROWS
    ]


def test_an_empty_table_keeps_its_columns(tmp_path: Path) -> None:
    table_file.to_parquet(tmp_path / "f.parquet", COLUMNS, [])
    assert pl.read_parquet(tmp_path / "f.parquet").columns == [name for name, _ in COLUMNS]
    table_file.to_csv(tmp_path / "f.csv", COLUMNS, [])
    assert (tmp_path / "f.csv").read_text() == "name,sum,count,value,on\n"


def test_csv_says_the_same(tmp_path: Path) -> None:
    table_file.to_csv(tmp_path / "f.csv", COLUMNS, ROWS)
    with (tmp_path / "f.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == [name for name, _ in COLUMNS]
    assert rows == [["" if value is None else str(value) for value in row] for row in ROWS]


@given(st.text(max_size=20))
def test_no_text_begins_a_formula(text: str) -> None:
    safe = table_file._safe(text)
    assert safe.removeprefix("'") == text.removeprefix("'") or safe == text
    assert not safe.startswith(table_file.FORMULA_STARTS)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2", "@cmd", "\t=1", "\r=1"])
def test_formulas_are_defused_and_numbers_left_alone(text: str, tmp_path: Path) -> None:
    table_file.to_csv(tmp_path / "f.csv", COLUMNS, [(text, -5, -5, "-0.500000", DAY)])
    with (tmp_path / "f.csv").open(newline="", encoding="utf-8") as file:
        [row] = list(csv.reader(file))[1:]
    assert row == [f"'{text}", "-5", "-5", "-0.500000", "2026-03-31"]


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    table_file.to_csv(path, COLUMNS, ROWS[:1])
    before = path.read_bytes()

    def broken() -> Any:
        yield ROWS[0]
        raise RuntimeError

    for write in (table_file.to_csv, table_file.to_parquet):
        with pytest.raises(RuntimeError):
            write(path, COLUMNS, broken())
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["f.csv"]


def test_both_files_of_an_answer_have_the_same_columns_and_rows(tmp_path: Path) -> None:
    items = [Item("by_money", "", "", "user:li", "CNY", "case-1", "pay-1", DAY, 10**20, 3)]
    one = kpi("recovery")
    asked = Asked(as_of=DAY, from_=date(2026, 3, 1), to=DAY)
    answer = Answer(one, asked, figures(items, one.by_code), items)
    for columns, rows in (
        (shown.FIGURE_COLUMNS, list(shown.figure_rows(answer))),
        (shown.ITEM_COLUMNS, list(shown.item_rows(answer, items))),
    ):
        table_file.to_parquet(tmp_path / "f.parquet", columns, rows)
        table_file.to_csv(tmp_path / "f.csv", columns, rows)
        parquet = pl.read_parquet(tmp_path / "f.parquet")
        text = pl.read_csv(tmp_path / "f.csv", infer_schema=False)
        assert parquet.columns == text.columns == [name for name, _ in columns]
        assert [str(value) for value in parquet.row(0) if value is not None] == [
            value for value in text.row(0) if value is not None
        ]
