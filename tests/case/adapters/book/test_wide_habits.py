"""Habits of lenders' systems: references that have to be put together, totals at the end, a delimiter too many."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.case.adapters.book.mapping import BookUnusable
from services.case.application import book_reasons as r
from services.case.domain.book.rows import PartyRow, PointRow, RoleRow
from tests.case.adapters.book.layouts import layout_a, layout_b, written
from tests.case.adapters.book.read import groups, reasons, rejects

MAP = """
format = "quittance-book/1"
lender = "INVENTED_BANK"
invented = true
as_of = 2026-01-31
kind = "DELTA"
paid_in = "BOOK"
zone = "Asia/Shanghai"
[files.wide]
path = "wide.txt"
delimiter = "|"
footer_rows = 1
[[parties]]
file = "wide"
only_with = ["联系人"]
made = { party_ref = "{借据号}/{序号}-C" }
columns = { name = "联系人" }
constants = { kind = "PERSON" }
[[points]]
file = "wide"
only_with = ["联系人"]
made = { party_ref = "{借据号}/{序号}-C" }
columns = { value = "联系电话" }
constants = { medium = "PHONE", label = "mobile", source = "APPLICATION" }
[[roles]]
file = "wide"
only_with = ["联系人"]
made = { party_ref = "{借据号}/{序号}-C" }
columns = { account_ref = "借据号" }
constants = { role = "RESERVED_CONTACT" }
"""
HEADER = "借据号|序号|联系人|联系电话"


def wide(folder: Path, *lines: str) -> tuple[Path, Path]:
    (folder / "x").mkdir(exist_ok=True)
    written(folder / "x" / "wide.txt", "\n".join(lines) + "\n")
    return folder / "x", written(folder / "MAP.toml", MAP)


def test_a_person_without_a_reference_gets_one_of_what_tells_them_apart(tmp_path: Path) -> None:
    folder, mapping = wide(
        tmp_path,
        HEADER,
        "L-1|1|试甲|15412340001",
        "L-1|2|试乙|15412340002",
        "L-2|||",
        "L-3||试丙|15412340003",
        "共|3||",
    )
    parties, accounts = groups(folder, mapping)
    assert parties["L-1/2-C"] == [
        PartyRow(party_ref="L-1/2-C", name="试乙"),
        PointRow(
            party_ref="L-1/2-C", medium="PHONE", label="mobile", value="+8615412340002", source="APPLICATION",
            zone="Asia/Shanghai",
        ),
    ]  # fmt: skip
    assert accounts["L-1"] == [
        RoleRow(account_ref="L-1", party_ref=f"L-1/{number}-C", role="RESERVED_CONTACT") for number in (1, 2)
    ]
    assert [
        (number, entity, reason, field) for _, number, entity, reason, field in reasons(folder, mapping)
    ] == [(5, entity, r.MISSING_VALUE, "party_ref") for entity in ("parties", "points", "roles")]


def test_the_columns_of_a_reference_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(BookUnusable) as caught:
        rejects(*wide(tmp_path, "借据号|联系人|联系电话"))
    assert caught.value.context["columns"] == ("序号",)


@pytest.mark.parametrize("header", [HEADER, f"{HEADER}|"])
@pytest.mark.parametrize("end", ["", "|"])
def test_a_delimiter_behind_the_last_field_says_nothing(header: str, end: str, tmp_path: Path) -> None:
    folder, mapping = wide(tmp_path, header, f"L-1|1|试甲|15412340001{end}", f"共|1||{end}")
    assert reasons(folder, mapping) == []
    assert list(groups(folder, mapping)[1]) == ["L-1"]


def test_something_behind_the_last_field_does(tmp_path: Path) -> None:
    folder, mapping = wide(
        tmp_path, HEADER, "L-1|1|试甲|15412340001|x", "L-1|1|试甲", "L-1|1|试甲|15412340001||", "end"
    )
    assert [reason for _, _, _, reason, _ in reasons(folder, mapping)] == [r.MALFORMED_ROW] * 3


def test_totals_at_the_end_are_no_rows_of_a_file_or_a_sheet(tmp_path: Path) -> None:
    folder, mapping = wide(tmp_path, HEADER, "L-1|1|试甲|15412340001", "合计")
    assert reasons(folder, mapping) == []
    written(mapping, MAP.replace("footer_rows = 1", "footer_rows = 0"))
    assert [reason for _, _, _, reason, _ in reasons(folder, mapping)] == [r.MALFORMED_ROW]
    folder, mapping = layout_b(tmp_path / "b", change=lambda sheet: sheet.append(["合计", None, None, 1]))
    sound = groups(*layout_a(tmp_path / "a"))
    assert reasons(folder, mapping) != []
    written(mapping, mapping.read_text().replace("header_row = 2", "header_row = 2\nfooter_rows = 1"))
    assert reasons(folder, mapping) == []
    assert groups(folder, mapping) == sound


def test_a_file_of_totals_alone_has_no_rows(tmp_path: Path) -> None:
    folder, mapping = wide(tmp_path, HEADER, "合计")
    assert groups(folder, mapping) == ({}, {})
