"""Views in an SQLite file: one writing connection with a thread of its own, and a small pool of readers.

The views share the ledger's file. `synchronous=NORMAL` is enough here although the ledger needs FULL: after a power
cut the last pages may be gone, rows and checkpoint together, and are folded again.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite as sqlite_dialect

from shared.eventstore.projection.port import ViewsUnavailable, ViewTx
from shared.eventstore.projection.sqlite_tx import SqliteTx

T = TypeVar("T")

BUSY_TIMEOUT_S = 30.0
READERS = 4


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA recursive_triggers=ON")
    connection.execute("PRAGMA cache_size=-16384")
    return connection


class SqliteViews:
    """`path`: the service's database file, which holds the ledger too. See port.ViewDatabase."""

    def __init__(self, path: Path) -> None:
        self.dialect: sa.engine.Dialect = sqlite_dialect.dialect()
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="views")
        self._readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="view-reader")
        self._turn = asyncio.Lock()
        self._connection: sqlite3.Connection | None = None
        self._engine = sa.create_engine(
            "sqlite://", creator=lambda: _connect(path), poolclass=sa.QueuePool, pool_size=READERS
        )
        sa.event.listen(self._engine, "begin", _begin)

    async def open(self) -> None:
        """Connect the writer; readers connect when first asked."""
        try:
            self._connection = await self._run(lambda: _connect(self._path))
        except sqlite3.Error as problem:
            raise ViewsUnavailable(f"{self._path.name} cannot be opened") from problem

    async def close(self) -> None:
        """Close every connection. Safe to call twice."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await self._run(connection.close)
        self._engine.dispose()
        self._thread.shutdown(wait=False)
        self._readers.shutdown(wait=False)

    @asynccontextmanager
    async def transaction(self, *, writes: bool = True) -> AsyncIterator[ViewTx]:
        """BEGIN IMMEDIATE … COMMIT on the writing connection; one at a time. Only a writer takes SQLite's lock."""
        async with self._turn:
            connection = self._connection
            if connection is None:
                raise ViewsUnavailable("the view database is not open")
            await self._begin(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                yield SqliteTx(connection, self._guarded)
            except BaseException:
                await asyncio.shield(self._run(connection.rollback))
                raise
            await asyncio.shield(self._guarded(connection.commit))

    async def _begin(self, connection: sqlite3.Connection, statement: str) -> None:
        """Begin; a caller who is cancelled while it waits for the lock leaves no open transaction behind."""
        begun = asyncio.ensure_future(self._guarded(lambda: connection.execute(statement)))
        try:
            await asyncio.shield(begun)
        except asyncio.CancelledError:
            await asyncio.gather(begun, return_exceptions=True)
            await self._run(connection.rollback)
            raise

    async def read(self, question: Callable[[sa.Connection], T]) -> T:
        """Run a query function in a reader's thread, on one snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._ask, question, False)

    async def write(self, question: Callable[[sa.Connection], T]) -> T:
        """The same, holding SQLite's write lock from the start."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._ask, question, True)

    def _ask(self, question: Callable[[sa.Connection], T], writes: bool) -> T:
        with self._engine.connect() as connection:
            connection = connection.execution_options(immediate=writes)
            with connection.begin():
                return question(connection)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return await self._run(work)
        except sqlite3.OperationalError as problem:
            raise ViewsUnavailable("the view database does not answer") from problem


def _begin(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
