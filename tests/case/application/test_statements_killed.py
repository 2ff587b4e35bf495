"""An import that is killed, or that meets another one, ends with the totals of one that was not."""

import asyncio
import json
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared.eventstore.sqlite.store import SqliteStore
from shared.eventstore.verify import verify
from tests.kit.importing import SAMPLE, counted, rows_of, take_in, totals, write
from tests.kit.ledgers import backends, opened, store_on
from tests.kit.statements import PlainCount

RUN_SECONDS_MAX = 60
REAL = Path(__file__).parents[4] / "shared/data/taiwan-cards/statements.csv"


def start(folder: Path, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.kit.importing", str(folder), str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])


def run_to_the_end(folder: Path, file: Path) -> dict[str, int]:
    done, _ = start(folder, file).communicate(timeout=RUN_SECONDS_MAX)
    return dict(json.loads(done.splitlines()[-1]))


async def kill_once_it_has_written(folder: Path, file: Path, events: int) -> int:
    """Start an import and kill it with -9 when the ledger holds at least that many events; how many it then has."""
    running = start(folder, file)
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


async def head(folder: Path) -> int:
    """How many events are stored, as another process sees it."""
    if not (folder / "keys.json").exists():
        return 0
    async with opened(SqliteStore(folder / "case.db"), folder) as ledger:
        return (await ledger.lanes())[0].head


def agree(held: dict[str, int], plain: PlainCount) -> None:
    assert sum(count for name, count in held.items() if name != "paid") == plain.events
    assert held["case.StatementReported/v1"] == plain.lines
    assert (held["case.CaseOpened/v1"], held["case.CaseCured/v1"]) == (plain.opened, plain.cured)
    assert (held["case.PaymentReceived/v2"], held["paid"]) == (plain.payments, plain.paid)


async def test_three_kills_on_the_way_change_nothing(tmp_path: Path) -> None:
    plain, chance = counted(rows_of(SAMPLE)), random.Random()
    seed = chance.randrange(1 << 32)
    print(f"seed {seed}")
    chance.seed(seed)
    marks = sorted(chance.sample(range(1, plain.events - 600), 3))
    reached = [await kill_once_it_has_written(tmp_path, SAMPLE, mark) for mark in marks]
    last = run_to_the_end(tmp_path, SAMPLE)
    assert reached == sorted(reached)
    assert last["events"] + reached[-1] == plain.events
    assert last["imported"] + last["unchanged"] == plain.lines
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        agree(await totals(ledger), plain)
        assert (await verify(ledger)).found == 0
    assert run_to_the_end(tmp_path, SAMPLE)["events"] == 0


@backends
async def test_two_imports_of_one_file_at_once_add_it_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Two ledgers on one store, as two processes have them: each line is stored by one of the two."""
    rows = [line for line in rows_of(SAMPLE) if line["account_ref"] < "TWC-000290"]
    file, plain = write(tmp_path / "in.csv", rows), counted(rows)
    async with (
        opened(store_on(backend, tmp_path, request), tmp_path, shards=2) as one,
        opened(store_on(backend, tmp_path, request), tmp_path, shards=2) as other,
    ):
        first, second = await asyncio.gather(
            take_in(one, file, tmp_path / "one.csv"), take_in(other, file, tmp_path / "other.csv")
        )
        agree(await totals(one), plain)
        assert (await verify(other)).found == 0
    assert first.imported + second.imported == plain.lines
    assert first.events + second.events == plain.events
    assert (first.rejected, second.rejected) == (0, 0)


@pytest.mark.skipif(
    not REAL.exists(), reason="the 15,000 accounts are not beside the checkout: ../shared/data"
)
async def test_a_slice_of_the_whole_book_counts_as_plain_counting_does(tmp_path: Path) -> None:
    """The last 500 accounts of the real file, which the bundled sample does not hold."""
    rows = rows_of(REAL)
    refs = set(sorted({line["account_ref"] for line in rows})[-500:])
    chosen = [line for line in rows if line["account_ref"] in refs]
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        result = await take_in(ledger, write(tmp_path / "in.csv", chosen), tmp_path / "rejects.csv")
        agree(await totals(ledger), counted(chosen))
    assert result.events == counted(chosen).events
