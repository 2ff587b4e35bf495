"""An account belongs to the lender's book or to its statements: no debtor gets a second case for one account."""

from pathlib import Path

import pytest

from services.case.domain.events import CaseOpened
from services.case.domain.judge import judge
from services.case.domain.state import OpenCase
from shared.eventstore.sqlite.store import SqliteStore
from tests.case.application.book.test_import_book import case_of
from tests.kit.book import (
    DAY,
    POLICIES,
    PlainBook,
    Rejected,
    account,
    before,
    deliver,
    instalment,
    party,
    terms,
)
from tests.kit.importing import everything, row, take_in, write
from tests.kit.ledgers import opened


async def test_a_statement_of_an_account_in_the_book_is_rejected(tmp_path: Path) -> None:
    rows = [party("P-1"), account("A-1", "P-1"), instalment("A-1", 1, before(40))]
    file = write(tmp_path / "in.csv", [row("A-1", months=2), row("A-2", months=1)])
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path, shards=3) as ledger:
        await deliver(ledger, PlainBook(terms(), rows))
        result = await take_in(ledger, file, tmp_path / "rejects.csv")
        cases = [one.event for one in await everything(ledger) if isinstance(one.event, CaseOpened)]
    assert (result.imported, result.rejected) == (1, 1)
    assert (tmp_path / "rejects.csv").read_text().splitlines()[1:] == ["2,account-in-book,account_ref"]
    assert sorted(one.debtor_ref for one in cases) == ["A-2", "P-1"]


async def test_an_account_known_by_statements_joins_no_other_debtor(tmp_path: Path) -> None:
    rows = [party("P-1"), account("A-1", "P-1"), instalment("A-1", 1, before(40))]
    rejected = Rejected()
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path, shards=3) as ledger:
        await take_in(ledger, write(tmp_path / "in.csv", [row("A-1", months=2)]), tmp_path / "rejects.csv")
        result = await deliver(ledger, PlainBook(terms(), rows), rejected)
    assert (result.imported, result.cases_opened) == (1, 0)
    assert rejected.reasons == ["known-by-statements", "known-by-statements"]


async def test_the_debtor_whom_statements_know_gets_the_book_on_the_case_they_opened(tmp_path: Path) -> None:
    """Where a lender calls debtor and account alike, both kinds of file speak of one account and one case."""
    rows = [
        party("A-1"), account("A-1", "A-1", currency="TWD"), instalment("A-1", 1, before(400)),
        instalment("A-1", 2, before(370)),
    ]  # fmt: skip
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        await take_in(ledger, write(tmp_path / "in.csv", [row("A-1", months=2)]), tmp_path / "rejects.csv")
        result = await deliver(ledger, PlainBook(terms(), rows))
        again = await deliver(ledger, PlainBook(terms(), rows))
        case = await case_of(ledger, "A-1")
        late = await take_in(
            ledger, write(tmp_path / "in.csv", [row("A-1", "2005-05-31", months=3)]), tmp_path / "r.csv"
        )
    assert (result.cases_opened, again.events, late.imported) == (0, 0, 1)
    assert isinstance(case, OpenCase)
    assert len(case.debts) == 1


@pytest.mark.parametrize("paid", ["900", "4600"])
async def test_what_statements_said_was_paid_is_not_counted_again_by_instalments(
    tmp_path: Path, paid: str
) -> None:
    """The book's unpaid rest is after all that came in, the statement's payment of the month included."""
    lines = [
        row("A-1", "2026-11-30", months=2, balance="2000"),
        row("A-1", "2026-12-31", months=1, paid="900"),
    ]
    rows = [
        party("A-1"), account("A-1", "A-1", currency="TWD"), instalment("A-1", 1, before(60), paid=105_000),
        instalment("A-1", 2, before(30), paid=5_000),
    ]  # fmt: skip
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        await take_in(ledger, write(tmp_path / "in.csv", lines), tmp_path / "rejects.csv")
        result = await deliver(ledger, PlainBook(terms(paid_in="FILES"), rows))
        again = await deliver(ledger, PlainBook(terms(paid_in="FILES"), rows))
        case = await case_of(ledger, "A-1")
    assert (result.cases_cured, again.events) == (0, 0)
    picture = judge(case.facts, DAY, POLICIES.in_force(tenant="default", on=DAY))
    assert (picture.days_past_due, picture.owed.total.minor) == (30, 100_000)
