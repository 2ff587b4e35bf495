"""A channel with its guards: the provider's rate, how much at once, a circuit breaker, and a deadline for every call.

What a guard turns away was certainly not sent, and says how long to wait; nothing is lost by it. `room_s` answers
beforehand, so that no intent is stored for a message that would only be turned away.

The guards are one process's: where several send by one provider, each is given its share of the rate.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import HALF_OPENED, OPENED, Context, OpenedState

from services.contact.application.channel_port import (
    Channel,
    Found,
    NotTaken,
    Outgoing,
    Receipt,
    Sent,
    Taken,
    Unknown,
)
from services.contact.domain.sending import retry
from shared.kernel.clock import Clock, SystemClock

State: TypeAlias = Literal["UP", "DOWN", "PROBING", "THROTTLED"]
"""UP: messages are taken. DOWN: the circuit is open, nothing is tried. PROBING: one message is let through to see.
THROTTLED: the provider asked us to wait.
"""
Observed: TypeAlias = Callable[[str, str], None]
"""Told (provider, what came of a call): TAKEN, UNKNOWN, or the cause of what was not taken."""
_OF_THE_PROVIDER = frozenset({retry.PROVIDER_DOWN, retry.AUTHENTICATION, retry.CONFIGURATION})
"""What was not taken for these causes says that the next message would fare no better."""
_PROBED_SOON_S = 1.0
TAKEN, UNKNOWN, BUSY = "TAKEN", "UNKNOWN", retry.BUSY


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """The guards of one provider.

    `rates` in the notation of the limits library (`10/second;2000/hour`); `at_once` calls in flight at most;
    `failures` in a row open the circuit for `rest_s` seconds; then one message is let through.
    """

    rates: str = "20/second"
    at_once: int = 8
    failures: int = 5
    rest_s: float = 30.0

    def limits(self) -> tuple[RateLimitItem, ...]:
        """The rates, parsed. Raises ValueError."""
        return tuple(parse_many(self.rates))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealth:
    """How a channel stands. `wait_s`: how long nothing is tried; `in_flight`: calls under way.

    The counts are of this process, since its start.
    """

    provider: str
    channel: str
    state: State
    wait_s: float
    in_flight: int
    failures: int
    taken: int
    not_taken: int
    unknown: int
    last_cause: str | None


@runtime_checkable
class TellsLater(Protocol):
    """A channel whose provider can be asked what became of a message, besides telling it by itself."""

    async def receipts(self, key: str, *, deadline_s: float) -> tuple[Receipt, ...] | None:
        """Everything it has to report of a key; None where it cannot be asked now."""


class _Failing(Exception):
    """Carries an answer that speaks against the provider past the breaker, which counts exceptions."""

    def __init__(self, answer: Sent) -> None:
        super().__init__()
        self.answer = answer


@dataclass(slots=True)
class _Counts:
    taken: int = 0
    not_taken: int = 0
    unknown: int = 0
    last_cause: str | None = None
    in_flight: int = 0


@dataclass(slots=True)
class GuardedChannel:
    """Any channel behind its guards; itself a channel. `real`: the machine's clock, by which providers recover."""

    inner: Channel
    guards: Guards = field(default_factory=Guards)
    real: Clock = field(default_factory=SystemClock)
    observed: Observed | None = None
    name: str = field(init=False)
    channel: str = field(init=False)
    keeps_keys: bool = field(init=False)
    _circuits: AsyncCircuitBreakerFactory = field(init=False)
    _circuit: Context | None = field(init=False, default=None)
    _limiter: MovingWindowRateLimiter = field(init=False)
    _limits: tuple[RateLimitItem, ...] = field(init=False)
    _places: asyncio.Semaphore = field(init=False)
    _counts: _Counts = field(init=False, default_factory=_Counts)
    _probing: bool = field(init=False, default=False)
    _not_before: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        """Raises ValueError for rates that are none."""
        self.name, self.channel, self.keeps_keys = self.inner.name, self.inner.channel, self.inner.keeps_keys
        self._circuits = AsyncCircuitBreakerFactory(
            default_threshold=self.guards.failures,
            default_ttl=self.guards.rest_s,
            exclude=[asyncio.CancelledError],
        )
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limits = self.guards.limits()
        self._places = asyncio.Semaphore(self.guards.at_once)

    async def room_s(self) -> float:
        """Seconds until a message could be tried; 0: now. Uses nothing up."""
        wait = max(self._throttled_s(), self._resting_s())
        if wait > 0:
            return wait
        return await self._rate_s()

    def health(self) -> ChannelHealth:
        """How it stands now."""
        counts = self._counts
        resting, throttled = self._resting_s(), self._throttled_s()
        context = self._circuit
        state: State = "UP"
        if context is not None and context.state == OPENED:
            state = "DOWN" if resting > 0 else "PROBING"
        elif context is not None and context.state == HALF_OPENED:
            state = "PROBING"
        elif throttled > 0:
            state = "THROTTLED"
        return ChannelHealth(
            provider=self.name,
            channel=self.channel,
            state=state,
            wait_s=max(resting, throttled),
            in_flight=counts.in_flight,
            failures=(context.failure_count or 0) if context is not None else 0,
            taken=counts.taken,
            not_taken=counts.not_taken,
            unknown=counts.unknown,
            last_cause=counts.last_cause,
        )

    async def send(self, message: Outgoing, *, deadline_s: float) -> Sent:
        """Hand it over if the guards let it through; the whole of it within the deadline."""
        refused = await self._turned_away()
        if refused is not None:
            return self._noted(refused)
        ends = asyncio.get_running_loop().time() + deadline_s
        try:
            async with asyncio.timeout(deadline_s):
                await self._places.acquire()
        except TimeoutError:
            return self._noted(NotTaken(BUSY, permanent=False))
        self._counts.in_flight += 1
        try:
            left_s = max(ends - asyncio.get_running_loop().time(), 0.001)
            return self._noted(await self._broken_circuit(message, left_s))
        finally:
            self._counts.in_flight -= 1
            self._places.release()

    async def find(self, key: str, *, deadline_s: float) -> Found:
        """Ask the provider, whatever the circuit says: the answer settles what may have been sent."""
        with suppress(TimeoutError):
            async with asyncio.timeout(deadline_s), self._places:
                return await self.inner.find(key, deadline_s=deadline_s)
        return "CANNOT_TELL"

    @property
    def tells_later(self) -> bool:
        """Can its provider be asked what became of a message?"""
        return isinstance(self.inner, TellsLater)

    async def receipts(self, key: str, *, deadline_s: float) -> tuple[Receipt, ...] | None:
        """What the provider has to report of a key; None where it cannot be asked, now or ever."""
        if not isinstance(self.inner, TellsLater):
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout(deadline_s), self._places:
                return await self.inner.receipts(key, deadline_s=deadline_s)
        return None

    async def close(self) -> None:
        """Let go of connections."""
        await self.inner.close()

    async def _turned_away(self) -> NotTaken | None:
        """What a guard says, the provider's own wish first; passing the last of them uses up a place in the rate."""
        if (wait := self._throttled_s()) > 0:
            return NotTaken(retry.RATE_LIMITED, permanent=False, wait_s=wait)
        if (wait := self._resting_s()) > 0:
            return NotTaken(retry.CIRCUIT_OPEN, permanent=False, wait_s=wait)
        if (wait := await self._rate_s()) > 0:
            return NotTaken(retry.RATE_LIMITED, permanent=False, wait_s=wait)
        for limit in self._limits:
            await self._limiter.hit(limit, self.name)
        return None

    async def _broken_circuit(self, message: Outgoing, deadline_s: float) -> Sent:
        """The call behind the breaker; one at a time while it probes."""
        circuit = await self._circuits.get_breaker(self.name)
        self._circuit = circuit.context
        probes = circuit.context.state in (OPENED, HALF_OPENED)
        if probes and self._probing:
            return NotTaken(retry.CIRCUIT_OPEN, permanent=False, wait_s=_PROBED_SOON_S)
        self._probing = probes
        try:
            async with circuit:
                answer = await self._called(message, deadline_s)
                if _speaks_against(answer):
                    raise _Failing(answer)
                return answer
        except _Failing as failing:
            return failing.answer
        except OpenedState:
            wait = max(self._resting_s(), _PROBED_SOON_S)
            return NotTaken(retry.CIRCUIT_OPEN, permanent=False, wait_s=wait)
        finally:
            if probes:
                self._probing = False

    async def _called(self, message: Outgoing, deadline_s: float) -> Sent:
        try:
            async with asyncio.timeout(deadline_s):
                answer = await self.inner.send(message, deadline_s=deadline_s)
        except TimeoutError:  # a channel that does not keep to its deadline
            return Unknown("NO_ANSWER_IN_TIME")
        if isinstance(answer, NotTaken) and answer.cause == retry.RATE_LIMITED and answer.wait_s:
            self._not_before = max(self._not_before, self._now() + answer.wait_s)
        return answer

    def _noted(self, answer: Sent) -> Sent:
        counts = self._counts
        match answer:
            case Taken():
                counts.taken += 1
                said = TAKEN
            case Unknown(cause):
                counts.unknown += 1
                counts.last_cause, said = cause, UNKNOWN
            case NotTaken(cause):
                counts.not_taken += 1
                counts.last_cause = said = cause
        if self.observed is not None:
            self.observed(self.name, said)
        return answer

    def _now(self) -> float:
        return self.real.now().timestamp()

    def _throttled_s(self) -> float:
        return max(self._not_before - self._now(), 0.0)

    def _resting_s(self) -> float:
        """How long the open circuit rests; 0 where it is closed, or due for a probe."""
        context = self._circuit
        if context is None or context.state != OPENED or context.opened_at is None:
            return 0.0
        return max(context.opened_at + context.ttl - self._now(), 0.0)

    async def _rate_s(self) -> float:
        """How long until every rate has a place; 0: now."""
        waits = [0.0]
        for limit in self._limits:
            if not await self._limiter.test(limit, self.name):
                stats = await self._limiter.get_window_stats(limit, self.name)
                waits.append(max(stats.reset_time - self._now(), 0.001))
        return max(waits)


def _speaks_against(answer: Sent) -> bool:
    """Does it say that the provider is down, rather than that this message was refused?"""
    return isinstance(answer, Unknown) or (isinstance(answer, NotTaken) and answer.cause in _OF_THE_PROVIDER)
