"""The work queue: who comes first, and that nobody gets what another holds."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.queue import NOTHING_OWED
from services.case.projections import queue_lease, work_queue
from shared.kernel.money import Money
from tests.case.projections.portfolio import Desk, counted_cases, desk, lines_of
from tests.kit.ledgers import backends

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def _next(it: Desk, who: str, *, queue: str = "M1", now: datetime = NOW) -> str | None:
    leased = await it.projections.database.write(
        lambda c: queue_lease.take_next(c, queue=queue, collector=who, now=now)
    )
    return leased.case_id if leased else None


async def _release(it: Desk, who: str, case_id: str, *, now: datetime = NOW) -> bool:
    return await it.projections.database.write(
        lambda c: queue_lease.release(c, case_id=case_id, collector=who, now=now)
    )


@backends
async def test_open_cases_stand_in_the_queue_of_their_stage_best_first(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines = lines_of(60)
    counted = counted_cases(lines)
    async with desk(backend, tmp_path, request, shards=2) as it:
        await it.take_in(lines)
        sizes = await it.projections.ask(work_queue.sizes)
        owing = [line for line in counted.open.values() if line.balance > 0]
        assert list(sizes) == ["M1", "M2", "M3", "M4+", NOTHING_OWED]
        assert sum(sizes.values()) == len(counted.open)
        assert sizes[NOTHING_OWED] == len(counted.open) - len(owing)
        read = it.projections.database.read
        for name, size in sizes.items():
            rows = await read(lambda c, name=name: work_queue.top(c, name, limit=500))
            assert len(rows) == size
            assert [(-row.rank, row.case_id) for row in rows] == sorted((-r.rank, r.case_id) for r in rows)
            paged = await it.all_pages(
                lambda c, after, name=name: work_queue.top(c, name, limit=4, after=after),
                lambda row: (row.rank, row.case_id),
            )
            assert paged == rows
            for row in rows:
                arrears = Money(row.arrears_minor, row.currency)
                rank = CN_RETAIL_1.queue.priority(
                    stage=row.stage, days_past_due=row.days_past_due, arrears=arrears
                )
                assert row.rank == rank == row.rank_stage + row.rank_days + row.rank_arrears
                assert row.policy == "cn-retail/1"
                assert str(row.rank_arrears) in row.why("en")
                assert f"合计 {row.rank} 分" in row.why("zh-CN")


@backends
async def test_the_same_collector_gets_the_same_case_until_it_is_released(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines_of(150))
        await it.projections.catch_up()
        order = [r.case_id for r in await it.projections.database.read(lambda c: work_queue.top(c, "M1"))]
        assert await _next(it, "mei") == order[0]
        assert await _next(it, "mei") == order[0]
        assert await _next(it, "tom") == order[1]
        assert not await _release(it, "tom", order[0])
        assert await _release(it, "mei", order[0])
        assert await _next(it, "mei") == order[2]
        assert await _next(it, "ann") == order[0]
        later = NOW + timedelta(seconds=queue_lease.LEASE_S + 1)
        assert await _next(it, "bob", now=later) == order[0]
        held = await it.projections.database.read(lambda c: queue_lease.held(c, now=later))
        assert [(row.case_id, row.collector) for row in held] == [(order[0], "bob")]
        much_later = later + timedelta(seconds=queue_lease.PASS_S + queue_lease.LEASE_S)
        assert await _next(it, "mei", now=much_later) == order[0]
        assert await _next(it, "mei", queue="no such queue") is None


@backends
async def test_collectors_at_once_never_get_the_same_case(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines_of(90))
        await it.projections.catch_up()
        size = (await it.projections.database.read(work_queue.sizes))["M1"]
        collectors = [f"collector-{n}" for n in range(size + 3)]
        got = await asyncio.gather(*(_next(it, who) for who in collectors))
        handed = [case for case in got if case]
        assert len(handed) == len(set(handed)) == size
        assert got.count(None) == 3


@backends
async def test_a_case_that_leaves_the_queue_is_no_longer_handed_out(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines = lines_of(60)
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines)
        await it.projections.catch_up()
        first = await _next(it, "mei")
        assert first is not None
        async with it.projections.database.transaction() as tx:
            view = work_queue.VIEW
            await tx.delete(view.shapes[work_queue.QUEUE.name], work_queue.QUEUE.name, [first])
        assert await _next(it, "mei") not in (None, first)
