"""A list that does not shift under its reader: only rows that were there at the position the list was begun at."""

from collections.abc import Mapping

import sqlalchemy as sa

Pin = Mapping[int, int]
"""lane -> the last position whose rows belong to the list."""


def within(
    pin: Pin | None, *, lane: sa.ColumnElement[int], position: sa.ColumnElement[int]
) -> list[sa.ColumnElement[bool]]:
    """Conditions for rows made at or before the pin; none without a pin. `position`: of the event that made the row."""
    if pin is None:
        return []
    return [sa.or_(sa.false(), *((lane == number) & (position <= last) for number, last in pin.items()))]
