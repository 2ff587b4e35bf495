"""The guards of a channel: what they let through, what they turn away, and what they say of its health."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from services.contact.application.channel_port import (
    Channel,
    Found,
    NotTaken,
    Outgoing,
    Sent,
    Taken,
    Unknown,
)
from services.contact.application.sending.guarded import GuardedChannel, Guards
from shared.kernel.clock import FixedClock

DEADLINE_S = 5.0
DOWN = NotTaken("PROVIDER_DOWN", permanent=False)
OPEN = "CIRCUIT_OPEN"


@dataclass
class Scripted:
    """A channel that answers what it is told, and remembers which keys reached it."""

    answers: list[Sent] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    name: str = "scripted"
    channel: str = "sms"
    keeps_keys: bool = True
    at_once: int = 0
    at_once_max: int = 0
    found: Found = "NEVER_SEEN"
    closed: bool = False

    async def send(self, message: Outgoing, *, deadline_s: float) -> Sent:
        """The next answer, Taken when there is none; waits at the gate where there is one."""
        self.seen.append(message.key)
        self.at_once += 1
        self.at_once_max = max(self.at_once_max, self.at_once)
        try:
            if self.gate is not None:
                await self.gate.wait()
            return self.answers.pop(0) if self.answers else Taken(None)
        finally:
            self.at_once -= 1

    async def find(self, key: str, *, deadline_s: float) -> Found:
        """As told."""
        if self.gate is not None:
            await self.gate.wait()
        return self.found

    async def close(self) -> None:
        """Note it."""
        self.closed = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    """The time that the libraries behind the guards see, too."""
    fixed = FixedClock(datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
    monkeypatch.setattr(time, "time", lambda: fixed.now().timestamp())
    return fixed


def _guarded(inner: Channel, clock: FixedClock, **guards: object) -> GuardedChannel:
    given: dict[str, object] = {"rates": "1000/second", "failures": 3, "rest_s": 30.0}
    return GuardedChannel(inner, Guards(**(given | guards)), real=clock)  # type: ignore[arg-type]


async def _sent(channel: Channel, key: str = "cat_1", deadline_s: float = DEADLINE_S) -> Sent:
    message = Outgoing(key=key, address="+8613912345678", text="text", language="zh-CN")
    return await channel.send(message, deadline_s=deadline_s)


async def test_what_the_guards_let_through_is_answered_as_the_channel_does(clock: FixedClock) -> None:
    answers: list[Sent] = [Taken("gw_1"), NotTaken("ADDRESS_UNKNOWN", permanent=True), Unknown("X"), DOWN]
    inner = Scripted(list(answers))
    channel = _guarded(inner, clock)
    assert [await _sent(channel) for _ in answers] == answers
    health = channel.health()
    assert (health.taken, health.not_taken, health.unknown, health.last_cause) == (1, 2, 1, "PROVIDER_DOWN")
    assert (health.state, health.wait_s, health.in_flight) == ("UP", 0.0, 0)
    await channel.close()
    assert inner.closed


async def test_a_provider_that_fails_in_a_row_is_left_alone_and_then_probed_by_one(clock: FixedClock) -> None:
    inner = Scripted([DOWN, Unknown("PROVIDER_FAILED"), NotTaken("AUTHENTICATION", permanent=False)])
    channel = _guarded(inner, clock)
    for number in range(3):
        await _sent(channel, f"cat_{number}")
    assert channel.health().state == "DOWN"
    assert await channel.room_s() == 30.0
    assert await _sent(channel, "cat_3") == NotTaken(OPEN, permanent=False, wait_s=30.0)
    assert inner.seen == ["cat_0", "cat_1", "cat_2"]
    clock.advance(timedelta(seconds=31))
    assert await channel.room_s() == 0.0
    assert channel.health().state == "PROBING"
    inner.gate = asyncio.Event()
    probe = asyncio.create_task(_sent(channel, "cat_4"))
    await _until(lambda: "cat_4" in inner.seen)
    refused = await _sent(channel, "cat_5")
    assert isinstance(refused, NotTaken)
    assert (refused.cause, refused.permanent) == (OPEN, False)
    inner.gate.set()
    assert await probe == Taken(None)
    assert channel.health().state == "UP"
    assert await _sent(channel, "cat_6") == Taken(None)
    assert inner.seen[-2:] == ["cat_4", "cat_6"]


async def test_a_probe_that_fails_opens_the_circuit_again(clock: FixedClock) -> None:
    inner = Scripted([DOWN] * 4)
    channel = _guarded(inner, clock)
    for _ in range(3):
        await _sent(channel)
    clock.advance(timedelta(seconds=31))
    assert await _sent(channel) == DOWN
    assert await _sent(channel) == NotTaken(OPEN, permanent=False, wait_s=30.0)
    assert len(inner.seen) == 4


async def test_a_message_that_is_refused_says_nothing_of_the_provider(clock: FixedClock) -> None:
    refused: list[Sent] = [NotTaken("ADDRESS_UNKNOWN", permanent=True), NotTaken("BUSY", permanent=False)]
    channel = _guarded(Scripted(refused * 10), clock)
    for _ in range(20):
        await _sent(channel)
    assert channel.health().state == "UP"


async def test_one_success_ends_the_row_of_failures(clock: FixedClock) -> None:
    channel = _guarded(Scripted([DOWN, DOWN, Taken(None), DOWN, DOWN]), clock)
    for _ in range(5):
        await _sent(channel)
    assert channel.health().state == "UP"


async def test_the_rate_is_kept_and_says_when_there_is_room(clock: FixedClock) -> None:
    inner = Scripted()
    channel = _guarded(inner, clock, rates="2/second;3/minute")
    assert [await _sent(channel) for _ in range(2)] == [Taken(None)] * 2
    refused = await _sent(channel)
    assert isinstance(refused, NotTaken)
    assert refused.cause == "RATE_LIMITED"
    assert refused.wait_s is not None
    assert 0 < refused.wait_s <= 1
    assert await channel.room_s() == refused.wait_s
    clock.advance(timedelta(seconds=2))
    assert await channel.room_s() == 0
    assert await _sent(channel) == Taken(None)
    assert isinstance(await _sent(channel), NotTaken)
    assert 50 < await channel.room_s() <= 60
    clock.advance(timedelta(seconds=61))
    assert await _sent(channel) == Taken(None)
    assert len(inner.seen) == 4


async def test_a_provider_that_asks_us_to_wait_is_given_the_time(clock: FixedClock) -> None:
    inner = Scripted([NotTaken("RATE_LIMITED", permanent=False, wait_s=60.0)])
    channel = _guarded(inner, clock)
    await _sent(channel)
    assert channel.health().state == "THROTTLED"
    assert await _sent(channel) == NotTaken("RATE_LIMITED", permanent=False, wait_s=60.0)
    clock.advance(timedelta(seconds=61))
    assert await _sent(channel) == Taken(None)
    assert channel.health().state == "UP"


async def test_no_more_at_once_than_allowed_and_who_waits_too_long_was_not_sent(clock: FixedClock) -> None:
    inner = Scripted(gate=asyncio.Event())
    channel = _guarded(inner, clock, at_once=2)
    under_way = [asyncio.create_task(_sent(channel, f"cat_{number}")) for number in range(4)]
    await _until(lambda: inner.at_once == 2)
    assert channel.health().in_flight == 2
    assert await _sent(channel, "cat_late", deadline_s=0.01) == NotTaken("BUSY", permanent=False)
    assert inner.gate is not None
    inner.gate.set()
    assert await asyncio.gather(*under_way) == [Taken(None)] * 4
    assert inner.at_once_max == 2
    assert "cat_late" not in inner.seen


async def test_a_channel_that_overruns_its_deadline_is_cut_and_its_message_unknown(clock: FixedClock) -> None:
    channel = _guarded(Scripted(gate=asyncio.Event(), found=Taken(None)), clock)
    assert await _sent(channel, deadline_s=0.01) == Unknown("NO_ANSWER_IN_TIME")
    assert await channel.find("cat_1", deadline_s=0.01) == "CANNOT_TELL"


async def test_the_provider_is_asked_what_became_of_a_key_while_the_circuit_is_open(
    clock: FixedClock,
) -> None:
    inner = Scripted([DOWN] * 3, found=Taken("gw_1"))
    channel = _guarded(inner, clock)
    for _ in range(3):
        await _sent(channel)
    assert await channel.find("cat_1", deadline_s=DEADLINE_S) == Taken("gw_1")


async def test_a_fault_of_ours_opens_the_circuit_too_and_is_not_hidden(clock: FixedClock) -> None:
    class Broken(Scripted):
        async def send(self, message: Outgoing, *, deadline_s: float) -> Sent:
            raise KeyError("a fault")

    channel = _guarded(Broken(), clock)
    for _ in range(3):
        with pytest.raises(KeyError):
            await _sent(channel)
    assert channel.health().state == "DOWN"
    assert channel.health().in_flight == 0


async def test_cancelled_sends_give_their_places_back_and_speak_against_nobody(clock: FixedClock) -> None:
    inner = Scripted(gate=asyncio.Event())
    channel = _guarded(inner, clock, at_once=1)
    for _ in range(5):
        task = asyncio.create_task(_sent(channel))
        await _until(lambda: inner.at_once == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert channel.health().state == "UP"
    inner.gate = None
    assert await _sent(channel) == Taken(None)


async def test_what_came_of_every_call_is_told_to_the_meters(clock: FixedClock) -> None:
    told: list[tuple[str, str]] = []
    inner = Scripted([Taken(None), Unknown("X"), DOWN, DOWN])
    channel = GuardedChannel(
        inner, Guards(failures=3), real=clock, observed=lambda provider, what: told.append((provider, what))
    )
    for _ in range(5):
        await _sent(channel)
    assert told == [
        ("scripted", what) for what in ("TAKEN", "UNKNOWN", "PROVIDER_DOWN", "PROVIDER_DOWN", OPEN)
    ]


@pytest.mark.parametrize("rates", ["", "fast", "10"])
def test_rates_that_are_none_are_refused_at_once(rates: str) -> None:
    with pytest.raises(ValueError):
        GuardedChannel(Scripted(), Guards(rates=rates))


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not true():
            await asyncio.sleep(0)
