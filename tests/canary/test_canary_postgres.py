"""The planted person on PostgreSQL: in no table, no file of the server's data folder, no WAL, no server log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.canary import book
from tests.canary.needles import CANARY, in_folder, in_text
from tests.canary.test_canary import Place
from tests.kit.command import command_in
from tests.kit.postgres import PostgresServer


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of its own: its whole data folder is searched. It logs every statement with its parameters' types."""
    with PostgresServer(
        settings={"log_statement": "all", "log_parameter_max_length_on_error": "-1"}
    ) as server:
        yield server


def in_tables(dsn: str) -> list[str]:
    """Every value of every table, as text."""
    found = []
    with psycopg.connect(dsn) as base:
        tables = base.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert len(tables) > 20
        for schema, table in tables:
            rows = base.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(schema, table)))
            for (row,) in rows:
                found += in_text(row, table)
    return found


def test_the_person_is_nowhere_in_the_servers_files(tmp_path: Path, server: PostgresServer) -> None:
    dsn = server.create_database()
    place = Place(tmp_path)
    place.quittance = command_in(
        place.work, TMPDIR=str(place.temporary), QUITTANCE_STORE=dsn, QUITTANCE_SHARDS="3"
    )
    folder, mapping = book.whole(place.lender / "good")
    assert place.run("import", "book", folder, "--mapping", mapping).code == 0
    for kind, value in (("phone", CANARY.mobile), ("name", CANARY.name), ("identity-no", CANARY.identity_no)):
        said = place.search(kind, value)
        assert (said.code, "party-" in said.out) == (0, True), said.err
    assert place.search("name", "x" * 100).code == 0
    assert place.run("party", "show", book.LOAN, "--purpose", "AUDIT").code == 0
    assert place.run("audit", "who-read", book.LOAN).code == 0
    assert place.run("projection", "rebuild", "--all").code == 0
    with psycopg.connect(dsn, autocommit=True) as base:
        base.execute("CHECKPOINT")
    assert in_tables(dsn) == []
    assert in_folder(server.data_dir) == []
    assert in_text(server.log_path.read_text(errors="replace"), "the server's log") == []
    assert place.leaks() == []
    # The same searches, with a leak planted by a table of its own.
    with psycopg.connect(dsn, autocommit=True) as base:
        base.execute("CREATE TABLE public.leak AS SELECT %s::text AS told", [CANARY.name])
        base.execute("CHECKPOINT")
    assert in_tables(dsn)
    assert in_folder(server.data_dir)
