"""dossier.read: one case at a glance among 100,000, by the view's own function and over HTTP."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from services.case.domain import mode
from services.case.projections import dossier
from services.case.projections.dossier import DOSSIERS, VIEW, Dossier
from services.case.wiring import open_case
from services.main.bench import book
from services.main.bench.figures import Figure
from services.main.bench.places import database, folder, on_loop, postgres_server
from services.main.bench.posting import SEED, driven, server

CASES, ASKED, CONNECTIONS = 100_000, 2_000, 8
PART = 5_000
DAY, NOW = date(2026, 10, 31), datetime(2026, 11, 20, 1, tzinfo=UTC)
_THINGS = (
    '{"promises":{"prm_%(n)032d":{"status":"ACTIVE","amount":{"amount":"1234.50","currency":"CNY"},'
    '"due":"2026-11-30"}},"disputes":{"dsp_%(n)032d":{"status":"OPEN"}}}'
)


def reading(*, quick: bool) -> list[Figure]:
    """dossier.read; milliseconds, p99 and p50."""
    cases, asked = (500, 100) if quick else (CASES, ASKED)
    dice = random.Random(SEED)
    wanted = [_id(dice.randrange(cases)) for _ in range(asked)]
    with folder() as at:
        found = {"sqlite, by function": on_loop(_timed(at / "case.db", at, cases=cases, wanted=wanted))}
    with postgres_server() as pg, database(pg) as dsn, folder() as at:
        found["postgresql, by function"] = on_loop(_timed(dsn, at, cases=cases, wanted=wanted))
        with server("ours", dsn, at) as to:
            paths = [(f"/v1/cases/{case_id}/dossier",) for case_id in wanted]
            driven(to, paths[: asked // 4], connections=CONNECTIONS)  # connections to the database are opened
            told = driven(to, paths, connections=CONNECTIONS)
    figures = []
    for how, times in found.items():
        figures += _figures(f"{cases:,} cases, {how}", quantiles(times, n=100)[98], median(times))
    over_http = f"{cases:,} cases, postgresql, http, {CONNECTIONS} connections"
    return [*figures, *_figures(over_http, told["p99_ms"], told["p50_ms"])]


def _figures(case: str, p99: float, p50: float) -> list[Figure]:
    return [
        Figure("dossier.read", f"{case}, {label}", round(value, 2), "ms")
        for label, value in (("p99", p99), ("p50", p50))
    ]


async def _timed(place: Path | str, keys: Path, *, cases: int, wanted: list[str]) -> list[float]:
    """How long each look took, one after another, in milliseconds."""
    async with open_case(book.settings(place, keys), provision=True) as case:
        [shape] = VIEW.shapes.values()
        async with case.projections.database.transaction() as tx:
            for first in range(0, cases, PART):
                await tx.insert(shape, DOSSIERS.name, list(_rows(first, min(first + PART, cases))))
        times = []
        for case_id in wanted:
            started = time.perf_counter()
            row = await case.ask(lambda connection, asked=case_id: dossier.dossier(connection, asked))  # type: ignore[misc]
            said = row.as_json() if row else {}
            times.append((time.perf_counter() - started) * 1000)
            if said.get("id") != case_id:
                raise AssertionError("the view does not hold a case that was put into it")
        return times


def _id(number: int) -> str:
    return f"case-6f1c0d1e-0000-8000-8000-{number:012x}"


def _rows(first: int, end: int) -> Iterator[tuple[Any, ...]]:
    """What the view would hold of cases with a promise and a dispute that are open, and a payment."""
    for number in range(first, end):
        yield Dossier(
            case_id=_id(number), lane=1, debtor_ref=f"D-{number}", collector=f"user:{number % 50}", episode=1,
            opened_on=DAY, closed_on=None, reason=None, mode=mode.INTERNAL, stage="M2",
            days_past_due=30 + number % 30, reported_on=DAY, arrears_minor=100_000 + number, currency="CNY",
            promise_due=date(2026, 11, 30), plan_status=None, instalment_due=None, attempts=number % 9,
            attempted_at=NOW, attempt_channel="VOICE", attempt_outcome="NO_ANSWER", paid_on=DAY,
            paid_ref=f"pay_{number:032d}", paid_minor=10_000, returned_minor=0, guards="DISPUTE",
            things=_THINGS % {"n": number}, version=17, position=number + 1, recorded_at=NOW,
        )  # fmt: skip
