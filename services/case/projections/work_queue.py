"""Which open case should a collector work next, and which cases wait for something else?

One row a case. A case that a collector may work stands in the queue of its stage or, where no money is owed, in
`nothing-owed`. One that an agency or the legal service has, on which a hold stops collecting, or whose debtor's word
is out, stands apart, in a queue that says so, until the judgement that ends the reason. A closed case keeps its
figures aside, in no queue, until it is opened again.

The rank comes from the weights of the policy its latest event names; the row keeps that policy and the rank's parts,
which are the reason why the case stands where it stands. Figures are as last reported, with what payments, instalments
and adjustments changed since. Handing cases out is queue_lease.py.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TypeAlias

import sqlalchemy as sa

from services.case.domain import events as e
from services.case.domain.delinquency import RETAIL
from services.case.domain.events import CaseEvent
from services.case.domain.facts import keeping as k
from services.case.domain.policy import CasePolicy
from services.case.domain.queue import APART, NOTHING_OWED, queue_of
from services.case.projections import queue_state
from services.case.projections.debts_reported import joined, left, reported, total
from services.case.projections.policy_named import policy_named
from services.case.projections.queue_lease import LEASE, PASSED
from services.case.projections.queue_row import QueueRow as QueueRow
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel.money import Money

WORKED = (*RETAIL.names[1:], NOTHING_OWED)
"""The queues collectors are handed cases from: the retail scheme's, from the least to the most overdue, and the one
where nothing is owed."""
QUEUES = (*WORKED, *APART)
"""Every queue."""

_META = sa.MetaData()
QUEUE = sa.Table(
    "case_queue_v4",
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
    sa.Column("rank_promises", sa.BigInteger, nullable=False),
    sa.Column("rank_contact", sa.BigInteger, nullable=False),
    sa.Column("assignee", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("allocated_on", sa.Date),
    sa.Column("retained_until", sa.Date),
)
sa.Index("case_queue_v4_order", QUEUE.c.queue, QUEUE.c.rank.desc(), QUEUE.c.case_id)
sa.Index("case_queue_v4_of", QUEUE.c.assignee, QUEUE.c.queue, QUEUE.c.rank.desc(), QUEUE.c.case_id)

ASIDE = ""
"""Where closed cases wait: no queue is called that."""
LIST_MAX = 500
DAY = timedelta(days=1)

CaseSeen: TypeAlias = Recorded[CaseEvent | Erased]


_LIFE = (
    e.HandlingModeChanged, e.HoldPlaced, e.HoldLifted, e.HoldExpired, e.DisputeRaised, e.DisputeReopened,
    e.ContactAttempted, e.ContactRevised, e.PromiseToPay, e.PromiseAmended, e.PromiseBroken, e.PromiseKept,
    e.PromisePartlyKept, e.PromiseCancelled, e.PromiseReopened, e.SettlementProposed, e.SettlementApproved,
    e.SettlementRejected, e.SettlementLapsed, e.SettlementDefaulted, e.Settled, e.PaymentReceived,
    e.PaymentAllocated, e.AllocationReversed, e.InstalmentFellDue, e.ChargeBooked, e.BalanceAdjusted, e.ReliefGranted,
    e.ReliefExtended, e.DebtWrittenOff,
)  # fmt: skip
_KEPT = (k.CaseRetained, k.RetentionEnded, k.RetentionExpired)
_MOVES = (
    e.ArrearsReported, e.ArrearsCorrected, e.StageEntered, e.CaseClosed, e.CaseReopened, e.CaseAllocated,
    e.DebtAttached, e.DebtDetached, *_KEPT, *_LIFE,
)  # fmt: skip


def wants(seen: CaseSeen) -> Iterable[tuple[str, str]]:
    """The case's row, for the events that change one."""
    event = seen.event
    if isinstance(event, e.PaymentReceived) and event.payment is None:
        return ()
    moves = isinstance(event, _MOVES)
    return ((QUEUE.name, seen.row.stream_id),) if moves else ()


def apply(seen: CaseSeen, rows: Working) -> None:
    """Put the case where it belongs now; a closed case leaves."""
    stored, event = seen.row, seen.event
    case_id = stored.stream_id
    if isinstance(event, Erased):
        if stored.type == "case.CaseClosed":
            rows.drop(QUEUE, case_id)
        return
    if isinstance(event, e.PaymentReceived) and event.payment is None:
        return  # a statement's: the figures it reports hold it already
    policy = policy_named(stored.policy)
    if isinstance(event, e.CaseOpened):
        stage = policy.scheme.stage_of(event.days_past_due)
        row = QueueRow(
            case_id, stored.lane, "", 0, 0, 0, 0, "", stage, event.days_past_due, event.arrears.minor,
            event.arrears.currency, event.as_of, event.as_of,
        )  # fmt: skip
        rows.put(QUEUE, case_id, _placed(row, policy))
        return
    found = rows.get(QUEUE, case_id)
    if found is None:
        return
    row = QueueRow(*found)
    after = _several(row, event, stored.version) or _after(row, event)
    if isinstance(event, e.CaseClosed) or (row.queue == ASIDE and not isinstance(event, e.CaseReopened)):
        rows.put(QUEUE, case_id, after._replace(queue=ASIDE))
    elif after is not row or isinstance(event, e.CaseReopened):
        rows.put(QUEUE, case_id, _placed(after, policy))


def _several(row: QueueRow, event: CaseEvent, version: int) -> QueueRow | None:
    """The row of a case that has, or now gets, several accounts; None where one is all there is."""
    if not isinstance(event, e.ArrearsReported | e.ArrearsCorrected | e.DebtAttached | e.DebtDetached):
        return None
    state = queue_state.read(row.state)
    day, known = row.as_of, state.debts
    match event:
        case e.DebtAttached():
            owed = state.reported if state.moved else row.arrears_minor
            debts = joined(known, event, version=version, minor=owed, days=row.days_past_due)
            day = max(day, event.on) if debts else day
        case e.DebtDetached():
            debts = left(known, event)
        case _:
            debts = known if event.as_of < day else reported(known, event)
            day = max(day, event.as_of)
            if debts:
                state = queue_state.reported(state, arrears=total(debts)[0], as_of=event.as_of)
    if not debts:
        return None
    state, (minor, days) = queue_state.together(state, debts), total(debts)
    return row._replace(
        days_past_due=days,
        arrears_minor=queue_state.arrears_now(state, minor),
        as_of=day,
        state=queue_state.written(state),
    )


def _after(row: QueueRow, event: CaseEvent) -> QueueRow:
    """The row with what an event says; the same row where it says nothing."""
    match event:
        case e.ArrearsReported() | e.ArrearsCorrected():
            if event.as_of < row.as_of:
                return row
            owed = event.arrears
            state = queue_state.reported(queue_state.read(row.state), arrears=owed.minor, as_of=event.as_of)
            return row._replace(
                days_past_due=event.days_past_due,
                arrears_minor=queue_state.arrears_now(state, owed.minor),
                currency=owed.currency,
                as_of=event.as_of,
                state=queue_state.written(state),
            )
        case e.StageEntered():
            # A stage passed on the way to the one reported is of an earlier day: its days are older than those known.
            days = event.days_past_due if event.as_of >= row.as_of else row.days_past_due
            return row._replace(stage=event.stage, days_past_due=days)
        case e.CaseAllocated():
            return _allocated(row, event)
        case k.CaseRetained():
            return row._replace(retained_until=event.until)
        case k.RetentionEnded() | k.RetentionExpired():
            return row._replace(retained_until=None)
        case _ if isinstance(event, _LIFE):
            before = queue_state.read(row.state)
            # What is reported of the first day is what was owed as the case opened: payments of that day count.
            reported_on = row.as_of if row.as_of > row.opened_on else row.opened_on - DAY
            state = queue_state.after(before, event, arrears=row.arrears_minor, reported_on=reported_on)
            if state is before:
                return row
            arrears = queue_state.arrears_now(state, row.arrears_minor)
            return row._replace(arrears_minor=arrears, state=queue_state.written(state))
    return row


def _allocated(row: QueueRow, event: e.CaseAllocated) -> QueueRow:
    """The newest day counts; another collector does not keep what the one before was to keep."""
    if row.allocated_on is not None and event.on < row.allocated_on:
        return row
    name: object = event.collector
    assignee = name if isinstance(name, str) else None
    retained = row.retained_until if assignee == row.assignee else None
    return row._replace(assignee=assignee, allocated_on=event.on, retained_until=retained)


def _placed(row: QueueRow, policy: CasePolicy) -> QueueRow:
    """The row with its place worked out anew from the figures it has."""
    state, arrears = queue_state.read(row.state), Money(row.arrears_minor, row.currency)
    parts = policy.queue.parts(
        stage=row.stage,
        days_past_due=row.days_past_due,
        arrears=arrears,
        broken_promises=len(state.broken),
        never_reached=state.never_reached,
    )
    queue = queue_of(
        stage=row.stage,
        arrears=arrears,
        mode=state.mode,
        on_hold=bool(state.stopping(policy.queue)),
        promised=bool(state.words),
    )
    return row._replace(
        queue=queue,
        rank=sum(parts),
        rank_stage=parts.stage,
        rank_days=parts.days,
        rank_arrears=parts.arrears,
        rank_promises=parts.promises,
        rank_contact=parts.contact,
        policy=policy.version.id,
    )


VIEW = View(
    name="case.queue",
    version=4,
    tables=(QUEUE,),
    apply=apply,
    wants=wants,
    streams=("case",),
    types=frozenset(f"case.{kind.__name__}" for kind in (e.CaseOpened, *_MOVES)),
    ephemeral=(LEASE, PASSED),
)


def sizes(connection: sa.Connection, *, of: Sequence[str] | None = None) -> dict[str, int]:
    """How many cases stand in each queue, in working order; then the queues apart that hold any, then those of
    another scheme. `of`: only cases that these collectors have."""
    query = sa.select(QUEUE.c.queue, sa.func.count()).where(QUEUE.c.queue != ASIDE).group_by(QUEUE.c.queue)
    rows = connection.execute(query if of is None else query.where(QUEUE.c.assignee.in_(list(of))))
    found: dict[str, int] = {name: size for name, size in rows}  # noqa: C416 - typed rows, not pairs
    known = {name: found.get(name, 0) for name in WORKED}
    known |= {name: found[name] for name in APART if name in found}
    return known | {name: found[name] for name in sorted(found) if name not in known}


def unallocated(connection: sa.Connection) -> dict[str, int]:
    """How many cases of each queue were given to nobody."""
    query = (
        sa.select(QUEUE.c.queue, sa.func.count())
        .where(QUEUE.c.queue != ASIDE, QUEUE.c.assignee.is_(None))
        .group_by(QUEUE.c.queue)
    )
    return {name: size for name, size in connection.execute(query)}  # noqa: C416 - typed rows, not pairs


def top(
    connection: sa.Connection,
    queue: str,
    *,
    limit: int = 20,
    after: tuple[int, str] | None = None,
    of: Sequence[str] | None = None,
) -> list[QueueRow]:
    """The head of a queue in order, those after the cursor (rank, case_id), at most LIST_MAX.

    `of`: only cases that these collectors have.
    """
    query = sa.select(QUEUE).where(QUEUE.c.queue == queue)
    if of is not None:
        query = query.where(QUEUE.c.assignee.in_(list(of)))
    if after is not None:
        rank, case_id = after
        same = (QUEUE.c.rank == rank) & (QUEUE.c.case_id > case_id)
        query = query.where(QUEUE.c.rank <= rank, (QUEUE.c.rank < rank) | same)
    query = query.order_by(QUEUE.c.rank.desc(), QUEUE.c.case_id).limit(min(limit, LIST_MAX))
    return [QueueRow(*row) for row in connection.execute(query)]


def one(connection: sa.Connection, case_id: str) -> QueueRow | None:
    """The row of an open case, None where there is none."""
    found = connection.execute(
        sa.select(QUEUE).where(QUEUE.c.case_id == case_id, QUEUE.c.queue != ASIDE)
    ).first()
    return None if found is None else QueueRow(*found)
