"""A few cases that things happen to, over a real ledger, with the work queue kept up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from services.case.application.handle import CaseDesk, Handled, Meta
from services.case.application.sweep import sweep
from services.case.domain.commands import LifeCommand
from services.case.domain.money_commands import OpenCase
from services.case.domain.policy import POLICIES
from services.case.projections import queue_lease, work_queue
from services.case.projections.queue_row import QueueRow
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.postgres import PostgresViews
from shared.eventstore.projection.projections import Projections
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.projection.status import digest
from shared.kernel.clock import FixedClock
from tests.kit.ledgers import opened, store_on
from tests.kit.life import ACCOUNT, DAY, cny

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
VIEWS = (work_queue.VIEW,)


@dataclass
class Floor:
    """The desk, the queues, and a clock that stands where the test puts it; `today` is the tenant's day."""

    ledger: Ledger
    desk: CaseDesk
    projections: Projections
    clock: FixedClock
    today: date = DAY
    keys: "count[int]" = field(default_factory=count)

    @property
    def now(self) -> datetime:
        """The instant it is."""
        return self.clock.now()

    async def open(
        self, debtor: str, minor: int = 100_000, *, days: int = 12, debts: tuple[str, ...] = (ACCOUNT,)
    ) -> str:
        """A new case; its id."""
        case_id = self.desk.case_id(debtor, 1)
        await self.do(
            case_id,
            OpenCase(
                debtor_ref=debtor,
                episode=1,
                debts=debts,
                on=self.today,
                arrears=cny(minor),
                days_past_due=days,
            ),
        )
        return case_id

    async def do(self, case_id: str, command: LifeCommand) -> Handled:
        """One thing done to a case."""
        meta = Meta(
            actor="user:chen",
            client="test",
            key=f"k{next(self.keys)}",
            fingerprint=b"1",
            today=self.today,
        )
        return await self.desk.handle(case_id, command, meta)

    async def pass_days(self, days: int, *cases: str) -> None:
        """So many days later, swept each day."""
        for _ in range(days):
            self.today += timedelta(days=1)
            self.clock.advance(timedelta(days=1))
            await sweep(cases, desk=self.desk, tenant="default", policies=POLICIES, as_of=self.today)

    async def row(self, case_id: str) -> QueueRow | None:
        """Where the case stands now, None where it stands in no queue; the same rebuilt as live."""
        await self.projections.catch_up()
        live = await digest(self.projections.database, work_queue.VIEW)
        await self.projections.rebuild(VIEWS)
        assert await digest(self.projections.database, work_queue.VIEW) == live
        return await self.projections.database.read(lambda c: work_queue.one(c, case_id))

    async def queue(self, case_id: str) -> str | None:
        """The queue the case stands in."""
        row = await self.row(case_id)
        return row.queue if row else None

    async def take(self, who: str, queue: str = "M1", *, lease: str = "") -> str | None:
        """The case that is handed to a collector."""
        await self.projections.catch_up()
        leased = await self.projections.database.write(
            lambda c: queue_lease.take_next(c, queue=queue, collector=who, now=self.now, lease=lease)
        )
        return leased.case_id if leased else None


@asynccontextmanager
async def floor(backend: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Floor]:
    """Opened on a store of its own."""
    clock = FixedClock(START)
    async with opened(store_on(backend, folder, request), folder, clock=clock) as ledger:
        database = (
            SqliteViews(folder / "case.db")
            if backend == "sqlite"
            else PostgresViews(request.getfixturevalue("pg_dsn"), service="case")
        )
        projections = Projections(database=database, source=LedgerSource(ledger), clock=clock, views=VIEWS)
        await projections.open()
        desk = CaseDesk(ledger=ledger, tenant="default", policies=POLICIES)
        try:
            yield Floor(ledger, desk, projections, clock)
        finally:
            await projections.close()
