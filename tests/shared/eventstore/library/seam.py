"""A store of its own for each test of the seam, named as the library names things: by environment."""

from collections.abc import Iterable
from pathlib import Path
from unittest import TestCase

import pytest
from eventsourcing.utils import Environment

from shared.eventstore.library import Factory

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
