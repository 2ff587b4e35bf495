"""What every back end of the ledger promises: one suite, each test on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from shared.eventstore.port import (
    COLUMNS,
    BatchRefused,
    DuplicateEvent,
    Head,
    Known,
    LedgerError,
    Lost,
    Store,
    StoredCommand,
    Won,
)
from shared.eventstore.postgres.store import PostgresStore
from shared.eventstore.sqlite.store import SqliteStore
from tests.ports.stores import NOON, Backend, a_batch, a_command, leaf_hash, places, tips


@pytest.fixture(params=["sqlite", "postgres"])
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    """A place with no data, and a maker of stores over it."""
    if request.param == "sqlite":
        file = tmp_path / "case.db"
        made = Backend("sqlite", lambda: SqliteStore(file), [], file)
    else:
        dsn = request.getfixturevalue("pg_dsn")
        made = Backend("postgres", lambda: PostgresStore(dsn, service="case"), [], dsn)
    yield made
    await made.close()


@pytest.fixture
async def store(backend: Backend) -> Store:
    """An open store with lanes 1 to 3 for the tenant `default`."""
    opened = await backend.another()
    await opened.provision("default", 3)
    return opened


async def test_a_tenant_gets_its_lanes_once(store: Store) -> None:
    again = await store.provision("default", 8)
    assert [(lane.lane, lane.tenant, lane.shard, lane.head) for lane in again] == [
        (1, "default", 0, 0),
        (2, "default", 1, 0),
        (3, "default", 2, 0),
    ]
    assert again[0].last_recorded_at is None
    other = await store.provision("north", 2)
    assert [(lane.lane, lane.shard) for lane in other] == [(4, 0), (5, 1)]
    assert await store.lanes("default") == again
    assert await store.lanes() == again + other
    assert await store.lanes("nobody") == []


async def test_two_processes_open_and_provision_an_empty_place_at_once(backend: Backend) -> None:
    stores = await asyncio.gather(*(backend.another() for _ in range(3)))
    answers = await asyncio.gather(*(one.provision("default", 4) for one in stores))
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) == 4


async def test_a_lane_that_was_never_provisioned_is_refused(store: Store) -> None:
    with pytest.raises(LedgerError):
        await store.lane(99)
    with pytest.raises(LedgerError):
        await store.commit(a_batch(a_command(("case-a", 0, 1)), lane=99))


async def test_a_batch_takes_positions_without_gaps_in_the_order_of_its_commands(store: Store) -> None:
    commands = [a_command(("case-a", 0, 2)), a_command(("case-b", 0, 1)), a_command(("case-c", 0, 3))]
    assert places(await store.commit(a_batch(*commands))) == [(1, 2), (3, 3), (4, 6)]
    lane = await store.lane(1)
    assert (lane.head, lane.last_recorded_at, lane.epoch) == (6, NOON, 1)


async def test_what_is_read_is_what_was_written(store: Store) -> None:
    command = a_command(("case-a", 0, 2))
    await store.commit(a_batch(command))
    rows = await store.read_lane(1, after=0, limit=10)
    assert [tuple(row) for row in rows] == [(1, n, *row) for n, row in enumerate(command.rows, 1)]
    assert rows[0]._fields == COLUMNS
    at, raw, text, number = type(NOON), bytes, str, int
    assert [type(value) for value in rows[1]] == [
        number, number, text, number, text, number, raw, at, at, text, raw, raw, raw, text, raw, raw,
    ]  # fmt: skip
    assert rows[0].recorded_at.utcoffset() == timedelta(0)


async def test_one_command_may_write_several_streams(store: Store) -> None:
    first = a_command(("account-a", 0, 1), ("case-a", 0, 2))
    second = a_command(("account-a", 1, 1), ("case-a", 2, 1), prev=tips(first))
    assert places(await store.commit(a_batch(first))) == [(1, 3)]
    assert places(await store.commit(a_batch(second))) == [(4, 5)]
    assert await store.heads(1, ["account-a", "case-a", "case-none"]) == {
        "account-a": Head(2, tips(second)["account-a"]),
        "case-a": Head(3, tips(second)["case-a"]),
    }


async def test_a_command_whose_second_stream_lost_writes_nothing_and_its_neighbours_win(store: Store) -> None:
    first = a_command(("case-a", 0, 1))
    await store.commit(a_batch(first))
    left, loser, right = (
        a_command(("case-l", 0, 1)),
        a_command(("case-x", 0, 2), ("case-a", 0, 1)),
        a_command(("case-r", 0, 1)),
    )
    verdicts = await store.commit(a_batch(left, loser, right))
    assert verdicts == [Won(2, 2), Lost("case-a", Head(1, tips(first)["case-a"])), Won(3, 3)]
    assert await store.read_stream(1, "case-x") == []
    assert await store.find_command(1, loser.command_id) is None
    assert [row.position for row in await store.read_lane(1, after=0, limit=10)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("version", "prev", "head_exists"),
    [
        (0, None, True),
        (2, "right", True),
        (1, "wrong", True),
        (1, None, True),
        (1, "right", False),
        (1, None, False),
    ],
    ids=["behind", "ahead", "other leaf", "no leaf", "no such stream", "no such stream, no leaf"],
)
async def test_a_stream_that_stands_elsewhere_loses(
    store: Store, version: int, prev: str | None, head_exists: bool
) -> None:
    first = a_command(("case-a", 0, 1))
    await store.commit(a_batch(first))
    stream = "case-a" if head_exists else "case-b"
    hashed = {None: None, "right": tips(first)["case-a"], "wrong": leaf_hash(b"another")}[prev]
    heads = {stream: hashed} if hashed else {}
    verdicts = await store.commit(a_batch(a_command((stream, version, 1), prev=heads)))
    assert verdicts == [Lost(stream, Head(1, tips(first)["case-a"]) if head_exists else None)]
    assert (await store.lane(1)).head == 1


async def test_a_known_command_gets_its_stored_answer_and_adds_nothing(store: Store) -> None:
    command = a_command(("case-a", 0, 2), refs=b"refs", status=202)
    await store.commit(a_batch(a_command(("case-0", 0, 1)), command))
    stored = StoredCommand(command.command_id, b"f" * 32, 3, 202, b"refs")
    assert await store.commit(a_batch(command, a_command(("case-b", 0, 1)))) == [Known(stored), Won(4, 4)]
    assert await store.find_command(1, command.command_id) == stored
    assert await store.find_command(2, command.command_id) is None


async def test_a_command_without_events_is_remembered_and_moves_nothing(store: Store) -> None:
    empty = a_command(refs=b"nothing to do", status=200)
    assert await store.commit(a_batch(a_command(("case-a", 0, 1)), empty)) == [Won(1, 1), Won(2, 1)]
    assert await store.find_command(1, empty.command_id) == StoredCommand(
        empty.command_id, b"f" * 32, 0, 200, b"nothing to do"
    )
    assert await store.commit(a_batch(a_command())) == [Won(2, 1)]
    assert (await store.lane(1)).head == 1


async def test_a_batch_of_another_epoch_or_before_the_lanes_last_time_is_refused(store: Store) -> None:
    await store.commit(a_batch(a_command(("case-a", 0, 1))))
    for stale in (
        a_batch(a_command(("case-b", 0, 1)), epoch=2),
        a_batch(a_command(("case-b", 0, 1)), at=NOON - timedelta(microseconds=1)),
    ):
        with pytest.raises(BatchRefused) as refused:
            await store.commit(stale)
        assert refused.value.lane == await store.lane(1)
    assert places(await store.commit(a_batch(a_command(("case-b", 0, 1))))) == [(2, 2)]


async def test_a_duplicate_event_id_fails_the_batch_and_leaves_no_trace(store: Store) -> None:
    first, neighbour = a_command(("case-a", 0, 1)), a_command(("case-n", 0, 1))
    await store.commit(a_batch(first))
    twin = a_command(("case-b", 0, 1), event_id=first.rows[0][4])
    with pytest.raises(DuplicateEvent):
        await store.commit(a_batch(neighbour, twin))
    assert await store.find_command(1, neighbour.command_id) is None
    assert places(await store.commit(a_batch(neighbour))) == [(2, 2)]
    elsewhere = a_command(("case-b", 0, 1), event_id=first.rows[0][4])
    assert places(await store.commit(a_batch(elsewhere, lane=2))) == [(1, 1)]


async def test_lanes_count_for_themselves(store: Store) -> None:
    for lane in (2, 1, 2):
        await store.commit(a_batch(a_command((f"case-{os.urandom(4).hex()}", 0, 1)), lane=lane))
    assert [lane.head for lane in await store.lanes("default")] == [1, 2, 0]
    assert [row.lane for row in await store.read_lane(2, after=0, limit=9)] == [2, 2]


async def test_streams_are_read_in_version_order_from_where_one_asks(store: Store) -> None:
    prev: dict[str, bytes] = {}
    for version in range(4):
        commands = [a_command((stream, version, 1), prev=prev) for stream in ("case-b", "case-a")]
        await store.commit(a_batch(*commands))
        prev = tips(*commands)
    assert [row.version for row in await store.read_stream(1, "case-a", after=1, limit=2)] == [2, 3]
    both = await store.read_streams(1, ["case-b", "case-none", "case-a"])
    assert [(row.stream_id, row.version) for row in both] == [
        (stream, version) for stream in ("case-a", "case-b") for version in range(1, 5)
    ]
    assert await store.read_streams(1, []) == []


async def test_an_event_is_found_by_its_id_in_its_lane(store: Store) -> None:
    command = a_command(("case-a", 0, 1))
    await store.commit(a_batch(command))
    found = await store.find_event(1, command.rows[0][4])
    assert found == (await store.read_lane(1, after=0, limit=1))[0]
    assert await store.find_event(2, command.rows[0][4]) is None
    assert await store.find_event(1, os.urandom(16)) is None


async def test_a_lane_is_read_in_pages(store: Store) -> None:
    await store.commit(a_batch(*(a_command((f"case-{n}", 0, 3)) for n in range(5))))
    pages = [[r.position for r in await store.read_lane(1, after=after, limit=6)] for after in (0, 6, 12, 15)]
    assert pages == [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12], [13, 14, 15], []]


async def test_parts_of_a_command_on_several_lanes_are_all_stored(store: Store) -> None:
    command_id = os.urandom(16)
    parts = [a_batch(a_command((f"case-{n}", 0, n), command_id=command_id), lane=n) for n in (3, 1)]
    assert await store.commit_across(parts) == [Won(1, 3), Won(1, 1)]
    assert [lane.head for lane in await store.lanes("default")] == [1, 0, 3]


async def test_when_one_lane_loses_no_lane_is_written(store: Store) -> None:
    first = a_command(("case-a", 0, 1))
    await store.commit(a_batch(first, lane=3))
    command_id = os.urandom(16)
    parts = [a_batch(a_command(("case-a", 0, 1), command_id=command_id), lane=lane) for lane in (1, 3)]
    verdicts = await store.commit_across(parts)
    assert verdicts[1] == Lost("case-a", Head(1, tips(first)["case-a"]))
    assert [lane.head for lane in await store.lanes("default")] == [0, 0, 1]
    assert await store.find_command(1, command_id) is None
    assert places(await store.commit_across([a_batch(a_command(("case-z", 0, 1)), lane=1)])) == [(1, 1)]


async def test_when_one_lane_has_moved_no_lane_is_written(store: Store) -> None:
    parts = [
        a_batch(a_command(("case-a", 0, 1)), lane=1),
        a_batch(a_command(("case-b", 0, 1)), lane=2, epoch=9),
    ]
    with pytest.raises(BatchRefused) as refused:
        await store.commit_across(parts)
    assert refused.value.lane.lane == 2
    assert [lane.head for lane in await store.lanes("default")] == [0, 0, 0]


async def test_positions_stay_gapless_through_refusals_and_two_writers(
    backend: Backend, store: Store
) -> None:
    other = await backend.another()

    async def write(one: Store, name: str) -> None:
        for n in range(15):
            try:
                await one.commit(
                    a_batch(a_command((f"case-{name}-{n}", 0, 1)), a_command(("case-shared", 0, 1)))
                )
                await one.commit(a_batch(a_command((f"case-{name}-{n}-x", 0, 1)), epoch=7))
            except BatchRefused:
                pass

    await asyncio.gather(write(store, "a"), write(other, "b"))
    rows = await store.read_lane(1, after=0, limit=100)
    assert [row.position for row in rows] == list(range(1, 32))
    assert (await other.lane(1)).head == 31


async def test_a_waiter_is_woken_by_another_store(backend: Backend, store: Store) -> None:
    other = await backend.another()
    await store.commit(a_batch(a_command(("case-a", 0, 1))))
    assert await other.wait(1, after=0, timeout=5) == 1
    waiting = asyncio.create_task(other.wait(1, after=1, timeout=20))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await store.commit(a_batch(a_command(("case-b", 0, 1)), lane=2))
    committed = monotonic()
    await store.commit(a_batch(a_command(("case-b", 0, 2))))
    assert await waiting == 3
    assert monotonic() - committed < 0.9  # by a notice, or SQLite's short poll: not by the net under it


async def test_many_wait_for_several_lanes(backend: Backend, store: Store) -> None:
    other = await backend.another()
    waiting = [
        asyncio.create_task(other.wait(lane, after=0, timeout=20)) for lane in (1, 2, 3) for _ in range(4)
    ]
    for lane in (3, 1, 2):
        await store.commit(a_batch(a_command(("case-b", 0, lane)), lane=lane))
    assert await asyncio.gather(*waiting) == [1] * 4 + [2] * 4 + [3] * 4


async def test_a_wait_ends_in_time_when_nothing_happens(store: Store) -> None:
    await store.commit(a_batch(a_command(("case-a", 0, 1))))
    began = monotonic()
    assert await store.wait(1, after=1, timeout=0.3) == 1
    assert 0.25 < monotonic() - began < 2
    assert await store.wait(1, after=5, timeout=0) == 1


async def test_subjects_keep_what_is_there(store: Store) -> None:
    first, second, third = (
        (os.urandom(32), os.urandom(16), b"sealed-1"),
        (b"r2", os.urandom(16), b"s2"),
        os.urandom(16),
    )
    await store.add_subjects("default", [first, second])
    await store.add_subjects("default", [(first[0], third, b"other"), (b"r3", third, b"s3")])
    await store.add_subjects("default", [])
    assert await store.subjects("default", [first[0], b"r2", b"r3", b"none"]) == {
        first[0]: first[1:],
        b"r2": second[1:],
        b"r3": (third, b"s3"),
    }
    assert await store.subjects("north", [first[0]]) == {}
    assert await store.subjects("default", []) == {}


async def test_data_keys_keep_what_is_there(store: Store) -> None:
    subject = os.urandom(16)
    await store.add_data_keys([(subject, "facts", 1, b"wrapped"), (subject, "id", 1, b"wrapped-id")])
    await store.add_data_keys([(subject, "facts", 1, b"other"), (subject, "facts", 2, b"wrapped-2")])
    await store.add_data_keys([])
    assert sorted(await store.data_keys([subject, os.urandom(16)])) == [
        (subject, "facts", 1, b"wrapped"),
        (subject, "facts", 2, b"wrapped-2"),
        (subject, "id", 1, b"wrapped-id"),
    ]
    assert await store.data_keys([]) == []


async def test_what_was_stored_is_there_after_a_restart(backend: Backend, store: Store) -> None:
    await store.commit(a_batch(a_command(("case-a", 0, 2))))
    before = await store.read_lane(1, after=0, limit=9)
    await store.close()
    again = await backend.another()
    assert await again.read_lane(1, after=0, limit=9) == before


IMMUTABLE = [
    "UPDATE ledger_event SET actor = 'x'",
    "UPDATE ledger_event SET body = leaf WHERE lane = 1",
    "DELETE FROM ledger_event WHERE position = 1",
]


@pytest.mark.parametrize("statement", IMMUTABLE)
async def test_a_stored_event_cannot_be_changed(backend: Backend, store: Store, statement: str) -> None:
    await store.commit(a_batch(a_command(("case-a", 0, 1))))
    before = await store.read_lane(1, after=0, limit=9)
    with pytest.raises(Exception, match=r"append-only|permission denied"):
        backend.execute(statement)
    assert await store.read_lane(1, after=0, limit=9) == before
