"""The diary that sweeps read and write, kept in the view `case.diary`."""

from collections.abc import Sequence
from datetime import date

from services.case.application.sweep import Looked
from services.case.projections import case_diary
from services.case.projections.treatment import segments
from shared.eventstore.projection.projections import Projections


class ViewedDiary:
    """`application.swept_days.Diary` over the views of the service."""

    def __init__(self, projections: Projections) -> None:
        self._projections = projections

    async def catch_up(self) -> None:
        """Bring the views up to the head. Raises NotCaughtUp."""
        await self._projections.catch_up(case_diary.VIEW)
        await self._projections.catch_up(segments.VIEW)

    async def due(self, *, as_of: date, policy: str, after: str, limit: int, treated: bool) -> Sequence[str]:
        """Cases to look at for a day, by id, those after the cursor."""
        return await self._projections.database.read(
            lambda connection: case_diary.due(
                connection, as_of=as_of, policy=policy, after=after, limit=limit, treated=treated
            )
        )

    async def note(self, looked: Sequence[Looked], *, policy: str) -> None:
        """Write down when to look at these again."""
        rows = [case_diary.Noted(one.case_id, one.version, policy, one.next_day) for one in looked]
        await self._projections.database.write(lambda connection: case_diary.note(connection, rows))
