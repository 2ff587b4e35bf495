"""A small portfolio of invented accounts over six months, imported into a real ledger, with the case's views."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from services.case.application.ports import Numbered, Reject
from services.case.application.statements import StatementImport
from services.case.domain.commands import StatementLine
from services.case.domain.policy import POLICIES
from services.case.projections.all_views import VIEWS
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.catchup import prepare
from shared.eventstore.projection.postgres import PostgresViews
from shared.eventstore.projection.projections import Projections
from shared.eventstore.projection.runner import LaneRunner
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.projection.status import digest
from shared.kernel.clock import SystemClock
from tests.kit.ledgers import opened, store_on
from tests.kit.statements import month_end

MONTHS = 6
R = TypeVar("R")
C = TypeVar("C")


def lines_of(accounts: int, *, seed: int = 7) -> list[StatementLine]:
    """Statement lines in date order; some fall behind, jump, owe nothing, pay and cure."""
    draw = random.Random(seed)
    behind = dict.fromkeys(range(accounts), 0)
    lines = []
    for month in range(MONTHS):
        for n in range(accounts):
            step = draw.choice((0, 0, 1, 1, 2, -9))
            behind[n] = max(0, behind[n] + step) if n % 3 else 0
            balance = draw.choice((-500, 0, 90_000, 1_234_500, 42_000_000))
            paid = draw.choice((0, 0, 30_000))
            lines.append(
                StatementLine(f"TWC-{n:04}", month_end(month), behind[n], balance, paid, 10**7, "TWD")
            )
    return lines


def bucket(months: int) -> str:
    """DESIGN.md 6, said once more."""
    return "M4+" if months >= 4 else f"M{months}"


def _page(
    question: Callable[[sa.Connection, Any], list[R]], after: Any, connection: sa.Connection
) -> list[R]:
    return question(connection, after)


@dataclass
class Lines:
    """Lines as the import reads them."""

    lines: list[StatementLine]
    bytes_total: int = 1
    bytes_read: int = 1

    def __iter__(self) -> Iterator[Numbered]:
        return iter(enumerate(self.lines, start=2))


class NoRejects:
    """Fails the test that meets a reject."""

    def put(self, line: int, reject: Reject) -> None:
        """A line that should have been taken in was not."""
        raise AssertionError((line, reject))


@dataclass
class Desk:
    """The ledger and its views."""

    ledger: Ledger
    projections: Projections

    async def take_in(self, lines: list[StatementLine], *, corrections: bool = False) -> None:
        """Import these lines."""
        run = StatementImport(ledger=self.ledger, policies=POLICIES, corrections=corrections)
        await run.run(Lines(lines), rejects=NoRejects())

    async def all_pages(
        self, question: Callable[[sa.Connection, C | None], list[R]], cursor_of: Callable[[R], C]
    ) -> list[R]:
        """A question asked page by page until there is nothing more."""
        found: list[R] = []
        after: C | None = None
        while some := await self.projections.database.read(partial(_page, question, after)):
            found += some
            after = cursor_of(some[-1])
        return found

    async def digests(self) -> dict[str, str]:
        """View name -> digest."""
        return {view.name: await digest(self.projections.database, view) for view in VIEWS}

    async def in_pages(self, page: int) -> None:
        """Fill the views from where they stand, `page` events at a time."""
        await prepare(self.projections.database, self.projections.source, VIEWS)
        for lane in await self.projections.source.lanes():
            runner = LaneRunner(
                database=self.projections.database, source=self.projections.source,
                clock=self.projections.clock, lane=lane.lane, views=VIEWS, owner="test", page=page,
            )  # fmt: skip
            assert await runner.acquire()
            while await runner.step():
                pass
            await runner.release()

    async def forget(self) -> None:
        """All checkpoints gone: the views start again from nothing."""
        async with self.projections.database.transaction() as tx:
            for view in VIEWS:
                await tx.forget(*view.key)


@asynccontextmanager
async def desk(
    backend: str, folder: Path, request: pytest.FixtureRequest, *, shards: int = 1
) -> AsyncIterator[Desk]:
    """Opened on a store of its own."""
    async with opened(store_on(backend, folder, request), folder, shards=shards) as ledger:
        database = (
            SqliteViews(folder / "case.db")
            if backend == "sqlite"
            else PostgresViews(request.getfixturevalue("pg_dsn"), service="case")
        )
        projections = Projections(
            database=database, source=LedgerSource(ledger), clock=SystemClock(), views=VIEWS
        )
        await projections.open()
        try:
            yield Desk(ledger, projections)
        finally:
            await projections.close()


def counted_buckets(lines: list[StatementLine], as_of: date) -> dict[str, tuple[int, int]]:
    """Plain counting: bucket -> (accounts, balance) at the latest line not after `as_of`."""
    latest = {line.account_ref: line for line in lines if line.as_of <= as_of}
    found: dict[str, tuple[int, int]] = {}
    for line in latest.values():
        accounts, balance = found.get(bucket(line.months_past_due), (0, 0))
        found[bucket(line.months_past_due)] = (accounts + 1, balance + line.balance)
    return found


def counted_rolls(
    lines: list[StatementLine], from_: date, to: date
) -> dict[tuple[str, str], tuple[int, int]]:
    """Plain counting: (from, to) -> (accounts, opening balance)."""
    was = {line.account_ref: line for line in lines if line.as_of <= from_}
    became = {line.account_ref: line for line in lines if line.as_of <= to}
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for ref, line in was.items():
        pair = (bucket(line.months_past_due), bucket(became[ref].months_past_due))
        accounts, balance = found.get(pair, (0, 0))
        found[pair] = (accounts + 1, balance + line.balance)
    return found


@dataclass
class Counted:
    """Plain counting of cases."""

    open: dict[str, StatementLine]
    closed: int
    by_stage: Counter[str]


def counted_cases(lines: list[StatementLine]) -> Counted:
    """Who has an open case at the end, how many were closed, and open ones by stage."""
    standing: dict[str, StatementLine] = {}
    closed = 0
    for line in lines:
        if line.months_past_due >= 1:
            standing[line.account_ref] = line
        elif standing.pop(line.account_ref, None) is not None:
            closed += 1
    by_stage = Counter(_stage(line.months_past_due * 30) for line in standing.values())
    return Counted(standing, closed, by_stage)


def _stage(days: int) -> str:
    """DESIGN.md 4: M1 1-30, M2 31-60, M3 61-90, M4+ over 90."""
    return "M1" if days <= 30 else "M2" if days <= 60 else "M3" if days <= 90 else "M4+"
