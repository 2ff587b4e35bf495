"""A desk that shows personal data over a real store, with a clock that stands until it is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from services.case.adapters.privacy.viewed_parties import ViewedParties
from services.case.application.privacy.access import AccessDesk, Look, Reader
from services.case.domain.policy import CN_RETAIL_1, CasePolicy
from services.case.projections.all_views import views_under
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.projections import Projections
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.sqlite import SqliteViews
from shared.kernel import ids
from shared.kernel.clock import FixedClock
from shared.kernel.policy import PolicyBook
from shared.kernel.privacy.limits import PrivacyLimits
from tests.kit.ledgers import NOON, opened, store_on

LIMITS = PrivacyLimits(reveals_per_hour=3, searches_per_hour=4, shown_s=60)
CLERK = Reader("console/5b0e")


@dataclass
class Looking:
    """The desk, and what it stands on."""

    ledger: Ledger
    projections: Projections
    desk: AccessDesk
    clock: FixedClock

    async def search(
        self, kind: str, value: str, *, reader: Reader = CLERK, purpose: str = "CONTACT"
    ) -> Look:
        await self.projections.catch_up()
        index = self.desk.finder.index(kind, value)
        assert index is not None
        return await self.desk.take(
            reader, "SEARCH",
            lambda: self.desk.search(
                reader, kind=kind, index=index, purpose=purpose, own=self.ledger.command_id("t", "s", ids.new_token())
            ),
        )  # fmt: skip

    async def reveal(self, party: str, *fields: str, reader: Reader = CLERK, **other: Any) -> Look:
        asked = {"purpose": "CONTACT", "case": None} | other
        return await self.desk.take(
            reader, "REVEAL",
            lambda: self.desk.reveal(reader, party=party, fields=fields or ("PHONE",), **asked),
        )  # fmt: skip

    async def recorded(self) -> list[Any]:
        """Every event of the access streams, in the order of recording."""
        found = []
        for lane in await self.ledger.lane_numbers():
            rows = await self.ledger.read_lane(lane, after=0, limit=1000)
            found += await self.ledger.recorded([row for row in rows if row.stream_id.startswith("access-")])
        return [one.event for one in found]


@asynccontextmanager
async def looking(
    backend: str, folder: Path, request: pytest.FixtureRequest, *, limits: PrivacyLimits = LIMITS
) -> AsyncIterator[Looking]:
    """A store with a desk."""
    clock = FixedClock(NOON)
    shards = 1 if backend == "sqlite" else 3
    store = store_on(backend, folder, request)
    async with (
        opened(store, folder, shards=shards, clock=clock) as ledger,
        desk_over(ledger, backend, folder, request, clock, limits=limits) as it,
    ):
        yield it


@asynccontextmanager
async def desk_over(
    ledger: Ledger, backend: str, folder: Path, request: pytest.FixtureRequest, clock: FixedClock,
    *, limits: PrivacyLimits = LIMITS,
) -> AsyncIterator[Looking]:  # fmt: skip
    """The desk of a process over an open ledger."""
    if backend == "sqlite":
        database: Any = SqliteViews(folder / "case.db")
    else:
        from shared.eventstore.projection.postgres import PostgresViews

        database = PostgresViews(request.getfixturevalue("pg_dsn"), service="case")
    projections = Projections(
        database=database, source=LedgerSource(ledger), clock=clock, views=views_under(ledger.blind)
    )
    await projections.open()
    policies: PolicyBook[CasePolicy] = PolicyBook({"default": (replace(CN_RETAIL_1, privacy=limits),)})
    finder = ViewedParties(projections, ledger.blind)
    try:
        yield Looking(ledger, projections, AccessDesk(ledger, "default", policies, clock, finder), clock)
    finally:
        await projections.close()
