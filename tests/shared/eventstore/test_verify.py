"""Whatever is altered in the store, verification names the record; an untouched store has nothing to name."""

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from shared.eventstore.port import COLUMNS
from shared.eventstore.verify import Report, verify
from tests.kit.ledgers import a_command, backends, opened, store_on

VICTIM = 5
"""The position that the tests alter, of 9: three statements each on three accounts."""


async def a_store(folder: Path) -> None:
    async with opened(store_on("sqlite", folder, None), folder) as ledger:  # type: ignore[arg-type]
        for n in range(9):
            await ledger.commit(await a_command(ledger, f"k{n}", ref=f"A-{n % 3}", expected=n // 3))


async def verified(folder: Path) -> Report:
    async with opened(store_on("sqlite", folder, None), folder) as ledger:  # type: ignore[arg-type]
        return await verify(ledger)


def alter(folder: Path, *statements: str) -> None:
    """As someone with the file and no scruples would."""
    with sqlite3.connect(folder / "case.db") as connection:
        connection.executescript(
            "DROP TRIGGER ledger_event_refuses_update; DROP TRIGGER ledger_event_refuses_delete;"
        )
        for statement in statements:
            connection.execute(statement)


def codes(report: Report) -> set[str]:
    return {problem.code for problem in report.problems}


@backends
async def test_an_honest_store_verifies(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path, shards=4) as ledger:
        for n in range(9):
            await ledger.commit(await a_command(ledger, f"k{n}", ref=f"A-{n % 3}", expected=n // 3))
        heard: list[tuple[int, int]] = []
        report = await verify(ledger, progress=lambda done, total: heard.append((done, total)))
        assert (report.lanes, report.checked, report.sections, report.found) == (4, 9, 18, 0)
        assert heard[-1] == (9, 9)


async def test_an_empty_store_verifies(tmp_path: Path) -> None:
    report = await verified(tmp_path)
    assert (report.lanes, report.checked, report.found) == (1, 0, 0)


ALTERED = {
    "stream_id": "'account-00000000-0000-8000-8000-000000000000'",
    "version": "version + 40",
    "type": "'case.CaseOpened'",
    "schema": "2",
    "event_id": "randomblob(16)",
    "effective_at": "effective_at + 1",
    "recorded_at": "recorded_at + 1",
    "actor": "'user:somebody'",
    "causation_id": "randomblob(16)",
    "correlation_id": "randomblob(16)",
    "command_id": "randomblob(16)",
    "policy": "NULL",
    "leaf": "CAST(replace(CAST(leaf AS TEXT), 'system:test', 'system:tost') AS BLOB)",
    "body": "zeroblob(length(body))",
}


@pytest.mark.parametrize("column", [c for c in COLUMNS if c not in ("lane", "position")])
async def test_an_altered_column_is_found_at_its_position(column: str, tmp_path: Path) -> None:
    await a_store(tmp_path)
    alter(tmp_path, f"UPDATE ledger_event SET {column} = {ALTERED[column]} WHERE position = {VICTIM}")
    report = await verified(tmp_path)
    assert VICTIM in {problem.position for problem in report.problems}


@pytest.mark.parametrize(
    "absurd",
    [
        "recorded_at = 9223372036854775807", "effective_at = -9223372036854775808", "event_id = x'00'",
        "stream_id = 'x'", "actor = char(10)", "type = ''", "schema = -1", "policy = ''",
        "version = 9223372036854775807", "command_id = x'00'", "body = zeroblob(70000)", "leaf = zeroblob(70000)",
    ],
)  # fmt: skip
async def test_a_value_that_makes_no_sense_is_found_like_any_other(absurd: str, tmp_path: Path) -> None:
    await a_store(tmp_path)
    unchecked = "PRAGMA ignore_check_constraints = 1"
    alter(tmp_path, unchecked, f"UPDATE ledger_event SET {absurd} WHERE position = {VICTIM}")
    report = await verified(tmp_path)
    assert VICTIM in {problem.position for problem in report.problems}


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (f"DELETE FROM ledger_event WHERE position = {VICTIM}", "position-gap"),
        ("DELETE FROM ledger_event WHERE position = 9", "tail-missing"),
        ("UPDATE ledger_lane SET head = 8", "beyond-head"),
        (f"UPDATE ledger_event SET position = 40 WHERE position = {VICTIM}", "position-gap"),
        (f"UPDATE ledger_event SET body = x'90' WHERE position = {VICTIM}", "section-missing"),
        (f"UPDATE ledger_event SET leaf = x'00' WHERE position = {VICTIM}", "leaf-form"),
        ("DELETE FROM data_key", "key-missing"),
        ("UPDATE data_key SET wrapped = zeroblob(60) WHERE class = 'id'", "key-missing"),
        ("DELETE FROM ledger_command", "command-answer"),
        ("UPDATE ledger_command SET position = 1 WHERE position = 9", "command-answer"),
        (
            "UPDATE ledger_event SET leaf = CAST(replace(CAST(leaf AS TEXT), 'Asia', 'Asiy') AS BLOB)"
            " WHERE position = 9",
            "leaf-zone",
        ),
        (
            "UPDATE ledger_event SET leaf = CAST(replace(CAST(leaf AS TEXT), 'quittance.test', 'quittance.tost')"
            f" AS BLOB) WHERE position = {VICTIM}",
            "leaf-origin",
        ),
    ],
)
async def test_each_rule_bites(statement: str, code: str, tmp_path: Path) -> None:
    await a_store(tmp_path)
    alter(tmp_path, statement)
    assert code in codes(await verified(tmp_path))


async def test_two_bodies_exchanged_are_found(tmp_path: Path) -> None:
    await a_store(tmp_path)
    alter(
        tmp_path,
        "CREATE TEMP TABLE kept AS SELECT position, body FROM ledger_event",
        "UPDATE ledger_event SET body = (SELECT body FROM kept WHERE kept.position = 9 - ledger_event.position)"
        " WHERE position IN (3, 6)",
    )
    assert {p.position for p in (await verified(tmp_path)).problems} >= {3, 6}


async def test_a_rewritten_tail_of_one_stream_breaks_its_chain(tmp_path: Path) -> None:
    """Row and leaf changed together: the next event of the stream still names the old leaf."""
    await a_store(tmp_path)
    alter(
        tmp_path,
        "UPDATE ledger_event SET actor = 'user:other',"
        " leaf = CAST(replace(CAST(leaf AS TEXT), 'system:test', 'user:other') AS BLOB) WHERE position = 2",
    )
    report = await verified(tmp_path)
    assert ("leaf-chain", 5) in {(p.code, p.position) for p in report.problems}


async def test_a_flipped_bit_of_any_stored_event_byte_is_found(tmp_path: Path) -> None:
    """200 random bits of leaves and bodies, each in a copy of the store."""
    await a_store(tmp_path / "whole")
    draw = random.Random(20261122)
    for n in range(200):
        folder = tmp_path / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tmp_path / "whole", folder)
        column, position, where = draw.choice(["leaf", "body"]), draw.randint(1, 9), draw.random()
        flip_one_bit(folder, column, position, where, draw.randrange(8))
        found = {problem.position for problem in (await verified(folder)).problems}
        assert position in found, (n, column, position, where)


def flip_one_bit(folder: Path, column: str, position: int, where: float, bit: int) -> None:
    with sqlite3.connect(folder / "case.db") as connection:
        connection.execute("DROP TRIGGER ledger_event_refuses_update")
        [raw] = connection.execute(
            f"SELECT {column} FROM ledger_event WHERE position=?", (position,)
        ).fetchone()
        at = int(where * len(raw))
        flipped = raw[:at] + bytes([raw[at] ^ (1 << bit)]) + raw[at + 1 :]
        connection.execute(f"UPDATE ledger_event SET {column}=? WHERE position=?", (flipped, position))
