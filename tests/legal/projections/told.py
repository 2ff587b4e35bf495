"""A legal ledger that is told facts one by one, whatever the rules think of them, with every view over it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.legal.adapters.law_files import shipped
from services.legal.domain.events import STORED_AS, UPCASTS
from services.legal.domain.ground import Ground
from services.legal.domain.thing_ids import is_matter, proofs_of
from services.legal.projections.all_views import views_under
from shared.eventstore.ledger import Ledger, open_ledger
from shared.eventstore.port import Command, NewEvent, Store, StreamWrite
from shared.eventstore.postgres.store import PostgresStore
from shared.eventstore.projection.catchup import prepare
from shared.eventstore.projection.postgres import PostgresViews
from shared.eventstore.projection.projections import Projections
from shared.eventstore.projection.runner import LaneRunner
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.projection.status import digest
from shared.eventstore.registry import Registry
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import FixedClock
from tests.legal.kit import CASE

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LAW = Ground(law=shipped()["cn.law"])


@dataclass
class Told:
    """The ledger, its views, and a clock that goes on a second with every fact."""

    ledger: Ledger
    projections: Projections
    clock: FixedClock
    versions: dict[str, int] = field(default_factory=dict)

    async def tell(self, about: str, *events: Any) -> None:
        """These facts of a matter, or about the limitation of a case or debt, in one command."""
        self.clock.advance(timedelta(seconds=1))
        stream = about if is_matter(about) else proofs_of(about)
        people = await self.ledger.subjects([CASE, "prs_1", "staff:chen"])
        roles = {"debtor": people[CASE], "party": people["prs_1"], "staff": people["staff:chen"]}
        new = tuple(NewEvent(event, AT, roles, "Asia/Shanghai") for event in events)
        expected = self.versions.get(stream, 0)
        self.versions[stream] = expected + len(events)
        await self.ledger.commit(
            Command(
                tenant="default", command_id=self.ledger.command_id("told", "fact", f"{stream}/{expected}"),
                fingerprint=b"1", actor="user:chen", writes=(StreamWrite(stream, expected, new),), policy=None,
            )
        )  # fmt: skip

    async def ask(self, question: Any, *given: Any, **asked: Any) -> Any:
        """A question to the views, brought up to the head."""
        await self.projections.catch_up()
        return await self.projections.database.read(lambda connection: question(connection, *given, **asked))

    async def digests(self) -> dict[str, str]:
        """View name -> digest."""
        found = self.projections
        return {view.name: await digest(found.database, view) for view in found.views}

    async def refolded(self, page: int) -> None:
        """The views from nothing, so many events at a time."""
        found = self.projections
        async with found.database.transaction() as tx:
            for view in found.views:
                await tx.forget(*view.key)
        await prepare(found.database, found.source, found.views)
        for lane in await found.source.lanes():
            runner = LaneRunner(
                database=found.database, source=found.source, clock=found.clock, lane=lane.lane,
                views=found.views, owner="test", page=page,
            )  # fmt: skip
            assert await runner.acquire()
            while await runner.step():
                pass
            await runner.release()


@asynccontextmanager
async def told(backend: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Told]:
    """Opened on a store of its own, of two lanes."""
    clock = FixedClock(AT)
    dsn = None if backend == "sqlite" else request.getfixturevalue("pg_dsn")
    store: Store = PostgresStore(dsn, service="legal") if dsn else SqliteStore(folder / "legal.db")
    ledger = await open_ledger(
        store=store, key_file=folder / "keys.json", registry=Registry(STORED_AS, UPCASTS),
        deployment="quittance.test", service="legal", clock=clock,
    )  # fmt: skip
    database = PostgresViews(dsn, service="legal") if dsn else SqliteViews(folder / "legal.db")
    views = views_under(partial(ledger.blind, tenant="default"), LAW)
    projections = Projections(database=database, source=LedgerSource(ledger), clock=clock, views=views)
    try:
        await ledger.provision(shards=2)
        await projections.open()
        versions = {}
        for lane in await ledger.lane_numbers():
            for row in await ledger.read_lane(lane, after=0, limit=100_000):
                versions[row.stream_id] = row.version
        yield Told(ledger, projections, clock, versions)
    finally:
        await projections.close()
        await ledger.close()
