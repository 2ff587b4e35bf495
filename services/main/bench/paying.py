"""import.payments: a lender's list of payments into an embedded store, against raw inserts of the rows it leaves."""

import random
from pathlib import Path

from services.case.domain.events import CaseOpened
from services.case.wiring import CaseService, open_case
from services.main.bench import book, raw
from services.main.bench.figures import Ask, Figure, over_rounds
from services.main.bench.places import folder, ledger_on, on_loop, sqlite_store
from shared.eventstore.port import Row

PAGE = 5_000
RAW_ROWS = 1_000
MAPPING = """
format = "quittance-payments/1"
source = "BENCH"
[columns]
source_ref = "ref"
value_on = "on"
amount = "amount"
debtor_ref = "debtor"
[constants]
currency = "TWD"
"""


def payments(*, quick: bool) -> list[Figure]:
    """import.payments."""
    rounds, copies, count = (1, 1, 200) if quick else (3, 4, 5_000)

    def one(_: int) -> dict[str, float]:
        with folder() as at:
            rate, rows = on_loop(_imported(at / "ours" / "case.db", at, copies, count))
            on_loop(_made(at / "theirs", at))
            return {"import": rate, "raw": raw.insert_sqlite(at / "theirs" / "case.db", rows, size=RAW_ROWS)}

    case = f"sqlite, {count} payments of {500 * copies} accounts"
    return over_rounds(one, [Ask("import.payments", case, "import", "raw")], rounds=rounds, unit="events/s")


async def _imported(store: Path, at: Path, copies: int, count: int) -> tuple[float, list[Row]]:
    """Events a second, and the rows that tell of them."""
    async with open_case(book.settings(store, at), provision=True) as case:
        await case.import_statements(book.statements(at, copies=copies), rejects=at / "rejects.csv")
        debtors = await _debtors(case)
        before = await case.ledger.head(1)
        file, mapping = at / "payments.csv", at / "payments.toml"
        file.write_text("\n".join(_lines(debtors, count)))
        mapping.write_text(MAPPING)
        done = await case.import_payments(file, mapping=mapping, rejects=at / "rejects.csv")
        if done.rejected or done.imported != count:
            raise AssertionError("the payments were not taken in whole")
        rows = [row for row in await _rows(case, before) if not row.stream_id.startswith("import-")]
        return len(rows) / done.seconds, rows


def _lines(debtors: list[str], count: int) -> list[str]:
    """So many payments, each of one of the debtors."""
    draw = random.Random(7)
    paid = (f"P-{n},2005-10-12,{draw.randrange(1, 90)}.00,{draw.choice(debtors)}" for n in range(count))
    return ["ref,on,amount,debtor", *paid]


async def _debtors(case: CaseService) -> list[str]:
    opened = [row for row in await _rows(case, 0) if row.type == "case.CaseOpened"]
    events = [seen.event for seen in await case.ledger.recorded(opened)]
    return sorted({event.debtor_ref for event in events if isinstance(event, CaseOpened)})


async def _rows(case: CaseService, after: int) -> list[Row]:
    rows: list[Row] = []
    while page := await case.ledger.read_lane(1, after=after + len(rows), limit=PAGE):
        rows += page
    return rows


async def _made(at: Path, keys: Path) -> None:
    async with ledger_on(sqlite_store(at), keys):
        return
