"""Which messages may be sent now, and taking them on: of those who ask at once, one gets each."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.contact.domain.sending.message import QUEUED, RETRY, SENDING
from services.contact.projections.sending.leases import KEPT, LEASE
from services.contact.projections.sending.outbox import OUTBOX
from shared.eventstore.projection.columns import Instant


class DueRow(NamedTuple):
    """A message that may be sent, or whose sending was begun."""

    thing: str
    subject: str
    channel: str
    status: str
    tries: int
    send_by: datetime
    provider: str | None
    said_at: datetime


def due(
    connection: sa.Connection, *, channels: Iterable[str], now: datetime, real: datetime, limit: int
) -> list[DueRow]:
    """What is to be done at `now` and nobody's at `real`, due longest first.

    Messages that are due, of these channels; of any channel those that are too late, or whose sending was begun.
    """
    box = OUTBOX.c
    ready = sa.and_(box.due_at <= now, box.channel.in_(sorted(channels)))
    waits = sa.and_(box.status.in_((QUEUED, RETRY)), sa.or_(ready, box.send_by <= now))
    held = sa.exists().where(LEASE.c.thing == box.thing, LEASE.c.until > real)
    query = (
        sa.select(*(box[name] for name in DueRow._fields))
        .where(sa.or_(waits, box.status == SENDING), ~held)
        .order_by(box.due_at, box.thing)
        .limit(limit)
    )
    return [DueRow(*row) for row in connection.execute(query)]


_TAKE = sa.text(
    "INSERT INTO contact_outbox_lease_v1 AS l (thing, owner, until) VALUES (:thing, :owner, :until)"
    " ON CONFLICT (thing) DO UPDATE SET owner = excluded.owner, until = excluded.until WHERE l.until <= :real"
    " RETURNING thing"
).bindparams(sa.bindparam("until", type_=Instant), sa.bindparam("real", type_=Instant))


def take(
    connection: sa.Connection, things: Iterable[str], *, owner: str, real: datetime, lease_s: float
) -> set[str]:
    """Lease those of these messages that nobody holds; the ones that are `owner`'s now."""
    until = real + timedelta(seconds=lease_s)
    values: dict[str, Any] = {"owner": owner, "until": until, "real": real}
    return {
        thing
        for thing in sorted(things)  # one order for all: no two workers wait for each other
        if connection.execute(_TAKE, {"thing": thing, **values}).first() is not None
    }


def settle(
    connection: sa.Connection, owner: str, done: Iterable[tuple[str, datetime | None]], *, real: datetime
) -> None:
    """Give messages back, or keep others from them until an instant; and clear away what nobody gave back."""
    for thing, until in sorted(done):
        mine = (LEASE.c.thing == thing, LEASE.c.owner == owner)
        if until is None:
            connection.execute(sa.delete(LEASE).where(*mine))
        else:
            connection.execute(sa.update(LEASE).where(*mine).values(until=until))
    connection.execute(sa.delete(LEASE).where(LEASE.c.until < real - KEPT))
