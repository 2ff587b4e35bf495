"""What the ledger promises its callers, on both back ends."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest

from services.case.domain.events import STORED_AS
from shared.eventstore import writer
from shared.eventstore.custody import KeyFile, KeysMissing, KeysWrong
from shared.eventstore.key_check import DeploymentWrong
from shared.eventstore.ledger import Ledger, TenantUnknown, open_ledger
from shared.eventstore.port import (
    Busy,
    Command,
    DuplicateEvent,
    KeyReused,
    LedgerClosed,
    Malformed,
    NewEvent,
    Oversize,
    StaleVersion,
    StreamWrite,
    UnknownType,
)  # fmt: skip
from shared.eventstore.registry import ERASED, Registry
from shared.eventstore.verify import verify
from shared.kernel.clock import FixedClock
from tests.kit.ledgers import NOON, a_command, a_statement, backends, opened, store_on


@backends
async def test_an_append_is_read_back_with_both_its_times(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON + timedelta(days=1))
    async with opened(store_on(backend, tmp_path, request), tmp_path, clock=clock) as ledger:
        done = await ledger.commit(await a_command(ledger, "k"))
        [event] = await ledger.read_stream(ledger.stream_id("account", "A-1", debtor_ref="A-1"))
        assert (done.position, event.position, event.version) == (1, 1, 1)
        assert event.event == a_statement()
        assert (event.effective_at, event.recorded_at) == (NOON, NOON + timedelta(days=1))


@backends
async def test_a_command_sent_again_adds_nothing_and_gets_its_first_answer(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path) as ledger:
        command = await a_command(ledger, "k", events=2)
        first, *again = await asyncio.gather(*(ledger.commit(command) for _ in range(5)))
        assert not first.replayed
        assert all(one.replayed and one.position == 2 for one in again)
        assert await ledger.head(first.lane) == 2
        with pytest.raises(KeyReused):
            await ledger.commit(await a_command(ledger, "k", fingerprint=b"two"))


@backends
async def test_of_many_who_decided_on_one_version_one_wins(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path) as ledger:
        commands = [await a_command(ledger, f"k{n}") for n in range(20)]
        answers = await asyncio.gather(*(ledger.commit(c) for c in commands), return_exceptions=True)
        lost = [a for a in answers if isinstance(a, StaleVersion)]
        assert len(lost) == 19
        assert {(one.expected, one.actual) for one in lost} == {(0, 1)}
        assert (await verify(ledger)).found == 0


@backends
async def test_a_losing_neighbour_costs_its_batch_nothing(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path) as ledger:
        first = await ledger.commit(await a_command(ledger, "first"))
        taken = (await ledger.read_stream(ledger.stream_id("account", "A-1", debtor_ref="A-1")))[0].event_id
        commands = [
            await a_command(ledger, "good", ref="A-2"),
            await a_command(ledger, "stale", ref="A-1", expected=7),
            await a_command(ledger, "double", ref="A-3", event_id=taken),
            await a_command(ledger, "good too", ref="A-4"),
        ]
        answers = await asyncio.gather(*(ledger.commit(c) for c in commands), return_exceptions=True)
        assert [type(a).__name__ for a in answers] == [
            "Appended",
            "StaleVersion",
            "DuplicateEvent",
            "Appended",
        ]
        assert isinstance(answers[2], DuplicateEvent)
        assert await ledger.head(first.lane) == 3
        assert (await verify(ledger)).found == 0


@backends
async def test_streams_of_several_lanes_are_one_command(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path, shards=8) as ledger:
        parts = [await a_command(ledger, "wide", ref=f"A-{n}") for n in range(12)]
        wide = Command(
            tenant="default", command_id=parts[0].command_id, fingerprint=b"w", actor="system:test",
            writes=tuple(part.writes[0] for part in parts),
        )  # fmt: skip
        await ledger.commit(wide)
        heads = [await ledger.head(lane.lane) for lane in await ledger.lanes()]
        assert sum(heads) == 12
        assert sum(map(bool, heads)) > 1
        assert (await ledger.commit(wide)).replayed
        again = Command(
            tenant="default", command_id=uuid5(wide.command_id, "x"), fingerprint=b"w", actor="system:test",
            writes=(*wide.writes[:3], StreamWrite(wide.writes[3].stream, 9, wide.writes[3].events)),
        )  # fmt: skip
        with pytest.raises(StaleVersion):
            await ledger.commit(again)
        assert [await ledger.head(lane.lane) for lane in await ledger.lanes()] == heads
        narrow = await a_command(ledger, "after", ref="A-1", expected=1)
        assert not (await ledger.commit(narrow)).replayed
        assert (await verify(ledger)).found == 0


@backends
async def test_recorded_at_never_falls_though_the_clock_does(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with opened(store_on(backend, tmp_path, request), tmp_path, clock=clock) as ledger:
        await ledger.commit(await a_command(ledger, "one"))
        clock.advance(timedelta(hours=-5))
        done = await ledger.commit(await a_command(ledger, "two", expected=1))
        rows = await ledger.read_lane(done.lane, after=0, limit=10)
        assert [row.recorded_at for row in rows] == [NOON, NOON]


@backends
async def test_two_processes_take_turns_on_one_lane(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    store = store_on(backend, tmp_path, request)
    async with (
        opened(store, tmp_path) as one,
        opened(store_on(backend, tmp_path, request), tmp_path, clock=FixedClock(NOON)) as other,
    ):
        for n in range(6):
            ledger = (one, other)[n % 2]
            await ledger.commit(await a_command(ledger, f"k{n}", expected=n))
        assert [r.version for r in await one.whole_stream(one.stream_id("account", "A-1", debtor_ref="A-1"))] == [
            1, 2, 3, 4, 5, 6,
        ]  # fmt: skip
        assert (await verify(other)).found == 0


@backends
async def test_a_follower_is_woken_and_reads_a_gapless_log(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path) as ledger:
        lane = (await ledger.lanes())[0].lane
        waiting = asyncio.create_task(ledger.wait(lane, after=0, timeout=20))
        await asyncio.sleep(0.05)
        await ledger.commit(await a_command(ledger, "k", events=3))
        assert await waiting == 3
        rows = await ledger.read_lane(lane, after=1, limit=10)
        assert [row.position for row in rows] == [2, 3]
        assert await ledger.wait(lane, after=3, timeout=0.05) == 3


async def test_bad_input_has_a_name_and_leaves_no_trace(tmp_path: Path) -> None:
    async with opened(store_on("sqlite", tmp_path, None), tmp_path) as ledger:  # type: ignore[arg-type]
        good = await a_command(ledger, "k")

        def with_write(write: StreamWrite, **change: object) -> Command:
            said = {
                "tenant": "default",
                "command_id": good.command_id,
                "fingerprint": b"f",
                "actor": "system:t",
            }
            return Command(**{**said, "writes": (write,), **change})  # type: ignore[arg-type]

        write = good.writes[0]
        new = write.events[0]
        huge = a_statement("A-1" + "x" * 300_000)
        cases: list[tuple[type[Exception], Command]] = [
            (
                UnknownType,
                with_write(StreamWrite(write.stream, 0, (NewEvent(object(), NOON, new.subjects),))),
            ),
            (Malformed, with_write(write, actor='user:"quoted"')),
            (Malformed, with_write(StreamWrite("no good", 0, ()))),
            (Malformed, with_write(StreamWrite(write.stream, 0, (NewEvent(new.event, NOON, {}),)))),
            (Malformed, with_write(write, writes=(write, write))),
            (Oversize, with_write(StreamWrite(write.stream, 0, (NewEvent(huge, NOON, new.subjects),)))),
            (Oversize, with_write(StreamWrite(write.stream, 0, (new,) * 1001))),
            (TenantUnknown, with_write(write, tenant="nobody")),
        ]
        for refusal, command in cases:
            with pytest.raises(refusal) as raised:
                await ledger.commit(command)
            assert "quoted" not in str(raised.value)
        assert await ledger.head((await ledger.lanes())[0].lane) == 0
        assert (await ledger.commit(good)).position == 1


async def test_a_full_queue_says_busy_and_serves_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUEUE_COMMANDS_MAX", 3)  # a limit is data; no part of ours is replaced
    async with opened(store_on("sqlite", tmp_path, None), tmp_path) as ledger:  # type: ignore[arg-type]
        commands = [await a_command(ledger, f"k{n}", ref=f"A-{n}") for n in range(12)]
        answers = await asyncio.gather(*(ledger.commit(c) for c in commands), return_exceptions=True)
        busy = [n for n, a in enumerate(answers) if isinstance(a, Busy)]
        assert busy
        assert len(busy) < 12
        for n in busy:
            assert not (await ledger.commit(commands[n])).replayed
        assert await ledger.head((await ledger.lanes())[0].lane) == 12


async def test_a_caller_who_leaves_does_not_take_the_batch_along(tmp_path: Path) -> None:
    async with opened(store_on("sqlite", tmp_path, None), tmp_path) as ledger:  # type: ignore[arg-type]
        lane = (await ledger.lanes())[0].lane
        commands = [await a_command(ledger, f"k{n}", ref=f"A-{n}") for n in range(8)]
        callers = [asyncio.create_task(ledger.commit(command)) for command in commands]
        await asyncio.sleep(0.002)
        callers[3].cancel()
        done = await asyncio.gather(*callers, return_exceptions=True)
        assert sum(not isinstance(one, BaseException) for one in done) == 7
        again = await ledger.commit(commands[3])
        assert await ledger.head(lane) == 8
        assert again.position >= 1


async def test_a_closing_ledger_writes_what_waits_and_takes_no_more(tmp_path: Path) -> None:
    async with opened(store_on("sqlite", tmp_path, None), tmp_path) as ledger:  # type: ignore[arg-type]
        command = await a_command(ledger, "k")
        waiting = asyncio.create_task(ledger.commit(command))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await ledger.close()
        assert (await waiting).position == 1
        with pytest.raises(LedgerClosed):
            await ledger.commit(command)
        await ledger.store.open()


async def test_keys_are_never_quietly_made_anew(tmp_path: Path) -> None:
    async with opened(store_on("sqlite", tmp_path, None), tmp_path) as ledger:  # type: ignore[arg-type]
        await ledger.commit(await a_command(ledger, "k"))
    keys = (tmp_path / "keys.json").read_bytes()
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    (tmp_path / "keys.json").unlink()
    with pytest.raises(KeysMissing):
        await _reopen(tmp_path)
    (tmp_path / "keys.json").write_text("{}")
    with pytest.raises(KeysWrong):
        await _reopen(tmp_path)
    (tmp_path / "keys.json").unlink()
    KeyFile.create(tmp_path / "keys.json")  # a sound file, of another store
    with pytest.raises(KeysWrong):
        await _reopen(tmp_path)
    (tmp_path / "keys.json").write_bytes(keys)
    assert (await _reopen(tmp_path)).event == a_statement()


async def test_another_deployment_adds_nothing_to_a_store(tmp_path: Path) -> None:
    async with opened(store_on("sqlite", tmp_path, None), tmp_path) as ledger:  # type: ignore[arg-type]
        await ledger.commit(await a_command(ledger, "k"))
    with pytest.raises(DeploymentWrong):
        await open_ledger(
            store=store_on("sqlite", tmp_path, None), key_file=tmp_path / "keys.json",  # type: ignore[arg-type]
            registry=Registry(STORED_AS), deployment="another", service="case", clock=FixedClock(NOON),
        )  # fmt: skip
    assert (await _reopen(tmp_path)).event == a_statement()


async def _reopen(folder: Path) -> Any:
    async with opened(store_on("sqlite", folder, None), folder) as ledger:  # type: ignore[arg-type]
        return (await ledger.read_stream(ledger.stream_id("account", "A-1", debtor_ref="A-1")))[0]


async def test_a_destroyed_key_reads_as_erased(tmp_path: Path) -> None:
    async with opened(store_on("sqlite", tmp_path, None), tmp_path) as ledger:  # type: ignore[arg-type]
        await ledger.commit(await a_command(ledger, "k"))
        await _forget(ledger, "id")
    async with opened(store_on("sqlite", tmp_path, None), tmp_path) as ledger:  # type: ignore[arg-type]
        [event] = await ledger.read_stream(ledger.stream_id("account", "A-1", debtor_ref="A-1"))
        assert event.event.account_ref is ERASED
        assert event.event.months_past_due == 1


async def _forget(ledger: Ledger, key_class: str) -> None:
    def work(connection: object) -> None:
        connection.execute("DELETE FROM data_key WHERE class=?", (key_class,))  # type: ignore[attr-defined]

    await ledger.store._write(work)  # type: ignore[attr-defined]
