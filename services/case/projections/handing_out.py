"""A case handed to a collector together with the row that says why it is the next one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from services.case.domain.events import CaseSkipped
from services.case.domain.queue import APART
from services.case.projections import queue_lease, work_queue
from services.case.projections.queue_lease import LEASE, Leased
from services.case.projections.queue_row import QueueRow
from services.case.projections.staffing import handing
from shared.kernel.refusal import Refused


class QueueNotWorked(Refused):
    """Cases in this queue are not collected: each waits for what its row says, and leaves by itself when that ends.

    Take from a queue of a stage, or from `nothing-owed`.
    """

    code = "queue-not-worked"
    title_en = "Nobody is handed a case from this queue"
    title_zh = "该队列的案件不派发"


class HandedOut(NamedTuple):
    """A lease and the row of its case."""

    lease: Leased
    row: QueueRow


class QueueStanding(NamedTuple):
    """A queue: its cases, how many of them somebody holds now, and how many were given to nobody."""

    queue: str
    cases: int
    held: int
    unallocated: int = 0


def hand_out(
    connection: sa.Connection, *, queue: str, collector: str, now: datetime, lease: str, today: date
) -> HandedOut | None:
    """The collector's case in this queue, else the next one that is free, taken for LEASE_S; None without one.

    Where there is a staff directory, only what is theirs to work on `today`; who is not there gets nothing, and what
    they held is free for others. Needs a writing transaction. Raises QueueNotWorked, LeaseLost for the name of a
    lease that was ended.
    """
    if queue in APART:
        raise QueueNotWorked
    scope, why_not = handing.scope_of(connection, collector=collector, queue=queue, today=today)
    if why_not is not None:
        queue_lease.drop_all(connection, collector=collector)
        return None
    taken = queue_lease.take_next(
        connection, queue=queue, collector=collector, now=now, lease=lease, scope=scope
    )
    if taken is None:
        return None
    row = work_queue.one(connection, taken.case_id)
    return HandedOut(taken, row) if row is not None and row.queue == queue else None


def pass_by(connection: sa.Connection, held: Leased, skip: CaseSkipped | None, *, now: datetime) -> None:
    """End a lease whose case was skipped, as the event says; without one (recorded by an earlier try) for PASS_S."""
    queue_lease.give_back(
        connection,
        held,
        now=now,
        until=skip.until if skip else now + timedelta(seconds=queue_lease.PASS_S),
        by=queue_lease.EVERYBODY if skip and skip.everybody else held.collector,
    )


def standings(
    connection: sa.Connection, *, now: datetime, of: Sequence[str] | None = None
) -> list[QueueStanding]:
    """Every queue there is, in working order, the empty ones too; `of`: only what these collectors have and hold."""
    query = sa.select(LEASE.c.queue, sa.func.count()).where(LEASE.c.until > now).group_by(LEASE.c.queue)
    if of is not None:
        query = query.where(LEASE.c.collector.in_(list(of)))
    held: dict[str, int] = {name: count for name, count in connection.execute(query)}  # noqa: C416 - typed rows
    sizes = dict.fromkeys(work_queue.QUEUES, 0) | work_queue.sizes(connection, of=of)
    nobodys = work_queue.unallocated(connection)
    return [
        QueueStanding(name, cases, held.get(name, 0), nobodys.get(name, 0)) for name, cases in sizes.items()
    ]


def holders(connection: sa.Connection, cases: list[str], *, now: datetime) -> dict[str, Leased]:
    """Who holds which of these cases (at most LIST_MAX)."""
    some = cases[: work_queue.LIST_MAX]
    query = sa.select(LEASE).where(LEASE.c.case_id.in_(some), LEASE.c.until > now)
    return {row[0]: Leased(*row) for row in connection.execute(query)}
