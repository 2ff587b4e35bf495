"""Which benchmarks there are, and running them by name."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from services.main.bench import (
    appending,
    asking,
    booking,
    glancing,
    handing,
    importing,
    judging,
    losing,
    memory,
    paying,
    posting,
    reading,
    rebuilding,
    running_out,
)
from services.main.bench.figures import HEADING, Figure, Goal, append_jsonl, as_line
from services.main.bench.places import NoCheckout


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are measured in the same rounds. `measure(quick=…)` gives a figure or more for each of `rows`."""

    rows: tuple[str, ...]
    measure: Callable[..., list[Figure]]


TABLES = (
    Table(("append.group256", "append.group256.plain", "append.vs_library"), appending.postgres),
    Table(("append.sqlite256",), appending.sqlite),
    Table(("read.decode", "read.decode.plain"), reading.decode),
    Table(("rebuild.views", "rebuild.vs_library"), rebuilding.views),
    Table(("http.command", "http.vs_crud", "http.latency"), posting.commands),
    Table(("import.statements",), importing.statements),
    Table(("import.book", "import.book.memory"), booking.taken_in),
    Table(("import.payments",), paying.payments),
    Table(("queue.next",), handing.following),
    Table(("contact.decide",), judging.decisions),
    Table(("contact.permit", "contact.race"), asking.permits),
    Table(("legal.limitation",), running_out.readings),
    Table(("dossier.read",), glancing.reading),
    Table(("loss",), losing.killed),
    Table(("memory",), memory.peaks),
)
GOALS = {  # rows that are only watched have none
    "append.group256": Goal(0.35, 0.75),
    "append.group256.plain": Goal(0.45, 0.75),
    "append.vs_library": Goal(20, 60),
    "append.sqlite256": Goal(0.3, 0.6),
    "read.decode": Goal(0.25, 0.6),
    "read.decode.plain": Goal(0.35, 0.6),
    "rebuild.views": Goal(0.4, 0.85),
    "rebuild.vs_library": Goal(60, 200),
    "http.command": Goal(0.4, 0.85),
    "http.vs_crud": Goal(1.0, 2.0),
    "import.statements": Goal(0.25, 0.6),
    "import.book": Goal(0.2, 0.4),
    "import.book.memory": Goal(300, 300, of_value=True),
    "queue.next": Goal(20, 5, of_value=True),
    "loss": Goal(0, 0, of_value=True),
    "memory": Goal(300, 300, of_value=True),
}


def names() -> list[str]:
    """Every row, in the order in which `all` measures them."""
    return [row for table in TABLES for row in table.rows]


def _chosen(name: str) -> list[str]:
    return [row for row in names() if name == "all" or row == name or row.startswith(f"{name}.")]


def run(name: str, out: Path | None = None, quick: bool = False, *, as_json: bool = False) -> int:
    """Measure the rows of that name (a row, a family such as `append`, or `all`) and print them as a table.

    `out` gets one JSON object a line, added to what it holds; `quick` runs a single tiny round, for tests, whose
    figures say nothing; with `as_json` standard output gets one JSON array, and the table goes to standard error.
    0 when all was measured, floors reached or not; 1 when something could not be measured or the loss test found a
    loss; 2 for a name that is none.
    """
    rows = _chosen(name)
    if not rows:
        print(f"no benchmark is called {name}; choose one of: all, {', '.join(names())}", file=sys.stderr)
        return 2
    shown = sys.stderr if as_json else sys.stdout
    print(HEADING, file=shown, flush=True)
    figures: list[Figure] = []
    for table in TABLES:
        if not set(table.rows) & set(rows):
            continue
        try:
            measured = [figure for figure in table.measure(quick=quick) if figure.bench in rows]
        except NoCheckout as problem:
            print(problem, file=sys.stderr)
            return 1
        for figure in measured:
            print(as_line(figure, None if quick else GOALS.get(figure.bench)), file=shown, flush=True)
        if out:
            append_jsonl(out, measured)
        figures += measured
    if as_json:
        print(json.dumps([asdict(figure) for figure in figures]))
    return int(any(figure.bench == "loss" and figure.value > 0 for figure in figures))
