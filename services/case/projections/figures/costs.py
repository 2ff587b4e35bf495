"""What did collecting cost, for which case or team, and what is each team to bring in? On both clocks.

A reversal posts the same amount below zero, so a plain sum over rows recorded by then is what was known then.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain.events import CostBooked, CostEvent, CostReversed, TargetSet
from services.case.projections.book_pages import stored
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
COSTS = sa.Table(
    "case_cost_v1",
    _META,
    sa.Column("cost_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
)
COST_POSTINGS = sa.Table(
    "case_cost_posting_v1",
    _META,
    sa.Column("cost_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("because", sa.Text, nullable=False),
)
TARGETS = sa.Table(
    "case_target_v1",
    _META,
    sa.Column("target_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("set_on", sa.Date, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("month", sa.Date, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
)

CostSeen: TypeAlias = Recorded[CostEvent | TargetSet | Erased]


class Cost(NamedTuple):
    """A cost, or what takes one back (below zero). `case_id` and `team` are empty where it is of no case or team."""

    cost_id: str
    on: date
    kind: str
    case_id: str
    team: str
    minor: int
    currency: str


class Target(NamedTuple):
    """What a team is to recover in a month, by its newest revision."""

    team: str
    month: date
    minor: int
    currency: str
    revision: int


def wants(seen: CostSeen) -> Iterable[tuple[str, str]]:
    """What the cost is for, for what takes it back."""
    return ((COSTS.name, seen.row.stream_id),) if isinstance(seen.event, CostReversed) else ()


def apply(seen: CostSeen, rows: Working) -> None:
    """A cost, its reversal, or a target."""
    event, said = seen.event, seen.row
    match event:
        case CostBooked():
            named = (event.kind, event.case or "", event.team or "")
            rows.put(COSTS, said.stream_id, (said.stream_id, *named))
            _post(seen, rows, named, event.on, event.amount.minor, event.amount.currency)
        case CostReversed():
            known = rows.get(COSTS, said.stream_id)
            if known is not None:
                _post(seen, rows, known[1:], event.on, -event.amount.minor, event.amount.currency)
        case TargetSet():
            rows.add(
                TARGETS,
                (
                    said.stream_id, said.version, said.lane, said.recorded_at, event.on, event.team, event.month,
                    event.amount.minor, event.amount.currency, event.revision,
                ),
            )  # fmt: skip
        case _:
            pass


def _post(seen: CostSeen, rows: Working, named: tuple[str, ...], on: date, minor: int, currency: str) -> None:
    said = seen.row
    rows.add(
        COST_POSTINGS,
        (
            said.stream_id, said.version, said.lane, said.recorded_at, on, *named, minor, currency, said.type,
        ),
    )  # fmt: skip


VIEW = View(
    name="case.costs",
    version=1,
    tables=(COSTS, COST_POSTINGS, TARGETS),
    apply=apply,
    wants=wants,
    streams=("cost", "target"),
    types=stored(CostBooked, CostReversed, TargetSet),
)


def costs(
    connection: sa.Connection, *, from_: date | None, to: date, known_at: datetime | None
) -> Iterator[Cost]:
    """Costs effective in the range, both ends included, by what was recorded up to `known_at`; by day."""
    columns = COST_POSTINGS.c
    query = sa.select(
        columns.cost_id, columns.effective_on, columns.kind, columns.case_id, columns.team, columns.amount_minor,
        columns.currency,
    ).where(columns.effective_on <= to)  # fmt: skip
    if from_ is not None:
        query = query.where(columns.effective_on >= from_)
    if known_at is not None:
        query = query.where(columns.recorded_at <= known_at)
    query = query.order_by(columns.effective_on, columns.cost_id, columns.version)
    return map(Cost._make, connection.execute(query))


def targets(connection: sa.Connection, month: date, *, known_at: datetime | None) -> list[Target]:
    """Every team's target for the month that begins on `month`, by team and currency."""
    columns = TARGETS.c
    query = sa.select(
        columns.team, columns.month, columns.amount_minor, columns.currency, columns.revision
    ).where(columns.month == month)
    if known_at is not None:
        query = query.where(columns.recorded_at <= known_at)
    newest = {
        (team, currency): Target(team, of, minor, currency, revision)
        for team, of, minor, currency, revision in connection.execute(query.order_by(columns.revision))
    }
    return [newest[key] for key in sorted(newest)]
