"""rebuild.*: queue, timeline and audit views from position 0, against reading and copying the same three tables."""

import time
from collections.abc import Sequence
from typing import Any

from services.case.projections import audit_trail, case_timeline, work_queue
from services.case.wiring import CaseService
from services.main.bench import book
from services.main.bench.figures import Ask, Figure, over_rounds
from services.main.bench.places import database, folder, from_kit, on_loop, postgres_server
from shared.eventstore.projection import tables
from shared.eventstore.projection.port import PAGE_REBUILD, ViewTx
from shared.eventstore.projection.view import View

VIEWS = (work_queue.VIEW, case_timeline.VIEW, audit_trail.VIEW)
INDEXED = "bench"


def views(*, quick: bool) -> list[Figure]:
    """rebuild.views, rebuild.vs_library."""
    rounds, copies, library_events = (1, 1, 40) if quick else (3, 14, 800)
    with postgres_server() as server, database(server) as dsn, folder() as at:

        async def measure() -> list[dict[str, float]]:
            async with book.worked(dsn, at, copies=copies) as case:
                await case.projections.catch_up(*VIEWS)
                held = {view.name: await _held(case, view) for view in VIEWS}
                return [await _one(case, held) for _ in range(rounds)]

        measured = on_loop(measure())
        for one in measured:
            with database(server) as theirs:
                one["library"] = from_kit("library_projection").rate(theirs, events=library_events)
        asks = [
            Ask("rebuild.views", f"postgresql, 3 views, {PAGE_REBUILD:,} a page", "rebuild", "copy"),
            Ask("rebuild.vs_library", "the library's ProjectionRunner", "rebuild", "library"),
        ]
        return over_rounds(lambda number: measured[number], asks, rounds=rounds, unit="events/s")


async def _one(case: CaseService, held: dict[str, list[Any]]) -> dict[str, float]:
    done = await case.projections.rebuild(VIEWS)
    return {"rebuild": done.events / done.seconds, "copy": await _copied(case, held)}


async def _held(case: CaseService, view: View) -> list[Any]:
    """The rows that the view's one table holds, as a driver gives and takes them."""
    [shape] = view.shapes.values()
    columns = [
        f"uuid_send({c})" if t == "uuid" else c for c, t in zip(shape.columns, shape.pg_types, strict=True)
    ]
    async with case.projections.database.transaction(writes=False) as tx:
        rows: Sequence[Any] = await tx._all(  # type: ignore[attr-defined]  # bytes, as the write path has them
            f"SELECT {','.join(columns)} FROM {shape.name} ORDER BY {','.join(shape.key)}", ()
        )
    return list(rows)


async def _copied(case: CaseService, held: dict[str, list[Any]]) -> float:
    """Reads every page without decoding it, copies the known rows a page at a time, then makes the same indexes."""
    started, database_ = time.perf_counter(), case.projections.database
    async with database_.transaction() as tx:
        for view in VIEWS:
            await tables.make_shadow(tx, view, database_.dialect)
    total = await case.ledger.head(1)
    pages = -(-total // PAGE_REBUILD)
    after = 0
    for page in range(pages):
        rows = await case.ledger.read_lane(1, after=after, limit=PAGE_REBUILD)
        after = rows[-1].position
        async with database_.transaction() as tx:
            for view in VIEWS:
                await _copy_part(tx, view, held[view.name], page, pages)
    async with database_.transaction() as tx:
        for view in VIEWS:
            await tables.index_shadow(tx, view, database_.dialect, INDEXED)
    seconds = time.perf_counter() - started
    async with database_.transaction() as tx:
        for view in VIEWS:
            for table in view.tables:
                await tx.execute(f"DROP TABLE {tables.shadow_name(table.name)}")
    return total / seconds


async def _copy_part(tx: ViewTx, view: View, rows: list[Any], page: int, pages: int) -> None:
    [(name, shape)] = view.shapes.items()
    part = rows[len(rows) * page // pages : len(rows) * (page + 1) // pages]
    await tx.insert(shape, tables.shadow_name(name), part)
