"""A lender's book becomes events once: parties, accounts, and the cases that follow from what is overdue."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.case.application.book.import_book import DeliveryAhead
from services.case.application.book.names import BookNames
from services.case.domain import events as e
from services.case.domain.book import rows as b
from services.case.domain.judge import judge
from services.case.domain.state import ClosedCase, OpenCase, fold_case
from shared.eventstore.ledger import Ledger
from shared.eventstore.sqlite.store import SqliteStore
from shared.eventstore.verify import verify
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
    point,
    terms,
)
from tests.kit.importing import everything
from tests.kit.ledgers import backends, opened, store_on

LATER = DAY + timedelta(days=30)
BOOK: list[b.BookRow] = [
    party("P-1"), point("P-1", "+8613800000001"), party("P-2"), point("P-2", "+8613800000002"),
    account("A-1", "P-1"), instalment("A-1", 1, before(40)), instalment("A-1", 2, before(10)),
    instalment("A-1", 3, DAY + timedelta(days=20)),
    account("A-2", "P-1"), instalment("A-2", 1, before(70), paid=20_000),
    account("A-3", "P-2"), instalment("A-3", 1, before(3)), instalment("A-3", 2, before(33), paid=105_000),
    b.RoleRow(account_ref="A-3", party_ref="P-1", role="GUARANTOR", guarantee="JOINT"),
    b.CollateralRow(account_ref="A-3", reference="R-1", kind="VEHICLE", value=5_000_000),
]  # fmt: skip


async def case_of(ledger: Ledger, debtor: str, episode: int = 1) -> Any:
    stream = BookNames(ledger, "default").case(debtor, episode)
    return fold_case(one.event for one in await ledger.whole_stream(stream))


def kinds(events: list[Any]) -> Counter[str]:
    return Counter(type(one.event).__name__ for one in events)


@backends
async def test_a_book_opens_one_case_for_a_debtor_with_all_that_is_overdue_and_comes_in_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path, shards=3) as ledger:
        first = await deliver(ledger, PlainBook(terms(), BOOK))
        events = await everything(ledger)
        again = await deliver(ledger, PlainBook(terms(), BOOK))
        held = await everything(ledger)
        case = await case_of(ledger, "P-1")
        assert (await verify(ledger)).found == 0
    said = first.to_json()
    assert (said["parties"], said["points"], said["accounts"], said["instalments"]) == (2, 2, 3, 6)
    assert (first.imported, first.unchanged, first.rejected) == (len(BOOK), 0, 0)
    assert (first.cases_opened, first.debts_attached, first.payments) == (1, 1, 0)
    assert first.events == len(events)
    assert (again.imported, again.unchanged, again.events) == (0, len(BOOK), 0)
    assert len(held) == len(events)
    assert isinstance(case, OpenCase)
    picture = judge(case.facts, DAY, POLICIES.in_force(tenant="default", on=DAY))
    assert (picture.days_past_due, picture.stage, len(picture.debts)) == (70, "M3", 2)
    assert picture.owed.total.minor == 105_000 + 105_000 + 85_000
    assert kinds(events)["CaseOpened"] == 1, "three days of grace are not over for the other debtor"


async def test_a_second_delivery_changes_what_it_changes(tmp_path: Path) -> None:
    delta = [
        point("P-1", "+8613800000009"),
        instalment("A-1", 4, LATER + timedelta(days=20)),
        b.AccountRow(
            account_ref="A-2", debtor_ref="", product="", currency="", dropped=True, drop_reason="SOLD"
        ),
    ]
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        await deliver(ledger, PlainBook(terms(), BOOK))
        before_ = len(await everything(ledger))
        result = await deliver(ledger, PlainBook(terms(as_of=LATER, full=False), delta))
        new = (await everything(ledger))[before_:]
        again = await deliver(ledger, PlainBook(terms(as_of=LATER, full=False), delta))
        case = await case_of(ledger, "P-1")
    assert (result.imported, result.unchanged, result.rejected) == (3, 0, 0)
    assert (result.accounts_left, result.debts_detached) == (1, 1)
    assert (again.imported, again.events) == (0, 0)
    found = kinds(new)
    assert (found["ContactPointEnded"], found["ContactPointAdded"], found["InstalmentScheduled"]) == (1, 1, 1)
    assert (found["AccountLeftBook"], found["DebtDetached"]) == (1, 1)
    assert isinstance(case, OpenCase)
    assert len(case.debts) == 1


async def test_a_phone_that_changes_and_changes_back_is_on_record_three_times(tmp_path: Path) -> None:
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        for days, value in enumerate(("+861", "+862", "+861")):
            rows = [party("P-1"), point("P-1", value)]
            await deliver(ledger, PlainBook(terms(as_of=DAY + timedelta(days=days)), rows))
        events = [one.event for one in await everything(ledger)]
        rejected = Rejected()
        late = await deliver(
            ledger, PlainBook(terms(as_of=DAY), [party("P-1"), point("P-1", "+862")]), rejected
        )
    assert [type(one).__name__ for one in events] == [
        "PartyRegistered", "ContactPointAdded", "ContactPointEnded", "ContactPointAdded", "ContactPointEnded",
        "ContactPointAdded",
    ]  # fmt: skip
    assert events[1].point == events[5].point != events[3].point
    assert (late.unchanged, rejected.reasons) == (1, ["out-of-order"])


async def test_what_the_book_has_as_paid_is_a_payment_once_and_pays_the_case_off(tmp_path: Path) -> None:
    paid = [
        party("P-1"), account("A-1", "P-1"),
        instalment("A-1", 1, before(40), paid=105_000, paid_on=DAY + timedelta(days=2)),
        instalment("A-1", 2, before(10), paid=105_000, paid_on=DAY + timedelta(days=3)),
    ]  # fmt: skip
    owed = [
        party("P-1"),
        account("A-1", "P-1"),
        instalment("A-1", 1, before(40)),
        instalment("A-1", 2, before(10)),
    ]
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        await deliver(ledger, PlainBook(terms(), owed))
        half = [*owed[:2], instalment("A-1", 1, before(40), paid=5_000), owed[3]]
        first = await deliver(ledger, PlainBook(terms(as_of=DAY + timedelta(days=1)), half))
        second = await deliver(ledger, PlainBook(terms(as_of=DAY + timedelta(days=4)), paid))
        events = [one.event for one in await everything(ledger)]
        case = await case_of(ledger, "P-1")
        back = [*owed[:2], instalment("A-1", 1, before(40), paid=100_000), paid[3]]
        third = await deliver(ledger, PlainBook(terms(as_of=DAY + timedelta(days=5)), back))
        fourth = await case_of(ledger, "P-1", 2)
    assert (first.payments, second.payments) == (1, 2)
    assert isinstance(case, ClosedCase)
    assert case.reason == "CURED"
    amounts = [(one.amount.minor, one.period_from) for one in events if isinstance(one, e.PaymentReceived)]
    assert amounts == [
        (5_000, DAY + timedelta(days=1)), (100_000, DAY + timedelta(days=2)), (105_000, DAY + timedelta(days=3))
    ]  # fmt: skip
    assert (third.cases_opened, third.payments) == (1, 0), "the lender took 50.00 back: it is overdue again"
    assert isinstance(fourth, OpenCase)
    assert fourth.arrears.minor == 5_000


async def test_an_account_that_a_full_book_does_not_name_leaves_as_its_terms_say(tmp_path: Path) -> None:
    without = [row for row in BOOK if getattr(row, "account_ref", "") not in ("A-1", "A-2")]
    recall = terms(as_of=LATER, missing="RECALLED")
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        await deliver(ledger, PlainBook(terms(), BOOK))
        kept = await deliver(ledger, PlainBook(terms(as_of=LATER), without))
        unsure = await deliver(ledger, PlainBook(recall, without, nameless=1))
        empty = await deliver(ledger, PlainBook(recall, [party("P-1")]))
        gone = await deliver(ledger, PlainBook(recall, without))
        case = await case_of(ledger, "P-1")
        again = await deliver(ledger, PlainBook(recall, without))
        back = await deliver(ledger, PlainBook(terms(as_of=LATER + timedelta(days=1)), BOOK))
        following = await case_of(ledger, "P-1", 2)
    assert (kept.accounts_left, unsure.accounts_left, empty.accounts_left) == (0, 0, 0)
    assert (kept.missing_kept, unsure.missing_kept, empty.missing_kept) == (False, True, True)
    assert (gone.accounts_left, gone.cases_closed) == (2, 1)
    assert isinstance(case, ClosedCase)
    assert case.reason == "RECALLED"
    assert (again.accounts_left, again.events) == (0, 0)
    assert (back.cases_opened, back.debts_attached) == (1, 1)
    assert isinstance(following, OpenCase)
    assert len(following.debts) == 2


async def test_rows_that_the_ledger_knows_better_are_rejected_and_no_other_is_lost(tmp_path: Path) -> None:
    rows = [
        *BOOK,
        account("A-9", "P-9"), instalment("A-9", 1, before(9)),
        instalment("A-8", 1, before(9)),
        point("P-7", "+861"),
        b.RoleRow(account_ref="A-1", party_ref="P-9", role="GUARANTOR"),
        b.RoleRow(account_ref="A-1", party_ref="P-2", role="DEBTOR"),
        instalment("A-3", 7, before(9), currency="USD"),
    ]  # fmt: skip
    wrong = [account("A-1", "P-2"), instalment("A-1", 9, before(1)), account("A-2", "P-1", currency="USD")]
    rejected, second = Rejected(), Rejected()
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        first = await deliver(
            ledger, PlainBook(terms(), rows, broken=[("instalments", "A-1", "bad-date")]), rejected
        )
        await deliver(ledger, PlainBook(terms(full=False), wrong), second)
    assert (first.imported, first.rejected) == (len(BOOK), 8)
    assert rejected.reasons == [
        "bad-date", "currency-changed", "debtor-changed", "unknown-account", "unknown-party", "unknown-party",
        "unknown-party", "unknown-party",
    ]  # fmt: skip
    assert second.reasons == ["currency-changed", "debtor-changed", "debtor-changed"]


async def test_a_delivery_of_a_day_that_has_not_come_is_refused_as_a_whole(tmp_path: Path) -> None:
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        with pytest.raises(DeliveryAhead):
            await deliver(ledger, PlainBook(terms(), BOOK), today=DAY - timedelta(days=1))
        assert await everything(ledger) == []
        assert (await deliver(ledger, PlainBook(terms(), BOOK), today=DAY)).cases_opened == 1
