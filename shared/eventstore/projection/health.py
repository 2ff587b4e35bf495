"""Where the views stand, cheaply: for answers, probes and meters. Takes no lock and never waits for a writer."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from shared.eventstore.port import LaneInfo
from shared.eventstore.projection.tables import CHECKPOINT, PARKED
from shared.eventstore.projection.view import View

STUCK_AFTER_S = 30.0
"""A view that is behind and has not moved for so long needs somebody to look."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One view in one lane; `lag` counts events recorded and not yet in the view."""

    view: str
    lane: int
    position: int
    head: int

    @property
    def lag(self) -> int:
        """Events to go."""
        return max(0, self.head - self.position)


def positions(connection: sa.Connection, view: View) -> dict[int, int]:
    """lane -> last position the view holds; ask it on the connection that reads the view, and both agree."""
    query = sa.select(CHECKPOINT.c.lane, CHECKPOINT.c.position).where(
        CHECKPOINT.c.projection == view.name, CHECKPOINT.c.version == view.version
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def standings(connection: sa.Connection, views: Sequence[View], lanes: Sequence[LaneInfo]) -> list[Standing]:
    """Every view in every lane; a view that was never started stands at 0. Read `lanes` before."""
    if not sa.inspect(connection).has_table(CHECKPOINT.name):
        return [Standing(view.name, lane.lane, 0, lane.head) for view in views for lane in lanes]
    return [
        Standing(view.name, lane.lane, at.get(lane.lane, 0), lane.head)
        for view in views
        for at in (positions(connection, view),)
        for lane in lanes
    ]


def parked(connection: sa.Connection) -> dict[str, int]:
    """How many streams each view has parked; views without any are left out."""
    if not sa.inspect(connection).has_table(PARKED.name):
        return {}
    query = sa.select(PARKED.c.projection, sa.func.count()).group_by(PARKED.c.projection)
    return {row[0]: row[1] for row in connection.execute(query)}


class StuckWatch:
    """Remembers when each view last moved, to tell one that is busy from one that stands still."""

    def __init__(self) -> None:
        self._moved: dict[tuple[str, int], tuple[int, float]] = {}

    def stuck(self, seen: Sequence[Standing], *, now: float | None = None) -> list[str]:
        """The views that are behind and have stood still for STUCK_AFTER_S. `now`: monotonic seconds."""
        at = time.monotonic() if now is None else now
        found = set()
        for standing in seen:
            key = (standing.view, standing.lane)
            position, since = self._moved.get(key, (-1, at))
            if standing.position != position or not standing.lag:
                self._moved[key] = (standing.position, at)
            elif at - since > STUCK_AFTER_S:
                found.add(standing.view)
        return sorted(found)
