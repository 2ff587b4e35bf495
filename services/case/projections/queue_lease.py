"""Handing out cases: the top case of a queue that nobody holds, to one collector, for a few minutes.

Leases are not facts: the tables are ephemeral, losing them loses nothing but who was looking at what. A collector
who asks again gets the same case; `release` passes it by for a while, so that the next question gets the next case,
and anyone else may have it at once.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from shared.eventstore.projection.columns import Instant

LEASE_S = 300
"""How long a case stays with a collector who says nothing."""
PASS_S = 3600
"""How long a released case is not offered to the same collector again."""
TRIES_MAX = 50
"""Collectors who may beat us to the top case before we give up (the next question tries again)."""

_META = sa.MetaData()
LEASE = sa.Table(
    "case_queue_lease_v2",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("collector", sa.Text, nullable=False),
    sa.Column("until", Instant, nullable=False),
    sa.Index("case_queue_lease_v2_collector", "collector", "queue"),
)
PASSED = sa.Table(
    "case_queue_passed_v2",
    _META,
    sa.Column("collector", sa.Text, primary_key=True),
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("until", Instant, nullable=False),
)


class Leased(NamedTuple):
    """A case handed out to a collector until an instant."""

    case_id: str
    queue: str
    collector: str
    until: datetime


_NOW = sa.bindparam("now", type_=Instant)
_UNTIL = sa.bindparam("until", type_=Instant)
_MINE = (
    "SELECT l.case_id FROM case_queue_lease_v2 l JOIN case_queue_v2 q ON q.case_id = l.case_id"
    " WHERE l.collector = :collector AND l.queue = :queue AND q.queue = :queue AND l.until > :now"
    " ORDER BY l.case_id LIMIT 1"
)
_TOP = (
    "SELECT q.case_id FROM case_queue_v2 q WHERE q.queue = :queue"
    " AND NOT EXISTS (SELECT 1 FROM case_queue_lease_v2 l WHERE l.case_id = q.case_id AND l.until > :now)"
    " AND NOT EXISTS (SELECT 1 FROM case_queue_passed_v2 p"
    " WHERE p.collector = :collector AND p.case_id = q.case_id AND p.until > :now)"
    " ORDER BY q.rank DESC, q.case_id LIMIT 1"
)


def _take(skip_locked: str) -> sa.TextClause:
    """Find and take in one statement.

    The lease's primary key decides between two collectors who saw the same case free: the later one finds a lease
    that runs, and takes nothing. Skipping locked rows only spares them the wait.
    """
    return sa.text(
        f"WITH picked AS MATERIALIZED (SELECT coalesce(({_MINE}), ({_TOP}{skip_locked})) AS case_id)"
        " INSERT INTO case_queue_lease_v2 AS held (case_id, queue, collector, until)"
        " SELECT case_id, :queue, :collector, :until FROM picked WHERE case_id IS NOT NULL"
        " ON CONFLICT (case_id) DO UPDATE SET queue = excluded.queue, collector = excluded.collector,"
        " until = excluded.until WHERE held.until <= :now OR held.collector = excluded.collector"
        " RETURNING case_id"
    ).bindparams(_NOW, _UNTIL)


_TAKE = {"sqlite": _take(""), "postgresql": _take(" FOR UPDATE OF q SKIP LOCKED")}
_FREE = sa.text(_TOP).bindparams(_NOW)
_PASS = sa.text(
    "INSERT INTO case_queue_passed_v2 (collector, case_id, until) VALUES (:collector, :case_id, :until)"
    " ON CONFLICT (collector, case_id) DO UPDATE SET until = excluded.until"
).bindparams(_UNTIL)


def take_next(connection: sa.Connection, *, queue: str, collector: str, now: datetime) -> Leased | None:
    """The case the collector holds in this queue, else the top one that is free; None when there is none.

    The lease runs for LEASE_S from now. Needs a writing transaction (ViewDatabase.write).
    """
    until = now + timedelta(seconds=LEASE_S)
    who = {"queue": queue, "collector": collector, "now": now}
    take = _TAKE[connection.dialect.name]
    for _ in range(TRIES_MAX):
        taken = connection.execute(take, who | {"until": until}).first()
        if taken is not None:
            return Leased(taken[0], queue, collector, until)
        if connection.execute(_FREE, who).first() is None:
            return None
    return None


def release(connection: sa.Connection, *, case_id: str, collector: str, now: datetime) -> bool:
    """Give a case back and pass it by for PASS_S; False if the collector does not hold it."""
    gone = connection.execute(
        sa.delete(LEASE).where(LEASE.c.case_id == case_id, LEASE.c.collector == collector)
    )
    if not gone.rowcount:
        return False
    connection.execute(sa.delete(PASSED).where(PASSED.c.collector == collector, PASSED.c.until <= now))
    connection.execute(
        _PASS, {"collector": collector, "case_id": case_id, "until": now + timedelta(seconds=PASS_S)}
    )
    return True


def held(connection: sa.Connection, *, now: datetime) -> list[Leased]:
    """Every lease that runs, by case."""
    query = sa.select(LEASE).where(LEASE.c.until > now).order_by(LEASE.c.case_id)
    return [Leased(*row) for row in connection.execute(query)]
