"""The loss test: 16 writers in 3 processes and a follower on PostgreSQL, one of them or the server killed each round.

A round: everybody works; at a random moment a random one of writer process, follower and server gets `kill -9` and is
started again; the round ends when every writer process has been answered again and the follower has caught up. Then
what the processes wrote down outside the store is compared with the store. The seed fixes victims and moments.
"""

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.main.bench.loss_check import FollowerCheck, Log, LossReport, WriterCheck
from services.main.bench.loss_journal import Tail
from services.main.bench.loss_part import STOP
from services.main.bench.places import checkout, folder, ledger_on, postgres_store
from shared.eventstore.ledger import Ledger

WRITERS = {"w1": 6, "w2": 5, "w3": 5}
"""Process -> its writers, 16 in all."""
FOLLOWER = "f1"
PART = "services.main.bench.loss_part"
SERVER = "server"
VICTIMS = (*WRITERS, FOLLOWER, FOLLOWER, SERVER, SERVER, SERVER)
AT_WORK_S = (0.05, 0.6)
"""Between which times a kill falls."""
PATIENCE_S = 90.0


class Stuck(Exception):
    """After a kill somebody did not come back in time."""


class LossRun:
    """The processes, the journals and the comparison. `server` is a tests.kit.postgres.PostgresServer that runs."""

    def __init__(self, *, server: Any, url: str, at: Path, ledger: Ledger, seed: int) -> None:
        self._server, self._url, self._at = server, url, at
        self._dice = random.Random(seed)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.report = LossReport()
        self._log = Log(ledger, self.report)
        self._writers = {
            name: WriterCheck(ledger, Tail(at / f"{name}.writer"), self.report) for name in WRITERS
        }
        self._follower = FollowerCheck(Tail(at / f"{FOLLOWER}.follower"), self.report)

    async def run(self, rounds: int, *, until: float | None = None) -> LossReport:
        """So many rounds, fewer if the monotonic time `until` comes first; the report says how many."""
        try:
            for name in (*WRITERS, FOLLOWER):
                self._start(name)
            await self._all_at_work(dict.fromkeys(WRITERS, 0))
            while self.report.rounds < rounds and (until is None or time.monotonic() < until):
                await self._round()
            await self._finish()
        finally:
            for process in self._processes.values():
                process.kill()
                process.wait()
        return self.report

    async def _round(self) -> None:
        victim = self._dice.choice(VICTIMS)
        await asyncio.sleep(self._dice.uniform(*AT_WORK_S))
        await self._kill(victim)
        answered = {name: writer.read_on() for name, writer in self._writers.items()}
        await self._all_at_work(answered)
        await self._log.read_on()
        await self._wait(lambda: self._follower.read_on() >= len(self._log.events), "the follower")
        self._compare()
        self.report.rounds += 1
        self.report.kills[victim] = self.report.kills.get(victim, 0) + 1

    async def _kill(self, victim: str) -> None:
        if victim == SERVER:
            await asyncio.to_thread(self._server.kill9)
            await asyncio.to_thread(self._server.start)
        else:
            self._processes[victim].kill()
            self._processes[victim].wait()
            self._start(victim)

    def _start(self, name: str) -> None:
        role = "follower" if name == FOLLOWER else "writer"
        said = (self._at / f"{name}.log").open("ab")
        with said:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", PART, role, name, str(WRITERS.get(name, 0)), self._url, str(self._at)],
                cwd=checkout(),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    async def _all_at_work(self, answered: dict[str, int]) -> None:
        """Until each writer process has an answer more than `answered` says, and the follower has started."""
        for name, writer in self._writers.items():
            await self._wait(lambda w=writer, n=name: w.read_on() > answered[n], name)  # type: ignore[misc]

    async def _wait(self, come: Callable[[], bool], who: str) -> None:
        ends = time.monotonic() + PATIENCE_S
        while not come():
            dead = [name for name, process in self._processes.items() if process.poll() not in (None, 0)]
            if dead or time.monotonic() > ends:
                raise Stuck(f"{who} does not go on; ended by themselves: {dead}{self._last_words(dead)}")
            await asyncio.sleep(0.02)

    def _last_words(self, names: list[str]) -> str:
        return "".join("\n" + (self._at / f"{name}.log").read_text()[-2000:] for name in names)

    def _compare(self) -> None:
        for writer in self._writers.values():
            writer.check(self._log)
        self._follower.check(self._log)

    async def _finish(self) -> None:
        (self._at / STOP).touch()
        for name in WRITERS:
            await asyncio.to_thread(self._processes[name].wait, PATIENCE_S)
        await self._log.read_on()
        await self._wait(lambda: self._follower.read_on() >= len(self._log.events), "the follower")
        for writer in self._writers.values():
            writer.read_on()
        self._compare()
        for writer in self._writers.values():
            writer.check_refusals(self._log)


async def loss_rounds(server: Any, *, rounds: int, seed: int, seconds: float | None = None) -> LossReport:
    """Run on a fresh database of this server, which is killed and started again on the way."""
    until = None if seconds is None else time.monotonic() + seconds
    url = server.create_database()
    with folder() as at:
        async with ledger_on(postgres_store(url), at) as ledger:
            return await LossRun(server=server, url=url, at=at, ledger=ledger, seed=seed).run(
                rounds, until=until
            )
