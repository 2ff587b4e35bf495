"""Where a benchmark runs: folders that vanish, ledgers in them, a PostgreSQL of its own."""

import asyncio
import importlib
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from services.case.domain.events import STORED_AS, UPCASTS
from shared.eventstore.ledger import Ledger, open_ledger
from shared.eventstore.port import Store
from shared.eventstore.postgres.store import PostgresStore
from shared.eventstore.registry import Registry
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import SystemClock

T = TypeVar("T")
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "4GB", "checkpoint_timeout": "30min"}
"""Over the test server's own; fsync and synchronous_commit stay on."""


class NoCheckout(Exception):
    """The benchmarks start their servers with tests/kit, which only a checkout has."""


def checkout() -> Path:
    """The folder that holds `services`, `shared` and `tests`, put on the import path. Raises NoCheckout."""
    root = Path(__file__).resolve().parents[3]
    if not (root / "tests" / "kit" / "postgres.py").is_file():
        raise NoCheckout(
            "benchmarks run from a checkout of the source: the tests folder is not beside services"
        )
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return root


def from_kit(module: str) -> Any:
    """A module of tests/kit, loaded only when a benchmark needs it. Raises NoCheckout."""
    checkout()
    try:
        return importlib.import_module(f"tests.kit.{module}")
    except ImportError as problem:
        raise NoCheckout(
            f"tests.kit.{module} cannot be loaded; run `make bench`, which installs it"
        ) from problem


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder under TMPDIR, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="quittance-bench-") as name:
        yield Path(name)


@contextmanager
def postgres_server() -> Iterator[Any]:
    """A tests.kit.postgres.PostgresServer with fsync on, stopped and deleted at the end. Raises NoCheckout."""
    with from_kit("postgres").PostgresServer(settings=SETTINGS) as server:
        yield server


@contextmanager
def database(server: Any) -> Iterator[str]:
    """The URL of a new database, dropped at the end."""
    dsn: str = server.create_database()
    try:
        yield dsn
    finally:
        server.drop_database(dsn)


@asynccontextmanager
async def ledger_on(store: Store, keys: Path) -> AsyncIterator[Ledger]:
    """A ledger of the case service over a store, one lane, provisioned."""
    ledger = await open_ledger(
        store=store,
        key_file=keys / "keys.json",
        registry=Registry(STORED_AS, UPCASTS),
        deployment="bench",
        service="case",
        clock=SystemClock(),
    )
    try:
        await ledger.provision(shards=1)
        yield ledger
    finally:
        await ledger.close()


def sqlite_store(at: Path) -> SqliteStore:
    """The embedded store in a folder."""
    return SqliteStore(at / "case.db")


def postgres_store(dsn: str) -> PostgresStore:
    """The store in the `case` schema of a database."""
    return PostgresStore(dsn, service="case")


def on_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a fresh event loop."""
    return asyncio.run(work)
