"""Lists across cases, by the day their rows are about (shared/http/listing.py)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Protocol, TypeVar

import sqlalchemy as sa
from fastapi import Query

from services.case.api.acting import CASE
from services.case.api.desk import Office
from services.case.projections.book_pages import After
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View
from shared.http import listing
from shared.http.listing import Keys, Turn

OfCase = Annotated[
    str | None,
    Query(
        alias="case",
        pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="Those of one case.",
        examples=[CASE],
    ),
]


class Row(Protocol):
    """A row of a book."""

    @property
    def cursor(self) -> After:
        """The day the row is sorted by, and its key."""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which rows of a book make the page: `limit` of them behind `after`, as the book was at `pin`."""

    after: After | None
    limit: int
    pin: Pin | None


def _after(on: str, thing: str) -> After:
    return date.fromisoformat(on), thing


BY_DAY = Keys(kinds=(str, str), written=lambda last: (last[0].isoformat(), last[1]), read=_after)


async def listed(
    office: Office,
    turn: Turn,
    *,
    path: str,
    view: View,
    filters: Mapping[str, str | None],
    rows: Callable[[sa.Connection, Part], list[R]],
) -> tuple[list[R], dict[str, str | None]]:
    """The page's rows and its `page` member. Raises as shared/http/listing.listed."""
    return await listing.listed(
        office.open_desk,
        turn,
        path=path,
        view=view,
        filters=filters,
        keys=BY_DAY,
        cursor_of=lambda row: row.cursor,
        rows=lambda connection, after, limit, pin: rows(connection, Part(after=after, limit=limit, pin=pin)),
    )


def sent(day: date | None) -> str | None:
    """A day as it stands in a link."""
    return None if day is None else day.isoformat()
