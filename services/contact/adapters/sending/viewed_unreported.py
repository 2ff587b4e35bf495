"""Messages without a report, read from the outbox view."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from services.contact.projections.sending import outbox
from services.contact.projections.sending.unreported import UnreportedRow, unreported
from shared.eventstore.projection.projections import Projections


class ViewedUnreported:
    """The outbox of the contact service, asked for what nobody has reported."""

    def __init__(self, projections: Projections) -> None:
        self._projections = projections

    async def unreported(
        self,
        *,
        providers: Collection[str],
        sent_from: datetime,
        sent_until: datetime,
        after: tuple[datetime, str] | None,
        limit: int,
    ) -> Sequence[UnreportedRow]:
        """As projections/sending/unreported.py. Raises NotCaughtUp, ViewsUnavailable."""
        if after is None:
            await self._projections.catch_up(outbox.VIEW)
        asked = partial(
            unreported,
            providers=providers,
            sent_from=sent_from,
            sent_until=sent_until,
            after=after,
            limit=limit,
        )
        return await self._projections.database.read(asked)
