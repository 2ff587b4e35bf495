"""An import as a process of its own (so that it can be killed), and what a ledger holds, counted.

Run it: `python -m tests.kit.importing FOLDER FILE.csv` prints a line of progress for each block and the result last.
"""

import asyncio
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.case.adapters.rejects_file import RejectsFile
from services.case.adapters.statement_file import COLUMNS, StatementFile
from services.case.application.import_result import ImportResult, Progress
from services.case.application.statements import StatementImport
from services.case.domain.policy import POLICIES
from shared.eventstore.ledger import Ledger
from shared.eventstore.recorded import Recorded
from shared.eventstore.sqlite.store import SqliteStore
from tests.kit.ledgers import opened
from tests.kit.statements import PlainCount

SAMPLE = Path(__file__).parents[2] / "services/main/sample/statements-500.csv"


def rows_of(path: Path) -> list[dict[str, str]]:
    """The lines of a statement file, as the standard library reads them."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    """A statement file with these lines."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(
    ref: str = "A-1", as_of: str = "2005-04-30", months: int = 0, balance: str = "100", paid: str = "0",
    currency: str = "TWD",
) -> dict[str, str]:  # fmt: skip
    """One line of a file."""
    return dict(zip(COLUMNS, (ref, as_of, str(months), balance, paid, "50000", currency), strict=True))


def counted(rows: Iterable[dict[str, str]]) -> PlainCount:
    """DESIGN.md 6 by plain counting over a file in date order."""
    plain = PlainCount()
    for line in rows:
        paid = int(Decimal(line["payment_received"]) * 100)
        plain.take(ref=line["account_ref"], months=int(line["months_past_due"]), payment=paid)
    return plain


async def take_in(ledger: Ledger, file: Path, rejects: Path, progress: Any = None) -> ImportResult:
    """One import into an open ledger."""
    with RejectsFile(rejects) as sink:
        one = StatementImport(ledger=ledger, policies=POLICIES, progress=progress)
        return await one.run(StatementFile(file), rejects=sink)


async def everything(ledger: Ledger) -> list[Recorded[Any]]:
    """Every event of every lane of the default tenant."""
    events: list[Recorded[Any]] = []
    for lane in await ledger.lanes():
        after = 0
        while page := await ledger.read_lane(lane.lane, after=after, limit=5000):
            events += await ledger.recorded(page)
            after = page[-1].position
        assert after == lane.head
    return events


async def totals(ledger: Ledger) -> Counter[str]:
    """Events by stored name, and the minor units paid."""
    events = await everything(ledger)
    found = Counter(event.stored_name for event in events)
    found["paid"] = sum(e.event.amount.minor for e in events if e.stored_name == "case.PaymentReceived/v2")
    return found


def _report(at: Progress) -> None:
    print(at.lines, flush=True)


async def _main(folder: Path, file: Path) -> None:
    async with opened(SqliteStore(folder / "case.db"), folder) as ledger:
        result = await take_in(ledger, file, folder / "rejects.csv", _report)
    print(json.dumps(result.to_json()), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), Path(sys.argv[2])))
