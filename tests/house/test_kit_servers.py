"""The kit's own promises: a server survives a kill, stays private, and a small file system runs full."""

from __future__ import annotations

import errno

import psutil
import psycopg
import pytest

from tests.kit.postgres import PostgresServer
from tests.kit.tmpfs import small_tmpfs


def test_the_server_is_18_with_fsync_and_the_builtin_locale(pg_dsn: str) -> None:
    with psycopg.connect(pg_dsn) as connection:
        assert connection.info.server_version // 10_000 == 18
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SELECT datlocprovider FROM pg_database LIMIT 1").fetchone() == ("b",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


def test_a_fresh_database_is_empty_and_only_its_own(pg_server: PostgresServer) -> None:
    first, second = pg_server.create_database(), pg_server.create_database()
    with psycopg.connect(first, autocommit=True) as connection:
        connection.execute("CREATE TABLE seen (n int)")
    with psycopg.connect(second) as connection:
        assert connection.execute("SELECT to_regclass('seen')").fetchone() == (None,)
    for dsn in (first, second):
        pg_server.drop_database(dsn)


def test_a_wrong_password_is_refused(pg_server: PostgresServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://postgres:wrong@127.0.0.1:{pg_server.port}/postgres")


def test_a_commit_survives_kill_nine_and_no_backend_does() -> None:
    with PostgresServer() as server:
        dsn = server.create_database()
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (7)")
            family = [
                server.pid,
                *(child.pid for child in psutil.Process(server.pid).children(recursive=True)),
            ]
            server.kill9()
        assert not [pid for pid in family if psutil.pid_exists(pid) and _runs(pid)]
        server.restart()
        with psycopg.connect(dsn) as connection:
            assert connection.execute("SELECT n FROM kept").fetchall() == [(7,)]


def test_a_small_file_system_runs_full() -> None:
    with small_tmpfs(megabytes=1) as folder, pytest.raises(OSError) as full:
        (folder / "big").write_bytes(bytes(2_000_000))
    assert full.value.errno == errno.ENOSPC
    assert not folder.exists()


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
