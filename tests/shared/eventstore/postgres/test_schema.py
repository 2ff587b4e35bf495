"""Immutability, roles and settings on a real server."""

from __future__ import annotations

import os

import psycopg
import pytest

from shared.eventstore.port import Store
from shared.eventstore.postgres.appending import _APPEND, _arguments
from shared.eventstore.postgres.connecting import UnsafeServer, connect, session
from shared.eventstore.postgres.store import PostgresStore
from shared.eventstore.schema import migrate
from tests.ports.stores import a_batch, a_command

CHANGES = [
    "UPDATE ledger_event SET actor = 'x'",
    "UPDATE ledger_event_1 SET body = 'x'",
    "DELETE FROM ledger_event",
    "DELETE FROM ledger_event_1",
    "TRUNCATE ledger_event",
    "TRUNCATE ledger_event_1",
]


@pytest.fixture
async def store(pg_dsn: str) -> Store:
    """Two lanes, two events in the first."""
    opened = PostgresStore(pg_dsn, service="case")
    await opened.open()
    await opened.provision("default", 2)
    await opened.commit(a_batch(a_command(("case-a", 0, 2))))
    return opened


@pytest.mark.parametrize("statement", CHANGES)
@pytest.mark.parametrize("role", ["origin", "replica"])
async def test_nobody_changes_an_event_not_even_as_replica(
    store: Store, pg_dsn: str, statement: str, role: str
) -> None:
    with psycopg.connect(**session(pg_dsn, service="case"), autocommit=True) as superuser:
        superuser.execute(f"SET session_replication_role = {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            superuser.execute(statement)
    assert len(await store.read_lane(1, after=0, limit=9)) == 2
    await store.close()


async def test_owner_and_service_hold_no_right_to_change_and_the_eraser_only_shortens_bodies(
    pg_dsn: str,
) -> None:
    roles = ("quittance_owner", "quittance_service", "quittance_eraser")
    with psycopg.connect(pg_dsn, autocommit=True) as superuser:
        for role in roles:
            superuser.execute(f"DROP ROLE IF EXISTS {role}")
            superuser.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
        superuser.execute(f"GRANT CREATE ON DATABASE {pg_dsn.rpartition('/')[2]} TO quittance_owner")
    try:
        urls = {role: _with_password(pg_dsn, role) for role in roles}
        migrate.migrate(urls["quittance_owner"], service="case")
        service = PostgresStore(urls["quittance_service"], service="case")
        await service.open()
        await service.provision("default", 1)
        await service.commit(a_batch(a_command(("case-a", 0, 2))))
        for role in roles[:2]:
            for statement in CHANGES:
                with (
                    psycopg.connect(**session(urls[role], service="case"), autocommit=True) as link,
                    pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"),
                ):
                    link.execute(statement)
        with psycopg.connect(**session(urls["quittance_eraser"], service="case"), autocommit=True) as eraser:
            eraser.execute("UPDATE ledger_event SET body = 'short' WHERE position = 1")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                eraser.execute("UPDATE ledger_event SET body = 'longer than before' WHERE position = 1")
            for refused in ("UPDATE ledger_event SET actor = 'x'", "DELETE FROM ledger_event"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    eraser.execute(refused)
        assert [row.body for row in await service.read_lane(1, after=0, limit=1)] == [b"short"]
        await service.close()
    finally:
        with psycopg.connect(pg_dsn, autocommit=True) as superuser:
            superuser.execute(f"DROP OWNED BY {', '.join(roles)} CASCADE")
            superuser.execute(f"DROP ROLE {', '.join(roles)}")


def _with_password(dsn: str, role: str) -> str:
    return f"postgresql://{role}:x@{dsn.rpartition('@')[2]}"


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
async def test_the_append_refuses_an_older_snapshot(store: Store, pg_dsn: str, level: str) -> None:
    link = await connect(pg_dsn, service="case")
    async with link:
        await link.execute(f"BEGIN ISOLATION LEVEL {level}")
        with pytest.raises(psycopg.errors.InvalidTransactionState, match="READ COMMITTED"):
            await link.execute(_APPEND, _arguments(a_batch(a_command(("case-b", 0, 1)))))
        await link.rollback()
    await store.close()


@pytest.mark.parametrize("setting", ["synchronous_commit"])
async def test_a_server_that_may_forget_commits_is_refused(pg_dsn: str, setting: str) -> None:
    with psycopg.connect(pg_dsn, autocommit=True) as superuser:
        superuser.execute(f"ALTER DATABASE {pg_dsn.rpartition('/')[2]} SET {setting} = off")
    with pytest.raises(UnsafeServer, match=setting):
        await PostgresStore(pg_dsn, service="case").open()


@pytest.mark.parametrize("value", ["y", "TRUE", "1", "on"])
async def test_the_librarys_unsafe_switch_is_refused(
    pg_dsn: str, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", value)
    with pytest.raises(UnsafeServer, match="POSTGRES_ENABLE_DB_FUNCTIONS"):
        await PostgresStore(pg_dsn, service="case").open()


async def test_services_share_a_database_and_nothing_else(pg_dsn: str) -> None:
    stores = [PostgresStore(pg_dsn, service=service) for service in ("case", "contact", "legal")]
    for store in stores:
        await store.open()
        await store.provision("default", 1)
    await stores[1].commit(a_batch(a_command(("contact-a", 0, 1))))
    assert [(await store.lane(1)).head for store in stores] == [0, 1, 0]
    for store in stores:
        await store.close()


def test_the_code_asks_for_the_newest_revision() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", os.path.dirname(migrate.__file__))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.REVISION]


def test_a_current_store_is_not_migrated_again(pg_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate.migrate(pg_dsn, service="legal")
    monkeypatch.setattr(migrate, "_upgrade", lambda *_, **__: pytest.fail("migrated a current store"))
    migrate.migrate(pg_dsn, service="legal")
