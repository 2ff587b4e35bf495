"""What the books across cases share: the key of a thing, amounts as answers show them, and the next page of a list.

A book lists things of one kind over all cases: promises, instalments, approvals, complaints, placements.
"""

from datetime import date
from typing import Any, TypeAlias

import sqlalchemy as sa

from shared.eventstore.projection.pinned import Pin, within
from shared.kernel import money

PAGE_MAX = 500
After: TypeAlias = tuple[date, str]
"""Where the last page ended: the day its last row is sorted by, and that row's thing."""


def thing(case_id: str, *named: str | int) -> str:
    """The key of a row: a thing's own reference is only certain to be unique within its case."""
    return "/".join((case_id, *map(str, named)))


def stored(*kinds: type) -> frozenset[str]:
    """The stored types of these events."""
    return frozenset(f"case.{kind.__name__}" for kind in kinds)


def amount(minor: int | None, currency: str) -> dict[str, str] | None:
    """Money as answers show it; None where none is known."""
    return None if minor is None else {"amount": money.decimal(minor, currency), "currency": currency}


def day(value: date | None) -> str | None:
    """A day as answers show it."""
    return None if value is None else value.isoformat()


def placed() -> list[sa.Column[Any]]:
    """The columns every row of a book begins with; `made_at`: the position in the lane of the event that made it."""
    return [
        sa.Column("thing", sa.Text, primary_key=True),
        sa.Column("lane", sa.SmallInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
    ]


def turned(
    query: sa.Select[Any], columns: Any, by: str, *, after: After | None, limit: int, pin: Pin | None
) -> sa.Select[Any]:
    """The query's rows by (`by`, thing), those behind the cursor and made within the pin, at most PAGE_MAX."""
    on, key = columns[by], columns.thing
    if after is not None:
        day_, last = after
        query = query.where(on >= day_, (on > day_) | (key > last))
    query = query.where(*within(pin, lane=columns.lane, position=columns.made_at))
    return query.order_by(on, key).limit(min(limit, PAGE_MAX))
