"""Buckets, roll rates, cases: equal to plain counting over the same lines."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.case.domain.commands import StatementLine
from services.case.projections import account_months, case_list
from shared.kernel.clock import SystemClock
from tests.case.projections.portfolio import (
    counted_buckets,
    counted_cases,
    counted_rolls,
    desk,
    lines_of,
)
from tests.kit.ledgers import backends
from tests.kit.statements import month_end

NOON_OF_1970 = datetime(1970, 1, 1, 12, tzinfo=UTC)


@backends
async def test_buckets_roll_rates_and_cases_equal_plain_counting(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines = lines_of(50)
    async with desk(backend, tmp_path, request, shards=3) as it:
        await it.take_in(lines)
        ask = it.projections.ask
        for day in (*(month_end(m) for m in range(6)), date(2005, 3, 15), date(2030, 1, 1), date(2004, 1, 1)):
            found = await ask(lambda c, day=day: account_months.buckets(c, as_of=day), account_months.VIEW)
            as_counted = {row.bucket: (row.accounts, row.balance_minor) for row in found}
            assert as_counted == counted_buckets(lines, day)
            assert [row.bucket for row in found] == sorted(as_counted)
        for first, last in ((0, 1), (1, 5), (4, 5), (3, 3)):
            from_, to = month_end(first), month_end(last)
            rolls = await ask(lambda c, f=from_, t=to: account_months.roll_rates(c, from_=f, to=t))
            assert {(row.from_, row.to): (row.accounts, row.balance_minor) for row in rolls} == counted_rolls(
                lines, from_, to
            )
        counted, counts = counted_cases(lines), await ask(case_list.counts)
        assert (counts.open, counts.closed) == (len(counted.open), counted.closed)
        assert counts.by_reason == {"CURED": counted.closed}
        assert counts.by_stage == dict(counted.by_stage)


@backends
async def test_the_largest_amounts_there_can_be_are_summed(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Sums above 64 bits, of either sign: a lender's file may hold anything that an amount may be."""
    largest, accounts, months = 10**18 - 1, 14, 10
    lines = [
        StatementLine(f"L-{n}", month_end(month), 1, -largest if n % 2 else largest, largest, largest, "TWD")
        for month in range(months)
        for n in range(0, 2 * accounts, 2 if month < months - 1 else 1)
    ]
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines)
        ask, last = it.projections.ask, month_end(months - 1)
        rows = await ask(
            lambda c: account_months.buckets(c, as_of=month_end(months - 2)), account_months.VIEW
        )
        assert [row.balance_minor for row in rows] == [accounts * largest]
        assert [row.balance_minor for row in await ask(lambda c: account_months.buckets(c, as_of=last))] == [
            0
        ]
        rolls = await ask(lambda c: account_months.roll_rates(c, from_=month_end(months - 2), to=last))
        assert [row.balance_minor for row in rolls] == [accounts * largest]
        await it.projections.catch_up()
        assert await it.projections.parked() == []
        more = [StatementLine("L-0", month_end(m), 1, 1, largest, 1, "TWD") for m in (months, months + 1)]
        await it.take_in([*more, StatementLine("L-99", month_end(months), 1, 1, 0, 1, "TWD")])
        await it.projections.catch_up()
        [parked] = await it.projections.parked()
        assert parked.name == "case.list", "one case beyond what a column holds does not hold up the others"
        cases = await it.projections.database.read(lambda c: case_list.page(c, limit=100))
        assert {case.paid_minor for case in cases} == {(months - 1) * largest, 0}, "L-99 is there"


async def test_a_report_row_is_written_as_the_design_says() -> None:
    total = account_months.BucketTotal("M1", 3, -12_345, "TWD")
    assert total.as_json() == {"bucket": "M1", "accounts": 3, "balance": "-123.45", "currency": "TWD"}
    roll = account_months.Roll("M0", "M2", 1, 0, "JPY")
    assert roll.as_json() == {"from": "M0", "to": "M2", "accounts": 1, "balance": "0", "currency": "JPY"}


@backends
async def test_cases_are_paged_filtered_and_found(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines = lines_of(30)
    counted = counted_cases(lines)
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines)
        await it.projections.catch_up()
        read = it.projections.database.read
        everything = await read(lambda c: case_list.page(c, limit=500))
        assert len(everything) == len(counted.open) + counted.closed
        paged = await it.all_pages(
            lambda c, after: case_list.page(c, limit=7, after=after), lambda row: (row.opened_on, row.case_id)
        )
        assert paged == everything
        still = await read(lambda c: case_list.page(c, limit=500, lifecycle="open"))
        assert {row.debtor_ref for row in still} == set(counted.open)
        for row in still:
            line = counted.open[row.debtor_ref or ""]
            assert (row.arrears_minor, row.as_of) == (max(line.balance, 0), line.as_of)
        gone = await read(lambda c: case_list.page(c, limit=500, lifecycle="closed"))
        assert len(gone) + len(still) == len(everything)
        one = still[0]
        mine = await read(lambda c: case_list.page(c, debtor_ref=one.debtor_ref, limit=500))
        assert one in mine
        assert [row.episode for row in mine] == list(range(1, len(mine) + 1))
        assert await read(lambda c: case_list.one(c, one.case_id)) == one
        assert await read(lambda c: case_list.some(c, [one.case_id])) == {one.case_id: one}
        staged = await read(lambda c: case_list.page(c, stage=one.stage, lifecycle="open", limit=500))
        assert len(staged) == counted.by_stage[one.stage or ""]
        body = one.as_json()
        assert (body["lifecycle"], body["closed_on"]) == ("open", None)


@backends
async def test_a_correction_changes_what_is_said_now_and_nothing_that_was_said_before(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines = lines_of(30)
    late = [line for line in lines if line.as_of == month_end(3)]
    first = [line for line in lines if line not in late[:10]]
    corrected = [
        StatementLine(line.account_ref, line.as_of, 4, line.balance + 5, 0, 10**7, "TWD")
        for line in late[5:20]
    ]
    said = [first, late[:10], corrected]
    async with desk(backend, tmp_path, request, shards=2) as it:
        known: list[datetime] = []
        for some in said:
            await it.take_in(some, corrections=True)
            known.append(SystemClock().now())
        await it.projections.catch_up()
        ask, days = it.projections.ask, [month_end(m) for m in (2, 3, 4, 5)]
        for number, at in enumerate([*known, None], 1):
            heard = _heard(said[:number])
            for day in days:
                found = await ask(lambda c, d=day, k=at: account_months.buckets(c, as_of=d, known_at=k))
                as_counted = {row.bucket: (row.accounts, row.balance_minor) for row in found}
                assert as_counted == counted_buckets(heard, day), (number, day)
                rolls = await ask(
                    lambda c, d=day, k=at: account_months.roll_rates(c, from_=month_end(2), to=d, known_at=k)
                )
                counted = {(row.from_, row.to): (row.accounts, row.balance_minor) for row in rolls}
                assert counted == counted_rolls(heard, month_end(2), day)
        nothing = await ask(lambda c: account_months.buckets(c, as_of=days[0], known_at=NOON_OF_1970))
        assert nothing == []


def _heard(said: list[list[StatementLine]]) -> list[StatementLine]:
    """What was last said of each account and day, in date order."""
    last = {(line.as_of, line.account_ref): line for some in said for line in some}
    return [last[key] for key in sorted(last)]
