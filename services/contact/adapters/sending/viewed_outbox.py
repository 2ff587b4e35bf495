"""The queue of due messages, read from the outbox view, with leases beside it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.contact.application.sending.ports import Due
from services.contact.projections.sending import due, outbox
from shared.eventstore.projection.projections import Projections
from shared.kernel.clock import Clock, SystemClock


class ViewedOutbox:
    """Due messages of the contact service. `real`: the clock by which leases end."""

    def __init__(self, projections: Projections, *, real: Clock | None = None) -> None:
        self._projections, self._real = projections, real or SystemClock()

    async def take(
        self, *, owner: str, limit: int, lease_s: float, now: datetime, channels: frozenset[str]
    ) -> Sequence[Due]:
        """At most `limit` messages, leased. Raises NotCaughtUp, ViewsUnavailable."""
        await self._projections.catch_up(outbox.VIEW)
        database, real = self._projections.database, self._real.now()
        found = await database.read(
            lambda connection: due.due(connection, channels=channels, now=now, real=real, limit=limit)
        )
        if not found:
            return ()
        names = [row.thing for row in found]
        mine = await database.write(
            lambda connection: due.take(connection, names, owner=owner, real=real, lease_s=lease_s)
        )
        return [Due(*row) for row in found if row.thing in mine]

    async def settle(self, owner: str, done: Mapping[str, float | None]) -> None:
        """Give messages back once the view has what was recorded of them."""
        await self._projections.catch_up(outbox.VIEW)
        real = self._real.now()
        ends = [
            (message, None if wait_s is None else real + timedelta(seconds=wait_s))
            for message, wait_s in done.items()
        ]
        await self._projections.database.write(
            lambda connection: due.settle(connection, owner, ends, real=real)
        )
