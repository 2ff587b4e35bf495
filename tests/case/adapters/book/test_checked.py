"""What `--check` says of a delivery, and that it says it without touching anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.case.adapters.book.checked import SHOWN_MAX, check
from services.case.adapters.book.rejects_file import HEADER, BookRejectsFile, default_path
from services.case.adapters.rejects_file import RejectsPathTaken
from services.case.application.book_reasons import REASONS
from tests.case.adapters.book.layouts import layout_a, layout_b
from tests.case.adapters.book.read import rejects


def test_a_sound_book_is_clean(tmp_path: Path) -> None:
    found = check(*layout_b(tmp_path / "b"))
    assert found.clean
    assert found.as_json() == {
        "check": True, "invented": True, "lender": "INVENTED_BANK", "as_of": "2026-01-31", "full": True,
        "fingerprint": found.fingerprint, "lines": 16, "accounts": 4, "parties": 4, "dropped": {},
        "files": {path.name: path.stat().st_size for path in (tmp_path / "b").iterdir()},
        "rows": {"parties": 4, "points": 7, "accounts": 4, "roles": 6, "instalments": 12, "balances": 4},
        "left_to_ledger": 0, "unmapped": {}, "unused": ["parties[1].codes.kind: 企业"],
        "rejected": 0, "rejects": {}, "first_rejects": [],
    }  # fmt: skip


def test_columns_that_nobody_takes_are_listed_by_file(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    loans = folder / "loans.csv"
    loans.write_text(
        "\n".join(
            f"{line},{'新列' if at == 0 else 'x'}" for at, line in enumerate(loans.read_text().splitlines())
        )
    )
    mapping.write_text(mapping.read_text().replace('ignore = ["branch"]', ""))
    found = check(folder, mapping)
    assert found.as_json()["unmapped"] == {"loans.csv": ["branch", "新列"]}
    assert not found.clean
    assert not found.rejected


def test_rejects_are_counted_by_reason_and_the_first_are_shown(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    with (folder / "contacts.csv").open("a") as file:
        file.writelines(f"C001,PHONE,x{at},nobody,APPLICATION\n" for at in range(150))
        file.write("short\n")
    found = check(folder, mapping)
    said = found.as_json()
    assert said["rejects"] == {"malformed-row": 1, "bad-phone": 150}
    assert said["rejected"] == 151
    assert len(said["first_rejects"]) == SHOWN_MAX
    first = {"file": "contacts.csv", "row": 9, "entity": "points", "reason": "bad-phone", "field": "value"}
    assert said["first_rejects"][0] == first
    assert "nobody" not in json.dumps(said)


def test_a_check_writes_nothing(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    with (folder / "contacts.csv").open("a") as file:
        file.write("short\n")
    before = {path: path.stat() for path in tmp_path.rglob("*")}
    check(folder, mapping)
    assert {path: path.stat() for path in tmp_path.rglob("*")} == before


def test_every_reason_says_itself_in_both_languages() -> None:
    for reason, words in REASONS.items():
        assert words.said(chinese=False).isascii(), reason
        assert not words.said(chinese=True).isascii(), reason


def test_the_list_of_rejects_holds_places_and_reasons_and_goes_when_there_are_none(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    with (folder / "contacts.csv").open("a") as file:
        file.write("C001,PHONE,home,nobody,APPLICATION\n")
    listed = tmp_path / "rejects.csv"
    with BookRejectsFile(listed) as sink:
        for placed in rejects(folder, mapping):
            sink.put(placed)
    assert listed.read_text() == f"{HEADER}\ncontacts.csv,9,points,bad-phone,value\n"
    with BookRejectsFile(listed):
        pass
    assert not listed.exists()


def test_another_file_in_the_lists_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(RejectsPathTaken), BookRejectsFile(tmp_path / "letter.txt"):
        pass
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_the_list_stands_beside_the_folder_and_not_in_it(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    assert default_path(tmp_path / "book", working_folder=Path("/w")) == tmp_path / "book.rejects.csv"
    (tmp_path / "link").symlink_to(tmp_path / "book")
    assert default_path(tmp_path / "link", working_folder=Path("/w")) == tmp_path / "book.rejects.csv"
