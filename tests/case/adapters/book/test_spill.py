"""Sorting outside of memory: in order, complete, in little memory, and unreadable on the disk."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.adapters.book import spill
from services.case.adapters.book.spill import Spill

ENTRY = st.tuples(st.text(max_size=4), st.integers(min_value=0, max_value=2**60), st.binary(max_size=20))
CANARY = b"CANARY-13912345678-CANARY"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of a few entries, so that a few hundred of them take several levels of runs."""
    monkeypatch.setattr(spill, "RUN_BYTES_MAX", 2_000)
    monkeypatch.setattr(spill, "BLOCK_ENTRIES", 3)
    monkeypatch.setattr(spill, "RUNS_MAX", 3)


@given(st.lists(ENTRY, max_size=200, unique_by=lambda entry: entry[:2]))
def test_entries_come_in_order_and_as_often_as_asked(entries: list[tuple[str, int, bytes]]) -> None:
    sizes = spill.RUN_BYTES_MAX, spill.BLOCK_ENTRIES, spill.RUNS_MAX
    spill.RUN_BYTES_MAX, spill.BLOCK_ENTRIES, spill.RUNS_MAX = 600, 2, 2
    try:
        sorted_ = Spill()
        for entry in entries:
            sorted_.put(*entry)
        assert list(sorted_) == list(sorted_) == sorted(entries)
        sorted_.close()
    finally:
        spill.RUN_BYTES_MAX, spill.BLOCK_ENTRIES, spill.RUNS_MAX = sizes


@pytest.mark.usefixtures("small")
def test_many_runs_become_few(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = _open_files()
    sorted_ = Spill()
    keys = list(range(5_000))
    random.Random(1).shuffle(keys)
    for key in keys:
        sorted_.put(f"{key:05d}", key, b"x")
    assert [int(key) for key, _, _ in sorted_] == list(range(5_000))
    assert _open_files() - opened <= 3 * 8
    sorted_.close()
    assert _open_files() == opened


@pytest.mark.usefixtures("small")
def test_what_is_on_the_disk_has_no_name_and_can_be_read_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill.tempfile, "tempdir", str(tmp_path))
    before = set(os.listdir("/proc/self/fd"))
    sorted_ = Spill()
    for number in range(500):
        sorted_.put(f"key {number}", number, CANARY)
    assert list(tmp_path.iterdir()) == []
    found = b""
    for descriptor in set(os.listdir("/proc/self/fd")) - before:
        path = f"/proc/self/fd/{descriptor}"
        if os.path.lexists(path):  # the one that listed the others is gone
            with open(path, "rb") as file:
                file.seek(0)
                found += file.read()
    assert len(found) > 10_000
    assert CANARY not in found
    assert b"key 1" not in found
    assert sum(content == CANARY for _, _, content in sorted_) == 500
    sorted_.close()


def test_what_fits_into_memory_never_touches_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill.tempfile, "tempdir", str(tmp_path / "does not exist"))
    sorted_ = Spill()
    for number in range(1_000):
        sorted_.put(str(number), number, b"x" * 100)
    assert len(list(sorted_)) == 1_000


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill.tempfile, "tempdir", str(tmp_path / "does not exist"))
    monkeypatch.setattr(spill, "RUN_BYTES_MAX", 100)
    with pytest.raises(OSError):
        Spill().put("key", 1, b"x" * 200)


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))
