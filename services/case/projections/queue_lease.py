"""Handing out cases: the top case of a queue that nobody holds, to one collector, for a few minutes.

Leases are not facts: the tables are ephemeral, losing them loses nothing but who was looking at what. A collector
who asks again gets the same case. A case that is given back is passed by for a while: by that collector, or, where it
was worked, by everybody. One that was assigned to a collector is handed to nobody else.
"""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from shared.eventstore.projection.columns import Instant
from shared.kernel.refusal import Refused

LEASE_S = 300
"""How long a case stays with a collector who says nothing."""
PASS_S = 3600
"""How long a released case is not offered to the same collector again."""
TRIES_MAX = 50
"""Collectors who may beat us to the top case before we give up (the next question tries again)."""
EVERYBODY = "*"
"""In the place of a collector: a case is passed by whoever asks. No collector is called that."""


class LeaseLost(Refused):
    """The lease ran out, was ended, is another's, or its case may no longer be worked.

    Somebody else may have the case by now. Stop working on it, and ask the queue for the next one.
    """

    code = "lease-lost"
    title_en = "The case is no longer yours to work"
    title_zh = "该案件已不归您办理"


_META = sa.MetaData()
LEASE = sa.Table(
    "case_queue_lease_v4",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("collector", sa.Text, nullable=False),
    sa.Column("until", Instant, nullable=False),
    sa.Column("lease", sa.Text, nullable=False),
    sa.Index("case_queue_lease_v4_collector", "collector", "queue"),
)
PASSED = sa.Table(
    "case_queue_passed_v4",
    _META,
    sa.Column("collector", sa.Text, primary_key=True),
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("until", Instant, nullable=False),
    sa.Column("lease", sa.Text, nullable=False),
    sa.Index("case_queue_passed_v4_lease", "lease"),
)


class Leased(NamedTuple):
    """A case handed out to a collector until an instant; `lease` tells one handing out from another."""

    case_id: str
    queue: str
    collector: str
    until: datetime
    lease: str


_NOW = sa.bindparam("now", type_=Instant)
_UNTIL = sa.bindparam("until", type_=Instant)
_MINE = (
    "SELECT l.case_id FROM case_queue_lease_v4 l JOIN case_queue_v4 q ON q.case_id = l.case_id"
    " WHERE l.collector = :collector AND l.queue = :queue AND q.queue = :queue AND l.until > :now"
    " ORDER BY l.case_id LIMIT 1"
)
# CASE, not a plain condition: PostgreSQL would guess how many cases pass it and, without statistics, rather sort the
# whole queue, or join all leases, than walk the index from the best case on until one is free.
_FREE_OF = (
    " AND CASE WHEN EXISTS (SELECT 1 FROM {table} x WHERE x.case_id = q.case_id AND x.until > :now{who})"
)
_FREE_OF += " THEN FALSE ELSE TRUE END"
_FREE_NOW = (
    _FREE_OF.format(table="case_queue_lease_v4", who="")
    + _FREE_OF.format(table="case_queue_passed_v4", who=" AND x.collector = :collector")
    + _FREE_OF.format(table="case_queue_passed_v4", who=f" AND x.collector = '{EVERYBODY}'")
)
_TOP = (
    "SELECT q.case_id FROM case_queue_v4 q WHERE q.queue = :queue"
    " AND CASE WHEN q.assignee IS NULL THEN TRUE ELSE q.assignee = :collector END"
    + _FREE_NOW
    + " ORDER BY q.rank DESC, q.case_id LIMIT 1"
)
# One walk down the index for each of those whose cases they may have, each from the best case on.
_ONE_OF = (
    " SELECT * FROM (SELECT q.case_id, q.rank FROM case_queue_v4 q WHERE q.queue = :queue AND {whose}"
    + _FREE_NOW
    + " ORDER BY q.assignee, q.queue, q.rank DESC, q.case_id LIMIT 1{lock}) AS {name}"
)
_HELPED = (
    " SELECT * FROM (SELECT q.case_id, q.rank FROM case_helper_v1 h JOIN case_queue_v4 q ON q.case_id = h.case_id"
    " WHERE h.helper = :collector AND h.since <= :today AND h.until > :today AND q.queue = :queue"
    + _FREE_NOW
    + " ORDER BY q.rank DESC, q.case_id LIMIT 1{lock}) AS helped"
)


class Scope(NamedTuple):
    """Whose cases a collector may be handed: those of `of`, those they help with on `today`, those nobody has.

    `of` is who asks, and whoever else's cases the policy gives them; `pool`: whether nobody's are among them.
    """

    of: tuple[str, ...]
    pool: bool
    today: date


def _top(scope: Scope | None, lock: str) -> str:
    """The query for the best case that is free."""
    if scope is None:
        return _TOP + lock
    whose = [f"q.assignee = :of_{place}" for place in range(len(scope.of))]
    whose += ["q.assignee IS NULL"] if scope.pool else []
    parts = [_ONE_OF.format(whose=one, lock=lock, name=f"one_{n}") for n, one in enumerate(whose)]
    parts.append(_HELPED.format(lock=lock))
    every = " UNION ALL ".join(parts)
    return f"SELECT best.case_id FROM ({every}) AS best ORDER BY best.rank DESC, best.case_id LIMIT 1"


_LOCK = {"sqlite": "", "postgresql": " FOR UPDATE OF q SKIP LOCKED"}
_TODAY = sa.bindparam("today", type_=sa.Date)


@cache
def _taking(dialect: str, of: int, *, pool: bool, scoped: bool) -> tuple[sa.TextClause, sa.TextClause]:
    """The statement that takes the best case, and the one that looks whether there is one; for so many names."""
    scope = Scope(("",) * of, pool, date.min) if scoped else None
    today = (_TODAY,) if scoped else ()
    taking = _take(_top(scope, _LOCK[dialect])).bindparams(*today)
    return taking, sa.text(_top(scope, "")).bindparams(_NOW, *today)


def _take(top: str) -> sa.TextClause:
    """Find and take in one statement.

    The lease's primary key decides between two collectors who saw the same case free: the later one finds a lease
    that runs, and takes nothing. Skipping locked rows only spares them the wait.
    """
    return sa.text(
        f"WITH picked AS MATERIALIZED (SELECT coalesce(({_MINE}), ({top})) AS case_id)"
        " INSERT INTO case_queue_lease_v4 AS held (case_id, queue, collector, until, lease)"
        " SELECT case_id, :queue, :collector, :until, CAST(:lease AS TEXT) FROM picked WHERE case_id IS NOT NULL"
        " ON CONFLICT (case_id) DO UPDATE SET queue = excluded.queue, collector = excluded.collector,"
        " until = excluded.until, lease = CASE WHEN held.until > :now AND held.collector = excluded.collector"
        " THEN held.lease ELSE excluded.lease END"
        " WHERE held.until <= :now OR held.collector = excluded.collector"
        " RETURNING case_id, lease"
    ).bindparams(_NOW, _UNTIL)


_PASS = sa.text(
    "INSERT INTO case_queue_passed_v4 (collector, case_id, until, lease)"
    " VALUES (:collector, :case_id, :until, :lease)"
    " ON CONFLICT (collector, case_id) DO UPDATE SET until = excluded.until, lease = excluded.lease"
).bindparams(_UNTIL)
_RENEW = sa.text(
    "UPDATE case_queue_lease_v4 SET until = :until WHERE case_id = :case_id AND collector = :collector"
    " AND lease = :lease AND until > :now AND EXISTS (SELECT 1 FROM case_queue_v4 q"
    " WHERE q.case_id = case_queue_lease_v4.case_id AND q.queue = case_queue_lease_v4.queue)"
    " RETURNING queue"
).bindparams(_NOW, _UNTIL)


def take_next(
    connection: sa.Connection,
    *,
    queue: str,
    collector: str,
    now: datetime,
    lease: str = "",
    scope: Scope | None = None,
) -> Leased | None:
    """The case the collector holds in this queue, else the top one that is free; None when there is none.

    `scope`: whose cases they may be handed; None: nobody's, and those given to them. The lease runs for LEASE_S from
    now; `lease` names it, unless the collector holds one already. Needs a writing transaction (ViewDatabase.write).
    Raises LeaseLost for a name whose lease was ended.
    """
    if lease and _ended(connection, lease) is not None:
        raise LeaseLost
    until = now + timedelta(seconds=LEASE_S)
    who: dict[str, Any] = {"queue": queue, "collector": collector, "now": now}
    names = () if scope is None else scope.of
    take, free = _taking(
        connection.dialect.name, len(names), pool=scope is not None and scope.pool, scoped=scope is not None
    )
    if scope is not None:
        who |= {"today": scope.today} | {f"of_{place}": name for place, name in enumerate(names)}
    for _ in range(TRIES_MAX):
        taken = connection.execute(take, who | {"until": until, "lease": lease}).first()
        if taken is not None:
            return Leased(taken[0], queue, collector, until, taken[1])
        if connection.execute(free, who).first() is None:
            return None
    return None


def renew(connection: sa.Connection, *, case_id: str, collector: str, lease: str, now: datetime) -> Leased:
    """The lease runs for LEASE_S from now. Raises LeaseLost, also where the case has left the queue meanwhile."""
    until = now + timedelta(seconds=LEASE_S)
    asked = {"case_id": case_id, "collector": collector, "lease": lease, "now": now, "until": until}
    found = connection.execute(_RENEW, asked).first()
    if found is None:
        raise LeaseLost
    return Leased(case_id, found[0], collector, until, lease)


def running(
    connection: sa.Connection, *, case_id: str, collector: str, now: datetime, lease: str | None = None
) -> Leased:
    """The collector's lease on a case (of that name, where one is given). Raises LeaseLost."""
    query = sa.select(LEASE).where(LEASE.c.case_id == case_id, LEASE.c.collector == collector)
    if lease is not None:
        query = query.where(LEASE.c.lease == lease)
    found = connection.execute(query.where(LEASE.c.until > now)).first()
    if found is None:
        raise LeaseLost
    return Leased(*found)


def complete(
    connection: sa.Connection,
    *,
    case_id: str,
    collector: str,
    now: datetime,
    rest: timedelta,
    lease: str | None = None,
) -> datetime:
    """The case was worked: nobody is offered it for `rest`. Until when; the same if asked again. Raises LeaseLost."""
    ended = _ended(connection, lease) if lease else None
    if ended is not None and ended[:2] == (EVERYBODY, case_id):
        return ended[2]
    held = running(connection, case_id=case_id, collector=collector, now=now, lease=lease)
    give_back(connection, held, now=now, until=now + rest, by=EVERYBODY)
    return now + rest


def give_back(connection: sa.Connection, held: Leased, *, now: datetime, until: datetime, by: str) -> None:
    """End a lease, and pass its case by until then; `by`: the collector who is not offered it, or EVERYBODY.

    A lease that has run out is ended all the same, unless somebody else has the case by now.
    """
    mine = (LEASE.c.case_id == held.case_id) & (LEASE.c.collector == held.collector)
    connection.execute(sa.delete(LEASE).where(mine))
    connection.execute(sa.delete(PASSED).where(PASSED.c.collector == by, PASSED.c.until <= now))
    connection.execute(_PASS, {"collector": by, "case_id": held.case_id, "until": until, "lease": held.lease})


def release(connection: sa.Connection, *, case_id: str, collector: str, now: datetime) -> bool:
    """Give a case back and pass it by for PASS_S; False if the collector does not hold it."""
    mine = sa.select(LEASE).where(LEASE.c.case_id == case_id, LEASE.c.collector == collector)
    found = connection.execute(mine).first()
    if found is None:
        return False
    give_back(connection, Leased(*found), now=now, until=now + timedelta(seconds=PASS_S), by=collector)
    return True


def drop_all(connection: sa.Connection, *, collector: str) -> int:
    """End every lease of somebody who is not there any more; how many. Needs a writing transaction."""
    return connection.execute(sa.delete(LEASE).where(LEASE.c.collector == collector)).rowcount


def held(connection: sa.Connection, *, now: datetime) -> list[Leased]:
    """Every lease that runs, by case."""
    query = sa.select(LEASE).where(LEASE.c.until > now).order_by(LEASE.c.case_id)
    return [Leased(*row) for row in connection.execute(query)]


def _ended(connection: sa.Connection, lease: str) -> tuple[str, str, datetime] | None:
    """(who passes the case by, the case, until when) of a lease that was ended, as long as that is remembered."""
    query = sa.select(PASSED.c.collector, PASSED.c.case_id, PASSED.c.until).where(PASSED.c.lease == lease)
    found = connection.execute(query).first()
    return None if found is None else (found[0], found[1], found[2])
