"""Messages that a provider has taken, and of which nobody has said what became."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from services.contact.domain.sending.message import DISPATCHED
from services.contact.projections.sending.outbox import OUTBOX


class UnreportedRow(NamedTuple):
    """A message, its channel, and when it was sent."""

    message: str
    channel: str
    sent_at: datetime


def unreported(
    connection: sa.Connection,
    *,
    providers: Iterable[str],
    sent_from: datetime,
    sent_until: datetime,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[UnreportedRow]:
    """Messages sent by these providers from `sent_from` up to and not including `sent_until`, the oldest first.

    `after`: (sent_at, message) of the last one of the page before.
    """
    box = OUTBOX.c
    query = sa.select(box.thing, box.channel, box.sent_at).where(
        box.status == DISPATCHED, box.provider.in_(sorted(providers)), box.sent_at >= sent_from,
        box.sent_at < sent_until,
    )  # fmt: skip
    if after is not None:
        at, last = after
        query = query.where((box.sent_at > at) | ((box.sent_at == at) & (box.thing > last)))
    query = query.order_by(box.sent_at, box.thing).limit(limit)
    return [UnreportedRow(*row) for row in connection.execute(query)]
