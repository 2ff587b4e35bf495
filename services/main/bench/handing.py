"""queue.next: handing out the next case of a long queue, at 100,000 open cases."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from services.case.projections import queue_lease
from services.case.projections.work_queue import QUEUE, VIEW, QueueRow
from services.case.wiring import CaseService, open_case
from services.main.bench import book
from services.main.bench.figures import Figure
from services.main.bench.places import database, folder, on_loop, postgres_server

OPEN_CASES = 100_000
TAKEN = 400
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
STAGES = ("M1", "M2", "M3", "M4+")


def following(*, quick: bool) -> list[Figure]:
    """queue.next on both back ends; milliseconds, p99 and p50; every question by another collector."""
    cases, asked = (500, 20) if quick else (OPEN_CASES, TAKEN)
    with folder() as at:
        embedded = on_loop(_asked(at / "case.db", at, cases=cases, asked=asked))
    with postgres_server() as server, database(server) as dsn, folder() as at:
        served = on_loop(_asked(dsn, at, cases=cases, asked=asked))
    figures = []
    for back_end, times in (("sqlite", embedded), ("postgresql", served)):
        p99 = quantiles(times, n=100)[98]
        for label, value in (("p99", p99), ("p50", median(times))):
            figures.append(
                Figure("queue.next", f"{back_end}, {cases:,} open, {label}", round(value, 2), "ms")
            )
    return figures


async def _asked(place: Path | str, keys: Path, *, cases: int, asked: int) -> list[float]:
    """How long each question took; every case handed out is another one, best first."""
    async with open_case(book.settings(place, keys), provision=True) as case:
        await _fill(case, cases)
        times, handed = [], []
        for number in range(asked):
            collector = f"user:{number}"
            started = time.perf_counter()
            lease = await case.change(
                lambda c, who=collector: queue_lease.take_next(c, queue="M4+", collector=who, now=NOW)  # type: ignore[misc]
            )
            times.append((time.perf_counter() - started) * 1000)
            handed.append(lease.case_id if lease else "")
        if len(set(handed)) != min(asked, cases // len(STAGES)) or "" in handed:
            raise AssertionError("a case was handed out twice, or none was")
        return times


async def _fill(case: CaseService, cases: int) -> None:
    """The queue's rows, put in as its view would put them."""
    [shape] = VIEW.shapes.values()
    async with case.projections.database.transaction() as tx:
        await tx.insert(shape, QUEUE.name, list(_rows(cases)))


def _rows(cases: int) -> Iterator[tuple[Any, ...]]:
    day = date(2005, 9, 30)
    for number in range(cases):
        stage = STAGES[number % len(STAGES)]
        rank = 1_000 * (number % len(STAGES)) + (number * 7_919) % 900
        days, owed = 30 * (number % len(STAGES) + 1), 100_000 + number
        yield QueueRow(
            f"case-6f1c0d1e-0000-8000-8000-{number:012x}", 1, stage, rank, rank, 0, 0, "cn-retail/1", stage, days,
            owed, "TWD", day, day,
        )  # fmt: skip
