"""One byte of one stored event is altered, in a copy of the store and behind the database's back."""

import contextlib
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from services.main.settings import KEY_FILE
from services.main.usage import Stopped

KEYS_COPIED = KEY_FILE


@dataclass(frozen=True, slots=True)
class Altered:
    """Which record was altered, where in the file, and what the byte was and is."""

    position: int
    stream: str
    type: str
    offset: int
    was: int
    is_: int


def copy(folder: Path, key_file: Path, to: Path) -> None:
    """A copy of the store and its keys, complete although the original may be in use."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    with (
        contextlib.closing(sqlite3.connect(folder / "case.db")) as ours,
        contextlib.closing(sqlite3.connect(to / "case.db")) as other,
    ):
        ours.backup(other)
    shutil.copy2(key_file, to / KEYS_COPIED)


def alter(file: Path) -> Altered:
    """Change one bit of the year in which a case's event took effect, in its leaf; the file has no open writer."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # so that everything is in the one file
        rows = connection.execute(
            "SELECT position, stream_id, type, leaf FROM ledger_event WHERE type = 'case.PaymentReceived'"
            " ORDER BY position"
        ).fetchall()
    content = bytearray(file.read_bytes())
    for position, stream, type_, leaf in rows:
        at = content.find(leaf)
        if at >= 0:  # a leaf that runs over a page's end is not found in one piece
            offset = at + leaf.index(b'"eff":"') + len(b'"eff":"2')
            was = content[offset]
            content[offset] = was ^ 1
            file.write_bytes(content)
            return Altered(position, stream, type_, offset, was, was ^ 1)
    raise Stopped(en="the copy holds no payment to alter", zh="副本中没有可篡改的还款记录")
