"""Whose a point is, read from the view of points."""

from collections.abc import Sequence
from functools import partial

from services.contact.projections.sending import points
from shared.eventstore.projection.projections import Projections


class ViewedPoints:
    """Points of the contact service."""

    def __init__(self, projections: Projections) -> None:
        self._projections = projections

    async def subjects_of(self, point: str) -> Sequence[str]:
        """The subjects of a point, as of now. Raises NotCaughtUp, ViewsUnavailable."""
        await self._projections.catch_up(points.VIEW)
        return await self._projections.database.read(partial(points.subjects_of, point=point))
