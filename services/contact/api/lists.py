"""Lists of the contact service: the latest first, by the instant a row is about (shared/http/listing.py)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Protocol, TypeVar

import sqlalchemy as sa
from fastapi import Query

from services.contact.api.asking.acting import CASE, SUBJECT
from services.contact.api.desk import Office
from services.contact.projections.ledger_pages import After
from shared.eventstore.projection.columns import from_micros, to_micros
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View
from shared.http import listing
from shared.http.asked import moment
from shared.http.listing import Keys, Turn
from shared.http.problems import Problem
from shared.kernel.clock import start_of_day

OfSubject = Annotated[
    str | None,
    Query(
        alias="subject",
        pattern=r"^subject-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="Those of one subject.",
        examples=[SUBJECT],
    ),
]
OfCase = Annotated[
    str | None,
    Query(
        alias="case",
        pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="Those about one case.",
        examples=[CASE],
    ),
]
From = Annotated[
    str | None,
    Query(
        alias="from",
        max_length=40,
        description="From this instant on: an RFC 3339 time, or the beginning of a date.",
    ),
]
Until = Annotated[
    str | None,
    Query(max_length=40, description="Before this instant: RFC 3339, or a date for its beginning."),
]
KnownAt = Annotated[
    str | None,
    Query(max_length=40, description="As the record had them then: a date (to its end) or an RFC 3339 time."),
]
OfRule = Annotated[
    str | None,
    Query(
        pattern=r"^[A-Z0-9][A-Z0-9-]{1,59}$",
        description="Those against which this rule stood.",
        examples=["NO-PERMIT"],
    ),
]


class Row(Protocol):
    """A row of a list."""

    @property
    def cursor(self) -> After:
        """The instant the row is sorted by, and its key."""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which rows make the page: `limit` of them behind `after`, as the list was at `pin`."""

    after: After | None
    limit: int
    pin: Pin | None


def _after(micros: int, thing: str) -> After:
    return from_micros(micros), thing


BY_INSTANT = Keys(kinds=(int, str), written=lambda last: (to_micros(last[0]), last[1]), read=_after)


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
        keys=BY_INSTANT,
        cursor_of=lambda row: row.cursor,
        rows=lambda connection, after, limit, pin: rows(connection, Part(after=after, limit=limit, pin=pin)),
    )


def begins(text: str | None, *, name: str, zone: str) -> datetime | None:
    """The instant a bound names, a date by its beginning in `zone`. Raises Problem `invalid`."""
    if text is None:
        return None
    try:
        if len(text) == len("2005-09-30"):
            return start_of_day(date.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        raise Problem("invalid", errors=[(name, "NOT_A_DATE_OR_TIME")]) from None
    return moment(text, name=name, zone=zone)
