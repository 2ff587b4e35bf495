"""Laws of the import over any lender's book: replay is live, twice is once, money is conserved."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.case.domain.decide import Standing
from services.case.domain.events import CaseOpened, PaymentReceived, StatementReported
from services.case.domain.state import OpenCase, fold_account, fold_case
from shared.eventstore.recorded import Recorded
from shared.eventstore.sqlite.store import SqliteStore
from tests.kit.importing import counted, everything, row, take_in, write
from tests.kit.ledgers import opened
from tests.kit.statements import a_line, month_end, report_all

months_of_one = st.lists(
    st.tuples(st.integers(0, 5), st.integers(-9_000, 90_000), st.integers(0, 9_000)), min_size=1, max_size=6
)
books = st.lists(months_of_one, min_size=1, max_size=6)


def rows_of(book: list[list[tuple[int, int, int]]]) -> list[dict[str, str]]:
    """The book as a file in date order; balances and payments in whole dollars."""
    return [
        row(f"A-{n}", str(month_end(month)), behind, str(owed), str(paid))
        for month in range(6)
        for n, account in enumerate(book)
        if month < len(account)
        for behind, owed, paid in [account[month]]
    ]


def expected(book: list[list[tuple[int, int, int]]]) -> dict[str, Standing]:
    """Where deciding line by line, with no ledger, leaves each debtor."""
    ends = {}
    for n, account in enumerate(book):
        lines = [
            a_line(ref=f"A-{n}", month=month, behind=behind, balance=100 * owed, paid=100 * paid)
            for month, (behind, owed, paid) in enumerate(account)
        ]
        ends[f"A-{n}"] = report_all(lines)[0]
    return ends


async def import_in_parts(folder: Path, rows: list[dict[str, str]], seed: int) -> list[Recorded[object]]:
    """Import a first part of the file, then the whole of it, each by a fresh process as far as memory goes."""
    chance = random.Random(seed)
    for number, cut in enumerate([chance.randrange(len(rows) + 1), len(rows)]):
        async with opened(SqliteStore(folder / "case.db"), folder) as ledger:
            result = await take_in(
                ledger, write(folder / f"{number}.csv", rows[:cut]), folder / "rejects.csv"
            )
            assert result.rejected == 0
            events = await everything(ledger)
    return events


@settings(
    max_examples=15,
    phases=(Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(books, st.integers(0, 999))
def test_any_book_in_any_parts(
    tmp_path_factory: pytest.TempPathFactory, book: list[list[tuple[int, int, int]]], seed: int
) -> None:
    rows = rows_of(book)
    events = asyncio.run(import_in_parts(tmp_path_factory.mktemp("book"), rows, seed))
    plain = counted(rows)

    assert len(events) == plain.events
    assert sum(e.event.amount.minor for e in events if isinstance(e.event, PaymentReceived)) == plain.paid

    streams: dict[str, list[object]] = {}
    for event in events:
        streams.setdefault(event.stream, []).append(event.event)
    accounts = {s: es for s, es in streams.items() if isinstance(es[0], StatementReported)}
    cases = [es for es in streams.values() if isinstance(es[0], CaseOpened)]
    ends = expected(book)
    assert len(accounts) == len(book)
    for stated in accounts.values():
        folded = fold_account(e for e in stated if isinstance(e, StatementReported))
        assert folded == ends[stated[0].account_ref].account  # type: ignore[attr-defined]
    still_open = Counter(es[0].debtor_ref for es in cases if isinstance(fold_case(es), OpenCase))  # type: ignore
    assert still_open == {ref: 1 for ref, end in ends.items() if isinstance(end.case, OpenCase)}
    assert len(cases) == plain.opened
