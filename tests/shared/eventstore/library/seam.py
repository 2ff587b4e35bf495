"""A store of its own for each test of the seam, named as the library names things: by environment."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any
from unittest import TestCase
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.utils import Environment

from shared.eventstore.ledger import Ledger, open_ledger
from shared.eventstore.library import Factory
from shared.eventstore.library.facade import store_of
from shared.eventstore.library.factory import where
from shared.eventstore.registry import Registry
from shared.kernel.clock import SystemClock

APPLICATION = "Trial"


class Seam(TestCase):
    """`settings` name the store; `a_factory` is closed after the test. Subclasses say which back end."""

    settings: dict[str, str]

    def a_factory(self, name: str = APPLICATION, **more: str) -> Factory:
        """An infrastructure factory as an application of this name would get it."""
        factory = Factory(Environment(name, self.settings | more))
        self.addCleanup(factory.close)
        return factory


def _settings(url: str, folder: Path) -> dict[str, str]:
    return {
        "PERSISTENCE_MODULE": "shared.eventstore.library",
        "QUITTANCE_STORE": url,
        "QUITTANCE_KEYS": str(folder / "keys.json"),
        "QUITTANCE_DEPLOYMENT": "quittance.test",
    }


class OnSqlite(Seam):
    """A file in a folder of its own."""

    @pytest.fixture(autouse=True)
    def _on_sqlite(self, tmp_path: Path) -> None:
        self.settings = _settings(f"sqlite:///{tmp_path}/", tmp_path)


class OnPostgres(Seam):
    """A fresh database on the suite's own server."""

    @pytest.fixture(autouse=True)
    def _on_postgres(self, pg_dsn: str, tmp_path: Path) -> None:
        self.settings = _settings(pg_dsn, tmp_path)


BACKENDS = (OnSqlite, OnPostgres)


def on_each_back_end(cases: Iterable[type[Seam]], *, module: str) -> dict[str, type[Seam]]:
    """name -> test class, for each case and back end; to be put among a test module's own names."""
    made: dict[str, type[Seam]] = {}
    for case in cases:
        for backend in BACKENDS:
            name = f"{case.__name__}{backend.__name__}"
            made[name] = type(name, (backend, case), {"__module__": module})
    return made


def stored(
    originator_id: UUID | str, version: int, *, topic: str = "a:Topic", state: bytes = b"{}"
) -> StoredEvent:
    """A stored event as a mapper makes it."""
    return StoredEvent(originator_id, version, topic, state)


def in_the_ledger(case: Seam, ask: Callable[[Ledger], Coroutine[Any, Any, Any]]) -> Any:
    """What a ledger of our own, opened on the same store, says."""
    there = where(Environment(APPLICATION, case.settings))

    async def asked() -> Any:
        ledger = await open_ledger(
            store=store_of(there), key_file=Path(there.key_file), registry=Registry({}),
            deployment=there.deployment, service=there.service, clock=SystemClock(),
        )  # fmt: skip
        try:
            return await ask(ledger)
        finally:
            await ledger.close()

    return asyncio.run(asked())
