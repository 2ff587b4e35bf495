"""The cases that sweeps look at, kept in the view `legal.case_days`."""

from collections.abc import Sequence
from datetime import date

from services.legal.application.sweeping.sweep import Looked
from services.legal.projections.sweeping import case_days
from shared.eventstore.projection.projections import Projections


class ViewedDays:
    """`application.sweeping.days.CaseDays` over the views of the service."""

    def __init__(self, projections: Projections) -> None:
        self._projections = projections

    async def catch_up(self) -> None:
        """Bring the view up to the head. Raises NotCaughtUp."""
        await self._projections.catch_up(case_days.VIEW)

    async def due(self, *, as_of: date, law: str, after: str, limit: int) -> tuple[Sequence[str], str | None]:
        """Cases to look at for a day, by id, and the next cursor."""
        return await self._projections.database.read(
            lambda connection: case_days.due(connection, as_of=as_of, law=law, after=after, limit=limit)
        )

    async def note(self, looked: Sequence[Looked], *, law: str) -> None:
        """Write down when to look at these again."""
        rows = [case_days.Noted(one.case_id, one.seen, law, one.next_day) for one in looked]
        await self._projections.database.write(lambda connection: case_days.note(connection, rows))
