"""Laws: rows and files in any order say the same; a broken row changes no other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from services.case.adapters.book import spill
from services.case.adapters.book.delivery import open_book
from services.case.application.book_source import BookReject
from tests.case.adapters.book.layouts import LOANS, layout_a, layout_b
from tests.case.adapters.book.read import groups, rejects

OF_ACCOUNTS = ("accounts", "instalments", "balances")
SHUFFLED = ("customers.csv", "contacts.csv", "loans.csv", "links.csv", "schedule.csv")


@contextmanager
def little_memory() -> Iterator[None]:
    """Every few rows go to the disk, as with a book of millions."""
    sizes = spill.RUN_BYTES_MAX, spill.BLOCK_ENTRIES, spill.RUNS_MAX
    spill.RUN_BYTES_MAX, spill.BLOCK_ENTRIES, spill.RUNS_MAX = 1_000, 2, 2
    try:
        yield
    finally:
        spill.RUN_BYTES_MAX, spill.BLOCK_ENTRIES, spill.RUNS_MAX = sizes


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_any_order_of_rows_and_blocks_gives_the_same_groups(draw: object, small: bool) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, mapping = layout_a(Path(place) / "a")
        sound = groups(folder, mapping)
        for name in SHUFFLED:
            header, *rows = (folder / name).read_text().splitlines()
            draw.shuffle(rows)  # type: ignore[attr-defined]
            cut = draw.randrange(len(rows))  # type: ignore[attr-defined]
            if name == "schedule.csv":  # one table in two files
                (folder / "schedule_2.csv").write_text("\n".join([header, *rows[cut:]]))
                rows = rows[:cut]
            (folder / name).write_text("\n".join([header, *rows]))
        head, *blocks = mapping.read_text().split("\n[[")
        draw.shuffle(blocks)  # type: ignore[attr-defined]
        mapping.write_text("\n[[".join([head, *blocks]))
        if small:
            with little_memory():
                assert groups(folder, mapping) == sound
        else:
            assert groups(folder, mapping) == sound
        assert rejects(folder, mapping) == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SHUFFLED), st.data())
def test_a_row_whose_fields_are_broken_changes_no_other(name: str, data: st.DataObject) -> None:
    """Any field but the keys is overwritten with anything that fits into a line: the others are as before."""
    with tempfile.TemporaryDirectory() as place:
        folder, mapping = layout_a(Path(place) / "a")
        before = _by_place(folder, mapping)
        header, *rows = (folder / name).read_text().splitlines()
        at = data.draw(st.integers(min_value=0, max_value=len(rows) - 1))
        cells = rows[at].split(",")
        column = data.draw(st.integers(min_value=2, max_value=len(cells) - 1))
        cells[column] = data.draw(
            st.text(st.characters(codec="utf-8", exclude_characters='\n\r,"'), max_size=20)
        )
        rows[at] = ",".join(cells)
        (folder / name).write_text("\n".join([header, *rows]), encoding="utf-8", newline="")
        after = _by_place(folder, mapping)
    spoilt = (name, at + 2)
    assert {k: v for k, v in after.items() if k[:2] != spoilt} == {
        k: v for k, v in before.items() if k[:2] != spoilt
    }


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=80), st.integers(min_value=0, max_value=2_000))
def test_bytes_dropped_into_a_file_never_crash_the_reader(junk: bytes, at: int) -> None:
    """Whatever they are: the delivery is read or refused, and each line far from them says what it said."""
    with tempfile.TemporaryDirectory() as place:
        folder, mapping = layout_b(Path(place) / "b")
        wide = folder / "贷款台账_20260131.txt"
        sound = _by_place(folder, mapping)
        content = wide.read_bytes()
        header = content.index(b"\n") + 1
        at = header + at % (len(content) - header)
        wide.write_bytes(content[:at] + junk.replace(b"\n", b" ") + content[at:])
        hit = content[:at].count(b"\n") + 1
        found = _by_place(folder, mapping)
    mine = repr(LOANS[hit - 2].ref)
    far = {key: row for key, row in sound.items() if key[2] in OF_ACCOUNTS and mine not in row}
    assert {key: row for key, row in found.items() if key in far} == far


def _by_place(folder: Path, mapping: Path) -> dict[tuple[str, int, str], str]:
    """What each place of the delivery says; a row that is said twice counts at its first place."""
    with open_book(folder, mapping) as book:
        return {
            (one.file, one.number, one.entity): repr(one.row)
            for each in (book.parties(), book.accounts())
            for _, rows in each
            for one in rows
            if not isinstance(one.row, BookReject)
        }
