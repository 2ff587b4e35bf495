"""`python -m tests.simulation --seed N --days N --debtors N`: fails, and says how to see it again, if a law breaks."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from shared.telemetry import logs
from tests.simulation.run import Asked, Simulation


def main() -> int:
    """Run one seed."""
    words = argparse.ArgumentParser(prog="tests.simulation", description=__doc__)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--days", type=int, default=183)
    words.add_argument("--debtors", type=int, default=90)
    words.add_argument(
        "--folder", type=Path, help="go on with (or start) the run whose store and journal are here"
    )
    words.add_argument(
        "--moves", type=float, default=0.1, help="how likely a debtor makes one more move on a day"
    )
    words.add_argument("--stop-at", type=int, help="end after that many days of the run")
    asked = words.parse_args()
    logs.configure(level="error")
    with tempfile.TemporaryDirectory(prog := "simulation-") as fresh:
        folder = asked.folder or Path(fresh)
        folder.mkdir(parents=True, exist_ok=True)
        run = Asked(
            seed=asked.seed,
            days=asked.days,
            debtors=asked.debtors,
            folder=folder,
            moves=asked.moves,
            stop_at=asked.stop_at,
        )
        simulation = Simulation(run, journal=folder / "journal" if asked.folder else None)
        again = f"make simulate SEED={run.seed} DAYS={run.days} DEBTORS={run.debtors} MOVES={run.moves}"
        print(f"{prog}seed {run.seed}: {run.debtors} debtors, {run.days} days", flush=True)
        try:
            ran = asyncio.run(simulation.run(lambda today: print(today, flush=True)))
        except BaseException:
            print(f"seed {run.seed}, day {simulation.today}; again: {again}", file=sys.stderr, flush=True)
            raise
    print(f"{ran.events} events, {ran.crashes} crashes, {sum(ran.done.values())} acts done", flush=True)
    for title, found in (("done", ran.done), ("refused", ran.refused), ("stored", ran.seen)):
        print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in found.most_common()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
