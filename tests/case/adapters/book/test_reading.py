"""Cells of a lender, one kind after the other: what they mean, and what they cannot mean."""

# ruff: noqa: E501 - tables of cells, a cell a line

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.adapters.book import reading
from services.case.adapters.book.reading import Unreadable
from services.case.application import book_reasons as r


def reason(work: object, *arguments: object, **named: object) -> str:
    with pytest.raises(Unreadable) as caught:
        work(*arguments, **named)  # type: ignore[operator]
    return caught.value.reason


@pytest.mark.parametrize(
    ("cell", "places", "fen", "thousands", "minor"),
    [
        ("0", 2, False, False, 0),
        ("12", 2, False, False, 1200),
        ("12.3", 2, False, False, 1230),
        ("-12.34", 2, False, False, -1234),
        ("100.0000", 2, False, False, 10_000),
        ("1234", 0, False, False, 1234),
        ("1234.00", 0, False, False, 1234),
        ("1234", 2, True, False, 1234),
        ("1234.00", 2, True, False, 1234),
        ("-5", 2, True, False, -5),
        ("1,234.50", 2, False, True, 123_450),
        ("1,234,567", 2, False, True, 123_456_700),
        ("-1,234.5", 2, False, True, -123_450),
        ("0012", 2, False, False, 1200),
    ],
)
def test_amounts(cell: str, places: int, fen: bool, thousands: bool, minor: int) -> None:
    assert reading.amount(cell, places, minor_units=fen, thousands=thousands) == minor


@pytest.mark.parametrize(
    "cell",
    [
        "1.234",
        "1e3",
        "¥12",
        "12元",
        "1,2,3",
        "1,234.50",
        "+1",
        ".5",
        "5.",
        "--1",
        "1 2",
        "١٢",
        "１２",
        "9" * 17,
        "NaN",
        "∞",
    ],
)
def test_what_is_no_amount_in_yuan(cell: str) -> None:
    assert reason(reading.amount, cell, 2, minor_units=False, thousands=False) == r.BAD_AMOUNT


@pytest.mark.parametrize("cell", ["12.5", "12.01", "1,23", "1,2345", ",123", "1,234,5"])
def test_what_is_no_amount_in_fen_or_with_thousands(cell: str) -> None:
    assert reason(reading.amount, cell, 2, minor_units=True, thousands=True) == r.BAD_AMOUNT


@given(st.integers(min_value=-(10**14), max_value=10**14), st.sampled_from([0, 2, 3]))
def test_an_amount_is_read_as_the_exact_decimal_it_is(minor: int, places: int) -> None:
    shown = f"{Decimal(minor).scaleb(-places):.{places}f}"
    assert reading.amount(shown, places, minor_units=False, thousands=False) == minor
    grouped = f"{Decimal(minor).scaleb(-places):,.{places}f}"
    assert reading.amount(grouped, places, minor_units=False, thousands=True) == minor
    assert reading.amount(str(minor), places, minor_units=True, thousands=False) == minor


@pytest.mark.parametrize(
    ("cell", "unit", "ppm"),
    [
        ("14.6", "percent", 146_000),
        ("14.6%", "percent", 146_000),
        ("0.05 %", "percent", 500),
        ("0.146", "fraction", 146_000),
        ("5", "per_myriad", 500),
        ("4.35", "per_myriad", 435),
        ("500", "ppm", 500),
        ("0", "percent", 0),
        ("14.60000", "percent", 146_000),
    ],
)
def test_rates(cell: str, unit: str, ppm: int) -> None:
    assert reading.rate(cell, unit) == ppm


@pytest.mark.parametrize(
    ("cell", "unit"),
    [("0.1", "ppm"), ("14.61234", "percent"), ("-1", "percent"), ("1e1", "fraction"), ("", "ppm"), ("14.6%", "fraction"),
     ("146000", "percent"), ("1,5", "percent")],
)  # fmt: skip
def test_what_is_no_rate(cell: str, unit: str) -> None:
    assert reason(reading.rate, cell, unit) == r.BAD_NUMBER


@pytest.mark.parametrize(
    ("forms", "cell", "day"),
    [
        (("%Y-%m-%d",), "2026-01-31", date(2026, 1, 31)),
        (("%Y/%m/%d",), "2026/1/31", date(2026, 1, 31)),
        (("%Y%m%d",), "20260131", date(2026, 1, 31)),
        (("%Y年%m月%d日",), "2026年1月31日", date(2026, 1, 31)),
        (("%d.%m.%Y",), "31.1.2026", date(2026, 1, 31)),
        (("%Y-%m-%d 00:00:00",), "2026-01-31 00:00:00", date(2026, 1, 31)),
        (("%Y-%m-%d", "%Y%m%d"), "20240229", date(2024, 2, 29)),
    ],
)
def test_dates(forms: tuple[str, ...], cell: str, day: date) -> None:
    read = reading.dates(forms)
    assert read(cell) == read(cell) == day


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("%Y-%m-%d", "2026-02-29"), ("%Y-%m-%d", "2026/01/31"), ("%Y-%m-%d", "0001-01-01"), ("%Y-%m-%d", "9999-12-31"),
        ("%Y-%m-%d", "2026-01-31T00:00"), ("%Y%m%d", "2026131"), ("%Y-%m-%d", "２０２６-01-31"), ("%Y-%m-%d", "0000-00-00"),
    ],
)  # fmt: skip
def test_what_is_no_date(form: str, cell: str) -> None:
    assert reason(reading.dates((form,)), cell) == r.BAD_DATE


@pytest.mark.parametrize(
    "form", ["%Y-%m", "%y-%m-%d", "%Y-%m-%d %H", "%Y%m%d%d", "%%Y-%m-%d", "", "%Y-%m-%d%"]
)
def test_what_is_no_form_of_a_date(form: str) -> None:
    with pytest.raises(ValueError):
        reading.date_pattern(form)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%Y年%m月%d日"):
        written = (
            form.replace("%Y", f"{day.year:04d}")
            .replace("%m", f"{day.month:02d}")
            .replace("%d", f"{day.day:02d}")
        )
        assert reading.dates((form,))(written) == day


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("欧阳　娜娜", "欧阳 娜娜"),
        ("e\u0301", "é"),
        ("\ue5e5", "\ue5e5"),
        ("㐀𠀀", "㐀𠀀"),
        ("O'Neil-Smith, Jr.", "O'Neil-Smith, Jr."),
    ],
)
def test_names_of_all_kinds_pass(cell: str, text: str) -> None:
    assert reading.text(cell) == text


@pytest.mark.parametrize("cell", ["a\x00b", "a\tb", "a\u200bb", "a\u202eb", "a\u2028b", "\ud800"])
def test_letters_nobody_sees_do_not(cell: str) -> None:
    assert reason(reading.text, cell) == r.BAD_TEXT


def test_labels_words_and_lengths() -> None:
    assert reading.label("12-a.B_3") == "12-a.B_3"
    assert reason(reading.label, "第一期") == r.BAD_TEXT
    assert reason(reading.label, "x" * 41) == r.TOO_LONG
    assert reading.word("CARD", None, ()) == "CARD"
    assert reason(reading.word, "card", None, ()) == r.UNMAPPED_CODE
    assert reason(reading.word, "CARD", None, ("LOAN",)) == r.UNMAPPED_CODE
    assert reason(reading.text, "长" * 513) == r.TOO_LONG
    assert reason(reading.whole, "1.0") == r.BAD_NUMBER
    assert reason(reading.whole, "100000") == r.BAD_NUMBER
    assert reading.whole("99999") == 99_999


@pytest.mark.parametrize(
    "cell", ["a@b", "a b@c.cn", "a@@b.cn", "a@b..cn", "@b.cn", "a@", "a@b.cn;c@d.cn", "<a@b.cn>"]
)
def test_what_is_no_address(cell: str) -> None:
    if cell == "a@b":  # a host of one name can exist within a bank
        assert reading.email(cell) == cell
    else:
        assert reason(reading.email, cell) == r.BAD_EMAIL
