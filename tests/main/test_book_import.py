"""`quittance import book` as its user types it: two layouts, a second delivery, broken rows, both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.case.adapters.book.layouts import layout_a, layout_b
from tests.kit.command import Command, command_in


@pytest.fixture
def quittance(tmp_path: Path) -> Command:
    return command_in(tmp_path)


def test_two_layouts_of_one_book_are_one_book(quittance: Command) -> None:
    folder, mapping = layout_a(quittance.folder / "a")
    first = quittance("import", "book", str(folder), "--mapping", str(mapping), "--json")
    folder, mapping = layout_b(quittance.folder / "b")
    second = quittance("import", "book", str(folder), "--mapping", str(mapping), "--json")
    assert (first.code, second.code) == (0, 0), first.err + second.err
    said, again = json.loads(first.out.splitlines()[-1]), json.loads(second.out.splitlines()[-1])
    assert said["invented"]
    assert (said["imported"], said["unchanged"], said["rejected"]) == (37, 0, 0)
    assert (again["imported"], again["unchanged"], again["events"]) == (0, 37, 0)


def test_a_broken_book_lists_every_broken_row_and_loses_no_good_one_then_takes_the_second_delivery(
    quittance: Command,
) -> None:
    assert quittance("sample", "book", "whole").code == 0
    assert quittance("sample", "book", "broken", "--broken").code == 0
    assert quittance("sample", "book", "later", "--delta").code == 0
    whole = quittance("import", "book", "whole", "--mapping", "whole/MAP.toml", "--check", "--json")
    rows = json.loads(whole.out)["rows"]
    assert not (quittance.folder / ".quittance").exists(), "--check writes nothing"
    done = quittance("import", "book", "broken", "--mapping", "broken/MAP.toml", "--json")
    said = json.loads(done.out.splitlines()[-1])
    assert done.code == 1, "rows were rejected"
    assert said["imported"] == sum(rows.values()), "and no good one was lost"
    listed = (quittance.folder / "broken.rejects.csv").read_text()
    assert listed == (quittance.folder / "broken/INVENTED-rejects.csv").read_text()
    assert len({line.split(",")[3] for line in listed.splitlines()[1:]}) >= 12
    later = quittance("import", "book", "later", "--mapping", "later/MAP.toml", "--json")
    changed = json.loads(later.out.splitlines()[-1])
    assert later.code == 0, later.err
    assert (changed["unchanged"], changed["accounts_left"]) == (0, 1)
    assert changed["points"] > 1
    assert changed["instalments"] > 1
    again = quittance("import", "book", "later", "--mapping", "later/MAP.toml", QUITTANCE_LANG="zh-CN")
    assert again.code == 0
    assert "虚构" in again.out
    assert "导入 0" in again.out
    old = quittance("import", "book", "whole", "--mapping", "whole/MAP.toml", "--json")
    behind = json.loads(old.out.splitlines()[-1])
    assert (old.code, behind["events"]) == (1, 0)
    reasons = {
        line.split(",")[3] for line in (quittance.folder / "whole.rejects.csv").read_text().splitlines()[1:]
    }
    assert reasons == {"out-of-order", "unknown-account"}, "what the second delivery changed or dropped"


def test_what_cannot_be_a_book_is_said_and_nothing_is_made(quittance: Command) -> None:
    folder, mapping = layout_a(quittance.folder / "a")
    nowhere = quittance("import", "book", "nowhere", "--mapping", str(mapping))
    assert (nowhere.code, nowhere.err.strip()) == (1, "quittance: there is no folder at nowhere")
    assert quittance("import", "book", str(folder), "--mapping", "none.toml").code == 1
    assert quittance("import", "book", str(folder)).code == 2
    taken = quittance("import", "book", str(folder), "--mapping", str(mapping), "--rejects", str(mapping))
    assert taken.code == 2
    (folder / "loans.csv").unlink()
    lacking = quittance("import", "book", str(folder), "--mapping", str(mapping), QUITTANCE_LANG="zh-CN")
    assert lacking.code == 1
    assert "交付文件" in lacking.err


def test_a_case_is_shown_by_its_account_and_by_its_debtor(quittance: Command) -> None:
    folder, mapping = layout_a(quittance.folder / "a")
    assert quittance("import", "book", str(folder), "--mapping", str(mapping)).code == 0
    worked = [json.loads(line) for line in quittance("queue", "list", "--json").out.splitlines()]
    assert worked
    by_account = quittance("case", "show", "L-1", "--json")
    assert by_account.code == 0, by_account.err
    said = json.loads(by_account.out)
    by_debtor = json.loads(quittance("case", "show", said["debtor_ref"], "--json").out)
    assert said == by_debtor
    assert said["debtor_ref"] == "C001"
    before = quittance("case", "show", "L-1", "--as-of", "1999-01-01")
    assert before.code == 1
    assert "There is no such case" in before.err
