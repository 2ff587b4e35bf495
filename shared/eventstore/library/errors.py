"""The ledger's refusals in the library's words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from eventsourcing import persistence

from shared.eventstore.ledger import TenantUnknown
from shared.eventstore.library.side import SnapshotTaken, TrackingBehind
from shared.eventstore.port import (
    DuplicateEvent,
    KeyReused,
    LedgerClosed,
    LedgerError,
    Malformed,
    Oversize,
    StaleVersion,
)
from shared.eventstore.sections import BoxBroken

_WORDS: tuple[tuple[tuple[type[Exception], ...], type[persistence.PersistenceError]], ...] = (
    ((StaleVersion, DuplicateEvent, KeyReused, TrackingBehind, SnapshotTaken), persistence.IntegrityError),
    ((sqlite3.IntegrityError, psycopg.IntegrityError), persistence.IntegrityError),
    ((Malformed, Oversize, BoxBroken), persistence.DataError),
    ((TenantUnknown,), persistence.ProgrammingError),
    ((LedgerClosed,), persistence.InterfaceError),
    ((LedgerError, sqlite3.Error, psycopg.Error), persistence.OperationalError),
)


def in_the_librarys_words(problem: Exception) -> persistence.PersistenceError | None:
    """The library's exception for one of ours; None for what is not a refusal but a fault."""
    for kinds, word in _WORDS:
        if isinstance(problem, kinds) or (
            type(problem) is LedgerError and isinstance(problem.__cause__, kinds)
        ):
            return word(str(problem))
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Raises the library's exceptions, each with ours as its cause."""
    try:
        yield
    except Exception as problem:
        word = in_the_librarys_words(problem)
        if word is None:
            raise
        raise word from problem
