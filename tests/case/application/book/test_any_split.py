"""However a lender cuts a book into deliveries, the same is on record afterwards."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.case.domain.book import rows as b
from services.case.domain.book.account_record import fold_record
from services.case.domain.book.party_record import fold_party
from services.case.domain.events import CaseOpened
from services.case.domain.judge import judge
from services.case.domain.state import OpenCase, fold_case
from shared.eventstore.sqlite.store import SqliteStore
from tests.kit.book import DAY, POLICIES, PlainBook, deliver, terms
from tests.kit.booking import drawn, overdue
from tests.kit.importing import everything
from tests.kit.ledgers import opened

POLICY = POLICIES.in_force(tenant="default", on=DAY)


async def standing(folder: Path, deliveries: list[list[b.BookRow]]) -> dict[str, Any]:
    """What is on record after these deltas: each party and account, and what each open case comes to."""
    found: dict[str, Any] = {}
    async with opened(SqliteStore(folder / "case.db"), folder) as ledger:
        (folder / "keys.json").exists()
        for rows in deliveries:
            await deliver(ledger, PlainBook(terms(full=False), rows))
        streams: dict[str, list[Any]] = {}
        for seen in await everything(ledger):
            streams.setdefault(seen.stream, []).append(seen.event)
    for events in streams.values():
        first = events[0]
        if isinstance(first, CaseOpened):
            case = fold_case(events)
            assert isinstance(case, OpenCase)
            picture = judge(case.facts, DAY, POLICY)
            found[f"case {first.debtor_ref}"] = (
                len(picture.debts), picture.days_past_due, picture.stage, picture.owed.minors, case.stage,
            )  # fmt: skip
        elif hasattr(first, "party_ref"):
            record = fold_party(events)
            found[f"party {first.party_ref}"] = (record.identity, sorted(record.points))
        else:
            account = fold_record(events)
            found[f"account {first.account_ref}"] = (
                account.terms, account.left, sorted((n, i.said) for n, i in account.instalments.items()),
                len(account.roles), len(account.collateral),
            )  # fmt: skip
    return found


def cut(rows: list[b.BookRow], parts: int, seed: int) -> list[list[b.BookRow]]:
    """Rows dealt out into deltas at random; parties come first, and an account before what is about it."""
    draw = random.Random(seed)
    deltas: list[list[b.BookRow]] = [[] for _ in range(parts)]
    places: dict[str, int] = {}
    for row in rows:
        place = 0 if isinstance(row, b.PartyRow) else draw.randrange(parts)
        if isinstance(row, b.AccountRow):
            places[row.account_ref] = place
        elif not isinstance(row, b.PartyRow | b.PointRow):
            place = draw.randrange(places[row.account_ref], parts)
        deltas[place].append(row)
    return deltas


@settings(
    max_examples=8, deadline=None, phases=(Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(st.integers(2, 4), st.integers(0, 9_999))
def test_any_split_leaves_the_same(tmp_path_factory: pytest.TempPathFactory, parts: int, seed: int) -> None:
    rows = drawn(9, seed=seed)
    at = tmp_path_factory.mktemp("book")
    (at / "one").mkdir()
    (at / "cut").mkdir()
    whole = asyncio.run(standing(at / "one", [rows]))
    assert asyncio.run(standing(at / "cut", cut(rows, parts, seed))) == whole
    behind = overdue(rows, DAY, grace=3)
    debtors = {row.account_ref: row.debtor_ref for row in rows if isinstance(row, b.AccountRow)}
    days = {f"case {debtors[ref]}": 0 for ref in behind}
    for ref, late in behind.items():
        days[f"case {debtors[ref]}"] = max(days[f"case {debtors[ref]}"], late)
    assert {name: said[1] for name, said in whole.items() if name.startswith("case ")} == days
