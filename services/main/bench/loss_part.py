"""One process of the loss test: some writers or the follower. It may be killed at any moment; started again it goes on.

    python -m services.main.bench.loss_part writer NAME TASKS URL FOLDER
    python -m services.main.bench.loss_part follower NAME 0 URL FOLDER

A writer that comes back sends again, under the same command id, what it had sent without hearing of it.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import TypeVar

from services.main.bench.commands import ACTOR, FINGERPRINT, MONTH_END, POLICY, event
from services.main.bench.loss_journal import Intent, Journal, Told
from services.main.bench.places import ledger_on, postgres_store
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Appended, Busy, Command, LedgerError, NewEvent, StaleVersion, StreamWrite

STOP = "stop"
"""A file of this name in the folder ends the writers, each after its answer."""
HOT = "L-hot"
"""The debtor that every process writes to."""
PAUSE_S = 0.01
PATIENCE_S = 60.0
PAGE = 1000

T = TypeVar("T")


async def patiently(work: Callable[[], Awaitable[T]], *refusals: type[LedgerError]) -> T:
    """Again and again while the store is away, for PATIENCE_S; `refusals` are answers and passed on."""
    ends = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        try:
            return await work()
        except refusals:
            raise
        except LedgerError:
            if asyncio.get_running_loop().time() > ends:
                raise
        await asyncio.sleep(PAUSE_S)


async def command_of(ledger: Ledger, intent: Intent) -> Command:
    """The same command for the same intent, in whichever process and however often."""
    person = (await ledger.subjects([intent.ref]))[intent.ref]
    number = int(intent.key.rpartition("/")[2])
    new = tuple(NewEvent(event(number + n), MONTH_END, {"debtor": person}) for n in range(intent.events))
    stream = ledger.stream_id("case", intent.ref, debtor_ref=intent.ref)
    return Command(
        tenant="default",
        command_id=ledger.command_id("loss", "append", intent.key),
        fingerprint=FINGERPRINT,
        actor=ACTOR,
        writes=(StreamWrite(stream, intent.expected, new),),
        policy=POLICY,
    )


class Writer:
    """One client: sends a command, writes down the answer, sends the next."""

    def __init__(self, ledger: Ledger, journal: Journal, told: Told, name: str, ref: str) -> None:
        self._ledger, self._journal, self._name, self._ref = ledger, journal, name, ref
        mine = [intent for intent in told.intents.values() if intent.key.rpartition("/")[0] == name]
        self._number = len(mine)
        self._version = max((i.expected + i.events for i in mine if i.key in told.acknowledged), default=0)
        self._again = [intent for intent in told.unanswered() if intent in mine]

    async def run(self, stop: Path) -> None:
        """Until the file `stop` exists."""
        for intent in self._again:
            await self._send(intent)
        while not _exists(stop):
            intent = Intent(f"{self._name}/{self._number}", self._ref, self._version, 1 + self._number % 3)
            self._number += 1
            self._journal.write(f"> {intent.key} {intent.ref} {intent.expected} {intent.events}")
            await self._send(intent)
            await asyncio.sleep(PAUSE_S)

    async def _send(self, intent: Intent) -> None:
        async def once() -> Appended:
            return await self._ledger.commit(await command_of(self._ledger, intent))

        try:
            done = await patiently(once, StaleVersion)
        except StaleVersion as moved:
            self._version = moved.actual
            self._journal.write(f"x {intent.key}")
        else:
            self._version = intent.expected + intent.events
            self._journal.write(f"= {intent.key} {done.position} {int(done.replayed)}")


def _exists(file: Path) -> bool:
    return file.exists()


async def write(ledger: Ledger, folder: Path, name: str, tasks: int) -> None:
    """`tasks` writers, each with a stream of its own but the last, whose stream all processes share."""
    journal = Journal(folder / f"{name}.writer")
    told = Told()
    for line in journal.lines:
        told.add(line)
    refs = [f"L-{name}-{task}" for task in range(tasks - 1)] + [HOT]
    writers = [Writer(ledger, journal, told, f"{name}-{task}", ref) for task, ref in enumerate(refs)]
    await asyncio.gather(*(writer.run(folder / STOP) for writer in writers))


async def follow(ledger: Ledger, folder: Path, name: str) -> None:
    """Write down every event, from where the journal ends, for ever."""
    journal = Journal(folder / f"{name}.follower")
    after = int(journal.lines[-1].split()[0]) if journal.lines else 0
    lane = (await patiently(ledger.lanes))[0].lane
    while True:
        rows = await patiently(partial(ledger.read_lane, lane, after=after, limit=PAGE))
        if rows:
            journal.write(*(f"{row.position} {row.event_id.hex()}" for row in rows))
            after = rows[-1].position
        else:
            await patiently(partial(ledger.wait, lane, after=after, timeout=5))


async def main(role: str, name: str, tasks: int, url: str, folder: Path) -> None:
    """Open the ledger, though the server may be down just now, and play the role."""
    async with AsyncExitStack() as stack:
        ledger = await patiently(
            lambda: stack.enter_async_context(ledger_on(postgres_store(url), folder)), Busy
        )
        if role == "writer":
            await write(ledger, folder, name, tasks)
        else:
            await follow(ledger, folder, name)


if __name__ == "__main__":
    _, role, name, tasks, url, folder = sys.argv
    asyncio.run(main(role, name, int(tasks), url, Path(folder)))
