"""How a session with the server is opened, what it must be like, and what the server's errors mean to us."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from shared.eventstore.port import LedgerError, StoreFull, StoreUnavailable
from shared.eventstore.postgres.arrays import register
from shared.eventstore.postgres.eager import EagerConnection

CONNECT_TIMEOUT_S = 5
SETTINGS = {
    "TimeZone": "UTC",
    "default_transaction_isolation": r"read\ committed",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "15s",
    # Every read here is by key. A plan made while the tables are empty must not scan them when they are full.
    "enable_seqscan": "off",
    "jit": "off",
}
_SERVICE = re.compile(r"[a-z][a-z_]{0,40}")
_TRUE = {"y", "yes", "t", "true", "on", "1"}

Connection = psycopg.AsyncConnection[Any]


class UnsafeServer(LedgerError):
    """The server or the environment is set so that the ledger could lose what it acknowledged. Nothing was opened."""


def session(url: str, *, service: str) -> dict[str, Any]:
    """Arguments of `psycopg.connect`: the service's own schema, UTC, READ COMMITTED and a limit to every wait.

    What the URL says itself (timeouts, application_name) is kept.
    """
    if not _SERVICE.fullmatch(service):
        raise ValueError("a service's name is lower-case letters")
    given = conninfo_to_dict(url.replace("postgresql+psycopg://", "postgresql://", 1))
    settings = {"search_path": f'"{service}",pg_temp'} | SETTINGS
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    limits = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "application_name": f"quittance-{service}",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
    }
    given_options = given.pop("options", None)
    return limits | given | {"options": f"{options} {given_options or ''}".strip()}


async def connect(url: str, *, service: str) -> Connection:
    """A session in autocommit that prepares statements at once. Raises psycopg.OperationalError."""
    opened = await EagerConnection.connect(
        **session(url, service=service), autocommit=True, prepare_threshold=0
    )
    register(opened)
    return opened


def check_environment() -> None:
    """Refuse the library's switch that drops its table lock and so loses events (event-store.md 0.2)."""
    if os.environ.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").strip().lower() in _TRUE:
        raise UnsafeServer("unset POSTGRES_ENABLE_DB_FUNCTIONS: with it followers skip events for ever")


async def check_server(connection: Connection) -> None:
    """Refuse a server whose commits may be forgotten."""
    for setting, accepted in (("synchronous_commit", {"on", "remote_apply"}), ("fsync", {"on"})):
        row = await (await connection.execute("SELECT current_setting(%s)", (setting,))).fetchone()
        if not row or row[0] not in accepted:
            raise UnsafeServer(f"set {setting}=on for this server, database and role: commits could be lost")


@contextmanager
def translated() -> Iterator[None]:
    """The driver's errors of a read or a small write as the ledger's; their own text stays with the cause."""
    try:
        yield
    except errors.DiskFull as problem:
        raise StoreFull("the server's disk is full; free space and send again") from problem
    except (psycopg.OperationalError, psycopg.InterfaceError) as problem:
        raise StoreUnavailable("the database cannot be used now") from problem
    except psycopg.Error as problem:
        raise LedgerError("the database refused the rows") from problem
