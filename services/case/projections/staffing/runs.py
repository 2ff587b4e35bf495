"""Which runs shared cases out, and what was decided of each case?

One row a run, one a case of a plan; a plan that no run made count stands by itself, and is shown nowhere. Collectors
stand by their stream, as the events name them; the directory has who that is. A case that moved on before it could be
given has the code of what stood in the way.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import msgspec
import sqlalchemy as sa

from services.case.domain.facts import allocation as a
from services.case.domain.facts.allocation import AllocationEvent
from services.case.projections.book_pages import stored
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

PAGE_MAX = 500
BEGUN, FINISHED = "BEGUN", "FINISHED"

_META = sa.MetaData()
RUNS = sa.Table(
    "case_allocation_run_v1",
    _META,
    sa.Column("run", sa.Text, primary_key=True),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("run_on", sa.Date, nullable=False),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("terms", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("queue", sa.Text),
    sa.Column("team", sa.Text),
    sa.Column("given", sa.Integer, nullable=False),
    sa.Column("kept", sa.Integer, nullable=False),
    sa.Column("left_over", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("carried_out", sa.Integer),
    sa.Column("actor", sa.Text, nullable=False),
)
ITEMS = sa.Table(
    "case_allocation_item_v1",
    _META,
    sa.Column("plan", sa.Text, primary_key=True),
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("staff", sa.Text),
    sa.Column("before", sa.Text),
    sa.Index("case_allocation_item_v1_case", "case_id"),
)
OVERTAKEN = sa.Table(
    "case_allocation_overtaken_v1",
    _META,
    sa.Column("run", sa.Text, primary_key=True),
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
)
Seen: TypeAlias = Recorded[AllocationEvent | Erased]


class RunRow(NamedTuple):
    """A run. `carried_out`: cases that are with their collectors by it, None until it is finished."""

    run: str
    plan: str
    lane: int
    made_at: int
    on: date
    seed: str
    terms: str
    rule: str
    queue: str | None
    team: str | None
    given: int
    kept: int
    left: int
    refused: int
    status: str
    carried_out: int | None
    by: str

    @property
    def cursor(self) -> tuple[date, str]:
        """Behind which the next page begins."""
        return self.on, self.run

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.run,
            "on": self.on.isoformat(),
            "rule": self.rule,
            "terms": msgspec.json.decode(self.terms),
            "seed": self.seed,
            "queue": self.queue,
            "team": self.team,
            "given": self.given,
            "kept": self.kept,
            "left": self.left,
            "refused": self.refused,
            "status": self.status,
            "carried_out": self.carried_out,
            "by": self.by,
        }


class ItemRow(NamedTuple):
    """A case of a run. `staff` has or keeps it, `before` had it; `overtaken`: why it was not given after all."""

    case_id: str
    outcome: str
    reason: str
    staff: str | None
    before: str | None
    overtaken: str | None

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "case": self.case_id,
            "outcome": self.outcome,
            "reason": self.reason,
            "staff": self.staff,
            "before": self.before,
            "overtaken": self.overtaken,
        }


def wants(seen: Seen) -> Iterable[tuple[str, str]]:
    """The row of a run that ends."""
    return ((RUNS.name, seen.event.run),) if isinstance(seen.event, a.AllocationFinished) else ()


def apply(seen: Seen, rows: Working) -> None:
    """A run begins, is told part by part, and ends."""
    stored_row, event = seen.row, seen.event
    match event:
        case a.AllocationRun():
            rows.put(
                RUNS,
                event.run,
                RunRow(
                    event.run, event.plan, stored_row.lane, stored_row.position, event.on, event.seed,
                    msgspec.json.encode(event.terms, order="sorted").decode(), event.terms.rule, event.queue,
                    event.team, event.given, event.kept, event.left, event.refused, BEGUN, None, stored_row.actor,
                ),
            )  # fmt: skip
        case a.AllocationShared():
            for item in event.items:
                held = item.seen.holder
                rows.add(ITEMS, (event.plan, item.seen.case, item.outcome, item.reason, item.to, held))
        case a.AllocationFinished():
            found = rows.get(RUNS, event.run)
            if found is not None:
                done = RunRow(*found)._replace(status=FINISHED, carried_out=event.given)
                rows.put(RUNS, event.run, done)
            for case_id, code in event.refused:
                rows.add(OVERTAKEN, (event.run, case_id, code))


VIEW = View(
    name="case.allocations",
    version=1,
    tables=(RUNS, ITEMS, OVERTAKEN),
    apply=apply,
    wants=wants,
    streams=("allocation",),
    types=stored(a.AllocationRun, a.AllocationShared, a.AllocationFinished),
)


def page(
    connection: sa.Connection,
    *,
    after: tuple[date, str] | None = None,
    limit: int = 50,
    pin: Pin | None = None,
    team: str | None = None,
) -> list[RunRow]:
    """Runs by day and id, those behind the cursor, at most PAGE_MAX."""
    query = sa.select(RUNS)
    if after is not None:
        day, run = after
        query = query.where(RUNS.c.run_on >= day, (RUNS.c.run_on > day) | (RUNS.c.run > run))
    if team is not None:
        query = query.where(RUNS.c.team == team)
    query = query.where(*within(pin, lane=RUNS.c.lane, position=RUNS.c.made_at))
    query = query.order_by(RUNS.c.run_on, RUNS.c.run).limit(min(limit, PAGE_MAX))
    return [RunRow(*row) for row in connection.execute(query)]


def one(connection: sa.Connection, run: str) -> RunRow | None:
    """A run, None if there is no such."""
    found = connection.execute(sa.select(RUNS).where(RUNS.c.run == run)).first()
    return None if found is None else RunRow(*found)


def items(
    connection: sa.Connection,
    run: str,
    *,
    after: str = "",
    limit: int = PAGE_MAX,
    outcome: str | None = None,
) -> list[ItemRow]:
    """What was decided of the cases of a run, by case, those behind the cursor, at most PAGE_MAX."""
    joined = sa.join(RUNS, ITEMS, ITEMS.c.plan == RUNS.c.plan).outerjoin(
        OVERTAKEN, (OVERTAKEN.c.run == RUNS.c.run) & (OVERTAKEN.c.case_id == ITEMS.c.case_id)
    )
    columns = (
        ITEMS.c.case_id,
        ITEMS.c.outcome,
        ITEMS.c.reason,
        ITEMS.c.staff,
        ITEMS.c.before,
        OVERTAKEN.c.code,
    )
    query = sa.select(*columns).select_from(joined).where(RUNS.c.run == run, ITEMS.c.case_id > after)
    if outcome is not None:
        query = query.where(ITEMS.c.outcome == outcome)
    query = query.order_by(ITEMS.c.case_id).limit(min(limit, PAGE_MAX))
    return [ItemRow(*row) for row in connection.execute(query)]
