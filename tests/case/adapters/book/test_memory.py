"""A book three times as large takes no more memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from services.case.adapters.book import spill
from services.case.adapters.book.delivery import open_book
from tests.case.adapters.book.layouts import MAP_A, layout_a, written


def book(folder: Path, accounts: int) -> tuple[Path, Path]:
    """Layout A with so many accounts, each of a debtor of its own and with twelve instalments, in due-date order."""
    made, mapping = layout_a(folder)
    written(mapping, MAP_A)
    with (made / "customers.csv").open("a") as customers, (made / "loans.csv").open("a") as loans:
        for at in range(accounts):
            customers.write(f"P{at},PERSON,试{at},,\n")
            loans.write(f"M-{at},P{at},CONSUMER,2025-07-01,14.6,1200.00,0,x\n")
    with (made / "schedule.csv").open("a") as schedule:
        for number in range(1, 13):
            schedule.writelines(
                f"M-{at},{number},2026-{number:02d}-05,100.00,1.25,0\n" for at in range(accounts)
            )
    return made, mapping


def peak(folder: Path, mapping: Path) -> tuple[int, int]:
    """Bytes at the most, and rows seen."""
    tracemalloc.start()
    try:
        with open_book(folder, mapping) as delivery:
            rows = sum(len(group) for each in (delivery.parties(), delivery.accounts()) for _, group in each)
        return tracemalloc.get_traced_memory()[1], rows
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for a block of a few rows for each run that is merged, of which there are more by the logarithm."""
    monkeypatch.setattr(spill, "RUN_BYTES_MAX", 256 << 10)
    monkeypatch.setattr(spill, "BLOCK_ENTRIES", 16)
    monkeypatch.setattr(spill, "RUNS_MAX", 4)
    peak(*book(tmp_path / "warm", 10))
    small, few = peak(*book(tmp_path / "small", 500))
    large, many = peak(*book(tmp_path / "large", 1_500))
    assert many > 2.8 * few
    assert large < 1.5 * small
