"""import.statements: real statements into an embedded store, against raw inserts of the rows it leaves."""

from pathlib import Path

from services.case.wiring import open_case
from services.main.bench import book, raw
from services.main.bench.figures import Ask, Figure, over_rounds
from services.main.bench.places import folder, ledger_on, on_loop, sqlite_store
from shared.eventstore.port import Row

PAGE = 5_000
RAW_ROWS = 1_000


def statements(*, quick: bool) -> list[Figure]:
    """import.statements."""
    rounds, copies = (1, 1) if quick else (3, 8)

    def one(_: int) -> dict[str, float]:
        with folder() as at:
            file = book.statements(at, copies=copies)
            rate, rows = on_loop(_imported(at / "ours" / "case.db", at, file))
            on_loop(_made(at / "theirs", at))
            return {"import": rate, "raw": raw.insert_sqlite(at / "theirs" / "case.db", rows, size=RAW_ROWS)}

    case = f"sqlite, the sample of 500 accounts x {copies}"
    return over_rounds(one, [Ask("import.statements", case, "import", "raw")], rounds=rounds, unit="events/s")


async def _imported(store: Path, at: Path, file: Path) -> tuple[float, list[Row]]:
    """Events a second, keys of new debtors included, and the rows."""
    async with open_case(book.settings(store, at), provision=True, views=False) as case:
        done = await case.import_statements(file, rejects=at / "rejects.csv")
        rows: list[Row] = []
        while page := await case.ledger.read_lane(1, after=len(rows), limit=PAGE):
            rows += page
        if done.rejected or not rows:
            raise AssertionError("the sample was not taken in whole")
        return len(rows) / done.seconds, rows


async def _made(at: Path, keys: Path) -> None:
    async with ledger_on(sqlite_store(at), keys):
        return
