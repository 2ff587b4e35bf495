"""A lender's own list of payments through the whole service: good rows, broken rows, the same list again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.case.application.bank.banked import banked
from tests.kit.ledgers import backends

MAPPING = """
format = "quittance-payments/1"
source = "ICBC"
unit = "fen"
[columns]
kind = "kind"
source_ref = "ref"
value_on = "on"
amount = "amount"
currency = "ccy"
debtor_ref = "debtor"
text = "text"
original_ref = "original"
reason = "why"
[[references]]
in = ["TEXT"]
pattern = 'loan (?P<account_ref>A-D-[0-9]+)'
"""
HEADER = "kind,ref,on,amount,ccy,debtor,text,original,why"
BROKEN = (
    ("PAYMENT,X-1,2026-12-01,1,CNY", "malformed-row,row"),
    (HEADER, "header-again,row"),
    ("FEE,X-3,2026-12-01,1,CNY,D-1,,,", "unmapped-code,kind"),
    ("PAYMENT,,2026-12-01,1,CNY,D-1,,,", "missing-value,source_ref"),
    ("PAYMENT,X-5,01.12.2026,1,CNY,D-1,,,", "bad-date,value_on"),
    ("PAYMENT,X-6,2026-12-01,1.5,CNY,D-1,,,", "bad-amount,amount"),
    ("PAYMENT,X-7,2026-12-01,0,CNY,D-1,,,", "amount-not-positive,amount"),
    ("PAYMENT,X-8,2026-12-01,1,RMB,D-1,,,", "unknown-currency,currency"),
    ("PAYMENT,X-9,2026-12-02,1,CNY,D-1,,,", "in-the-future,value_on"),
    ("RETURN,X-10,2026-12-01,1,CNY,,,,AM04", "missing-value,original_ref"),
    ("RETURN,X-11,2026-12-01,1,CNY,,,P-1,why not", "unmapped-code,reason"),
    ("PAYMENT,P-1,2026-12-01,999,CNY,D-1,,,", "duplicate-source-ref,source_ref"),
    (f"PAYMENT,{'X' * 129},2026-12-01,1,CNY,D-1,,,", "too-long,source_ref"),
    ("RETURN,R-1,2026-12-01,7,CNY,,,P-1,AM04", "duplicate-source-ref,source_ref"),
)


@backends
async def test_broken_rows_are_listed_and_no_good_one_is_lost(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """One row in twenty is broken, in fourteen ways; the list again is rejected alike and adds nothing."""
    good = [f"PAYMENT,P-{n},2026-12-01,{n + 100},CNY,D-{n % 5},,," for n in range(1, 266)]
    good.append("RETURN,R-1,2026-12-01,-101,CNY,,,P-1,AM04")
    lines = [HEADER, *good]
    expected = []
    for number, (line, why) in enumerate(BROKEN):
        at = 5 + 19 * number if "R-1," not in line else len(lines)
        lines.insert(at, line)
        expected.append(f"{at + 1},{why}")
    async with banked(backend, tmp_path, request) as it:
        cases = [await it.open(f"D-{n}") for n in range(5)]
        said = await it.take("\n".join(lines), mapping=MAPPING)
        assert said["rejects"] == expected
        assert (said["imported"], said["matched"], said["returned"]) == (266, 265, 1)
        held = [await it.has(case_id) for case_id in cases]
        assert sum(held) == sum(n + 100 for n in range(1, 266)) - 101
        again = await it.take("\n".join(lines), mapping=MAPPING)
        assert again["rejects"] == expected
        assert (again["imported"], again["events"], again["unchanged"]) == (0, 0, 266)
        assert [await it.has(case_id) for case_id in cases] == held
        it.clock.advance(timedelta(days=1))
        assert (await it.take("\n".join(lines), mapping=MAPPING))["imported"] == 1, "its day has come"


@backends
async def test_a_text_may_name_the_account(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The account's case is asked of a view that the import brings up to the head before."""
    async with banked(backend, tmp_path, request) as it:
        case_id = await it.open("D-7")
        row = "PAYMENT,P-1,2026-12-01,500,CNY,,for loan A-D-7 of march,,"
        said = await it.take(f"{HEADER}\n{row}", mapping=MAPPING)
        assert (said["matched"], said["unmatched"]) == (1, 0)
        assert await it.has(case_id) == 500
