"""A ledger of the case service on a real store, for tests; `backends` names both."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services.case.domain.events import STORED_AS, UPCASTS, StatementReported
from shared.eventstore.ledger import Ledger, open_ledger
from shared.eventstore.port import Command, NewEvent, Store, StreamWrite
from shared.eventstore.postgres.store import PostgresStore
from shared.eventstore.registry import Registry
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.money import Money

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
backends = pytest.mark.parametrize("backend", ["sqlite", "postgres"])


def store_on(backend: str, folder: Path, request: pytest.FixtureRequest) -> Store:
    """A store of its own for the test; a PostgreSQL is only started for those that ask for one."""
    if backend == "sqlite":
        return SqliteStore(folder / "case.db")
    return PostgresStore(request.getfixturevalue("pg_dsn"), service="case")


@asynccontextmanager
async def opened(
    store: Store,
    folder: Path,
    *,
    shards: int = 1,
    clock: Clock | None = None,
    deployment: str = "quittance.test",
) -> AsyncIterator[Ledger]:
    """The ledger over `store`, its keys in `folder`, tenant `default` provisioned."""
    ledger = await open_ledger(
        store=store, key_file=folder / "keys.json", registry=Registry(STORED_AS, UPCASTS),
        deployment=deployment, service="case", clock=clock or SystemClock(),
    )  # fmt: skip
    try:
        await ledger.provision(shards=shards)
        yield ledger
    finally:
        await ledger.close()


def a_statement(ref: str = "A-1", *, months: int = 1, minor: int = 12_345) -> StatementReported:
    """A month end that an invented lender reported."""
    owed = Money(minor=minor, currency="TWD")
    return StatementReported(
        account_ref=ref, as_of=date(2005, 4, 30), months_past_due=months, balance=owed, payment=owed,
        credit_limit=owed, content="ab" * 32,
    )  # fmt: skip


async def a_command(
    ledger: Ledger,
    key: str,
    *,
    ref: str = "A-1",
    expected: int = 0,
    events: int = 1,
    fingerprint: bytes = b"one",
    event_id: UUID | None = None,
    change: Callable[[StatementReported], object] = lambda event: event,
) -> Command:
    """A command that reports `events` statements on the account `ref`, standing at `expected`."""
    subjects = await ledger.subjects([ref])
    new = NewEvent(
        change(a_statement(ref)), NOON, {"debtor": subjects[ref]}, "Asia/Shanghai", event_id=event_id
    )
    stream = ledger.stream_id("account", ref, debtor_ref=ref)
    return Command(
        tenant="default", command_id=ledger.command_id("test", "statement", key), fingerprint=fingerprint,
        actor="system:test", writes=(StreamWrite(stream, expected, (new,) * events),), policy="cn-retail/7",
    )  # fmt: skip
