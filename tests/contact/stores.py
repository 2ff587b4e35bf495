"""A ledger of the contact service on a real store, for tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.contact.domain.events import STORED_AS
from shared.eventstore.ledger import Ledger, open_ledger
from shared.eventstore.port import Store
from shared.eventstore.postgres.store import PostgresStore
from shared.eventstore.registry import Registry
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import Clock, SystemClock

backends = pytest.mark.parametrize("backend", ["sqlite", "postgres"])


def contact_store(backend: str, folder: Path, request: pytest.FixtureRequest) -> Store:
    """A store of its own for the test; a PostgreSQL is only started for those that ask for one."""
    if backend == "sqlite":
        return SqliteStore(folder / "contact.db")
    return PostgresStore(request.getfixturevalue("pg_dsn"), service="contact")


@asynccontextmanager
async def opened(
    store: Store, folder: Path, *, clock: Clock | None = None, shards: int = 1
) -> AsyncIterator[Ledger]:
    """The ledger over `store`, its keys in `folder`, tenant `default` provisioned."""
    ledger = await open_ledger(
        store=store, key_file=folder / "keys.json", registry=Registry(STORED_AS, None),
        deployment="quittance.test", service="contact", clock=clock or SystemClock(),
    )  # fmt: skip
    try:
        await ledger.provision(shards=shards)
        yield ledger
    finally:
        await ledger.close()
