"""Connections to the embedded store, and what its error codes mean to us."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from shared.eventstore.port import DuplicateEvent, LedgerError, StoreFull, StoreUnavailable

BUSY_TIMEOUT_S = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FULL = 13
_UNAVAILABLE = {5, 8, 10, 14, 26}
"""BUSY, READONLY, IOERR, CANTOPEN, NOTADB."""


def connect(path: Path, *, cache_mb: int = 32) -> sqlite3.Connection:
    """A connection in autocommit, so that transactions begin and end where the code says so."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_S)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
        f"cache_size=-{cache_mb * 1024}",
        "wal_autocheckpoint=2000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


@lru_cache(maxsize=1024)
def micros(at: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z, exact."""
    return (at - _EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """The aware UTC time of `micros`; the last there is for an altered value beyond it, so that it can be read."""
    try:
        return _EPOCH + timedelta(microseconds=value)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """BEGIN IMMEDIATE (the write lock at once), COMMIT; ROLLBACK and a named error if anything fails."""
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def translated() -> Iterator[None]:
    """SQLite's errors as the ledger's. The text of the original stays with the cause, not in the message."""
    try:
        yield
    except sqlite3.IntegrityError as problem:
        if "event_id" in str(problem):
            raise DuplicateEvent("an event id is already stored") from problem
        raise LedgerError("the store refused the rows") from problem
    except sqlite3.DatabaseError as problem:
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        if code == _FULL:
            raise StoreFull("the disk that holds the store is full; free space and send again") from problem
        if code in _UNAVAILABLE:
            raise StoreUnavailable("the store's file cannot be used now") from problem
        raise
