"""One page of a list that is read at a pinned position (shared/http/cursor.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from shared.eventstore.projection.health import positions
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View
from shared.http import cursor
from shared.http.asked import Readable, page_size
from shared.http.cursor import Scalar
from shared.http.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """What was asked: `size` items behind `after`, of the list as it was at `pin`; both None for the first page."""

    lanes: tuple[int, ...]
    filters: Mapping[str, Scalar]
    size: int
    after: tuple[Scalar, ...] | None
    pin: Pin | None

    def position(self, connection: sa.Connection, view: View) -> Pin:
        """What the page is read at: the pin, or where the view stands, which becomes the pin of the pages to come.

        Ask it on the connection that reads the rows. Raises Problem `projection-behind` while the view has not come
        (back) to the pin.
        """
        reached = positions(connection, view)
        if self.pin is None:
            return reached
        if any(reached.get(lane, 0) < position for lane, position in self.pin.items()):
            raise Problem("projection-behind")
        return self.pin

    def following(self, key: Sequence[Scalar] | None, at: Pin) -> str | None:
        """The cursor of the next page, behind the row with this key; None after the last page."""
        if key is None:
            return None
        return cursor.encode(key, filters=self.filters, pin=[at.get(lane, 0) for lane in self.lanes])


async def paging(
    desk: Readable,
    *,
    cursor_text: str | None,
    filters: Mapping[str, Scalar],
    kinds: Sequence[type],
    limit: int | None,
) -> Paging:
    """What page is asked for; the parts of its sort key are of these `kinds`. Raises Problem `bad-cursor`."""
    lanes = tuple(await desk.ledger.lane_numbers(desk.tenant))
    place = None
    if cursor_text is not None:
        place = cursor.decode(cursor_text, filters=filters, kinds=kinds, lanes=len(lanes))
    return Paging(
        lanes=lanes,
        filters=filters,
        size=page_size(limit),
        after=None if place is None else place.key,
        pin=None if place is None else dict(zip(lanes, place.pin, strict=True)),
    )
