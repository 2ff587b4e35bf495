"""An import of a book that is killed, or that meets another one, ends with what one that was not would have left."""

import asyncio
import json
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from services.case.domain.events import CaseOpened
from shared.eventstore.sqlite.store import SqliteStore
from shared.eventstore.verify import verify
from tests.kit.book import DAY, PlainBook, deliver, terms
from tests.kit.booking import drawn, overdue
from tests.kit.importing import everything
from tests.kit.ledgers import backends, opened, store_on

RUN_SECONDS_MAX = 120
ACCOUNTS = 600


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.kit.booking", str(folder), str(ACCOUNTS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[4])


async def head(folder: Path) -> int:
    """How many events are stored, as another process sees it."""
    if not (folder / "keys.json").exists():
        return 0
    async with opened(SqliteStore(folder / "case.db"), folder) as ledger:
        return (await ledger.lanes())[0].head


async def kill_once_it_has_written(folder: Path, events: int) -> int:
    """Start an import and kill it with -9 when the ledger holds at least that many events; how many it then has."""
    running = start(folder)
    try:
        async with asyncio.timeout(RUN_SECONDS_MAX):
            while running.poll() is None and await head(folder) < events:
                await asyncio.sleep(0.005)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert running.stdout
        running.stdout.close()
    return await head(folder)


async def kinds(folder: Path) -> Counter[str]:
    async with opened(SqliteStore(folder / "case.db"), folder) as ledger:
        return Counter(one.stored_name for one in await everything(ledger))


async def test_three_kills_on_the_way_change_nothing(tmp_path: Path) -> None:
    rows = drawn(ACCOUNTS)
    async with opened(SqliteStore(tmp_path / "plain" / "case.db"), tmp_path / "plain") as ledger:
        plain = await deliver(ledger, PlainBook(terms(), rows))
    wanted = await kinds(tmp_path / "plain")
    chance = random.Random()
    seed = chance.randrange(1 << 32)
    print(f"seed {seed}")
    chance.seed(seed)
    marks = sorted(chance.sample(range(1, plain.events - 1_000), 3))
    killed = tmp_path / "killed"
    killed.mkdir()
    reached = [await kill_once_it_has_written(killed, mark) for mark in marks]
    done, _ = start(killed).communicate(timeout=RUN_SECONDS_MAX)
    last = json.loads(done.splitlines()[-1])
    assert reached == sorted(reached)
    assert last["events"] + reached[-1] == plain.events
    assert last["imported"] + last["unchanged"] == len(rows)
    assert await kinds(killed) == wanted
    async with opened(SqliteStore(killed / "case.db"), killed) as ledger:
        assert (await verify(ledger)).found == 0


@backends
async def test_two_imports_of_one_book_at_once_add_it_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Two ledgers on one store, as two processes have them: each group of rows is stored by one of the two."""
    rows = drawn(60)
    behind = overdue(rows, DAY, grace=3)
    debtors = {row.debtor_ref for row in rows if getattr(row, "product", "") and row.account_ref in behind}  # type: ignore[union-attr]
    async with (
        opened(store_on(backend, tmp_path, request), tmp_path, shards=2) as one,
        opened(store_on(backend, tmp_path, request), tmp_path, shards=2) as other,
    ):
        book = PlainBook(terms(), rows)
        first, second = await asyncio.gather(deliver(one, book), deliver(other, book))
        events = await everything(one)
        assert (await verify(other)).found == 0
    assert first.imported + second.imported == len(rows)
    assert first.events + second.events == len(events)
    opened_cases = [event.event.debtor_ref for event in events if isinstance(event.event, CaseOpened)]
    assert sorted(opened_cases) == sorted(debtors)
