"""The simulation itself: every law holds each day, a seed gives one run however often it dies, planted faults show."""

import asyncio
import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.case.domain.events import DaySwept
from services.case.wiring import CaseService
from shared.eventstore.custody import KeyFile
from shared.eventstore.sqlite.store import SqliteStore
from shared.eventstore.verify import verify
from tests.kit.importing import everything
from tests.kit.ledgers import opened
from tests.simulation.acts import day
from tests.simulation.office import Broken
from tests.simulation.run import Asked, Ran, Simulation

SEED = int(os.environ.get("QUITTANCE_SIMULATION_SEED", "7"))
RUN_SECONDS_MAX = 200
ROOT = Path(__file__).parents[2]


def with_keys(folder: Path, keys: Path | None = None) -> Path:
    """A folder whose store will use these keys, so that two runs have the same ids."""
    folder.mkdir(parents=True)
    if keys is None:
        KeyFile.create(folder / "keys.json")
    else:
        (folder / "keys.json").write_bytes(keys.read_bytes())
        (folder / "keys.json").chmod(0o600)
    return folder


def simulated(asked: Asked, spoil: Callable[[CaseService], None] | None = None) -> tuple[Ran, Simulation]:
    simulation = Simulation(asked, spoil=spoil)
    try:
        return asyncio.run(simulation.run()), simulation
    except BaseException:
        print(f"seed {asked.seed}, day {simulation.today}: make simulate SEED={asked.seed} DAYS={asked.days} "
              f"DEBTORS={asked.debtors}")  # fmt: skip
        raise


async def stored(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Stream -> its events: all of the envelope but what is drawn anew each time.

    That is event ids, salts and keys, and the ids of commands that put the runs of imports on record. Of a swept day
    its figures are left out as well: they count what the run that ended it had left to do.
    """
    found: dict[str, list[tuple[object, ...]]] = {}
    async with opened(SqliteStore(folder / "case.db"), folder) as ledger:
        for seen in await everything(ledger):
            row = seen.row
            command = None if row.stream_id.startswith("import-") else row.command_id
            said = f"{seen.event.as_of}" if isinstance(seen.event, DaySwept) else repr(seen.event)
            found.setdefault(row.stream_id, []).append(
                (row.version, row.type, row.schema, row.effective_at, row.recorded_at, row.actor, command,
                 row.policy, said)
            )  # fmt: skip
        assert (await verify(ledger)).found == 0
    return found


@pytest.mark.timeout(RUN_SECONDS_MAX)
def test_six_months_of_a_portfolio_with_crashes_and_wrong_clocks(tmp_path: Path) -> None:
    """Every law, each day. Another seed: QUITTANCE_SIMULATION_SEED."""
    ran, simulation = simulated(Asked(seed=SEED, days=183, debtors=14, folder=tmp_path))
    assert ran.crashes > 0
    assert sum(ran.done.values()) > 100
    assert ran.seen["DaySwept"] > 150
    assert {"CaseOpened", "ContactAttempted", "PaymentReturned", "PromiseToPay"} <= set(ran.seen)
    assert simulation.today == day(182)


def test_one_seed_gives_one_run(tmp_path: Path) -> None:
    """Byte for byte, but for keys, salts and event ids."""
    first = with_keys(tmp_path / "first")
    other = with_keys(tmp_path / "other", first / "keys.json")
    for folder in (first, other):
        simulated(Asked(seed=SEED, days=40, debtors=9, folder=folder))
    one, two = asyncio.run(stored(first)), asyncio.run(stored(other))
    assert one == two
    third = with_keys(tmp_path / "third", first / "keys.json")
    simulated(Asked(seed=SEED + 1, days=40, debtors=9, folder=third))
    assert asyncio.run(stored(third)) != one


def a_run_in_a_process(folder: Path, seed: int, days: int) -> subprocess.Popen[str]:
    words = ["--seed", seed, "--days", days, "--debtors", 9, "--folder", folder]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.simulation", *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_within(process: subprocess.Popen[str], lines: int, wait_s: float) -> None:
    """Wait until it has told of so many days, and a little, and kill it with -9."""
    assert process.stdout is not None
    try:
        for _ in range(lines):
            ready, _, _ = select.select([process.stdout], [], [], RUN_SECONDS_MAX)
            assert ready, "it stands still"
            assert process.stdout.readline(), "it ended before it was killed"
        select.select([], [], [], wait_s)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


@pytest.mark.timeout(RUN_SECONDS_MAX)
def test_a_run_that_is_killed_ends_as_one_that_was_not(tmp_path: Path) -> None:
    """kill -9 of a process that runs some days, three times, at any moment; the next one goes on where it was."""
    chance = random.Random()
    drawn = chance.randrange(1 << 32)
    print(f"kills drawn from {drawn}")
    chance.seed(drawn)
    whole = with_keys(tmp_path / "whole")
    broken = with_keys(tmp_path / "broken", whole / "keys.json")
    simulated(Asked(seed=SEED, days=30, debtors=9, folder=whole))
    for _ in range(3):
        process = a_run_in_a_process(broken, SEED, 30)
        killed_within(process, chance.randrange(1, 10), chance.random() * 0.3)
    last = a_run_in_a_process(broken, SEED, 30)
    out, _ = last.communicate(timeout=RUN_SECONDS_MAX)
    assert last.returncode == 0, out[-3000:]
    assert asyncio.run(stored(broken)) == asyncio.run(stored(whole))


class Forgetful:
    """Plants a diary that forgets, on one day, one case that was to be looked at."""

    def __init__(self, on: date) -> None:
        self._on, self.forgot = on, 0

    def __call__(self, service: CaseService) -> None:
        diary: Any = service.days._diary
        due: Callable[..., Awaitable[Sequence[str]]] = diary.due

        async def forgetting(*, as_of: date, **other: Any) -> Sequence[str]:
            found = await due(as_of=as_of, **other)
            if as_of >= self._on and found:
                self.forgot += 1
                return found[1:]
            return found

        diary.due = forgetting


def test_a_sweep_that_loses_one_judgement_is_caught(tmp_path: Path) -> None:
    """A planted fault: the simulation is not satisfied by just anything."""
    spoil = Forgetful(day(5))
    with pytest.raises(Broken, match=r"left unsaid|on record as|is not said"):
        simulated(Asked(seed=SEED, days=90, debtors=9, folder=tmp_path), spoil)
    assert spoil.forgot


class Greedy:
    """Plants a desk that books a payment's amount a fen too high, once."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self, service: CaseService) -> None:
        desk: Any = service.acts
        handle = desk.handle

        async def greedy(case_id: str, command: Any, meta: Any, **other: Any) -> Any:
            if type(command).__name__ == "RecordPayment" and not self.done:
                self.done += 1
                amount = type(command.amount)(command.amount.minor + 1, command.amount.currency)
                fields = {name: getattr(command, name) for name in command.__struct_fields__}
                command = type(command)(**fields | {"amount": amount})
            return await handle(case_id, command, meta, **other)

        desk.handle = greedy


def test_a_fen_too_many_is_caught(tmp_path: Path) -> None:
    """Another planted fault, in the money."""
    spoil = Greedy()
    with pytest.raises(Broken, match=r"law [19]"):
        simulated(Asked(seed=SEED, days=90, debtors=9, folder=tmp_path), spoil)
    assert spoil.done
