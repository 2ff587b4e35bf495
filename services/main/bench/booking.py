"""import.book: an invented lender's book into an embedded store, against raw inserts of the rows it leaves.

Each size is taken in by a process of its own, so that the peak of its memory can be told.
"""

import csv
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from services.main.bench import raw
from services.main.bench.figures import Figure
from services.main.bench.importing import RAW_ROWS
from services.main.bench.places import checkout, folder, ledger_on, on_loop, sqlite_store
from shared.eventstore.port import Row

PART = "services.main.bench.booking_part"
ACCOUNTS = (10_000, 100_000)
QUICK = (40, 120)
MONTHS = 12
AS_OF = date(2026, 10, 31)
BASE_EVENTS = 100_000
"""So many of the events are inserted again for the base: all of a large book would not fit into memory."""
DEADLINE_S = 3_600
MAPPING = f"""\
format = "quittance-book/1"
lender = "BENCH"
invented = true
as_of = {AS_OF}
kind = "FULL"
missing = "KEEP"
paid_in = "BOOK"
zone = "Asia/Shanghai"
currency = "CNY"
unit = "fen"

[files.customers]
path = "customers.csv"
[files.loans]
path = "loans.csv"
[files.schedule]
path = "schedule.csv"

[[parties]]
file = "customers"
columns = {{ party_ref = "customer", name = "name" }}
constants = {{ kind = "PERSON" }}

[[points]]
file = "customers"
columns = {{ party_ref = "customer", value = "mobile" }}
constants = {{ medium = "PHONE", label = "mobile", source = "APPLICATION" }}

[[accounts]]
file = "loans"
columns = {{ account_ref = "loan", debtor_ref = "customer" }}
constants = {{ product = "CONSUMER_LOAN" }}

[[instalments]]
file = "schedule"
columns = {{ account_ref = "loan", number = "no", due_on = "due", principal = "principal", interest = "interest", paid = "paid" }}
"""  # noqa: E501 - an inline table of TOML stands in one line


def taken_in(*, quick: bool) -> list[Figure]:
    """import.book and import.book.memory; of the memory the base is the smaller book, so that 1 means flat."""
    small, large = QUICK if quick else ACCOUNTS
    with folder() as at:
        first = _measured(at / "small", small)
        last = _measured(at / "large", large)
        rows = on_loop(_rows(at / "large"))
        (at / "theirs").mkdir()
        on_loop(_made(at / "theirs", at))
        base = raw.insert_sqlite(at / "theirs" / "case.db", rows, size=RAW_ROWS)
    rate, peak = last["events"] / last["seconds"], last["peak_mb"]
    case = f"{large:,} accounts x {MONTHS}, {last['rows'] / last['seconds']:,.0f} rows/s"
    return [
        Figure("import.book", case, round(rate, 1), "events/s", round(base, 1), round(rate / base, 3)),
        Figure(
            "import.book.memory",
            f"{large:,} accounts against {small:,}",
            peak,
            "MB",
            first["peak_mb"],
            round(peak / first["peak_mb"], 2),
        ),
    ]


def _measured(at: Path, accounts: int) -> dict[str, Any]:
    """What a process of its own says of taking in such a book."""
    written(at, accounts)
    done = subprocess.run(
        [sys.executable, "-m", PART, str(at)],
        cwd=checkout(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=DEADLINE_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"import.book did not end well:\n{done.stderr.decode(errors='replace')[-2000:]}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def written(at: Path, accounts: int) -> None:
    """A delivery of so many accounts in `at/delivery`, its mapping beside it; an eighth of them behind."""
    delivery = at / "delivery"
    delivery.mkdir(parents=True)
    (at / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    numbers = range(accounts)
    _csv(
        delivery / "customers.csv",
        "customer,name,mobile",
        ((f"P-{n:07}", f"Invented {n}", f"154{n:08}") for n in numbers),
    )
    _csv(delivery / "loans.csv", "loan,customer", ((f"L-{n:07}", f"P-{n:07}") for n in numbers))
    _csv(delivery / "schedule.csv", "loan,no,due,principal,interest,paid", _schedule(accounts))


def _schedule(accounts: int) -> Iterator[tuple[Any, ...]]:
    draw = random.Random(11)
    for n in range(accounts):
        first, behind = AS_OF - timedelta(days=200 + n % 28), draw.choice((0,) * 7 + (2,))
        for month in range(MONTHS):
            due = first + timedelta(days=30 * month)
            paid = 105_000 if due + timedelta(days=30 * behind) <= AS_OF else 0
            yield f"L-{n:07}", month + 1, due, 100_000, 5_000, paid


def _csv(path: Path, header: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


async def _rows(at: Path) -> list[Row]:
    """The first events that the import left."""
    rows: list[Row] = []
    async with ledger_on(sqlite_store(at), at) as ledger:
        while len(rows) < BASE_EVENTS:
            page = await ledger.read_lane(1, after=len(rows), limit=5_000)
            if not page:
                break
            rows += page
    return rows


async def _made(at: Path, keys: Path) -> None:
    async with ledger_on(sqlite_store(at), keys):
        return
