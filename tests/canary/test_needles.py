"""Every search of this suite finds what is planted: in every spelling, every encoding, every kind of place."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.canary.needles import (
    CANARY,
    CHUNK,
    NEEDLES,
    in_bytes,
    in_file,
    in_folder,
    in_sqlite,
    in_text,
)


@pytest.mark.parametrize("label", NEEDLES)
def test_each_needle_is_found_between_other_bytes(label: str) -> None:
    found = in_bytes(b"\x00before " + NEEDLES[label] + b" after\xff", "planted")
    assert f"planted: {label}" in found


def test_nothing_is_found_where_nothing_is() -> None:
    masked = (
        '{"name":"禤**","phone":"154****7341","identity_no":"9901**********","email":"x***@c***.example"}'
    )
    assert in_text(masked, "masked") == []


def test_base64_is_found_wherever_the_value_stands_in_it() -> None:
    import base64

    for before in range(7):
        coded = base64.b64encode(b"x" * before + CANARY.mobile.encode() + b"y" * before)
        assert any("base64" in one for one in in_bytes(coded, "coded")), before


def test_a_leak_is_found_in_a_file_across_its_chunks_and_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"x" * (CHUNK - 5) + CANARY.mobile.encode() + b"x" * 10)
    assert in_file(tmp_path / "log")
    (tmp_path / "log").write_bytes(b"nothing")
    assert in_folder(tmp_path) == []
    (tmp_path / f"export-{CANARY.mobile}.csv").touch()
    assert in_folder(tmp_path)


def test_a_leak_is_found_in_a_table_and_in_the_database_file_with_its_wal(tmp_path: Path) -> None:
    file = tmp_path / "case.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as base:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("CREATE TABLE a_view (id INTEGER, told ANY)")
        for told in (CANARY.name, CANARY.name.encode("gb18030"), int(CANARY.mobile), f"x{CANARY.email}y"):
            base.execute("INSERT INTO a_view VALUES (1, ?)", [told])
            assert in_sqlite(file), told
            if not isinstance(told, int):
                assert in_folder(tmp_path), told
            base.execute("DELETE FROM a_view")
            assert in_sqlite(file) == []
