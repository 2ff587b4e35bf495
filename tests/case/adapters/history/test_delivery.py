"""Deliveries of history as files: what a mapping makes of them, and what it refuses."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.case.adapters.book.mapping import BookUnusable, MappingUnusable
from services.case.adapters.history.delivery import open_history
from services.case.adapters.history.mapping import read_mapping
from services.case.application.history.source import PlacedRow, Unreadable
from services.case.domain.history.rows import AttemptRow, PaymentRow, PlacementRow
from tests.kit.past import MAPPING, WHOLE, delivery

CHINESE = """
format = "quittance-history/1"
go_live = 2026-11-01
zone = "Asia/Shanghai"
currency = "CNY"
unit = "fen"
dates = ["%Y年%m月%d日"]
origin = "AGENCY_7"
[files.list]
path = "list.txt"
encoding = "gb18030"
delimiter = "|"
ignore = ["姓名"]
[codes.ways]
"电汇" = "BANK_TRANSFER"
[codes.proof]
"流水" = "RECORDED"
"口述" = "STATED"
[[payments]]
file = "list"
columns.debtor_ref = "客户号"
columns.ref = "流水号"
columns.on = "日期"
columns.amount = "金额"
columns.channel = "方式"
columns.evidence = "凭据"
codes.channel = "ways"
codes.evidence = "proof"
"""


def read(folder: Path, text: str) -> tuple[dict[str, list[PlacedRow]], list[PlacedRow]]:
    """The rows by debtor, and those that could not be read."""
    with open_history(folder, text.encode()) as found:
        by_debtor = dict(found.debtors())
        return by_debtor, list(found.unread())


def test_a_debtors_rows_come_together_cases_and_plans_first_and_times_in_utc(tmp_path: Path) -> None:
    by_debtor, unread = read(delivery(tmp_path), MAPPING)
    assert (sorted(by_debtor), unread) == (["C-1", "C-2"], [])
    entities = [placed.entity for placed in by_debtor["C-1"]]
    assert entities[:4] == ["cases", "plans", "plan_instalments", "plan_instalments"]
    calls = [placed.row for placed in by_debtor["C-1"] if isinstance(placed.row, AttemptRow)]
    assert calls[0].at == datetime(2026, 2, 3, 2, 15, tzinfo=UTC)
    [abroad] = [placed.row for placed in by_debtor["C-2"] if isinstance(placed.row, AttemptRow)]
    assert (abroad.at, abroad.on) == (datetime(2025, 4, 5, 1, tzinfo=UTC), date(2025, 4, 5))
    [placed] = [one.row for one in by_debtor["C-1"] if isinstance(one.row, PlacementRow)]
    assert (placed.recalled_on, placed.confirmed_on) == (date(2026, 6, 1), None)


def test_chinese_files_codes_dates_and_fen(tmp_path: Path) -> None:
    lines = (
        "客户号|流水号|日期|金额|方式|凭据|姓名",
        "D-1|F-1|2026年3月5日|50000|电汇|流水|张三",
        "D-1|F-2|2026年13月5日|50000|电汇|流水|张三",
        "D-1|F-3|2026年3月5日|50000|支票|流水|张三",
        "D-1|F-4|2026年3月5日|500.5|电汇|口述|张三",
    )
    (tmp_path / "list.txt").write_bytes("\r\n".join(lines).encode("gb18030"))
    by_debtor, unread = read(tmp_path, CHINESE)
    [placed] = by_debtor["D-1"]
    assert isinstance(placed.row, PaymentRow)
    assert (placed.row.amount, placed.row.on, placed.row.evidence) == (50_000, date(2026, 3, 5), "RECORDED")
    assert [(one.number, one.row) for one in unread] == [
        (3, Unreadable("bad-date", "on")), (4, Unreadable("unmapped-code", "channel")),
        (5, Unreadable("bad-amount", "amount")),
    ]  # fmt: skip


def test_a_workbook_is_read_like_a_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["cust", "id", "kind", "day", "until"])
    sheet.append(["C-1", "h1", "CEASE", datetime(2026, 4, 1), datetime(2026, 4, 15)])
    sheet.append(["C-1", 7.5, "CEASE", "2026-05-01", None])
    book.save(tmp_path / "holds.xlsx")
    text = MAPPING.replace('path = "holds.csv"', 'path = "holds.xlsx"\nformat = "xlsx"')
    by_debtor, unread = read(tmp_path, text)
    assert [(one.row.ref, one.row.on) for one in by_debtor["C-1"] if not isinstance(one.row, Unreadable)] == [  # type: ignore[union-attr]
        ("h1", date(2026, 4, 1)), ("7.5", date(2026, 5, 1)),
    ]  # fmt: skip
    assert unread == []


def test_the_same_files_have_the_same_content_and_any_other_byte_another(tmp_path: Path) -> None:
    def content(folder: Path, text: str = MAPPING) -> str:
        with open_history(folder, text.encode()) as found:
            return found.content

    one, same = delivery(tmp_path, name="one"), delivery(tmp_path, name="same")
    assert content(one) == content(same)
    other = delivery(tmp_path, {**WHOLE, "holds": ()}, name="other")
    assert len({content(one), content(other), content(one, MAPPING + "\n")}) == 3


@pytest.mark.parametrize(
    ("was", "becomes", "key", "wrong"),
    [
        ("quittance-history/1", "quittance-history/2", "format", "not-allowed"),
        ("go_live = 2026-11-01", 'go_live = "2026-11-01"', "go_live", "not-a-date"),
        ("go_live = 2026-11-01", "go_live = 2026-11-01\ngolive = 1", "golive", "unknown-key"),
        ('"SYSTEM_LOG"', '"HEARSAY"', "evidence", "not-allowed"),
        ('"OLD_SYSTEM"', '"the old system"', "origin", "not-allowed"),
        ('zone = "Asia/Shanghai"', 'zone = "Mars"', "zone", "not-allowed"),
        ('path = "calls.csv"', 'path = "../calls.csv"', "files.calls.path", "not-below-the-folder"),
        ('columns.due = "due"\n', 'columns.dew = "due"\n', "promises[1].columns.dew", "unknown-key"),
        ('columns.due = "due"\n', "", "promises[1].columns.due", "missing"),
        ('outcome = "results" }', 'outcome = "answers" }', "attempts[1].codes.outcome", "no-such-table"),
        ('"01" = "RIGHT_PARTY"', '"01" = "right party"', "codes.results.01", "not-allowed"),
        ('[codes.results]', '[codes.more]\n"1" = "A"\n[codes.results]', "codes.more", "never-used"),
        ('[files.calls]', '[files.more]\npath = "m.csv"\n[files.calls]', "files.more", "never-used"),
    ],
)  # fmt: skip
def test_a_mapping_that_means_nothing_is_refused_by_its_key(
    was: str, becomes: str, key: str, wrong: str
) -> None:
    assert was in MAPPING, was
    with pytest.raises(MappingUnusable) as refused:
        read_mapping(re.sub(re.escape(was), becomes.replace("\\", r"\\"), MAPPING, count=1).encode())
    assert (refused.value.context["key"], refused.value.context["wrong"]) == (key, wrong)


def test_a_file_that_lacks_a_column_is_refused_as_a_whole_and_unmapped_ones_are_named(tmp_path: Path) -> None:
    place = delivery(tmp_path)
    (place / "calls.csv").write_text("cust,id,time\nC-1,k1,2026-02-03 10:15:00\n")
    with pytest.raises(BookUnusable) as refused, open_history(place, MAPPING.encode()):
        pass
    assert refused.value.context["columns"] == ("result",)
    (place / "calls.csv").write_text("cust,id,time,result,agent\nC-1,k1,2026-02-03 10:15:00,02,Wu\n")
    with open_history(place, MAPPING.encode()) as found:
        assert {name: columns for name, columns in found.unmapped.items() if columns} == {
            "calls.csv": ("agent",)
        }
