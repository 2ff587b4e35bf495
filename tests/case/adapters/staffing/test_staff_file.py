"""Staff lists as files: what is read, what is rejected and why; nothing of the file is told."""

from datetime import date
from pathlib import Path

import pytest

from services.case.adapters.staffing.staff_file import StaffFile, StaffFileUnreadable
from services.case.application.ports import Reject
from services.case.application.staffing.staff_import import StaffRow
from services.case.domain.staffing.member import Skills

HEADER = (
    "staff_ref,team,name,role,stages,products,languages,cap,on,left_on,leave_from,leave_until,leave_kind\n"
)


def read(tmp_path: Path, text: str | bytes) -> list[tuple[int, StaffRow | Reject]]:
    file = tmp_path / "staff.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(StaffFile(file))


def test_a_line_with_everything(tmp_path: Path) -> None:
    line = "user:1,TEAM_A,陈 某,FIELD,M1; M4+,CARD,zh-CN;yue,30,2026-01-05,2026-09-01,2026-02-01,2026-02-03,SICK\n"
    [(number, row)] = read(tmp_path, "\ufeff" + HEADER + line)
    assert number == 2
    assert row == StaffRow(
        staff_ref="user:1", name="陈 某", team="TEAM_A", role="FIELD",
        skills=Skills(("M1", "M4+"), ("CARD",), ("zh-CN", "yue")), cap=30, on=date(2026, 1, 5),
        left_on=date(2026, 9, 1), leave_from=date(2026, 2, 1), leave_until=date(2026, 2, 3), leave_kind="SICK",
    )  # fmt: skip


def test_only_what_must_be_there(tmp_path: Path) -> None:
    [(_, row)] = read(tmp_path, "team,staff_ref\nTEAM_A,user:1\n\n , \n")
    assert isinstance(row, StaffRow)
    assert (row.role, row.cap, row.on, row.skills) == ("COLLECTOR", None, None, Skills())


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ("陈某,A", "staff_ref"),
        (",A", "staff_ref"),
        ("u,team a", "team"),
        ("u,A,x,BOSS", "role"),
        ("u,A,,,M0", "stages"),
        ("u,A,,,,card", "products"),
        ("u,A,,,,,Chinese!", "languages"),
        ("u,A,,,,,,-1", "cap"),
        ("u,A,,,,,,１", "cap"),
        ("u,A,,,,,,,2026-13-01", "on"),
        ("u,A,,,,,,,20260101", "on"),
        ("u,A,,,,,,,,,2026-01-01", "leave_until"),
        ("u,A,,,,,,,,,,2026-01-01", "leave_from"),
        ("u,A,,,,,,,,,,,NAP", "leave_kind"),
    ],
)
def test_a_line_that_makes_no_sense_is_named_by_its_column(tmp_path: Path, cells: str, field: str) -> None:
    padded = cells + "," * (HEADER.count(",") - cells.count(","))
    assert read(tmp_path, HEADER + padded + "\n") == [(2, Reject("malformed", field))]


def test_a_line_of_another_length(tmp_path: Path) -> None:
    assert read(tmp_path, "staff_ref,team\nu,A,more\n") == [(2, Reject("malformed", "line"))]


@pytest.mark.parametrize(
    "text", ["", "staff_ref\nu\n", "staff_ref,team,salary\nu,A,1\n", "staff_ref,team,team\n", b"\xff\xfe\x00"]
)
def test_a_file_that_is_no_staff_list(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(StaffFileUnreadable) as refused:
        read(tmp_path, text)
    assert "salary" not in str(refused.value.context)
