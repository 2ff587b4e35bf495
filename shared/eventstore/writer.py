"""The one writer a process has for a lane: takes what waits, commits it at once, answers each command on its own.

No timer: while one batch is on its way to the disk the next one fills, so an idle ledger adds no wait and a busy one
shares a flush among hundreds of commands (event-store.md 2.2). The lane row's lock in the store is the correctness,
the writer is only the speed: two processes may write one lane and take turns.

Callers that all wait for one batch would go on together, prepare together and wait together again, while first the
disk and then the processor stands idle. So, where another process commits, a large batch with nothing behind it is
answered in two halves: the first half's next commands are on their way to the disk while the second half prepares
its own, and so they alternate. (An embedded store needs this process's interpreter itself: it gains nothing.)
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from shared.eventstore import leaf
from shared.eventstore.building import Built, build, unknown_heads
from shared.eventstore.port import (
    BATCH_BYTES_MAX,
    BATCH_COMMANDS_MAX,
    QUEUE_COMMANDS_MAX,
    Appended,
    Batch,
    BatchRefused,
    Busy,
    Head,
    KeyReused,
    Known,
    LaneInfo,
    LedgerClosed,
    LedgerError,
    Lost,
    OutcomeUnknown,
    StaleVersion,
    Store,
    StoreFull,
    StoreUnavailable,
    Verdict,
)
from shared.eventstore.recent import Recent
from shared.eventstore.sealing import SealedCommand
from shared.kernel.clock import Clock

HEADS_REMEMBERED = 50_000
REBUILDS_MAX = 20
HALVED_FROM = 32
"""Commands in a batch from which on halves are worth a flush of their own."""

_NOT_ABOUT_ONE = (StoreFull, StoreUnavailable, OutcomeUnknown)
"""Failures that one command at a time would only meet again."""


@dataclass(eq=False, slots=True)
class Waiting:
    """A command in the queue and the caller who waits for it."""

    command: SealedCommand
    answer: "asyncio.Future[Appended]"


class LaneWriter:
    """Group commit for one lane. `log` is the origin its leaves name."""

    def __init__(self, *, store: Store, lane: LaneInfo, log: str, clock: Clock) -> None:
        self.lane = lane
        self._store, self._log, self._clock = store, log, clock
        self._heads: Recent[str, Head] = Recent(HEADS_REMEMBERED)
        self._queue: deque[Waiting] = deque()
        self._second_half: list[tuple[Waiting, Built, Verdict]] = []
        self._arrived = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._run(), name=f"lane-writer-{lane.lane}")

    async def submit(self, command: SealedCommand) -> Appended:
        """Waits for the command's own answer. Raises Busy at once if QUEUE_COMMANDS_MAX commands wait already.

        A caller that is cancelled leaves; its command, once taken, is written all the same.
        """
        return await self.enqueue(command)

    def enqueue(self, command: SealedCommand) -> "asyncio.Future[Appended]":
        """`submit` for a caller with many commands, who awaits the answers when all are in."""
        if self._closing:
            raise LedgerClosed("the ledger is closing")
        if len(self._queue) >= QUEUE_COMMANDS_MAX:
            raise Busy(f"{QUEUE_COMMANDS_MAX} commands wait for this lane")
        waiting = Waiting(command, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._arrived.set()
        return waiting.answer

    async def close(self) -> None:
        """Takes no more, writes what waits, ends."""
        self._closing = True
        self._arrived.set()
        await self._task

    def forget(self, streams: list[str]) -> None:
        """Drop remembered heads that somebody else has moved."""
        for stream in streams:
            self._heads.forget(stream)

    async def _run(self) -> None:
        while True:
            if self._second_half and not self._queue:
                await asyncio.sleep(0)  # callers of the first half run now and may send their next commands
            taken = self._take()
            self._answer(self._second_half)
            self._second_half = []
            if not taken:
                if self._closing:
                    return
                self._arrived.clear()
                await self._arrived.wait()
                continue
            try:
                await self._write(taken)
            except Exception as problem:  # the writer outlives whatever one batch meets; its callers are told
                _refuse(taken, problem)

    def _take(self) -> list[Waiting]:
        """The next batch: in order, no two commands that touch one stream, within the limits of size."""
        taken: list[Waiting] = []
        later: list[Waiting] = []
        touched: set[object] = set()
        size = 0
        while self._queue and len(taken) < BATCH_COMMANDS_MAX:
            waiting = self._queue.popleft()
            command = waiting.command
            if taken and size + command.size > BATCH_BYTES_MAX:
                later.append(waiting)
                break
            if touched.isdisjoint(command.keys):
                taken.append(waiting)
                size += command.size
            else:
                later.append(waiting)
            touched |= command.keys
        self._queue.extendleft(reversed(later))
        return taken

    async def _write(self, taken: list[Waiting]) -> None:
        try:
            built, verdicts = await self._commit([w.command for w in taken])
        except _NOT_ABOUT_ONE as problem:
            _refuse(taken, problem)
            return
        except Exception as problem:
            if len(taken) == 1:
                _refuse(taken, problem)
                return
            for waiting in taken:
                await self._write([waiting])
            return
        answers = list(zip(taken, built, verdicts, strict=True))
        if self._store.commits_elsewhere and len(answers) >= HALVED_FROM and not self._queue:
            middle = len(answers) // 2
            answers, self._second_half = answers[:middle], answers[middle:]
        self._answer(answers)

    async def _commit(self, commands: list[SealedCommand]) -> tuple[list[Built], list[Verdict]]:
        for _ in range(REBUILDS_MAX):
            heads = await self._known_heads(commands)
            now = self._clock.now()
            recorded_at = max(now, self.lane.last_recorded_at or now)
            built = self._build(commands, heads, recorded_at)
            batch = Batch(self.lane.lane, self.lane.epoch, recorded_at, [one.prepared for one in built])
            try:
                verdicts = await self._store.commit(batch)
            except BatchRefused as moved:
                if moved.lane.epoch != self.lane.epoch:
                    self._heads.clear()
                self.lane = moved.lane
                continue
            self._moved(recorded_at, built, verdicts)
            return built, verdicts
        raise Busy("the lane is contended by other writers")

    async def _known_heads(self, commands: list[SealedCommand]) -> dict[str, Head]:
        streams = [write.stream for command in commands for write in command.writes if write.exists]
        known = {stream: head for stream in streams if (head := self._heads.get(stream))}
        missing = unknown_heads(commands, known)
        if missing:
            known |= await self._store.heads(self.lane.lane, missing)
        return known

    def _build(
        self, commands: list[SealedCommand], heads: dict[str, Head], recorded_at: datetime
    ) -> list[Built]:
        at = leaf.instant(recorded_at)
        return [
            build(command, heads=heads, log=self._log, recorded_at=recorded_at, at=at) for command in commands
        ]

    def _moved(self, recorded_at: datetime, built: list[Built], verdicts: list[Verdict]) -> None:
        head = max((v.last for v in verdicts if not isinstance(v, Known | Lost)), default=self.lane.head)
        lane = self.lane
        self.lane = LaneInfo(lane.lane, lane.tenant, lane.shard, head, recorded_at, lane.epoch)
        for one, verdict in zip(built, verdicts, strict=True):
            if isinstance(verdict, Lost):
                self._heads.forget(verdict.stream)
                if verdict.head:
                    self._heads.put(verdict.stream, verdict.head)
            elif not isinstance(verdict, Known):
                for stream, after in one.heads.items():
                    self._heads.put(stream, after)

    def _answer(self, answers: list[tuple[Waiting, Built, Verdict]]) -> None:
        for waiting, built, verdict in answers:
            if waiting.answer.done():
                continue
            try:
                waiting.answer.set_result(answered(waiting.command, self.lane.lane, built, verdict))
            except LedgerError as refusal:
                waiting.answer.set_exception(refusal)
                _seen(waiting.answer)


def answered(command: SealedCommand, lane: int, built: Built, verdict: Verdict) -> Appended:
    """What a verdict means to the caller: Appended, or StaleVersion, or KeyReused."""
    if isinstance(verdict, Lost):
        expected = next(write.expected for write in command.writes if write.stream == verdict.stream)
        raise StaleVersion(verdict.stream, expected, verdict.head.version if verdict.head else 0)
    if isinstance(verdict, Known):
        stored = verdict.stored
        if stored.fingerprint != command.fingerprint:
            raise KeyReused("this command id was used for another request")
        return Appended(lane, stored.position, {}, True, stored.status, stored.refs)
    versions = {stream: head.version for stream, head in built.heads.items()}
    return Appended(lane, verdict.last, versions, False, command.status, command.refs)


def _refuse(taken: list[Waiting], problem: BaseException) -> None:
    for waiting in taken:
        if not waiting.answer.done():
            waiting.answer.set_exception(problem)
            _seen(waiting.answer)


def _seen(answer: "asyncio.Future[Appended]") -> None:
    """A caller that went away must not make the loop complain about an answer nobody read."""
    answer.add_done_callback(lambda done: done.exception())
