"""Which open case should a collector work next?

One row a case, in the queue of its stage or, where no money is owed, in `nothing-owed`; a closed case keeps its
figures aside, in no queue, until it is opened again. Its rank comes from
the weights of the policy its latest event names; the row keeps that policy and the rank's three parts, which are
the reason why the case stands where it stands. Handing cases out is queue_lease.py.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain.delinquency import RETAIL
from services.case.domain.events import (
    ArrearsCorrected,
    ArrearsReported,
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CaseReopened,
    StageEntered,
)
from services.case.domain.policy import CasePolicy
from services.case.domain.queue import NOTHING_OWED, queue_of
from services.case.projections.policy_named import policy_named
from services.case.projections.queue_lease import LEASE, PASSED
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel import money
from shared.kernel.money import Money

QUEUES = (*RETAIL.names[1:], NOTHING_OWED)
"""The queues of the retail scheme, from the least to the most overdue, and the one where nothing is owed."""

_META = sa.MetaData()
QUEUE = sa.Table(
    "case_queue_v2",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("rank", sa.BigInteger, nullable=False),
    sa.Column("rank_stage", sa.BigInteger, nullable=False),
    sa.Column("rank_days", sa.BigInteger, nullable=False),
    sa.Column("rank_arrears", sa.BigInteger, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("days_past_due", sa.Integer, nullable=False),
    sa.Column("arrears_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
)
sa.Index("case_queue_v2_order", QUEUE.c.queue, QUEUE.c.rank.desc(), QUEUE.c.case_id)

ASIDE = ""
"""Where closed cases wait: no queue is called that."""
LIST_MAX = 500

CaseSeen: TypeAlias = Recorded[CaseEvent | Erased]


class QueueRow(NamedTuple):
    """A case in its queue. rank = rank_stage + rank_days + rank_arrears, under `policy`; the higher, the sooner."""

    case_id: str
    lane: int
    queue: str
    rank: int
    rank_stage: int
    rank_days: int
    rank_arrears: int
    policy: str
    stage: str
    days_past_due: int
    arrears_minor: int
    currency: str
    opened_on: date
    as_of: date

    def why(self, language: str) -> str:
        """Why the case stands where it stands, in the reader's language."""
        owed = f"{money.decimal(self.arrears_minor, self.currency)} {self.currency}"
        if language.lower().split("-")[0] == "zh":
            return (
                f"阶段 {self.stage}：{self.rank_stage} 分；逾期 {self.days_past_due} 天：{self.rank_days} 分；"
                f"拖欠 {owed}：{self.rank_arrears} 分；合计 {self.rank} 分（{self.policy}）"
            )
        return (
            f"stage {self.stage}: {self.rank_stage}; {self.days_past_due} days past due: {self.rank_days}; "
            f"{owed} in arrears: {self.rank_arrears}; together {self.rank} under {self.policy}"
        )

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.case_id,
            "queue": self.queue,
            "rank": self.rank,
            "rank_parts": {"stage": self.rank_stage, "days": self.rank_days, "arrears": self.rank_arrears},
            "policy": self.policy,
            "stage": self.stage,
            "days_past_due": self.days_past_due,
            "arrears": {
                "amount": money.decimal(self.arrears_minor, self.currency),
                "currency": self.currency,
            },
            "opened_on": self.opened_on.isoformat(),
            "as_of": self.as_of.isoformat(),
        }


_MOVES = (ArrearsReported, ArrearsCorrected, StageEntered, CaseClosed, CaseReopened)


def wants(seen: CaseSeen) -> Iterable[tuple[str, str]]:
    """The case's row, for the events that change one."""
    event = seen.event
    moves = isinstance(event, _MOVES)
    return ((QUEUE.name, seen.row.stream_id),) if moves else ()


def apply(seen: CaseSeen, rows: Working) -> None:
    """Put the case where it belongs now; a closed case leaves."""
    stored, event = seen.row, seen.event
    case_id = stored.stream_id
    match event:
        case ArrearsReported() | ArrearsCorrected():
            found = rows.get(QUEUE, case_id)
            row = QueueRow(*found) if found is not None else None
            if row is not None and row.queue != ASIDE and event.as_of >= row.as_of:
                rows.put(QUEUE, case_id, _placed(row, policy_named(stored.policy), row.stage, event))
        case StageEntered():
            found = rows.get(QUEUE, case_id)
            if found is not None and found[2] != ASIDE:
                row = QueueRow(*found)
                rows.put(QUEUE, case_id, _placed(row, policy_named(stored.policy), event.stage, None))
        case CaseOpened():
            policy = policy_named(stored.policy)
            stage = policy.scheme.stage_of(event.days_past_due)
            blank = QueueRow(
                case_id, stored.lane, "", 0, 0, 0, 0, "", stage, 0, 0, "", event.as_of, event.as_of
            )
            rows.put(QUEUE, case_id, _placed(blank, policy, stage, event))
        case CaseClosed():
            found = rows.get(QUEUE, case_id)
            if found is not None:
                rows.put(QUEUE, case_id, QueueRow(*found)._replace(queue=ASIDE))
        case CaseReopened():
            found = rows.get(QUEUE, case_id)
            if found is not None:
                row = QueueRow(*found)
                rows.put(QUEUE, case_id, _placed(row, policy_named(stored.policy), row.stage, None))
        case Erased():
            if stored.type == "case.CaseClosed":
                rows.drop(QUEUE, case_id)
        case _:
            pass  # what is owed moves a case, as the lender reports it or the judgement of its stage has it


def _placed(
    row: QueueRow,
    policy: CasePolicy,
    stage: str,
    report: CaseOpened | ArrearsReported | ArrearsCorrected | None,
) -> QueueRow:
    """The row with its place worked out anew from a report (None: the figures it has)."""
    if report is None:
        days, arrears, as_of = row.days_past_due, Money(row.arrears_minor, row.currency), row.as_of
    else:
        days, arrears, as_of = report.days_past_due, report.arrears, report.as_of
    order = policy.queue
    rank = order.priority(stage=stage, days_past_due=days, arrears=arrears)
    by_stage = order.stage_weight.get(stage, 0)
    by_days = order.per_day * min(days, order.days_max)
    return QueueRow(
        row.case_id,
        row.lane,
        queue_of(stage=stage, arrears=arrears),
        rank,
        by_stage,
        by_days,
        rank - by_stage - by_days,
        policy.version.id,
        stage,
        days,
        arrears.minor,
        arrears.currency,
        row.opened_on,
        as_of,
    )


VIEW = View(
    name="case.queue",
    version=2,
    tables=(QUEUE,),
    apply=apply,
    wants=wants,
    streams=("case",),
    ephemeral=(LEASE, PASSED),
)


def sizes(connection: sa.Connection) -> dict[str, int]:
    """How many cases stand in each queue, in working order; queues of another scheme come last."""
    rows = connection.execute(
        sa.select(QUEUE.c.queue, sa.func.count()).where(QUEUE.c.queue != ASIDE).group_by(QUEUE.c.queue)
    )
    found: dict[str, int] = {name: size for name, size in rows}  # noqa: C416 - typed rows, not pairs
    known = {name: found.get(name, 0) for name in QUEUES}
    return known | {name: found[name] for name in sorted(found) if name not in known}


def top(
    connection: sa.Connection, queue: str, *, limit: int = 20, after: tuple[int, str] | None = None
) -> list[QueueRow]:
    """The head of a queue in order, those after the cursor (rank, case_id), at most LIST_MAX."""
    query = sa.select(QUEUE).where(QUEUE.c.queue == queue)
    if after is not None:
        rank, case_id = after
        same = (QUEUE.c.rank == rank) & (QUEUE.c.case_id > case_id)
        query = query.where(QUEUE.c.rank <= rank, (QUEUE.c.rank < rank) | same)
    query = query.order_by(QUEUE.c.rank.desc(), QUEUE.c.case_id).limit(min(limit, LIST_MAX))
    return [QueueRow(*row) for row in connection.execute(query)]
