"""memory: the peak of import, rebuild and verification as the log grows, each in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

from services.main.bench import book
from services.main.bench.figures import Figure
from services.main.bench.places import checkout, folder

PART = "services.main.bench.memory_part"
COPIES = (25, 70, 234)
"""Of the sample: about 100,000, 300,000 and 1,000,000 events."""
TASKS = ("import", "rebuild", "verify")
DEADLINE_S = 1_800


def peaks(*, quick: bool) -> list[Figure]:
    """memory: MB for each task and size; `base` is the same task at the smallest size, so that 1 means flat."""
    figures: list[Figure] = []
    smallest: dict[str, float] = {}
    with folder() as at:
        grown = 0
        for copies in (1, 2) if quick else COPIES:
            file = book.statements(at, copies=copies - grown, first=grown)
            grown = copies
            for task in TASKS:
                events, peak = _peak(task, at, file)
                base = smallest.setdefault(task, peak)
                case = f"{task}, sqlite, {events:,} events"
                figures.append(Figure("memory", case, peak, "MB", base, round(peak / base, 2)))
    return figures


def _peak(task: str, at: Path, file: Path) -> tuple[int, float]:
    """(events in the store, peak resident MB) of one task in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-m", PART, task, str(at), str(file)],
        cwd=checkout(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=DEADLINE_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{task} did not end well:\n{done.stderr.decode(errors='replace')[-2000:]}")
    said = json.loads(done.stdout.splitlines()[-1])
    return int(said["events"]), float(said["peak_mb"])
