"""Raw payments over real ledgers of several lanes: booked once, in one place at a time, on both clocks."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from services.case.application.asked_as_of import CaseClocks
from services.case.application.deciding import CaseDecisions
from services.case.application.handle import CaseDesk
from services.case.application.payments import PaymentDesk, Placed
from services.case.domain import entry as rules
from services.case.domain.entry import EnterPayment, InPool
from services.case.domain.money_commands import OpenCase
from services.case.domain.policy import POLICIES
from services.case.projections import account_cases
from services.case.projections import payments as pool
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, StaleVersion
from shared.kernel.clock import FixedClock
from shared.kernel.refusal import Refused
from tests.case.projections.portfolio import Desk, desk
from tests.kit.ledgers import backends
from tests.kit.life import cny

DAY = date(2026, 3, 2)
SHARDS = 4
DEBTORS = ("D-1", "D-2", "D-3")


@dataclass
class Pool:
    """A payment desk over ledger and views, with an open case for each debtor."""

    it: Desk
    clock: FixedClock
    acts: CaseDesk
    payments: PaymentDesk
    decisions: CaseDecisions
    clocks: CaseClocks
    cases: list[str] = field(default_factory=list)
    commands: int = 0

    @property
    def ledger(self) -> Ledger:
        return self.it.ledger

    async def commit(self, placed: Any) -> Any:
        """Store what was decided."""
        self.commands += 1
        self.clock.advance(timedelta(minutes=1))
        if placed.writes:
            await self.ledger.commit(
                Command(
                    tenant="default",
                    command_id=self.ledger.command_id("test", "any", str(self.commands)),
                    fingerprint=b"1",
                    actor="user:chen",
                    writes=tuple(placed.writes),
                    policy=placed.policy,
                )
            )
        return placed

    async def enter(self, ref: str, **other: Any) -> str:
        """Take a payment in; its id."""
        await self.commit(await self.payments.enter(asked(ref, **other), actor="user:chen"))
        return self.payments.entry_id("UNIONPAY", ref)

    async def open(self, debtor: str) -> str:
        case_id = self.acts.case_id(debtor, 1)
        account = self.decisions.account_id(debtor, f"A-{debtor}")
        opening = OpenCase(
            debtor_ref=debtor, episode=1, debts=(account,), on=DAY, arrears=cny(100_000), days_past_due=20
        )
        await self.commit(await self.decisions.decide(case_id, opening, actor="user:chen"))
        self.cases.append(case_id)
        return case_id

    async def sums(self, case_id: str, *, as_of: date, known_at: datetime | None = None) -> int:
        """What the case has of all money, in minor units; the sum law holds for it."""
        seen = await self.clocks.case(case_id, as_of=as_of, known_at=known_at)
        balance = seen.picture.balance
        has = balance.received.minor - balance.returned.minor - balance.refunded.minor
        assert balance.allocated.total.minor + balance.unallocated.minor == has
        return has


def asked(ref: str, **other: Any) -> EnterPayment:
    said: dict[str, Any] = {
        "source": "UNIONPAY", "source_ref": ref, "account_ref": None, "debtor_ref": "D-1",
        "amount": cny(30_000), "on": DAY + timedelta(days=3), "channel": "CARD",
    }  # fmt: skip
    return EnterPayment(**(said | other))


@asynccontextmanager
async def opened(backend: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Pool]:
    """A new store with a case for each debtor."""
    async with reopened(backend, folder, request) as found:
        for debtor in DEBTORS:
            await found.open(debtor)
        yield found


@asynccontextmanager
async def reopened(backend: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Pool]:
    """The store as it is."""
    async with desk(backend, folder, request, shards=SHARDS) as it:
        clock = FixedClock(datetime(2026, 3, 20, 1, 0, tzinfo=UTC))
        it.ledger.clock = clock
        acts = CaseDesk(ledger=it.ledger, tenant="default", policies=POLICIES)
        decisions = CaseDecisions(
            desk=acts, ledger=it.ledger, tenant="default", policies=POLICIES, clock=clock
        )

        async def cases_of(key: str) -> list[str]:
            return await it.projections.database.read(lambda c: account_cases.cases_of(c, key))

        payments = PaymentDesk(
            ledger=it.ledger, tenant="default", desk=acts, decisions=decisions, policies=POLICIES, cases_of=cases_of
        )  # fmt: skip
        clocks = CaseClocks(desk=acts, tenant="default", policies=POLICIES)
        yield Pool(it, clock, acts, payments, decisions, clocks)


@backends
async def test_an_entry_and_its_payment_are_one_command_whatever_lanes_they_lie_in(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(backend, tmp_path, request) as it:
        lanes = set()
        for number in range(12):
            debtor = DEBTORS[number % 3]
            entry_id = await it.enter(f"R-{number}", debtor_ref=debtor, amount=cny(100))
            entry = await it.payments.load(entry_id)
            assert isinstance(entry.state, rules.Matched)
            assert entry.state.case == it.acts.case_id(debtor, 1)
            lanes.add(
                (await it.ledger.lane_of(entry_id), await it.ledger.lane_of(entry.state.case)),
            )
        assert any(mine != theirs for mine, theirs in lanes)
        assert [await it.sums(case, as_of=it.decisions.today) for case in it.cases] == [400, 400, 400]


@backends
async def test_one_reference_is_booked_once_by_however_many_at_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(backend, tmp_path, request) as it:
        decided = [
            await it.payments.enter(asked("R-1", debtor_ref=debtor), actor="user:chen") for debtor in DEBTORS
        ]
        answers = await asyncio.gather(*map(it.commit, decided), return_exceptions=True)
        assert sum(isinstance(answer, StaleVersion) for answer in answers) == 2
        assert sum([await it.sums(case, as_of=it.decisions.today) for case in it.cases]) == 30_000


@backends
async def test_an_account_without_its_debtor_is_found_in_the_view(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(backend, tmp_path, request) as it:
        early = await it.enter("R-0", debtor_ref=None, account_ref="A-D-2")
        entry = await it.payments.load(early)
        assert isinstance(entry.state, InPool), "the view does not know the case yet: a person will"
        await it.it.projections.catch_up(account_cases.VIEW)
        later = await it.payments.load(await it.enter("R-1", debtor_ref=None, account_ref="A-D-2"))
        assert isinstance(later.state, rules.Matched)
        assert (later.state.case, later.state.rule) == (it.acts.case_id("D-2", 1), "ACCOUNT")
        assert later.state.account == it.decisions.account_id("D-2", "A-D-2")


@backends
async def test_the_pool_is_what_the_entries_say_and_comes_back_when_rebuilt(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(backend, tmp_path, request) as it:
        await _anything(it, random.Random(3), steps=25)
        await it.it.projections.catch_up()
        rows = await it.it.all_pages(lambda c, after: pool.page(c, after=after, limit=2), lambda r: r.cursor)
        assert len({row.entry for row in rows}) == len(rows) > 5
        for row in rows:
            entry = await it.payments.load(row.entry)
            assert entry.version == row.version
            state = entry.state
            assert not isinstance(state, rules.NoEntry)
            assert (row.left_minor, row.amount_minor) == (state.left.minor, state.said.amount.minor)
            if isinstance(state, InPool):
                status = pool.UNMATCHED if state.left.minor else pool.RETURNED
                assert (row.status, row.reason, row.case_id) == (status, state.reason, None)
            else:
                assert (row.status, row.case_id, row.payment) == (pool.MATCHED, state.case, state.payment)
        live = await it.it.digests()
        await it.it.projections.rebuild(it.it.projections.named(["case.payments", "case.account_cases"]))
        assert await it.it.digests() == live


@backends
async def test_an_entry_without_its_references_is_still_known_and_one_without_facts_is_forgotten(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(backend, tmp_path, request) as it:
        entry_id = await it.enter("R-1")
        assert (await it.payments.entered([entry_id]))[entry_id].source_ref == "R-1"
        _forget(backend, tmp_path, request, "class = 'id'")
    async with reopened(backend, tmp_path, request) as it:
        [said] = (await it.payments.entered([entry_id])).values()
        assert not isinstance(said.source_ref, str)
        again = await it.payments.enter(asked("R-1"), actor="user:chen")
        assert (again.writes, again.refs["status"]) == ((), "matched")
        with pytest.raises(rules.DuplicateSourceRef):
            await it.payments.enter(asked("R-1", amount=cny(1)), actor="user:chen")
        _forget(backend, tmp_path, request, "true")
    async with reopened(backend, tmp_path, request) as it:
        assert await it.payments.entered([entry_id]) == {}
        assert (await it.payments.load(entry_id)).version == 2
        for act in (
            it.payments.enter(asked("R-1"), actor="user:chen"),
            it.payments.match(entry_id, case_id=it.acts.case_id("D-2", 1), account=None, actor="user:chen"),
            it.payments.unmatch(entry_id, reason="WRONG_DEBTOR", actor="user:chen"),
        ):
            with pytest.raises(rules.PaymentForgotten):
                await act
        await it.it.projections.rebuild(it.it.projections.named(["case.payments", "case.account_cases"]))
        assert await it.it.projections.database.read(pool.page) == []


def _forget(backend: str, folder: Path, request: pytest.FixtureRequest, which: str) -> None:
    """Destroy data keys, as an erasure does."""
    if backend == "sqlite":
        with closing(sqlite3.connect(folder / "case.db")) as file, file:
            assert file.execute(f"DELETE FROM data_key WHERE {which}").rowcount
        return
    with psycopg.connect(request.getfixturevalue("pg_dsn")) as server:
        assert server.execute(f'DELETE FROM "case".data_key WHERE {which}').rowcount


@pytest.mark.parametrize("seed", range(6))
async def test_money_is_in_one_place_on_any_day_and_yesterdays_answers_stay(
    seed: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened("sqlite", tmp_path, request) as it:
        draw, answered = random.Random(seed), []
        for _ in range(4):
            await _anything(it, draw, steps=8)
            known, day = it.clock.now(), DAY + timedelta(days=draw.randrange(18))
            for case in it.cases:
                answered.append((case, day, known, await it.sums(case, as_of=day, known_at=known)))
            it.clock.advance(timedelta(hours=1))
        for case, day, known, said in answered:
            assert await it.sums(case, as_of=day, known_at=known) == said
        entries = [await it.payments.load(it.payments.entry_id("UNIONPAY", f"R-{n}")) for n in range(it.commands)
                   if await _there(it, f"R-{n}")]  # fmt: skip
        in_pool = sum(entry.state.left.minor for entry in entries if isinstance(entry.state, InPool))
        on_cases = sum([await it.sums(case, as_of=it.decisions.today) for case in it.cases])
        came = sum(entry.history[0].event.amount.minor for entry in entries)
        went = sum(
            seen.event.amount.minor
            for entry in entries
            for seen in entry.history
            if seen.row.type == "case.PaymentEntryReversed"
        )
        assert in_pool + on_cases == came - went


async def _there(it: Pool, ref: str) -> bool:
    return bool(await it.ledger.whole_stream(it.payments.entry_id("UNIONPAY", ref)))


async def _anything(it: Pool, draw: random.Random, *, steps: int) -> None:
    """Payments that come, are matched, moved and taken back, in any order; what is refused is refused."""
    for _ in range(steps):
        refs = [f"R-{n}" for n in range(it.commands) if await _there(it, f"R-{n}")]
        ref = draw.choice(refs) if refs and draw.random() < 0.7 else f"R-{it.commands}"
        entry_id = it.payments.entry_id("UNIONPAY", ref)
        try:
            placed = await _one(it, draw, ref, entry_id, new=ref not in refs)
        except Refused:
            continue
        await it.commit(placed)


async def _one(it: Pool, draw: random.Random, ref: str, entry_id: str, *, new: bool) -> Placed:
    actor = "user:chen"
    if new:
        debtor = draw.choice((*DEBTORS, None, "D-none"))
        on = DAY + timedelta(days=draw.randrange(-2, 15))
        said = asked(ref, debtor_ref=debtor, amount=cny(draw.choice((1, 999, 60_000))), on=on)
        return await it.payments.enter(said, actor=actor)
    match draw.randrange(3):
        case 0:
            return await it.payments.match(entry_id, case_id=draw.choice(it.cases), account=None, actor=actor)
        case 1:
            return await it.payments.unmatch(entry_id, reason="WRONG_DEBTOR", actor=actor)
        case _:
            amount = draw.choice((None, cny(1), cny(500)))
            on = DAY + timedelta(days=draw.randrange(18))
            return await it.payments.reverse(
                entry_id, on=on, amount=amount, reason="NO_FUNDS", client="test", key=str(it.commands), actor=actor
            )  # fmt: skip
