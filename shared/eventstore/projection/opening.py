"""What every service stands on: its ledger and its views, opened together and closed in order."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shared.eventstore.ledger import Ledger, open_ledger
from shared.eventstore.port import Store
from shared.eventstore.projection.port import ViewDatabase
from shared.eventstore.projection.projections import Projections
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.view import View
from shared.eventstore.registry import Registry
from shared.kernel.clock import Clock

Blind = Callable[[str, str], bytes]
"""What makes blind indexes under the tenant's key: kind, value -> 32 bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a service keeps its things. `place`: a file of its own, or the URL of a PostgreSQL database.

    `shards` counts only when the tenant is first used.
    """

    service: str
    place: Path | str
    key_file: Path
    deployment: str
    tenant: str
    shards: int


@asynccontextmanager
async def opened(
    ground: Ground,
    *,
    registry: Registry,
    views_under: Callable[[Blind], tuple[View, ...]],
    clock: Clock,
    provision: bool,
    views: bool,
) -> AsyncIterator[tuple[Ledger, Projections]]:
    """Ledger and views. `provision`: make store and tenant if they are new; `views` False leaves the tables alone.

    Raises: StoreUnavailable, KeysMissing, KeysWrong, ViewsUnavailable; TenantUnknown unless `provision`.
    """
    store, database = _back_end(ground)
    ledger = await open_ledger(
        store=store,
        key_file=ground.key_file,
        registry=registry,
        deployment=ground.deployment,
        service=ground.service,
        clock=clock,
    )
    source = LedgerSource(ledger, tenants=(ground.tenant,))
    blind = partial(ledger.blind, tenant=ground.tenant)
    projections = Projections(database=database, source=source, clock=clock, views=views_under(blind))
    try:
        if provision:
            await ledger.provision(ground.tenant, shards=ground.shards)
        else:
            await ledger.lanes(ground.tenant)
        if views:
            await projections.open()
        yield ledger, projections
    finally:
        await projections.close()
        await ledger.close()


def _back_end(ground: Ground) -> tuple[Store, ViewDatabase]:
    """The back ends for a place; each imports its driver, so only the one in use is loaded."""
    if isinstance(ground.place, Path):
        from shared.eventstore.projection.sqlite import SqliteViews
        from shared.eventstore.sqlite.store import SqliteStore

        return SqliteStore(ground.place), SqliteViews(ground.place)
    from shared.eventstore.postgres.store import PostgresStore
    from shared.eventstore.projection.postgres import PostgresViews

    return PostgresStore(ground.place, service=ground.service), PostgresViews(
        ground.place, service=ground.service
    )
