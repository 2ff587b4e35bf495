"""Dispatchers that share the queue, keep to a provider's rate, and end in good order."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from services.contact.application.sending.guarded import Guards
from services.contact.application.sending.trying import Trying
from services.contact.domain.sending import message as m
from shared.eventstore.projection.postgres import PostgresViews
from shared.kernel.clock import FixedClock, in_utc
from tests.contact.application.sending.room import Room, Scripted, room
from tests.contact.stores import backends, contact_store


def clock(at: str = "2026-03-03T10:00:00+08:00") -> FixedClock:
    return FixedClock(in_utc(datetime.fromisoformat(at)))


@backends
async def test_workers_share_the_queue_and_send_each_once(
    tmp_path: Path, backend: str, request: pytest.FixtureRequest
) -> None:
    provider, store = Scripted([], []), contact_store(backend, tmp_path, request)
    views = (
        PostgresViews(request.getfixturevalue("pg_dsn"), service="contact") if backend == "postgres" else None
    )
    async with room(tmp_path, provider, clock=clock(), store=store, views=views) as here:
        wanted_keys = [await here.order(f"D-{number}") for number in range(30)]
        workers = [here.dispatcher() for _ in range(3)]
        await asyncio.gather(*(worker.drain() for worker in workers))
        assert sorted(one.key for one in provider.sent) == sorted(wanted_keys)
        assert {(await here.message(one)).status for one in wanted_keys} == {m.DISPATCHED}
        assert here.faults == []


async def test_workers_that_all_hold_the_same_message_send_it_once(tmp_path: Path) -> None:
    # Leases are only the speed: the stream's version is what keeps two workers apart.
    provider = Scripted([], [])
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1")
        [due] = await queue_of(here)
        trying = [
            Trying(desk=here.desk, texts=here.texts, channels=here.channels, clock=here.clock)
            for _ in range(8)
        ]
        await asyncio.gather(*(one.take_on(due) for one in trying))
        assert [one.key for one in provider.sent] == [message]


async def queue_of(here: Room) -> list[object]:
    from services.contact.adapters.sending.viewed_outbox import ViewedOutbox

    queue = ViewedOutbox(here.projections)
    return list(
        await queue.take(
            owner="test", limit=10, lease_s=1, now=here.clock.now(), channels=frozenset(here.channels)
        )
    )


async def test_the_providers_rate_holds_back_messages_without_a_word_in_the_ledger(tmp_path: Path) -> None:
    provider = Scripted([], [])
    async with room(tmp_path, provider, clock=clock(), guards=Guards(rates="3/hour")) as here:
        messages = [await here.order(f"D-{number}") for number in range(10)]
        await here.dispatcher().drain()
        assert len(provider.sent) == 3
        states = [(await here.message(one)).status for one in messages]
        assert sorted(states) == [m.DISPATCHED] * 3 + [m.QUEUED] * 7


async def test_a_worker_that_is_stopped_lets_what_is_under_way_be_answered(tmp_path: Path) -> None:
    class Slow(Scripted):
        async def send(self, message: object, *, deadline_s: float) -> object:  # type: ignore[override]
            begun_.set()
            await go_on.wait()
            return await super().send(message, deadline_s=deadline_s)  # type: ignore[arg-type]

    begun_, go_on = asyncio.Event(), asyncio.Event()
    async with room(tmp_path, Slow([], []), clock=clock()) as here:
        message = await here.order("D-1")
        worker = here.dispatcher()
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(10):
            await begun_.wait()
            worker.stop()
            go_on.set()
            await running
        assert (await here.message(message)).status == m.DISPATCHED
        assert here.faults == []
