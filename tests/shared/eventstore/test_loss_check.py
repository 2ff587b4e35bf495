"""The comparison behind the loss test finds what it is there to find."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.main.bench.loss_check import FollowerCheck, Log, LossReport, WriterCheck
from services.main.bench.loss_journal import Journal, Tail

SPACE = UUID(int=7)


def _id(key: str) -> UUID:
    return uuid5(SPACE, key)


def _log(*keys: str) -> Log:
    """The log of a store that holds one event after the other of these commands; event n has id n."""
    log = Log(_NAMES, LossReport())
    log.commands = [_id(key).bytes for key in keys]
    log.events = [bytes([n]) for n in range(1, len(keys) + 1)]
    log.count = {_id(key).bytes: keys.count(key) for key in keys}
    return log


# All the checks ask of a ledger is the name of a command.
_NAMES: Any = SimpleNamespace(command_id=lambda _client, _operation, key: _id(key))


def _judged(folder: Path, lines: list[str], log: Log, *, follower: bool = False) -> LossReport:
    path, report = folder / "journal", LossReport()
    Journal(path).write(*lines)
    if follower:
        following = FollowerCheck(Tail(path), report)
        following.read_on()
        following.check(log)
    else:
        writing = WriterCheck(_NAMES, Tail(path), report)
        writing.read_on()
        writing.check(log)
        writing.check_refusals(log)
    return report


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["> a L-w-1 0 1", "= a 1 0", "> b L-w-1 1 2", "= b 3 1", "> c L-hot 5 1", "x c"], {}),
        (["> a L-w-1 0 1", "= a 2 0"], {"lost": 1}),
        (["> a L-w-1 0 1", "= a 9 0"], {"lost": 1}),
        (["> z L-w-1 0 1", "= z 1 0"], {"lost": 1}),
        (["> b L-w-1 0 1", "= b 3 0"], {"doubled": 1}),
        (["> b L-hot 0 1", "x b"], {"doubled": 1}),
        (["> c L-w-1 0 1", "x c"], {"lost": 1}),
    ],
)
def test_what_a_writer_was_told_is_compared(tmp_path: Path, lines: list[str], found: dict[str, int]) -> None:
    report = _judged(tmp_path, lines, _log("a", "b", "b"))
    assert {name: getattr(report, name) for name in ("lost", "doubled") if getattr(report, name)} == found
    assert report.clean is not bool(found)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["1 01", "2 02", "3 03"], {}),
        (["1 01", "3 03"], {"missed": 1}),
        (["2 02"], {"missed": 1}),
        (["1 01", "1 01"], {"repeated": 1}),
        (["1 01", "2 03"], {"missed": 1}),
        (["1 01", "2 02", "1 01", "2 02", "3 03"], {"repeated": 1}),
    ],
)
def test_what_a_follower_saw_is_compared(tmp_path: Path, lines: list[str], found: dict[str, int]) -> None:
    report = _judged(tmp_path, lines, _log("a", "b", "b"), follower=True)
    assert {name: getattr(report, name) for name in ("missed", "repeated") if getattr(report, name)} == found


def test_a_line_cut_off_by_a_kill_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"1 01\n2 0")
    assert Tail(path).more() == ["1 01"]
    assert Journal(path).lines == ["1 01"]
    Journal(path).write("2 02")
    assert path.read_bytes() == b"1 01\n2 02\n"
