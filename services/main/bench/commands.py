"""What the benchmarks write: case events as an import makes them, by clients that wait for their answers."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from services.case.domain.events import ArrearsReported
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Appended, Command, NewEvent, StreamWrite
from shared.kernel.money import Money

ACTOR = "import:bench"
POLICY = "cn-retail/1"
FINGERPRINT = bytes(32)
MONTH_END = datetime(2005, 4, 29, 16, tzinfo=UTC)


def event(number: int) -> ArrearsReported:
    """The fact that most lines of a statements file lead to; `number` makes it differ."""
    return ArrearsReported(
        account=f"account-6f1c0d1e-0000-8000-8000-{number % 0xFFFFFFFFFFFF:012x}",
        as_of=date(2005, 4, 30) + timedelta(days=number % 150),
        days_past_due=30 * (number % 5),
        arrears=Money(100_000 + number, "TWD"),
    )


def command(ledger: Ledger, *, client: int, number: int, stream: str, person: UUID) -> Command:
    """A client's `number`-th command (from 0) for its own case: one event."""
    new = NewEvent(event(client * 1000 + number), MONTH_END, {"debtor": person}, zone="Asia/Taipei")
    return Command(
        tenant="default",
        command_id=ledger.command_id("bench", "report", f"{client}/{number}"),
        fingerprint=FINGERPRINT,
        actor=ACTOR,
        writes=(StreamWrite(stream, number, (new,)),),
        policy=POLICY,
    )


async def people(ledger: Ledger, clients: int) -> list[tuple[str, UUID]]:
    """A case stream and a person for each client, their keys made: what a running service has at hand."""
    refs = [f"TWC-{n:05}" for n in range(clients)]
    subjects = await ledger.subjects(refs)
    await ledger.keyring.ensure([(subject.bytes, "facts") for subject in subjects.values()])
    return [(ledger.stream_id("case", ref, "1", debtor_ref=ref), subjects[ref]) for ref in refs]


async def group(ledger: Ledger, who: Sequence[tuple[str, UUID]], *, each: int) -> float:
    """Every client sends `each` commands one after another, all clients at once; commands a second.

    What they say is decided before the clock starts, as the base's rows are made before its clock.
    """
    prepared = [
        [command(ledger, client=client, number=n, stream=stream, person=person) for n in range(each)]
        for client, (stream, person) in enumerate(who)
    ]

    async def send(client: int, number: int) -> Appended:
        return await ledger.commit(prepared[client][number])

    return await all_at_once(send, [stream for stream, _ in who], each=each)


async def all_at_once(
    send: Callable[[int, int], Awaitable[Appended]], streams: Sequence[str], *, each: int
) -> float:
    """`send(client, number)` for each client in turn, all clients at once; commands a second.

    AssertionError if an answer is not the command's own, or positions are not those of so many commands.
    """
    positions: set[int] = set()

    async def one(client: int, stream: str) -> None:
        for number in range(each):
            done = await send(client, number)
            if done.versions[stream] != number + 1:
                raise AssertionError("a command was answered with another version than its own")
            positions.add(done.position)

    started = time.perf_counter()
    await asyncio.gather(*(one(client, stream) for client, stream in enumerate(streams)))
    seconds = time.perf_counter() - started
    total = len(streams) * each
    if positions != set(range(1, total + 1)):
        raise AssertionError(f"{total} commands did not get the positions 1 to {total}")
    return total / seconds
