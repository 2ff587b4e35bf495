"""The daily sweep through the open service: twice, late, killed, two at once, and past a case that cannot be judged."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.case.application.handle import Meta
from services.case.application.swept_days import SweptDay
from services.case.domain.commands import LifeCommand
from services.case.domain.money_commands import (
    AgreePlan,
    BookInstalment,
    OfferPlan,
    OpenCase,
    QuotePlan,
    SetPenaltyTerms,
    TakePromise,
)
from services.case.domain.treatment.strategy import Strategy
from services.case.projections import case_diary
from services.case.wiring import CaseService, CaseSettings, open_case
from shared.kernel.clock import FixedClock
from shared.kernel.day_over import DayNotOver
from shared.kernel.parts import Parts
from tests.kit.importing import row, write
from tests.kit.ledgers import backends
from tests.kit.life import ACCOUNT, DAY, cny

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine in the morning of DAY where the lender is."""
LATE = 40
PLAIN = 5
TOLD = 4


@dataclass
class Branch:
    """An open service on a clock of the test's."""

    case: CaseService
    clock: FixedClock

    def go_on(self, days: int) -> None:
        self.clock.advance(timedelta(days=days))

    async def sweep(self, until: date | None = None) -> list[SweptDay]:
        return [one async for one in self.case.days.sweep_missed(until=until)]

    async def do(self, debtor: str, key: str, command: LifeCommand, day: date) -> None:
        meta = Meta(actor="user:chen", client="test", key=key, fingerprint=b"1", today=day)
        await self.case.acts.handle(self.case.acts.case_id(debtor, 1), command, meta)

    async def record(self) -> dict[str, list[Any]]:
        """Debtor -> everything on record, but for when it was recorded."""
        return {
            debtor: [
                seen.event for seen in await self.case.ledger.whole_stream(self.case.acts.case_id(debtor, 1))
            ]
            for debtor in (f"D-{n}" for n in range(TOLD))
        }

    async def calendar(self) -> list[date]:
        stream = self.case.ledger.stream_id("calendar", "calendar", debtor_ref="calendar")
        return [seen.event.as_of for seen in await self.case.ledger.whole_stream(stream)]


@asynccontextmanager
async def branch(
    place: Path | str,
    keys: Path,
    clock: FixedClock | None = None,
    strategies: tuple[Strategy, ...] | None = None,
) -> AsyncIterator[Branch]:
    clock = clock or FixedClock(NINE)
    settings = CaseSettings(
        place=place, key_file=keys / "keys.json", deployment="quittance.test", tenant="default", shards=2,
        strategies=strategies,
    )  # fmt: skip
    async with open_case(settings, clock=clock, provision=True) as case:
        yield Branch(case, clock)


def place_of(backend: str, folder: Path, request: pytest.FixtureRequest) -> Path | str:
    folder.mkdir(exist_ok=True)
    return folder / "case.db" if backend == "sqlite" else str(request.getfixturevalue("pg_dsn"))


async def fill(it: Branch, folder: Path) -> None:
    """Cases known by statements alone, and some with promises, plans, instalments and penalty interest."""
    lines = [row(f"A-{n}", "2026-02-28", months=1) for n in range(PLAIN)]
    file = write(folder / "month.csv", lines)
    await it.case.import_statements(file, rejects=folder / "rejects.csv")
    for n in range(TOLD):
        debtor = f"D-{n}"
        opened = OpenCase(
            debtor_ref=debtor, episode=1, debts=(ACCOUNT,), on=DAY, arrears=cny(100_000), days_past_due=20 + n
        )
        await it.do(debtor, "open", opened, DAY)
        due = DAY + timedelta(days=5 + n)
        await it.do(
            debtor,
            "prm",
            TakePromise(ref="prm_1", on=DAY, amount=cny(30_000), due=due, given_by="DEBTOR"),
            DAY,
        )
    quote = QuotePlan(ref="quo_1", on=DAY, total=cny(60_000), count=3, first_due=DAY + timedelta(days=7))
    await it.do("D-1", "quo", quote, DAY)
    await it.do("D-1", "off", OfferPlan(ref="pln_1", quote="quo_1", on=DAY, affordability="aff-1"), DAY)
    await it.do("D-1", "pln", AgreePlan(plan="pln_1", on=DAY, supplement="doc-1"), DAY)
    await it.do("D-2", "ptm", SetPenaltyTerms(ref="ptm_1", account=ACCOUNT, on=DAY, ppm_per_day=500), DAY)
    item = BookInstalment(ref="ins_1", account=ACCOUNT, on=DAY, amounts=Parts(0, 900, 0, 20_000, "CNY"))
    await it.do("D-3", "ins", item, DAY)


@backends
async def test_a_sweep_twice_adds_nothing_and_reads_no_plain_case(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of(backend, tmp_path, request), tmp_path) as it:
        assert await it.sweep() == [], "nothing is on record yet, so no day is"
        await fill(it, tmp_path)
        with pytest.raises(DayNotOver):
            await it.case.days.sweep(DAY)
        it.go_on(1)
        [first] = await it.sweep()
        assert (first.as_of, first.cases, first.failed, first.again) == (DAY, TOLD, (), False)
        assert await it.sweep() == []
        again = await it.case.days.sweep(DAY)
        assert again is not None
        assert (again.cases, again.events, again.again) == (0, 0, True)
        it.go_on(9)
        days = await it.sweep()
        assert [one.as_of for one in days] == [DAY + timedelta(days=n) for n in range(1, 10)]
        assert sum(one.events for one in days) > TOLD
        assert sum(one.cases for one in days) < 9 * TOLD, "a case is looked at when its day comes, not daily"
        assert await it.calendar() == [DAY + timedelta(days=n) for n in range(10)]


@backends
async def test_late_by_forty_days_it_says_what_daily_sweeps_said(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of("sqlite", tmp_path / "daily", request), tmp_path / "daily") as daily:
        await fill(daily, tmp_path)
        for _ in range(LATE):
            daily.go_on(1)
            await daily.sweep()
        expected = await daily.record()
    async with branch(place_of(backend, tmp_path / "late", request), tmp_path / "late") as late:
        await fill(late, tmp_path)
        late.go_on(1)
        await late.sweep()
        late.go_on(LATE - 1)
        await late.sweep()
        assert await late.record() == expected
        assert len(await late.calendar()) == LATE
    assert {"PromiseBroken", "PlanDefaulted", "PenaltyInterestAccrued", "StageEntered"} <= {
        type(event).__name__ for events in expected.values() for event in events
    }


@backends
async def test_killed_between_cases_it_goes_on_where_it_was(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of("sqlite", tmp_path / "whole", request), tmp_path / "whole") as whole:
        await fill(whole, tmp_path)
        whole.go_on(20)
        await whole.sweep()
        expected = await whole.record()
    place, keys = place_of(backend, tmp_path / "cut", request), tmp_path / "cut"
    async with branch(place, keys) as it:
        await fill(it, tmp_path)
        it.go_on(20)
        looks = iter(range(100))
        assert await it.case.days.sweep(it.case.days.yesterday, stopping=lambda: next(looks) >= 2) is None
        assert await it.calendar() == [], "a day that was cut short is not on record"
        task = asyncio.create_task(it.sweep())
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with branch(place, keys, FixedClock(NINE + timedelta(days=20))) as again:
        await again.sweep()
        assert await again.record() == expected
        assert await again.calendar() == [DAY + timedelta(days=19)]


@backends
async def test_two_sweepers_at_once_say_it_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of("sqlite", tmp_path / "alone", request), tmp_path / "alone") as alone:
        await fill(alone, tmp_path)
        alone.go_on(1)
        await alone.sweep()
        alone.go_on(20)
        await alone.sweep()
        expected = await alone.record()
    place, keys = place_of(backend, tmp_path / "both", request), tmp_path / "both"
    clock = FixedClock(NINE)
    async with branch(place, keys, clock) as one, branch(place, keys, clock) as other:
        await fill(one, tmp_path)
        one.go_on(1)
        await asyncio.gather(one.sweep(), other.sweep())
        one.go_on(20)
        await asyncio.gather(one.sweep(), other.sweep())
        assert await one.record() == expected
        assert await one.calendar() == [DAY + timedelta(days=n) for n in range(21)]


async def test_a_case_that_cannot_be_judged_is_named_and_the_others_are_judged(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = place_of("sqlite", tmp_path / "store", request)
    async with branch(place, tmp_path / "store") as it:
        await fill(it, tmp_path)
        broken = it.case.acts.case_id("D-0", 1)
    with sqlite3.connect(place) as store:
        for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            store.execute(f"DROP TRIGGER {name}")
        # The promise: the view has it already; only who loads the case meets it.
        store.execute("UPDATE ledger_event SET body = x'00' WHERE stream_id = ? AND version = 3", (broken,))
    async with branch(place, tmp_path / "store", FixedClock(NINE + timedelta(days=30))) as it:
        [swept] = await it.sweep()
        assert [case_id for case_id, _ in swept.failed] == [broken]
        assert swept.changed == TOLD - 1
        it.go_on(1)
        [following] = await it.sweep()
        assert [case_id for case_id, _ in following.failed] == [broken], "it is tried again with the next day"


async def test_the_diary_is_the_same_when_it_is_built_anew(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of("sqlite", tmp_path, request), tmp_path) as it:
        await fill(it, tmp_path)
        it.go_on(30)
        await it.sweep()

        async def rows() -> list[Any]:
            query = case_diary.DIARY.select().order_by(case_diary.DIARY.c.case_id)
            return await it.case.projections.ask(
                lambda connection: list(connection.execute(query)), case_diary.VIEW
            )

        live = await rows()
        await it.case.projections.rebuild([case_diary.VIEW])
        assert await rows() == live
        assert len(live) == TOLD


@backends
async def test_cases_known_by_statements_alone_are_looked_at_when_their_first_contact_is_due(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    december = FixedClock(datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
    async with branch(place_of(backend, tmp_path, request), tmp_path, december, strategies=()) as it:
        file = write(tmp_path / "month.csv", [row(f"A-{n}", "2026-11-30", months=1) for n in range(PLAIN)])
        await it.case.import_statements(file, rejects=tmp_path / "rejects.csv")
        it.go_on(5)
        [first] = await it.sweep()
        assert (first.cases, first.events) == (0, 0), "nothing is due yet, and nothing is read"
        it.go_on(30)
        swept = await it.sweep()
        [day] = [one for one in swept if one.cases]
        assert (day.as_of, day.cases, day.changed, day.events) == (date(2026, 12, 7), PLAIN, PLAIN, PLAIN)
        history = await it.case.ledger.whole_stream(it.case.acts.case_id("A-0", 1))
        assert (history[-1].row.type, history[-1].row.policy) == ("case.FirstContactFellDue", "cn-retail/3")
