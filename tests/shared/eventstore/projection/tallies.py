"""A small view to try the engine with: statements per account, and one line for every event."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.port import ViewDatabase
from shared.eventstore.projection.postgres import PostgresViews
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.projection.view import View, Working
from shared.eventstore.registry import Erased
from shared.kernel.clock import Clock, SystemClock
from tests.kit.ledgers import a_command, opened, store_on

_META = sa.MetaData()
TALLY = sa.Table(
    "test_tally_v1",
    _META,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("statements", sa.Integer, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Index("test_tally_v1_count", "statements"),
)
LINE = sa.Table(
    "test_line_v1",
    _META,
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("months", sa.Integer, nullable=False),
)
SEEN = sa.Table(
    "test_seen_v1",
    _META,
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("stream_id", sa.Text, nullable=False),
)

REFUSED_BY_VIEW, REFUSED_BY_DATABASE = 13, 14
"""Months past due at which `a_view(fails=True)` raises, and at which it makes a row no table takes."""


class Unacceptable(Exception):
    """What the view under test fails with."""


def a_view(*, fails: bool = True) -> View:
    """The view; with `fails` it stumbles over statements of REFUSED_BY_… months."""

    def apply(seen: Any, rows: Working) -> None:
        event, row = seen.event, seen.row
        if isinstance(event, Erased):
            return
        found = rows.get(TALLY, row.stream_id)
        rows.put(TALLY, row.stream_id, (row.stream_id, (found[1] if found else 0) + 1, row.recorded_at))
        months: int | None = event.months_past_due
        if fails and months == REFUSED_BY_DATABASE:
            months = None
        rows.add(LINE, (row.lane, row.position, months))
        if fails and months == REFUSED_BY_VIEW:
            raise Unacceptable

    def wants(seen: Any) -> Iterable[tuple[str, str]]:
        return ((TALLY.name, seen.row.stream_id),)

    return View(name="test.tally", version=1, tables=(TALLY, LINE), apply=apply, wants=wants)


def envelope_view() -> View:
    """A view that opens nothing."""

    def apply(row: Any, rows: Working) -> None:
        rows.add(SEEN, (row.lane, row.position, row.stream_id))

    return View(name="test.seen", version=1, tables=(SEEN,), apply=apply, opens=False)


@dataclass(frozen=True)
class Bench:
    """A ledger, its views' database, and the reader between them."""

    ledger: Ledger
    views: ViewDatabase
    source: LedgerSource
    clock: Clock

    async def report(self, ref: str, *, months: int = 1, expected: int = 0) -> None:
        """One statement on the account `ref`, which stands at `expected`."""
        key = f"{ref}/{expected}"
        command = await a_command(
            self.ledger, key, ref=ref, expected=expected, change=lambda e: replace(e, months_past_due=months)
        )
        await self.ledger.commit(command)

    async def report_many(self, *, accounts: int, each: int) -> None:
        """`each` statements on every one of `accounts` accounts."""
        for expected in range(each):
            for n in range(accounts):
                await self.report(f"A-{n}", expected=expected)

    def stream(self, ref: str) -> str:
        """The account's stream."""
        return self.ledger.stream_id("account", ref, debtor_ref=ref)

    async def rows(self, table: sa.Table) -> list[tuple[Any, ...]]:
        """A table in key order."""
        query = sa.select(table).order_by(*table.primary_key.columns)
        return await self.views.read(lambda c: [tuple(row) for row in c.execute(query)])

    async def tallies(self) -> dict[str, int]:
        """account stream -> statements."""
        return {account: n for account, n, _ in await self.rows(TALLY)}


def views_on(backend: str, folder: Path, request: pytest.FixtureRequest) -> ViewDatabase:
    """The views' side of the database that `store_on` made."""
    if backend == "sqlite":
        return SqliteViews(folder / "case.db")
    return PostgresViews(request.getfixturevalue("pg_dsn"), service="case")


@asynccontextmanager
async def bench(
    backend: str, folder: Path, request: pytest.FixtureRequest, *, shards: int = 1, clock: Clock | None = None
) -> AsyncIterator[Bench]:
    """Everything opened, closed at the end."""
    clock = clock or SystemClock()
    async with opened(store_on(backend, folder, request), folder, shards=shards, clock=clock) as ledger:
        views = views_on(backend, folder, request)
        await views.open()
        try:
            yield Bench(ledger, views, LedgerSource(ledger), clock)
        finally:
            await views.close()
