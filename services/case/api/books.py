"""Lists across cases: filters, pages, and how far the view was that answered.

A list with nothing in it is an answer. A page's cursor is bound to the filters and to the position the list was begun
at (paging.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Protocol, TypeVar
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import Depends, Query, Request, Response

from services.case.api.acting import CASE
from services.case.api.desk import Office
from services.case.projections.book_pages import After
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View
from shared.http.asked import CursorText, Limit, MinPosition, caught_up, stamp
from shared.http.paging import paging
from shared.http.problems import Problem

OF_A_LIST = ("bad-cursor", "malformed-request", "projection-behind")
"""What any list may be refused with."""
OfCase = Annotated[
    str | None,
    Query(
        alias="case",
        pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="Those of one case.",
        examples=[CASE],
    ),
]
YesOrNo = Literal["true", "false"]


class Row(Protocol):
    """A row of a book."""

    @property
    def cursor(self) -> After:
        """The day the row is sorted by, and its key."""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Which page of a list is asked for, and the answer that will carry it."""

    request: Request
    response: Response
    limit: int | None
    cursor: str | None


async def _turn(
    request: Request,
    response: Response,
    limit: Limit = None,
    cursor_text: Annotated[CursorText, Query(alias="cursor")] = None,
    min_position: MinPosition = None,
) -> Turn:
    return Turn(request=request, response=response, limit=limit, cursor=cursor_text)


AskedPage = Annotated[Turn, Depends(_turn)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which rows of a book make the page: `limit` of them behind `after`, as the book was at `pin`."""

    after: After | None
    limit: int
    pin: Pin | None


def one_of(name: str, value: str | None, allowed: Sequence[str]) -> None:
    """Raises Problem `invalid` for a word that is none of these."""
    if value is not None and value not in allowed:
        raise Problem("invalid", errors=[(name, "NOT_ONE_OF")], context={"allowed": list(allowed)})


def words(allowed: Sequence[str], description: str) -> Any:
    """A filter that takes one of these words; `one_of` checks it."""
    return Query(description=description, json_schema_extra={"enum": list(allowed)})


async def listed(
    office: Office,
    turn: Turn,
    *,
    path: str,
    view: View,
    filters: Mapping[str, str | None],
    rows: Callable[[sa.Connection, Part], list[R]],
) -> tuple[list[R], dict[str, str | None]]:
    """The page's rows and its `page` member; headers are set on the turn's answer.

    `filters` as they were sent, for the cursor and the link. Raises Problem `bad-cursor`, `projection-behind`,
    `malformed-request`.
    """
    desk = office.open_desk
    asked = await paging(desk, cursor_text=turn.cursor, filters=filters, kinds=(str, str), limit=turn.limit)
    after = None if asked.after is None else _after(*asked.after)
    await caught_up(turn.request, desk, view)

    def question(connection: sa.Connection) -> tuple[list[R], Pin]:
        at = asked.position(connection, view)
        return rows(connection, Part(after=after, limit=asked.size + 1, pin=asked.pin)), at

    found, at = await desk.ask(question)
    await stamp(turn.response, desk, at)
    last = found[asked.size - 1].cursor if len(found) > asked.size else None
    following = asked.following(None if last is None else (last[0].isoformat(), last[1]), at)
    if following:
        sent = {name: value for name, value in filters.items() if value is not None}
        query = urlencode({**sent, "limit": asked.size, "cursor": following})
        turn.response.headers["Link"] = f'<{path}?{query}>; rel="next"'
    return found[: asked.size], {"next": following}


def _after(on: Any, thing: Any) -> After:
    try:
        return date.fromisoformat(on), str(thing)
    except ValueError:
        raise Problem("bad-cursor") from None


def sent(day: date | None) -> str | None:
    """A day as it stands in a link."""
    return None if day is None else day.isoformat()
