"""One altered byte, and `audit verify` names the record."""

import sqlite3
from contextlib import closing
from pathlib import Path

from services.main.demo import tamper
from tests.kit.command import Command


def _copied(imported: Command, folder: Path) -> Path:
    source = imported.folder / ".quittance"
    tamper.copy(source, source / "keys.json", folder)
    return folder


def test_an_untouched_store_is_valid(imported: Command) -> None:
    said = imported.json("audit", "verify")
    assert said["valid"] is True
    assert said["problems"] == []
    assert said["checked"] > 4_000


def test_an_altered_byte_is_named_and_the_exit_code_is_5(imported: Command, tmp_path: Path) -> None:
    folder = _copied(imported, tmp_path / "copy")
    altered = tamper.alter(folder / "case.db")
    done = imported("audit", "verify", "--store", f"sqlite:///{folder}/", "--json")
    assert done.code == 5
    first = done.answer["problems"][0]
    assert (first["position"], first["stream"], first["type"]) == (
        altered.position,
        altered.stream,
        altered.type,
    )
    shown = imported("audit", "verify", "--store", f"sqlite:///{folder}/", QUITTANCE_LANG="zh-CN")
    assert shown.code == 5
    assert f"位置 {altered.position} " in shown.out


def test_a_damaged_record_is_said_wherever_it_is_met(imported: Command, tmp_path: Path) -> None:
    folder = _copied(imported, tmp_path / "copy")
    with closing(sqlite3.connect(folder / "case.db")) as connection:
        connection.execute("DROP TRIGGER ledger_event_refuses_update")
        which = "type = 'case.ArrearsReported' ORDER BY position LIMIT 1"
        position, body = connection.execute(
            f"SELECT position, body FROM ledger_event WHERE {which}"
        ).fetchone()
        altered = body[:-1] + bytes([body[-1] ^ 1])
        connection.execute("UPDATE ledger_event SET body = ? WHERE position = ?", (altered, position))
        connection.commit()
    store = ("--store", f"sqlite:///{folder}/")
    for command in (("events", "show", str(position)), ("events", "export")):
        done = imported(*command, *store)
        assert done.code == 1
        assert done.err.startswith(
            "quittance: a record in the store was altered or is damaged; `quittance audit verify`"
        )
    assert imported("projection", "rebuild", "--all", *store).code == 0
    done = imported("report", "cases", *store, "--json")
    assert done.code == 0
    assert done.answer["closed"] > 0, "the rest is there"
    assert "not complete: 1 streams" in done.err


def test_another_stores_key_file_is_told_apart(imported: Command, tmp_path: Path) -> None:
    from shared.eventstore.custody import KeyFile

    other = tmp_path / "other.json"
    KeyFile.create(other)
    done = imported("events", "tail", QUITTANCE_KEYS=str(other))
    assert done.code == 1
    assert "not the one this store was written under" in done.err
    assert "Traceback" not in done.err


def test_a_store_without_its_key_file_says_so(imported: Command, tmp_path: Path) -> None:
    folder = _copied(imported, tmp_path / "copy")
    (folder / "keys.json").unlink()
    done = imported("report", "cases", "--store", f"sqlite:///{folder}/")
    assert done.code == 1
    assert "QUITTANCE_KEYS" in done.err
