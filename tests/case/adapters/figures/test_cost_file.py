"""Files of costs: what each line says, or why it cannot be read; and taken in once."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.case.adapters.figures.cost_file import CostFile, CostHeaderUnusable
from services.case.application.deciding import CaseDecisions
from services.case.application.figures.cost_import import CostsTaken, take_in
from services.case.application.figures.desk import FigureDesk
from services.case.application.handle import CaseDesk
from services.case.application.ports import Reject
from services.case.domain.figures.cost import BookCost
from services.case.domain.policy import POLICIES
from shared.kernel.clock import FixedClock
from tests.kit.ledgers import backends, opened, store_on
from tests.kit.life import cny

HEADER = "source_ref,kind,amount,currency,on,case,team\n"
CASE = "case-00000000-0000-8000-8000-000000000000"


def read(folder: Path, *lines: str, header: str = HEADER) -> list[tuple[int, BookCost | Reject]]:
    """What a file of these lines says."""
    file = folder / "costs.csv"
    file.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return list(CostFile(file, "PAYROLL"))


def test_a_line_is_a_cost(tmp_path: Path) -> None:
    assert read(tmp_path, "A-1,STAFF_TIME,12.50,CNY,2026-03-12,,T1", "", f"A-2,LEGAL,7,CNY,2026-03-12,{CASE},") == [
        (2, BookCost(source="PAYROLL", source_ref="A-1", kind="STAFF_TIME", amount=cny(1_250), on=date(2026, 3, 12),
                     team="T1")),
        (4, BookCost(source="PAYROLL", source_ref="A-2", kind="LEGAL", amount=cny(700), on=date(2026, 3, 12),
                     case=CASE)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "reject"),
    [
        (",LEGAL,1,CNY,2026-03-12,,", Reject("malformed", "source_ref")),
        ("张三,LEGAL,1,CNY,2026-03-12,,", Reject("malformed", "source_ref")),
        ("A,BRIBE,1,CNY,2026-03-12,,", Reject("malformed", "kind")),
        ("A,LEGAL,-1,CNY,2026-03-12,,", Reject("malformed", "amount")),
        ("A,LEGAL,0,CNY,2026-03-12,,", Reject("malformed", "amount")),
        ("A,LEGAL,1.005,CNY,2026-03-12,,", Reject("malformed", "amount")),
        ("A,LEGAL,1e3,CNY,2026-03-12,,", Reject("malformed", "amount")),
        ("A,LEGAL,1,XXY,2026-03-12,,", Reject("unknown-currency", "currency")),
        ("A,LEGAL,1,CNY,2026-02-30,,", Reject("malformed", "on")),
        ("A,LEGAL,1,CNY,20260312,,", Reject("malformed", "on")),
        ("A,LEGAL,1,CNY,2026-03-12,case-1,", Reject("malformed", "case")),
        ("A,LEGAL,1,CNY,2026-03-12,,team a", Reject("malformed", "team")),
        (f"A,LEGAL,1,CNY,2026-03-12,{CASE},T1", Reject("malformed", "team")),
        ("A,LEGAL,1,CNY,2026-03-12,", Reject("malformed", "line")),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_says_where_and_nothing_of_what_it_says(
    tmp_path: Path, line: str, reject: Reject
) -> None:
    assert read(tmp_path, line) == [(2, reject)]


@pytest.mark.parametrize(
    "header", ["", "a,b\n", HEADER.replace("team", "kind"), HEADER.replace("\n", ",x\n")]
)
def test_another_file_is_refused_as_a_whole(tmp_path: Path, header: str) -> None:
    with pytest.raises(CostHeaderUnusable):
        read(tmp_path, header=header)


def test_bytes_that_are_no_text_are_rejected_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_bytes(HEADER.encode() + b"\xff\xfe,LEGAL,1,CNY,2026-03-12,,\nA,LEGAL,1,CNY,2026-03-12,,\n")
    assert [type(said).__name__ for _, said in CostFile(file, "X")] == ["Reject", "BookCost"]


class Kept:
    """Keeps what was rejected."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, Reject]] = []

    def put(self, line: int, reject: Reject) -> None:
        """Note one."""
        self.lines.append((line, reject))


@backends
async def test_a_file_twice_books_nothing_twice(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(datetime(2026, 3, 20, 4, tzinfo=UTC))
    async with opened(store_on(backend, tmp_path, request), tmp_path, clock=clock) as ledger:
        acts = CaseDesk(ledger=ledger, tenant="default", policies=POLICIES)
        decisions = CaseDecisions(desk=acts, ledger=ledger, tenant="default", policies=POLICIES, clock=clock)
        desk = FigureDesk(ledger=ledger, tenant="default", desk=acts, decisions=decisions)
        kept = Kept()

        async def run(*lines: str) -> CostsTaken:
            return await take_in(
                read(tmp_path, *lines), desk=desk, rejects=kept, today=decisions.today, actor="system:test"
            )

        lines = (
            "A-1,STAFF_TIME,12.50,CNY,2026-03-12,,T1", "A-2,LEGAL,7,USD,2026-03-12,,",
            f"A-3,LEGAL,7,CNY,2026-03-12,{CASE},", "A-4,LEGAL,7,CNY,2026-03-21,,",
        )  # fmt: skip
        first = await run(*lines)
        assert first.to_json() == {
            "lines": 4, "booked": 2, "unchanged": 0, "rejected": 2,
            "amounts": [{"amount": "12.50", "currency": "CNY"}, {"amount": "7.00", "currency": "USD"}],
        }  # fmt: skip
        assert kept.lines == [(4, Reject("case-unknown", "case")), (5, Reject("in-the-future", "on"))]
        again = await run(*lines)
        assert (again.booked, again.unchanged, again.rejected) == (0, 2, 2)
        other = await run("A-1,STAFF_TIME,13.50,CNY,2026-03-12,,T1")
        assert kept.lines[-1] == (2, Reject("conflict", "source_ref"))
        assert other.booked == 0
