"""Bad input and broken surroundings: each a named error, nothing half written, and the ledger serves again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from shared.eventstore import writer
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import (
    Appended,
    Busy,
    Command,
    DuplicateEvent,
    LedgerError,
    NewEvent,
    OutcomeUnknown,
    Oversize,
    StaleVersion,
    StoreFull,
    StoreUnavailable,
    StreamWrite,
    UnknownType,
)
from shared.eventstore.postgres import committing, reading
from shared.eventstore.postgres.store import PostgresStore
from shared.eventstore.sqlite.store import SqliteStore
from shared.eventstore.verify import verify
from tests.kit.faults import CuttingProxy, When, ballast, cutting_proxy
from tests.kit.ledgers import NOON, a_command, a_statement, backends, opened, store_on
from tests.kit.postgres import PostgresServer
from tests.kit.tmpfs import small_tmpfs

SMALL_LOG = {"min_wal_size": "32MB", "max_wal_size": "32MB", "checkpoint_timeout": "30min"}


async def _serves_again(ledger: Ledger, *, events: int, key: str = "afterwards") -> None:
    """Exactly `events` are stored, contiguous and provable, and one more can be."""
    lane = (await ledger.lanes())[0].lane
    rows = await ledger.read_lane(lane, after=0, limit=10_000)
    assert [row.position for row in rows] == list(range(1, events + 1))
    done = await ledger.commit(await a_command(ledger, key, ref="A-afterwards"))
    assert done.position == events + 1
    assert (await verify(ledger)).found == 0


async def _bad(ledger: Ledger, what: str) -> Command:
    """A command that must be refused; the account A-1 holds one event."""
    good = await a_command(ledger, "bad", ref="A-2")
    write = good.writes[0]
    new = write.events[0]
    first = (await ledger.read_stream(ledger.stream_id("account", "A-1", debtor_ref="A-1")))[0]
    if what == "version conflict":
        return await a_command(ledger, "bad", ref="A-1", expected=0)
    if what == "version ahead":
        return await a_command(ledger, "bad", ref="A-1", expected=5)
    if what == "duplicate event id":
        return await a_command(ledger, "bad", ref="A-2", event_id=first.event_id)
    if what == "oversize payload":
        events = (NewEvent(a_statement("A-2" + "x" * 300_000), NOON, new.subjects),)
    elif what == "too many events":
        events = (new,) * 1001
    else:
        events = (NewEvent(object(), NOON, new.subjects),)
    return Command(
        tenant="default", command_id=good.command_id, fingerprint=b"f", actor="system:test",
        writes=(StreamWrite(write.stream, 0, events),),
    )  # fmt: skip


@backends
@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        ("version conflict", StaleVersion),
        ("version ahead", StaleVersion),
        ("duplicate event id", DuplicateEvent),
        ("oversize payload", Oversize),
        ("too many events", Oversize),
        ("unknown type", UnknownType),
    ],
)
async def test_bad_input_is_refused_by_name_alone_and_beside_good_neighbours(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest, what: str, refusal: type[LedgerError]
) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path) as ledger:
        await ledger.commit(await a_command(ledger, "first", ref="A-1"))
        bad = await _bad(ledger, what)
        with pytest.raises(refusal):
            await ledger.commit(bad)
        neighbours = [await a_command(ledger, f"n{n}", ref=f"N-{n}") for n in range(4)]
        commands = [*neighbours[:2], bad, *neighbours[2:]]
        answers = await asyncio.gather(*map(ledger.commit, commands), return_exceptions=True)
        assert isinstance(answers[2], refusal)
        assert sum(isinstance(answer, Appended) for answer in answers) == 4
        await _serves_again(ledger, events=5)


@backends
async def test_a_full_queue_is_busy_and_drains(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUEUE_COMMANDS_MAX", 3)  # a limit is data; no part of ours is replaced
    async with opened(store_on(backend, tmp_path, request), tmp_path) as ledger:
        commands = [await a_command(ledger, f"k{n}", ref=f"A-{n}") for n in range(12)]
        answers = await asyncio.gather(*map(ledger.commit, commands), return_exceptions=True)
        busy = [
            command for command, answer in zip(commands, answers, strict=True) if isinstance(answer, Busy)
        ]
        assert 0 < len(busy) < 12
        for command in busy:
            assert not (await ledger.commit(command)).replayed
        await _serves_again(ledger, events=12)


async def _fill(ledger: Ledger, file: Path) -> tuple[list[Command], LedgerError]:
    """Commit until the disk is full: the acknowledged commands and the refused one; how it was refused."""
    commands: list[Command] = []
    for n in range(3000):
        command = await a_command(ledger, f"fill{n}", ref="A-1", expected=20 * n, events=20)
        commands.append(command)
        try:
            await ledger.commit(command)
        except (StoreFull, OutcomeUnknown) as refusal:
            return commands, refusal
    return pytest.fail(f"the disk did not fill; {file.stat().st_size} bytes of ballast")


async def _survives_a_full_disk(ledger: Ledger, folder: Path, *, leave_bytes: int) -> None:
    await ledger.commit(await a_command(ledger, "before", ref="A-0"))
    with ballast(folder, leave_bytes=leave_bytes) as file:
        (*acknowledged, refused), refusal = await _fill(ledger, file)
        assert isinstance(refusal, StoreFull)
        with pytest.raises((StoreFull, StoreUnavailable)):
            await ledger.commit(refused)
    deadline = asyncio.get_running_loop().time() + 30
    while True:
        try:
            done = await ledger.commit(refused)
            break
        except (StoreFull, StoreUnavailable, OutcomeUnknown):  # PostgreSQL may still be recovering
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.2)
    assert not done.replayed
    for command in acknowledged[-3:]:
        assert (await ledger.commit(command)).replayed
    await _serves_again(ledger, events=1 + 20 * len(acknowledged) + 20)


async def test_a_full_disk_under_sqlite(tmp_path: Path) -> None:
    with small_tmpfs(megabytes=24) as folder:
        async with opened(SqliteStore(folder / "case.db"), tmp_path) as ledger:
            await _survives_a_full_disk(ledger, folder, leave_bytes=1 << 20)


async def test_a_disk_too_full_for_a_store_to_be_made(tmp_path: Path) -> None:
    with small_tmpfs(megabytes=1) as folder:
        (folder / "ballast").write_bytes(b"0" * ((1 << 20) - (48 << 10)))
        with pytest.raises(StoreFull):
            await SqliteStore(folder / "case.db").open()
        (folder / "ballast").write_bytes(b"0" * (256 << 10))
        async with opened(SqliteStore(folder / "case.db"), tmp_path) as ledger:
            await ledger.commit(await a_command(ledger, "k"))


async def test_a_full_disk_under_postgresql(tmp_path: Path) -> None:
    """No table can grow: the server answers with an error and lives."""
    with (
        small_tmpfs(megabytes=160) as folder,
        PostgresServer(data_parent=folder, settings=SMALL_LOG) as server,
    ):
        store = PostgresStore(server.create_database(), service="case")
        async with opened(store, tmp_path) as ledger:
            await _survives_a_full_disk(ledger, folder, leave_bytes=1 << 20)


async def _free_at_panic(server: PostgresServer, file: Path) -> None:
    while "PANIC" not in server.log_tail(40):
        await asyncio.sleep(0.002)
    file.unlink()


@pytest.mark.parametrize("freed_at_once", [False, True], ids=["stays down", "recovers"])
async def test_a_full_disk_that_takes_postgresql_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, freed_at_once: bool
) -> None:
    """The write-ahead log cannot grow: the server panics, and recovers only if there is room by then."""
    if not freed_at_once:
        monkeypatch.setattr(committing, "RESOLVE_S", 1.0)
    with (
        small_tmpfs(megabytes=160) as folder,
        PostgresServer(data_parent=folder, settings=SMALL_LOG) as server,
    ):
        store = PostgresStore(server.create_database(), service="case")
        async with opened(store, tmp_path) as ledger:
            await ledger.commit(await a_command(ledger, "before", ref="A-0"))
            with ballast(folder, leave_bytes=6 << 20) as file:
                if freed_at_once:
                    freeing = asyncio.create_task(_free_at_panic(server, file))
                commands, refusal = await _fill(ledger, file)
            if freed_at_once:
                await freeing
                assert isinstance(refusal, StoreFull)
            else:
                assert isinstance(refusal, OutcomeUnknown)
                await asyncio.to_thread(server.restart)
            answers = [await ledger.commit(command) for command in commands[-4:]]
            assert [answer.replayed for answer in answers] == [True, True, True, False]
            await _serves_again(ledger, events=1 + 20 * len(commands))


@asynccontextmanager
async def _through_a_proxy(dsn: str, folder: Path) -> AsyncIterator[tuple[Ledger, CuttingProxy]]:
    async with (
        cutting_proxy(dsn) as proxy,
        opened(PostgresStore(proxy.url, service="case"), folder) as ledger,
    ):
        await ledger.commit(await a_command(ledger, "first", ref="A-first"))
        yield ledger, proxy


@pytest.mark.parametrize("when", ["before", "within", "after"])
async def test_a_connection_lost_within_a_commit_is_resolved_by_command_id(
    pg_dsn: str, tmp_path: Path, when: When
) -> None:
    async with _through_a_proxy(pg_dsn, tmp_path) as (ledger, proxy):
        commands = [await a_command(ledger, f"k{n}", ref=f"A-{n}", events=2) for n in range(5)]
        proxy.cut(when)
        answers = await asyncio.gather(*map(ledger.commit, commands))
        assert proxy.cuts == 1
        assert [answer.replayed for answer in answers] == [False] * 5
        assert sorted(answer.position for answer in answers) == [3, 5, 7, 9, 11]
        second = [await a_command(ledger, f"l{n}", ref=f"A-{n}", expected=2) for n in range(5)]
        assert all(not answer.replayed for answer in await asyncio.gather(*map(ledger.commit, second)))
        await _serves_again(ledger, events=16)


@pytest.mark.parametrize("when", ["before", "within", "after"])
async def test_a_lost_connection_within_a_command_of_several_lanes_is_resolved(
    pg_dsn: str, tmp_path: Path, when: When
) -> None:
    async with (
        cutting_proxy(pg_dsn) as proxy,
        opened(PostgresStore(proxy.url, service="case"), tmp_path, shards=8) as ledger,
    ):
        parts = [await a_command(ledger, "wide", ref=f"A-{n}") for n in range(6)]
        wide = Command(
            tenant="default", command_id=parts[0].command_id, fingerprint=b"w", actor="system:test",
            writes=tuple(part.writes[0] for part in parts),
        )  # fmt: skip
        proxy.cut(when)
        await ledger.commit(wide)
        assert proxy.cuts == 1
        assert sum(lane.head for lane in await ledger.lanes()) == 6
        assert (await ledger.commit(wide)).replayed
        assert (await verify(ledger)).found == 0


async def test_an_answer_that_never_comes_is_an_unknown_outcome_until_the_command_is_sent_again(
    pg_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "RESOLVE_S", 0.5)
    async with _through_a_proxy(pg_dsn, tmp_path) as (ledger, proxy):
        command = await a_command(ledger, "k", ref="A-1", events=3)
        proxy.cut("after")
        sending = asyncio.create_task(ledger.commit(command))
        while not proxy.cuts:
            await asyncio.sleep(0.001)
        await proxy.refuse()
        with pytest.raises(OutcomeUnknown):
            await sending
        await proxy.allow()
        done = await ledger.commit(command)
        assert done.position == 4
        await _serves_again(ledger, events=4)


async def test_a_server_that_cannot_be_reached_is_said_so_and_nothing_was_sent(
    pg_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "RESOLVE_S", 0.5)
    monkeypatch.setattr(reading, "ANSWER_S", 0.5)
    async with _through_a_proxy(pg_dsn, tmp_path) as (ledger, proxy):
        command = await a_command(ledger, "k", ref="A-first", expected=1)
        await proxy.refuse()
        with pytest.raises(OutcomeUnknown):  # the connection that stood was written to
            await ledger.commit(command)
        with pytest.raises(StoreUnavailable):
            await ledger.commit(command)
        with pytest.raises(StoreUnavailable):
            await ledger.lanes()
        await proxy.allow()
        assert not (await ledger.commit(command)).replayed
        await _serves_again(ledger, events=2)


async def test_a_follower_outlives_the_connection_it_listens_on(pg_dsn: str, tmp_path: Path) -> None:
    async with _through_a_proxy(pg_dsn, tmp_path) as (ledger, proxy):
        lane = (await ledger.lanes())[0].lane
        waiting = asyncio.create_task(ledger.wait(lane, after=1, timeout=30))
        await asyncio.sleep(0.2)
        await proxy.refuse()
        await asyncio.sleep(0.2)
        await proxy.allow()
        await ledger.commit(await a_command(ledger, "k", ref="A-1"))
        assert await waiting == 2
