"""An invented book of any size, drawn from a seed, and its import as a process that can be killed.

Run it: `python -m tests.kit.booking FOLDER ACCOUNTS` prints the result last.
"""

import asyncio
import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from services.case.domain.book import rows as b
from shared.eventstore.sqlite.store import SqliteStore
from tests.kit.book import DAY, PlainBook, account, deliver, instalment, party, point, terms
from tests.kit.ledgers import opened

MONTHS = 12


def drawn(accounts: int, *, seed: int = 5, as_of: date = DAY) -> list[b.BookRow]:
    """Two accounts for three debtors; a third of them behind by some months, some guaranteed or pledged."""
    draw = random.Random(seed)
    rows: list[b.BookRow] = []
    for number in range(accounts * 2 // 3 + 1):
        rows += [party(f"P-{number}"), point(f"P-{number}", f"+86154{number:08}")]
    for number in range(accounts):
        ref, debtor = f"A-{number:06}", f"P-{number * 2 // 3}"
        rows.append(account(ref, debtor, penalty_ppm_per_day=draw.choice((None, 300))))
        behind = draw.choice((0, 0, 0, 0, 1, 3))
        first = as_of - timedelta(days=30 * (MONTHS // 2) + draw.randrange(30))
        for month in range(MONTHS):
            due = first + timedelta(days=30 * month)
            left = (as_of - due).days // 30
            paid = 105_000 if left >= behind and due < as_of else draw.choice((0, 0, 20_000))
            rows.append(instalment(ref, month + 1, due, paid=paid if due < as_of else 0))
        if number % 7 == 0:
            rows.append(b.RoleRow(account_ref=ref, party_ref="P-0", role="GUARANTOR", guarantee="JOINT"))
            rows.append(
                b.CollateralRow(account_ref=ref, reference=f"R-{number}", kind="VEHICLE", value=9_000_000)
            )
    return rows


def overdue(rows: list[b.BookRow], as_of: date, *, grace: int) -> dict[str, int]:
    """Plain day counting: account -> days past due, of those that are past due."""
    found: dict[str, int] = {}
    for row in _instalments(rows):
        if row.paid < row.principal + row.interest and row.due_on + timedelta(days=grace) < as_of:
            found[row.account_ref] = max(found.get(row.account_ref, 0), (as_of - row.due_on).days)
    return found


def _instalments(rows: list[b.BookRow]) -> Iterator[b.InstalmentRow]:
    return (row for row in rows if isinstance(row, b.InstalmentRow))


async def _main(folder: Path, accounts: int) -> None:
    async with opened(SqliteStore(folder / "case.db"), folder) as ledger:
        result = await deliver(ledger, PlainBook(terms(), drawn(accounts)))
    print(json.dumps(result.to_json()), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), int(sys.argv[2])))
