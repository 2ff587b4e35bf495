"""The books of accounts and parties, live and rebuilt, on both stores; and what a full book no longer names."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.case.adapters.book.taking_in import in_book
from services.case.application.book.names import BookNames
from services.case.domain.book import rows as b
from services.case.projections.book import accounts, parties
from tests.case.application.book.test_import_book import BOOK
from tests.case.projections.portfolio import desk
from tests.kit.book import DAY, PlainBook, account, deliver, party, point, terms
from tests.kit.booking import drawn
from tests.kit.ledgers import backends

LATER = DAY + timedelta(days=1)


@backends
async def test_the_views_hold_what_the_deliveries_said_and_a_rebuild_gives_the_same(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    changed = [
        party("P-1"), point("P-1", "+861"), account("A-1", "P-1", product="CARD"),
        b.RoleRow(account_ref="A-3", party_ref="P-1", role="GUARANTOR", dropped=True),
        b.CollateralRow(account_ref="A-3", reference="R-1", kind="VEHICLE", dropped=True),
        b.BalanceRow(account_ref="A-3", as_of=LATER, balance=7_700),
        account("A-2", "P-1", dropped=True, drop_reason="SOLD"),
    ]  # fmt: skip
    async with desk(backend, tmp_path, request, shards=2) as it:
        read, names = it.projections.database.read, BookNames(it.ledger, "default")
        await deliver(it.ledger, PlainBook(terms(), BOOK))
        await it.projections.catch_up()
        guarded = accounts.Wanted(party=names.party("P-1"))
        assert len(await read(lambda c: accounts.page(c, guarded))) == 3, (
            "two of their own, and one they stand for"
        )
        await deliver(it.ledger, PlainBook(terms(as_of=LATER, full=False), changed))
        await it.projections.catch_up()
        rows = {row.account_id: row for row in await read(lambda c: accounts.page(c, accounts.Wanted()))}
        first, second, third = (rows[names.account(f"A-{n}", "P-2" if n == 3 else "P-1")] for n in (1, 2, 3))
        assert (first.product, second.left_reason, third.balance_minor) == ("CARD", "SOLD", 7_700)
        assert len(await read(lambda c: accounts.page(c, guarded))) == 2
        assert len(await read(lambda c: accounts.page(c, accounts.Wanted(in_book=False)))) == 1
        shown = await read(lambda c: parties.shown(c, parties.page(c)))
        assert [len(one.points) for one in shown] == [1, 1]
        assert LATER in {one.points[0].since for one in shown}
        live = await it.digests()
        await it.forget()
        await it.in_pages(7)
        assert await it.digests() == live


@backends
async def test_what_a_full_book_no_longer_names_is_found_by_the_view(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    rows = drawn(12)
    kept = [row for row in rows if getattr(row, "account_ref", "A-000000") < "A-000005"]
    async with desk(backend, tmp_path, request, shards=2) as it:
        await deliver(it.ledger, PlainBook(terms(), rows))
        full = PlainBook(terms(as_of=LATER, missing="SOLD"), kept)
        result = await deliver(it.ledger, full, in_book=in_book(it.projections))
        again = await deliver(it.ledger, full, in_book=in_book(it.projections))
    assert (result.accounts_left, again.accounts_left, again.events) == (7, 0, 0)
