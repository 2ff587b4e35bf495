"""Segments and steps decided by the sweep through the open service: once per change, on both stores."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copy

import pytest

from services.case.projections.treatment import segments
from shared.kernel.clock import FixedClock
from tests.case.application.test_sweep import Branch, branch, place_of
from tests.kit.importing import row, write
from tests.kit.ledgers import backends

DECEMBER = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
MONTH_END = "2026-11-30"


async def month(it: Branch, folder: Path, end: str, behind: list[int]) -> None:
    lines = [row(f"A-{n}", end, months=months) for n, months in enumerate(behind)]
    file = write(folder / f"{end}.csv", lines)
    await it.case.import_statements(file, rejects=folder / f"{end}.rejects.csv")


async def told(it: Branch) -> Counter[str]:
    """Events of treatment on record, by type."""
    found: Counter[str] = Counter()
    for n in range(4):
        history = await it.case.ledger.whole_stream(it.case.acts.case_id(f"A-{n}", 1))
        found.update(seen.row.type.removeprefix("case.") for seen in history)
    return found


@backends
async def test_a_sweep_decides_segments_once_and_the_import_none(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of(backend, tmp_path, request), tmp_path, FixedClock(DECEMBER)) as it:
        await month(it, tmp_path, MONTH_END, [0, 1, 2, 5])
        assert not (await told(it)).keys() & {"SegmentDecided", "StrategyPinned"}
        it.go_on(1)
        [swept] = await it.sweep()
        assert swept.cases == 3
        found = await told(it)
        assert (found["SegmentDecided"], found["StrategyPinned"]) == (3, 3)
        assert found["StrategyStepSkipped"] > 0, (
            "two months behind at once: the first month's steps are passed by"
        )
        again = await it.case.days.sweep(swept.as_of)
        assert again is not None
        assert (again.cases, again.events) == (0, 0), "nothing is due before the next step's day"
        counted = await it.case.projections.ask(
            lambda connection: segments.counts(connection, as_of=swept.as_of), segments.VIEW
        )
        assert sum(one.cases for one in counted) == 3
        assert all(one.segment for one in counted)


@backends
async def test_the_next_statement_moves_a_case_and_a_cure_ends_its_steps(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of(backend, tmp_path, request), tmp_path, FixedClock(DECEMBER)) as it:
        await month(it, tmp_path, MONTH_END, [0, 1, 1, 2])
        it.go_on(1)
        await it.sweep()
        it.go_on(30)
        await it.sweep()
        await month(it, tmp_path, "2026-12-31", [0, 2, 0, 3])
        before = await told(it)
        it.go_on(1)
        await it.sweep()
        after = await told(it)
        assert after["SegmentDecided"] == before["SegmentDecided"] + 2, "two moved, one was cured"
        left = await it.case.projections.ask(segments.steps, segments.VIEW)
        assert {one.case_id for one in left}.isdisjoint({it.case.acts.case_id("A-2", 1)})


async def test_what_is_swept_late_says_the_same_of_segments(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    daily, late = tmp_path / "daily", tmp_path / "late"
    records = []
    for folder, by_day in ((daily, True), (late, False)):
        folder.mkdir()
        if folder is late:  # the same keys make the same ids, by which the arms of a trial are drawn
            copy(daily / "keys.json", late / "keys.json")
        async with branch(place_of("sqlite", folder, request), folder, FixedClock(DECEMBER)) as it:
            it.go_on(1)
            await month(it, folder, MONTH_END, [0, 1, 2, 5])
            await it.sweep()
            for _ in range(20 if by_day else 0):
                it.go_on(1)
                await it.sweep()
            it.go_on(0 if by_day else 20)
            await it.sweep()
            records.append(await told(it))
    assert records[0] == records[1]


async def test_before_a_strategy_is_in_force_nothing_is_said_and_cases_are_undecided(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    october = FixedClock(datetime(2026, 10, 5, 1, 0, tzinfo=UTC))
    async with branch(place_of("sqlite", tmp_path, request), tmp_path, october) as it:
        await month(it, tmp_path, "2026-09-30", [0, 1, 2, 5])
        it.go_on(1)
        [swept] = await it.sweep()
        assert (swept.cases, swept.events) == (0, 0)
        [counted] = await it.case.projections.ask(
            lambda connection: segments.counts(connection, as_of=swept.as_of), segments.VIEW
        )
        assert (counted.segment, counted.cases) == (None, 3)


async def test_the_view_is_the_same_when_it_is_built_anew(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with branch(place_of("sqlite", tmp_path, request), tmp_path, FixedClock(DECEMBER)) as it:
        await month(it, tmp_path, MONTH_END, [0, 1, 2, 5])
        it.go_on(3)
        await it.sweep()
        it.go_on(9)
        await it.sweep()

        async def rows() -> list[list[object]]:
            found = []
            for table in segments.VIEW.tables:
                query = table.select().order_by(*table.primary_key.columns)
                found.append(
                    await it.case.projections.ask(
                        lambda connection, query=query: list(connection.execute(query)), segments.VIEW
                    )
                )
            return found

        live = await rows()
        await it.case.projections.rebuild([segments.VIEW])
        assert await rows() == live
        assert all(live)


async def test_segments_are_counted_on_two_clocks(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with branch(place_of("sqlite", tmp_path, request), tmp_path, FixedClock(DECEMBER)) as it:
        await month(it, tmp_path, MONTH_END, [0, 1, 1, 1])
        it.go_on(1)
        [swept] = await it.sweep()
        known_then = it.clock.now()
        it.go_on(31)
        await month(it, tmp_path, "2026-12-31", [0, 2, 0, 2])
        await it.sweep()

        async def ask(as_of: date, known_at: datetime | None = None) -> dict[str | None, int]:
            counted = await it.case.projections.ask(
                lambda connection: segments.counts(connection, as_of=as_of, known_at=known_at), segments.VIEW
            )
            found: Counter[str | None] = Counter()
            for one in counted:
                found[one.segment] += one.cases
            return dict(found)

        assert await ask(swept.as_of) == {"M1-SOFT": 3}
        assert await ask(date(2027, 1, 1)) == {"M2-STANDARD": 2}
        assert await ask(date(2027, 1, 1), known_then) == {"M1-SOFT": 3}
