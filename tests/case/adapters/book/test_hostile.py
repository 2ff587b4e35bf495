"""Files that are broken, enormous or meant to harm: refused or rejected, with nothing else lost and memory bounded."""

from __future__ import annotations

import datetime
import os
import resource
import zipfile
from pathlib import Path
from typing import Any

import pytest

from services.case.adapters.book import xlsx_size
from services.case.adapters.book.delivery import open_book
from services.case.adapters.book.mapping import BookUnusable, FileShape, MappingUnusable
from services.case.adapters.book.xlsx_table import open_xlsx
from services.case.adapters.physical_lines import LINE_BYTES_MAX
from services.case.application import book_reasons as r
from tests.case.adapters.book.layouts import INSTALMENTS, layout_a, layout_b, wide_lines, written
from tests.case.adapters.book.read import groups, reasons, rejects


def refused(folder: Path, mapping: Path) -> dict[str, Any]:
    """The context of the refusal."""
    with pytest.raises(BookUnusable) as caught:
        rejects(folder, mapping)
    return caught.value.context


def test_an_empty_folder_and_a_missing_file(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "empty", mapping) == {"file": "customers", "wrong": "missing-file"}
    (folder / "links.csv").unlink()
    assert refused(folder, mapping) == {"file": "links", "wrong": "missing-file"}
    with pytest.raises(FileNotFoundError):
        rejects(tmp_path / "nowhere", mapping)
    with pytest.raises(NotADirectoryError):
        rejects(mapping, mapping)


def test_a_file_that_may_be_absent_is_not_missed(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    written(
        mapping, mapping.read_text().replace('path = "links.csv"', 'path = "links.csv"\nmay_be_absent = true')
    )
    (folder / "links.csv").unlink()
    with open_book(folder, mapping) as book:
        assert "roles" not in book.terms.entities
        assert not any("roles" in {one.entity for one in rows} for _, rows in book.accounts())


def test_a_header_without_a_column_or_with_one_twice(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    links = folder / "links.csv"
    text = links.read_text()
    links.write_text(text.replace("role,", "rolle,", 1))
    assert refused(folder, mapping) == {"file": "links", "wrong": "missing-columns", "columns": ("role",)}
    links.write_text(text.replace("guarantee", "role", 1))
    assert refused(folder, mapping)["wrong"] == "missing-columns"
    lines = text.splitlines()
    links.write_text("\n".join([f"{lines[0]},role", *(f"{line},x" for line in lines[1:])]))
    assert refused(folder, mapping) == {"file": "links", "wrong": "columns-twice", "columns": ("role",)}
    links.write_text("")
    assert refused(folder, mapping) == {"file": "links", "wrong": "no-header"}


def test_what_stands_in_a_file_without_a_header_is_never_told(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    customers = folder / "customers.csv"
    customers.write_text("\n".join(customers.read_text().splitlines()[1:]))
    assert "欧阳" not in str(refused(folder, mapping))


def test_a_byte_order_mark_and_mixed_line_ends_change_nothing(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    sound = groups(folder, mapping)
    for file in folder.iterdir():
        lines = file.read_bytes().replace(b"\r\n", b"\n").split(b"\n")
        mixed = b"".join(line + (b"\r\n" if at % 2 else b"\n") for at, line in enumerate(lines) if line)
        blank = b"\r\n  \r\n" + b"," * lines[0].count(b",") + b"\n"
        file.write_bytes(b"\xef\xbb\xbf" + mixed + blank)
    assert groups(folder, mapping) == sound
    assert rejects(folder, mapping) == []


def test_bytes_of_another_encoding_break_their_own_rows(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    with (folder / "customers.csv").open("ab") as file:
        file.write("C100,PERSON,试乙,,\n".encode("gb18030"))
        file.write("C101,PERSON,试丙,,\n".encode())
    assert reasons(folder, mapping) == [("customers.csv", 6, "parties", r.BAD_ENCODING, "row")]
    parties, _ = groups(folder, mapping)
    assert "C101" in parties


def test_a_wide_file_in_the_wrong_encoding_is_refused_by_its_header(tmp_path: Path) -> None:
    folder, mapping = layout_b(tmp_path / "b")
    (folder / "贷款台账_20260131.txt").write_text("\n".join(wide_lines()), encoding="utf-8")
    assert refused(folder, mapping)["wrong"] in ("missing-columns", "header-unreadable")


@pytest.mark.parametrize("end", [b"", b"\n", b"\nC101,PERSON,after,,\n"])
def test_a_line_of_a_hundred_megabytes_is_one_reject(end: bytes, tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    rejects(folder, mapping)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (folder / "customers.csv").open("ab") as file:
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(end)
    assert reasons(folder, mapping) == [("customers.csv", 6, "parties", r.TOO_LONG, "row")]
    assert ("C101" in groups(folder, mapping)[0]) == (b"C101" in end)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10


def test_a_line_just_within_the_limit_is_read(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    for extra, reason in ((0, r.MALFORMED_ROW), (1, r.TOO_LONG)):
        lines = (folder / "customers.csv").read_bytes().split(b"\n")[:5]
        (folder / "customers.csv").write_bytes(b"\n".join([*lines, b"x" * (LINE_BYTES_MAX + extra)]))
        assert [found[3] for found in reasons(folder, mapping)] == [reason]


def test_files_out_of_the_folder_are_not_read(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    text = mapping.read_text()
    for path in ("../other/links.csv", "/etc/passwd", "a/../../b.csv", "..\\\\b.csv", "**/links.csv"):
        written(mapping, text.replace('path = "links.csv"', f'path = "{path}"'))
        with pytest.raises(MappingUnusable) as caught:
            rejects(folder, mapping)
        assert caught.value.context == {
            "key": "files.links.path",
            "wrong": "not-below-the-folder",
            "allowed": (),
        }
    written(mapping, text)
    (tmp_path / "secret.csv").write_text((folder / "links.csv").read_text())
    (folder / "links.csv").unlink()
    (folder / "links.csv").symlink_to(tmp_path / "secret.csv")
    assert refused(folder, mapping) == {"file": "links", "wrong": "outside-the-folder"}


def test_links_in_circles_folders_and_pipes_are_no_files(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    links = folder / "links.csv"
    links.unlink()
    links.symlink_to(links)
    assert refused(folder, mapping) == {"file": "links", "wrong": "missing-file"}
    links.unlink()
    links.mkdir()
    assert refused(folder, mapping) == {"file": "links", "wrong": "not-a-file"}
    links.rmdir()
    os.mkfifo(links)
    assert refused(folder, mapping) == {"file": "links", "wrong": "not-a-file"}


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    sound = groups(folder, mapping)
    (folder / "links.csv").rename(folder / "links.2026.csv")
    (folder / "links.csv").symlink_to("links.2026.csv")
    assert groups(folder, mapping) == sound


def test_several_files_of_one_pattern_are_one_table(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    sound = groups(folder, mapping)
    lines = (folder / "schedule.csv").read_text().splitlines()
    (folder / "schedule.csv").unlink()
    for at, line in enumerate(lines[1:]):
        (folder / f"schedule_{at:02d}.csv").write_text(f"{lines[0]}\n{line}\n")
    assert groups(folder, mapping) == sound


def test_cells_of_a_workbook_that_are_no_texts(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.append(["L-1", 4, datetime.datetime(2026, 6, 1), 100.0, None, 5])
        sheet.append(["L-1", 5, datetime.datetime(2026, 6, 1, 8, 30), 1, 1, 1])
        sheet.append(["L-1", 6, datetime.date(2026, 6, 1), 0.5, 1, 1])
        sheet.append(["L-1", 7, "=DATE(2026,1,1)", 1, 1, 1])
        sheet.append([6222021234567890123, 8, "2026/6/1", 1, 1, 1])
        sheet.append(["L-1", 9, "2026/6/1", True, 1, 1])
        sheet.append(["L-1", datetime.timedelta(hours=30), "2026/6/1", 1, 1, 1])
        sheet.append([None, None, None, None, None, None])
        sheet.append(["借据号", "期次", "到期日", "本金", "利息", "已还"])
        sheet.append([datetime.date(2026, 6, 1), 9, "2026/6/1", 1, 1, 1])

    folder, mapping = layout_b(tmp_path / "b", change=change)
    first = 3 + len(INSTALMENTS)
    assert [(number - first, reason, field) for _, number, _, reason, field in reasons(folder, mapping)] == [
        (1, r.BAD_TEXT, "due_on"),
        (2, r.BAD_AMOUNT, "principal"),
        (3, r.MISSING_VALUE, "due_on"),
        (4, r.BAD_TEXT, "account_ref"),
        (5, r.BAD_AMOUNT, "principal"),
        (6, r.BAD_TEXT, "number"),
        (8, r.HEADER_AGAIN, "row"),
        (9, r.BAD_TEXT, "account_ref"),
    ]
    _, accounts = groups(folder, mapping)
    [row] = [row for row in accounts["L-1"] if getattr(row, "number", None) == "4"]
    assert (row.principal, row.interest, row.paid) == (100, 0, 5)  # type: ignore[union-attr]


def test_a_merged_header_hides_the_columns_under_it(tmp_path: Path) -> None:
    folder, mapping = layout_b(tmp_path / "b", change=lambda sheet: sheet.merge_cells("D2:E2"))
    assert refused(folder, mapping) == {"file": "plan", "wrong": "missing-columns", "columns": ("利息",)}


def test_workbooks_that_are_none_or_lack_the_sheet(tmp_path: Path) -> None:
    folder, mapping = layout_b(tmp_path / "b")
    plan = folder / "还款计划.xlsx"
    sound, text = plan.read_bytes(), mapping.read_text()
    written(mapping, text.replace('sheet = "计划"', 'sheet = "别的"'))
    assert refused(folder, mapping) == {"file": "plan", "wrong": "no-such-sheet"}
    written(mapping, text.replace('sheet = "计划"\n', ""))
    assert refused(folder, mapping) == {"file": "plan", "wrong": "several-sheets"}
    written(mapping, text)
    for bytes_ in (
        b"",
        b"PK\x03\x04",
        b"name,number\n",
        sound[: len(sound) // 2],
        sound[:200] + b"\0" * 99 + sound[299:],
    ):
        plan.write_bytes(bytes_)
        assert refused(folder, mapping) == {"file": "plan", "wrong": "not-a-workbook"}


def test_a_workbook_that_reaches_too_far_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet["XFD1048576"] = "far out"

    assert refused(*layout_b(tmp_path / "b", change=change))["wrong"] == "too-large"


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    folder, mapping = layout_b(tmp_path / "b")
    packed = zipfile.ZipFile(folder / "还款计划.xlsx", "a", zipfile.ZIP_DEFLATED)
    with packed, packed.open("xl/bomb.xml", "w") as part:
        for _ in range((xlsx_size.UNPACKED_BYTES_MAX >> 20) + 1):
            part.write(b"\0" * (1 << 20))
    assert (folder / "还款计划.xlsx").stat().st_size < 1 << 20
    assert refused(folder, mapping)["wrong"] == "too-large"


def test_cells_without_a_place_count_as_if_they_stood_in_one_row(tmp_path: Path) -> None:
    folder, mapping = layout_b(tmp_path / "b")
    plan = folder / "还款计划.xlsx"
    with zipfile.ZipFile(plan) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"</sheetData>", b"<row>" + b"<c><v>1</v></c>" * 3000 + b"</row>" + b"<row/>" * 9 + b"</sheetData>"
    )
    with zipfile.ZipFile(plan, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    assert refused(folder, mapping)["wrong"] == "too-large"


def sharing(path: Path, texts: list[str], cells: list[int]) -> Path:
    """A workbook of one column whose cells share texts, as spreadsheet programs write it."""
    main, kind = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "officeDocument/2006/relationships",
    )
    related = f"http://schemas.openxmlformats.org/{kind}"
    package = "http://schemas.openxmlformats.org/package/2006"
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="s"><v>{cell}</v></c></row>' for at, cell in enumerate(cells, 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{related}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{related}"><sheets><sheet name="x" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{related}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{"".join(f"<si><t>{text}</t></si>" for text in texts)}</sst>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return path


def test_texts_that_cells_share_are_read(tmp_path: Path) -> None:
    path = sharing(tmp_path / "x.xlsx", ["借据号", "L-1"], [0, 1, 1])
    table = open_xlsx(path, FileShape(name="x", path="x.xlsx", format="xlsx"))
    assert table.header == ["借据号"]
    assert list(table.rows) == [(2, ["L-1"]), (3, ["L-1"])]


def test_a_long_text_in_many_cells_is_refused_and_many_short_ones_beside_it_are_not(tmp_path: Path) -> None:
    texts = ["x" * 1_000_000, "short"]
    many = sharing(tmp_path / "many.xlsx", texts, [0] * (xlsx_size.TEXT_BYTES_MAX // 1_000_000 + 1))
    assert many.stat().st_size < 1 << 16
    assert xlsx_size.wrong_with(many) == "too-large"
    assert xlsx_size.wrong_with(sharing(tmp_path / "once.xlsx", texts, [0] + [1] * 5_000)) is None
    spoilt = sharing(tmp_path / "spoilt.xlsx", texts, [1] * 5_000)
    with zipfile.ZipFile(spoilt) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b"<v>1</v>", b"<v>&#48;</v>"
    )
    with zipfile.ZipFile(spoilt, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    assert xlsx_size.wrong_with(spoilt) == "too-large"


def test_a_day_in_the_files_names_is_one_day(tmp_path: Path) -> None:
    folder, mapping = layout_b(tmp_path / "b")
    (folder / "贷款台账_20260131.txt").rename(folder / "贷款台账_20260132.txt")
    assert refused(folder, mapping) == {"file": "ledger", "wrong": "no-day"}
    for day in ("20260130", "20260131"):
        (folder / f"贷款台账_{day}.txt").write_bytes((folder / "贷款台账_20260132.txt").read_bytes())
    (folder / "贷款台账_20260132.txt").unlink()
    assert refused(folder, mapping) == {"file": "ledger", "wrong": "several-days"}


def test_the_column_of_a_cell_is_counted_as_sheets_do() -> None:
    assert [xlsx_size._column(letters) for letters in (b"A", b"Z", b"AA", b"XFD", b"")] == [
        1,
        26,
        27,
        16384,
        0,
    ]


def test_one_key_for_a_whole_file_is_taken_in_as_far_as_memory_should_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.case.adapters.book.delivery.GROUP_ROWS_MAX", 4)
    folder, mapping = layout_a(tmp_path / "a")
    found = reasons(folder, mapping)
    assert {(reason, entity) for _, _, entity, reason, _ in found} == {
        (r.TOO_MANY, "instalments"),
        (r.TOO_MANY, "balances"),
    }
    _, accounts = groups(folder, mapping)
    assert {len(rows) for rows in accounts.values()} == {4}
