"""How is each provider doing: what waits, what is under way, what came of the rest, hour by hour?

Counted from the outbox when it is asked: a row of a view rests on one debtor's stream, a provider's figures on all.
"""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.contact.domain.sending import message as m
from services.contact.projections.ledger_pages import instant
from services.contact.projections.sending.outbox import NO_PROVIDER, OUTBOX, STEPS

ROWS_MAX = 5_000


class ProviderHealth(NamedTuple):
    """One provider of one channel now: how many messages stand how, and since when the oldest has been due.

    `late`: how many that may be sent already were not; `oldest_due_at` is None where none is.
    """

    channel: str
    provider: str
    statuses: dict[str, int]
    late: int
    oldest_due_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it; a message that nobody was asked to send has no provider yet."""
        return {
            "channel": self.channel,
            "provider": None if self.provider == NO_PROVIDER else self.provider,
            "statuses": self.statuses,
            "late": self.late,
            "oldest_due_at": instant(self.oldest_due_at),
        }


class HourRow(NamedTuple):
    """How often a step was taken in an hour; `hour` is its beginning, UTC."""

    hour: datetime
    channel: str
    provider: str
    step: str
    messages: int

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        provider = None if self.provider == NO_PROVIDER else self.provider
        return self._asdict() | {"hour": instant(self.hour), "provider": provider}


def standing(connection: sa.Connection, *, now: datetime) -> list[ProviderHealth]:
    """Every provider of every channel, by channel and provider, as of `now`."""
    columns = OUTBOX.c
    provider = sa.func.coalesce(columns.provider, NO_PROVIDER)
    counted = sa.select(columns.channel, provider, columns.status, sa.func.count()).group_by(
        columns.channel, provider, columns.status
    )
    statuses: dict[tuple[str, str], dict[str, int]] = {}
    for channel, name, status, number in connection.execute(counted):
        statuses.setdefault((channel, name), {})[status] = number
    waiting = (
        sa.select(
            columns.channel, provider, sa.func.count(), sa.func.min(columns.due_at, type_=columns.due_at.type)
        )
        .where(columns.status.in_(sorted(m.WAITING)), columns.due_at <= now)
        .group_by(columns.channel, provider)
    )
    late = {
        (channel, name): (number, oldest) for channel, name, number, oldest in connection.execute(waiting)
    }
    return [
        ProviderHealth(
            *key, {one: found[one] for one in m.STATUSES if one in found}, *late.get(key, (0, None))
        )
        for key, found in sorted(statuses.items())
    ]


def by_hour(
    connection: sa.Connection, *, from_: datetime, until: datetime, channel: str | None = None
) -> list[HourRow]:
    """Steps by hour, channel, provider and step, the latest hour first, at most ROWS_MAX; `until` is excluded."""
    columns = STEPS.c
    query = (
        sa.select(columns.hour, columns.channel, columns.provider, columns.step, sa.func.count())
        .where(columns.hour >= from_, columns.hour < until)
        .group_by(columns.hour, columns.channel, columns.provider, columns.step)
        .order_by(columns.hour.desc(), columns.channel, columns.provider, columns.step)
        .limit(ROWS_MAX)
    )
    query = query if channel is None else query.where(columns.channel == channel)
    return [HourRow(*row) for row in connection.execute(query)]
