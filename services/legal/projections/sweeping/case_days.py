"""Which cases may have a deadline or a period to be told of on a day that ends?

A row for each stream of a matter or of proofs, with its version, and one for each debt of a case. When a sweep has
looked at a case it notes how far it saw and the next day to look (ephemeral: lost, the case is only looked at again);
whatever is recorded of the case, its matters or its debts makes the note out of date.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.legal.domain.facts.matter import MatterOpened
from services.legal.domain.facts.proofs import DebtJoined
from services.legal.domain.thing_ids import MATTER, PROOFS, proofs_of
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded

PAGE_MAX = 500

_META = sa.MetaData()
STREAMS = sa.Table(
    "legal_day_streams_v1",
    _META,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("case_id", sa.Text),
    sa.Index("legal_day_streams_v1_case", "case_id"),
)
DEBTS = sa.Table(
    "legal_day_debts_v1",
    _META,
    sa.Column("link", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Index("legal_day_debts_v1_case", "case_id"),
)
NEXT = sa.Table(
    "legal_day_next_v1",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("seen", sa.BigInteger, nullable=False),
    sa.Column("law", sa.Text, nullable=False),
    sa.Column("next_day", sa.Date, nullable=False),
)


class Noted(NamedTuple):
    """What a sweep found: with `seen` events read and under this law, nothing can be said before `next_day`."""

    case_id: str
    seen: int
    law: str
    next_day: date


def wants(seen: Recorded[Any]) -> Iterable[tuple[str, str]]:
    """The stream's row, for every event but its first."""
    return () if seen.row.version == 1 else ((STREAMS.name, seen.row.stream_id),)


def apply(seen: Recorded[Any], rows: Working) -> None:
    """Every event moves its stream's version; some say whose case the stream is, or in which case a debt is."""
    stored, event = seen.row, seen.event
    stream = stored.stream_id
    known = rows.get(STREAMS, stream)
    case = _case_of(stream, event) or (None if known is None else known[3])
    rows.put(STREAMS, stream, (stream, stored.lane, stored.version, case))
    if isinstance(event, DebtJoined) and proofs_of(event.debt) == stream:
        link = f"{event.case}|{event.debt}"
        rows.put(DEBTS, link, (link, stored.lane, event.case, stream))


def _case_of(stream: str, event: Any) -> str | None:
    """The case that a matter is about, or whose own proofs these are; None: the event does not say."""
    case = getattr(event, "case", None)
    if not isinstance(case, str):
        return None
    if isinstance(event, MatterOpened):
        return case
    return case if proofs_of(case) == stream else None


VIEW = View(
    name="legal.case_days",
    version=1,
    tables=(STREAMS, DEBTS),
    apply=apply,
    wants=wants,
    streams=(MATTER, PROOFS),
    ephemeral=(NEXT,),
)


def due(
    connection: sa.Connection, *, as_of: date, law: str, after: str = "", limit: int = PAGE_MAX
) -> tuple[list[str], str | None]:
    """Cases to look at for a day, by id, of the next `limit` after the cursor; and the next cursor, None at the end."""
    cases = STREAMS.c.case_id
    page = sa.select(cases).where(cases > after).distinct().order_by(cases).limit(min(limit, PAGE_MAX))
    found = [one for (one,) in connection.execute(page)]
    if not found:
        return [], None
    noted = dict(_noted(connection, found, as_of=as_of, law=law))
    seen = dict(_seen(connection, found)) if noted else {}
    return [one for one in found if one not in noted or noted[one] != seen[one]], found[-1]


def _noted(
    connection: sa.Connection, cases: Sequence[str], *, as_of: date, law: str
) -> Iterable[tuple[str, int]]:
    """Those of which a later day is noted, with how far was seen."""
    query = sa.select(NEXT.c.case_id, NEXT.c.seen).where(
        NEXT.c.case_id.in_(cases), NEXT.c.law == law, NEXT.c.next_day > as_of
    )
    return ((case, seen) for case, seen in connection.execute(query))


def _seen(connection: sa.Connection, cases: Sequence[str]) -> Iterable[tuple[str, int]]:
    """How many events there are of each case, its matters and its debts."""
    of_case = sa.select(STREAMS.c.case_id, STREAMS.c.version).where(STREAMS.c.case_id.in_(cases))
    of_debts = (
        sa.select(DEBTS.c.case_id, STREAMS.c.version)
        .join(STREAMS, STREAMS.c.stream == DEBTS.c.stream)
        .where(DEBTS.c.case_id.in_(cases))
    )
    every = sa.union_all(of_case, of_debts).subquery()
    query = sa.select(every.c.case_id, sa.func.sum(every.c.version)).group_by(every.c.case_id)
    return ((case, int(seen)) for case, seen in connection.execute(query))


def note(connection: sa.Connection, found: Sequence[Noted]) -> None:
    """Write down when to look again. Needs a writing transaction (ViewDatabase.write)."""
    if found:
        connection.execute(_NOTE, [one._asdict() for one in found])


_NOTE = sa.text(
    "INSERT INTO legal_day_next_v1 (case_id, seen, law, next_day)"
    " VALUES (:case_id, :seen, :law, :next_day) ON CONFLICT (case_id) DO UPDATE SET"
    " seen = excluded.seen, law = excluded.law, next_day = excluded.next_day"
).bindparams(sa.bindparam("next_day", type_=sa.Date))
