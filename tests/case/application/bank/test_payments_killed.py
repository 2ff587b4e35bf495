"""An import of payments that is killed three times on the way, and one that meets another, end as one that was not."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from pathlib import Path

import pytest

from services.case.application.bank.result import PaymentsResult
from shared.eventstore.sqlite.store import SqliteStore
from shared.eventstore.verify import verify
from tests.case.application.bank.banked import Banked, banked
from tests.kit.command import command_in
from tests.kit.importing import SAMPLE
from tests.kit.ledgers import backends, opened

RUN_SECONDS_MAX = 120
DEBTORS, ROWS = 120, 600
MAPPING = """
format = "quittance-payments/1"
source = "ICBC"
[columns]
kind = "kind"
source_ref = "ref"
value_on = "on"
amount = "amount"
debtor_ref = "debtor"
original_ref = "original"
[constants]
currency = "TWD"
"""


def listed(folder: Path, debtors: list[str], rows: int) -> tuple[Path, Path]:
    """A list of payments, every seventh of which goes back later in the list, or stood in it before; its mapping."""
    draw = random.Random(11)
    lines = [
        f"PAYMENT,P-{n},2005-10-12,{draw.randrange(1, 90)}.00,{draw.choice(debtors)}," for n in range(rows)
    ]
    for n in range(0, rows, 7):
        amount = lines[n].split(",")[3]
        lines.append(f"RETURN,R-{n},2005-10-14,{amount},,P-{n}")
    draw.shuffle(lines)
    file, terms = folder / "payments.csv", folder / "map.toml"
    file.write_text("\n".join(("kind,ref,on,amount,debtor,original", *lines)))
    terms.write_text(MAPPING)
    return file, terms


async def head(store: Path) -> int:
    """How many events are stored, as another process sees it."""
    async with opened(SqliteStore(store / "case.db"), store) as ledger:
        return (await ledger.lanes())[0].head


async def kinds(store: Path) -> Counter[str]:
    """How many events of each type tell of payments."""
    async with opened(SqliteStore(store / "case.db"), store) as ledger:
        rows = await ledger.read_lane(1, after=0, limit=1_000_000)
        assert (await verify(ledger)).found == 0
        return Counter(row.type for row in rows if not row.stream_id.startswith("import-"))


async def test_three_kills_on_the_way_change_nothing(tmp_path: Path) -> None:
    quittance = command_in(tmp_path, QUITTANCE_DEPLOYMENT="quittance.test")
    assert quittance("import", "statements", SAMPLE).code == 0
    store = tmp_path / ".quittance"
    async with opened(SqliteStore(store / "case.db"), store) as ledger:
        rows = await ledger.recorded(await ledger.read_lane(1, after=0, limit=100_000))
        debtors = sorted({one.event.debtor_ref for one in rows if one.row.type == "case.CaseOpened"})[
            :DEBTORS
        ]
    before = await head(store)
    file, terms = listed(tmp_path, debtors, ROWS)
    for mark in (30, 400, 900):
        running = quittance.start("import", "payments", file, "--mapping", terms)
        try:
            async with asyncio.timeout(RUN_SECONDS_MAX):
                while running.poll() is None and await head(store) < before + mark:
                    await asyncio.sleep(0.005)
        finally:
            running.send_signal(signal.SIGKILL)
            running.communicate()
    assert quittance.json("import", "payments", file, "--mapping", terms)["rejected"] == 0
    found = await kinds(store)
    backs = len(range(0, ROWS, 7))
    assert (found["case.PaymentEntered"], found["case.ReturnEntered"]) == (ROWS, backs)
    assert found["case.ReturnMatched"] == found["case.PaymentEntryReversed"] == backs
    again = quittance.json("import", "payments", file, "--mapping", terms)
    assert (again["events"], again["unchanged"]) == (0, ROWS + backs)
    assert await kinds(store) == found


@backends
async def test_two_imports_of_one_file_at_once_are_one(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Each row is taken in by one of them; what went back finds its payment whoever took that in."""
    async with banked(backend, tmp_path, request) as it:
        debtors = [f"D-{n}" for n in range(6)]
        cases = [await it.open(debtor) for debtor in debtors]
        file, terms = listed(tmp_path, debtors, 60)
        text = file.read_text().replace("2005-10-12", "2026-12-01").replace("2005-10-14", "2026-12-01")
        file.write_text(text)
        terms.write_text(MAPPING.replace("TWD", "CNY"))
        done = await asyncio.gather(_taken(it, file, terms, "one"), _taken(it, file, terms, "two"))
        backs = len(range(0, 60, 7))
        assert sum(one.imported for one in done) == 60 + backs
        assert sum(one.returned for one in done) == backs
        assert sum(one.rejected for one in done) == 0
        held = [await it.has(case_id) for case_id in cases]
        kept = [line.split(",") for line in text.splitlines()[1:]]
        paid = sum(round(float(one[3]) * 100) for one in kept if one[0] == "PAYMENT")
        assert sum(held) == paid - sum(round(float(one[3]) * 100) for one in kept if one[0] == "RETURN")


async def _taken(it: Banked, file: Path, terms: Path, name: str) -> PaymentsResult:
    return await it.case.import_payments(file, mapping=terms, rejects=it.folder / f"{name}.csv")
