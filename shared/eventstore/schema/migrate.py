"""Bring a service's tables to the revision this code was written for.

Called at every start: a store that is current costs one SELECT, and neither Alembic nor SQLAlchemy is imported for it.
Processes that start together wait for the one that migrates. A store at a later revision is left as it is.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

REVISION = "0001"
"""The revision this code needs. Zero-padded, so that revisions compare as text."""

WAIT_S = 30
"""How long a process waits for another one that migrates."""


def migrate(url: str, *, service: str) -> None:
    """Migrate the store of one service: `sqlite:///DIR/` or `postgresql://…`, as on the command line."""
    if url.startswith("sqlite:///"):
        migrate_sqlite(Path(url.removeprefix("sqlite:///")) / f"{service}.db")
    else:
        migrate_postgres(url, service=service)


def migrate_sqlite(path: Path) -> None:
    """Migrate one file, making it if need be. Raises sqlite3.Error."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=WAIT_S, check_same_thread=False)
    with closing(connection):
        if _sqlite_revision(connection) >= REVISION:
            return
        connection.execute("PRAGMA journal_mode=WAL")
        _upgrade("sqlite://", connection, lock=("BEGIN IMMEDIATE",))


def migrate_postgres(url: str, *, service: str) -> None:
    """Migrate one schema, making it if need be; needs the rights of the tables' owner when there is something to do.

    Raises psycopg.Error.
    """
    import psycopg

    from shared.eventstore.postgres.connecting import session

    with psycopg.connect(**session(url, service=service)) as connection:
        if _postgres_revision(connection) >= REVISION:
            return
        connection.rollback()
        lock = (
            "SET LOCAL statement_timeout = 0",
            f"SELECT pg_advisory_xact_lock(hashtextextended('quittance schema {service}', 0))",
            f'CREATE SCHEMA IF NOT EXISTS "{service}"',
        )
        _upgrade("postgresql+psycopg://", connection, lock=lock)


def _sqlite_revision(connection: sqlite3.Connection) -> str:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name='alembic_version'").fetchone():
        return ""
    return _first(connection.execute("SELECT version_num FROM alembic_version").fetchone())


def _postgres_revision(connection: Any) -> str:
    found = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone()
    if not found or not found[0]:
        return ""
    return _first(connection.execute("SELECT version_num FROM alembic_version").fetchone())


def _first(row: Any) -> str:
    return str(row[0]) if row else ""


def _upgrade(dialect: str, driver: Any, *, lock: tuple[str, ...]) -> None:
    """Run the missing revisions on a driver's connection: one transaction, which `lock` opens exclusively.

    Alembic looks at the revision again itself, so whoever comes second finds nothing to do.
    """
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import StaticPool, create_engine
    from sqlalchemy.exc import DBAPIError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    engine = create_engine(dialect, creator=lambda: driver, poolclass=StaticPool)
    try:
        with engine.connect() as connection:
            for statement in lock:
                connection.exec_driver_sql(statement)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except DBAPIError as problem:
        if problem.orig is None:
            raise
        raise problem.orig from problem  # what the caller of a driver's connection expects
