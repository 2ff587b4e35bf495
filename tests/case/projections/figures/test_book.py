"""How accounts of a lender's book stand: as the rule of the book has it, for every account and day."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.case.domain.book import rows as b
from services.case.domain.book.account_record import fold_record
from services.case.domain.book.overdue import by_book
from services.case.domain.policy import POLICIES
from services.case.projections.figures import standings
from shared.eventstore.registry import Erased
from tests.case.projections.figures.asking import sides
from tests.case.projections.portfolio import desk
from tests.kit.book import DAY, PlainBook, account, before, deliver, instalment, party, terms
from tests.kit.importing import everything
from tests.kit.ledgers import backends

LATER = DAY + timedelta(days=30)
BOOK: list[b.BookRow] = [
    party("P-1"), party("P-2"),
    account("A-1", "P-1"), instalment("A-1", 1, before(40)), instalment("A-1", 2, before(10)),
    instalment("A-1", 3, DAY + timedelta(days=20)),
    account("A-2", "P-1"), instalment("A-2", 1, before(70), paid=20_000),
    account("A-3", "P-2"), instalment("A-3", 1, before(3)), instalment("A-3", 2, before(33), paid=105_000),
]  # fmt: skip


@backends
async def test_days_past_due_are_those_of_the_rule_of_the_book(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await deliver(it.ledger, PlainBook(terms(), BOOK))
        changes: list[b.BookRow] = [
            instalment("A-1", 1, before(40), paid=105_000),
            instalment("A-1", 4, LATER + timedelta(days=20)),
            b.AccountRow(account_ref="A-2", debtor_ref="", product="", currency="", dropped=True, drop_reason="SOLD"),
        ]  # fmt: skip
        await deliver(it.ledger, PlainBook(terms(as_of=LATER, full=False), changes))
        await it.projections.catch_up()
        told: dict[str, list[object]] = {}
        for seen in await everything(it.ledger):
            if seen.stream.startswith("account-") and not isinstance(seen.event, Erased):
                told.setdefault(seen.stream, []).append(seen.event)
        for days in (0, 4, 12, 29, 30, 45):
            day = DAY + timedelta(days=days)
            ours = await it.projections.database.read(
                lambda connection, day=day: standings.standings(connection, day, known_at=None)
            )
            policy = POLICIES.in_force(tenant="default", on=day)
            for stream, events in told.items():
                known = fold_record(e for e in events if _day(e) <= day)  # type: ignore[misc]
                expected = by_book(known, day, policy)
                if known.left is None and expected is not None:
                    assert ours[stream].days == expected.days_past_due, (stream, day)
                else:
                    assert ours[stream].gone == "SOLD"
        moved = await sides(it, "roll", LATER, from_=DAY + timedelta(days=1))
        assert [key for key in moved if key[2:3] == ("SOLD",) and key[0] == "accounts"] == [
            ("accounts", "M3", "SOLD", "CNY")
        ]
        book = await sides(it, "overdue", DAY)
        assert book["balance", "PAR-0", "CNY"] == (3 * 105_000 + 85_000, 4 * 105_000 + 85_000), (
            "without balances an account owes what of its instalments is not paid"
        )


def _day(event: object) -> object:
    return event.as_of if hasattr(event, "as_of") else event.on  # type: ignore[attr-defined]


@backends
async def test_an_account_that_comes_back_is_in_the_book_again(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        left = b.AccountRow(
            account_ref="A-2", debtor_ref="", product="", currency="", dropped=True, drop_reason="RECALLED"
        )
        back = [party("P-1"), account("A-2", "P-1"), instalment("A-2", 1, before(70), paid=20_000)]
        await deliver(it.ledger, PlainBook(terms(), BOOK))
        await deliver(it.ledger, PlainBook(terms(as_of=DAY + timedelta(days=10), full=False), [left]))
        await deliver(it.ledger, PlainBook(terms(as_of=LATER, full=False), back))
        await it.projections.catch_up()
        rest = 4 * 105_000
        assert (await sides(it, "overdue", DAY))["balance", "PAR-60", "CNY"] == (85_000, rest + 85_000)
        gone = await sides(it, "overdue", LATER - timedelta(days=1))
        assert gone["balance", "PAR-90", "CNY"] == (0, rest)
        assert gone["accounts", "PAR-90", "CNY"] == (0, 2)
        again = await sides(it, "overdue", LATER)
        assert again["balance", "PAR-90", "CNY"] == (85_000, rest + 85_000)
        assert again["accounts", "PAR-90", "CNY"] == (1, 3)
        moved = await sides(it, "roll", LATER, from_=DAY + timedelta(days=1))
        assert moved["accounts", "M3", "M4+", "CNY"] == (1, 1)


@backends
async def test_what_was_overdue_when_a_case_came_in_is_of_all_its_accounts_of_that_day(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await deliver(it.ledger, PlainBook(terms(), BOOK))
        later: list[b.BookRow] = [account("A-4", "P-1"), instalment("A-4", 1, LATER - timedelta(days=9))]
        await deliver(it.ledger, PlainBook(terms(as_of=LATER, full=False), later))
        await it.projections.catch_up()
        found = await sides(it, "liquidation", LATER, from_=DAY.replace(day=1))
        came_in = {key: below for key, (_, below) in found.items() if key[0] == "opened"}
        # A-1 owes two instalments and A-2 the rest of one; what A-3 owes has days of grace left; A-4 joined later.
        assert set(came_in.values()) == {2 * 105_000 + 85_000}
