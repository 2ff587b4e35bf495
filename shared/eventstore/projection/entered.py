"""Lists in the order in which their rows were entered: by (entered_at, lane, made_at), which never change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from shared.eventstore.projection.columns import from_micros
from shared.eventstore.projection.pinned import Pin, within

PAGE_MAX = 500
Place: TypeAlias = tuple[datetime, int, int]


def entered(
    table: sa.Table, named: Mapping[str, str | None], *, after: Place | None, pin: Pin | None, limit: int
) -> sa.Select[Any]:
    """Rows after the cursor and within the pin, at most PAGE_MAX; `named`: a column's value, None for any."""
    at, lane, made = table.c.entered_at, table.c.lane, table.c.made_at
    query = sa.select(table).order_by(at, lane, made).limit(min(limit, PAGE_MAX))
    query = query.where(*(table.c[name] == value for name, value in named.items() if value is not None))
    if after is not None:
        when, in_lane, position = after
        same = (lane > in_lane) | ((lane == in_lane) & (made > position))
        query = query.where(at >= when, (at > when) | ((at == when) & same))
    return query.where(*within(pin, lane=lane, position=made))


def place_of(key: tuple[Any, ...] | None) -> Place | None:
    """The place that a cursor carries, `entered_at` as microseconds. Raises ValueError."""
    if key is None:
        return None
    micros, lane, made_at = key
    if not (0 <= lane < 2**15 and 0 <= made_at < 2**63):
        raise ValueError("no place in a lane")
    try:
        return from_micros(micros), lane, made_at
    except OverflowError:
        raise ValueError("no time of ours") from None
