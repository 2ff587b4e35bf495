"""The diary that workers of outreach read and write, kept in the view `contact.outreach`."""

from collections.abc import Sequence
from datetime import datetime

from services.contact.application.outreach.work import Looked
from services.contact.projections.outreach import outreaches
from shared.eventstore.projection.projections import Projections


class ViewedOutreach:
    """`application.outreach.work.OutreachDiary` over the views of the service."""

    def __init__(self, projections: Projections) -> None:
        self._projections = projections

    async def catch_up(self) -> None:
        """Bring the view up to the head. Raises NotCaughtUp."""
        await self._projections.catch_up(outreaches.VIEW)

    async def due(self, *, now: datetime, book: str, after: str, limit: int) -> Sequence[str]:
        """Outreach to look at, by id, after the cursor."""
        return await self._projections.database.read(
            lambda connection: outreaches.due(connection, now=now, book=book, after=after, limit=limit)
        )

    async def note(self, looked: Sequence[Looked], *, book: str) -> None:
        """Write down when to look at these again."""
        rows = [outreaches.Noted(one.id, one.version, book, one.look_at) for one in looked]
        await self._projections.database.write(lambda connection: outreaches.note(connection, rows))
