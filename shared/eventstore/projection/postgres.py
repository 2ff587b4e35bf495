"""Views in PostgreSQL: a pool of writing connections (psycopg), and SQLAlchemy Core for questions.

The views share the ledger's database and schema. Pages commit with `synchronous_commit=off`: after a crash of the
server the last pages may be gone, rows and checkpoint together, and are folded again.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.types.string import BytesBinaryDumper
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.eventstore.postgres.arrays import register
from shared.eventstore.postgres.connecting import session
from shared.eventstore.projection.port import ViewsUnavailable, ViewTx
from shared.eventstore.projection.postgres_tx import PostgresTx

T = TypeVar("T")

WRITERS_MAX = 4
READERS_MAX = 8
CONNECT_TIMEOUT_S = 10.0


class PostgresViews:
    """`url` and `service` as the ledger's store has them: the views live in the service's schema.

    See port.ViewDatabase.
    """

    def __init__(self, url: str, *, service: str) -> None:
        self.dialect: sa.engine.Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        self._session = session(url, service=service)
        self._pool: AsyncConnectionPool | None = None
        self._engine: AsyncEngine = create_async_engine(
            "postgresql+psycopg://", async_creator=self._connect, pool_size=READERS_MAX, max_overflow=0
        )

    async def _connect(self) -> psycopg.AsyncConnection:
        connection = await psycopg.AsyncConnection.connect(**self._session)
        await self._configure(connection)
        return connection

    async def _configure(self, connection: psycopg.AsyncConnection) -> None:
        """What views need otherwise than the ledger: whole tables are read, and a page may be lost in a crash."""
        await connection.set_autocommit(True)
        for setting in ("synchronous_commit = off", "enable_seqscan = on", "statement_timeout = 0"):
            await connection.execute(f"SET {setting}")
        await connection.set_autocommit(False)
        register(connection)
        # The dumper for bytea that psycopg registers last is its slow one; binary COPY looks dumpers up by type.
        connection.adapters.register_dumper(bytes, BytesBinaryDumper)

    async def open(self) -> None:
        """Connect."""
        self._pool = AsyncConnectionPool(
            kwargs=self._session, min_size=1, max_size=WRITERS_MAX, configure=self._configure, open=False,
            timeout=CONNECT_TIMEOUT_S, check=AsyncConnectionPool.check_connection,
        )  # fmt: skip
        try:
            await self._pool.open(wait=True, timeout=CONNECT_TIMEOUT_S)
        except PoolTimeout as problem:
            await self._pool.close()
            raise ViewsUnavailable("the view database does not answer") from problem

    async def close(self) -> None:
        """Close every connection. Safe to call twice."""
        if self._pool is not None:
            await self._pool.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def transaction(self, *, writes: bool = True) -> AsyncIterator[ViewTx]:
        """BEGIN … COMMIT, READ COMMITTED."""
        if self._pool is None:
            raise ViewsUnavailable("the view database is not open")
        try:
            async with self._pool.connection() as connection:
                yield PostgresTx(connection)
        except (psycopg.OperationalError, PoolTimeout) as problem:
            raise ViewsUnavailable("the view database does not answer") from problem

    async def read(self, question: Callable[[sa.Connection], T]) -> T:
        """Run a query function in one READ COMMITTED transaction. Raises ViewsUnavailable."""
        with _answering():
            async with self._engine.connect() as connection:
                return await connection.run_sync(question)

    async def write(self, question: Callable[[sa.Connection], T]) -> T:
        """The same, committed."""
        with _answering():
            async with self._engine.begin() as connection:
                return await connection.run_sync(question)


@contextmanager
def _answering() -> Iterator[None]:
    """A server that is gone, as the views' own error; what is wrong with a query stays as it is."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, psycopg.OperationalError) as problem:
        raise ViewsUnavailable("the view database does not answer") from problem
