"""Fixtures every test may use: a real PostgreSQL, started when the first test asks for it."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.kit.postgres import PostgresServer

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that puts the suite in the background has it ignore Ctrl-C, and what the tests start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def pg_server() -> Iterator[PostgresServer]:
    """One PostgreSQL 18 per pytest process (per xdist worker). A test that kills it starts one of its own."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def pg_dsn(pg_server: PostgresServer) -> Iterator[str]:
    """URL of a fresh, empty database, dropped after the test."""
    dsn = pg_server.create_database()
    yield dsn
    pg_server.drop_database(dsn)
