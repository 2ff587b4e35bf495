"""Lists: filters, pages, and how far the view was that answered.

A list with nothing in it is an answer. A page's cursor is bound to the filters and to the position the list was begun
at (paging.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import Depends, Query, Request, Response

from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View
from shared.http.asked import CursorText, Limit, MinPosition, Readable, caught_up, stamp
from shared.http.cursor import Scalar
from shared.http.paging import paging
from shared.http.problems import Problem

OF_A_LIST = ("bad-cursor", "malformed-request", "projection-behind")
"""What any list may be refused with."""
YesOrNo = Literal["true", "false"]
R = TypeVar("R")
A = TypeVar("A")


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
class Keys:
    """How the place of a row goes into a cursor and comes out again: parts of these `kinds`.

    `read` raises ValueError or OverflowError for what no row can have.
    """

    kinds: tuple[type, ...]
    written: Callable[[Any], Sequence[Scalar]]
    read: Callable[..., Any]


def one_of(name: str, value: str | None, allowed: Sequence[str]) -> None:
    """Raises Problem `invalid` for a word that is none of these."""
    if value is not None and value not in allowed:
        raise Problem("invalid", errors=[(name, "NOT_ONE_OF")], context={"allowed": list(allowed)})


def words(allowed: Sequence[str], description: str) -> Any:
    """A filter that takes one of these words; `one_of` checks it."""
    return Query(description=description, json_schema_extra={"enum": list(allowed)})


async def listed(
    desk: Readable,
    turn: Turn,
    *,
    path: str,
    view: View,
    filters: Mapping[str, str | None],
    keys: Keys,
    cursor_of: Callable[[R], Any],
    rows: Callable[[sa.Connection, Any, int, Pin | None], list[R]],
) -> tuple[list[R], dict[str, str | None]]:
    """The page's rows and its `page` member; headers are set on the turn's answer.

    `filters` as they were sent, for the cursor and the link. `rows(connection, after, limit, pin)`. Raises Problem
    `bad-cursor`, `projection-behind`, `malformed-request`.
    """
    asked = await paging(desk, cursor_text=turn.cursor, filters=filters, kinds=keys.kinds, limit=turn.limit)
    try:
        after = None if asked.after is None else keys.read(*asked.after)
    except (ValueError, OverflowError):
        raise Problem("bad-cursor") from None
    await caught_up(turn.request, desk, view)

    def question(connection: sa.Connection) -> tuple[list[R], Pin]:
        at = asked.position(connection, view)
        return rows(connection, after, asked.size + 1, asked.pin), at

    found, at = await desk.ask(question)
    await stamp(turn.response, desk, at)
    last = cursor_of(found[asked.size - 1]) if len(found) > asked.size else None
    following = asked.following(None if last is None else keys.written(last), at)
    if following:
        sent = {name: value for name, value in filters.items() if value is not None}
        query = urlencode({**sent, "limit": asked.size, "cursor": following})
        turn.response.headers["Link"] = f'<{path}?{query}>; rel="next"'
    return found[: asked.size], {"next": following}
