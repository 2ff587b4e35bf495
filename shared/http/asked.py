"""Reading parameters that the framework's types do not cover, and the headers that answers share."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Protocol, TypeVar

import sqlalchemy as sa
from fastapi import Header, Query, Request, Response

from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.health import positions
from shared.eventstore.projection.view import View
from shared.http import preconditions
from shared.http.problems import Problem
from shared.kernel import clock

PAGE_DEFAULT, PAGE_MAX = 50, 200
LOOK_S = 0.02
_MICROSECOND = timedelta(microseconds=1)
T = TypeVar("T")

Limit = Annotated[int | None, Query(ge=1, description="Items a page; 50 unless given, at most 200.")]
CursorText = Annotated[str | None, Query(description="`page.next` of the page before, as it was given.")]
MinPosition = Annotated[
    str | None,
    Header(
        pattern=r"^[0-9]{1,18}(\.[0-9]{1,18}){0,255}$",
        description="`Event-Position` of your command: the answer shows at least that, or is 503 `projection-behind`.",
    ),
]


class Readable(Protocol):
    """A service whose views can be asked."""

    ledger: Ledger
    tenant: str

    async def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """Put a question to the views."""


def page_size(limit: int | None) -> int:
    """How many items a page holds: 50 unless asked otherwise, never more than 200."""
    return PAGE_DEFAULT if limit is None else min(limit, PAGE_MAX)


def moment(text: str | None, *, name: str, zone: str) -> datetime | None:
    """The instant up to and including which things count: a date means the end of that day in `zone`.

    Raises: Problem `invalid` unless it is YYYY-MM-DD or an RFC 3339 time with an offset.
    """
    if text is None:
        return None
    try:
        if len(text) == len("2005-09-30") and text[4] == text[7] == "-":
            following = date.fromisoformat(text) + timedelta(days=1)
            return clock.start_of_day(following, zone) - _MICROSECOND
        at = datetime.fromisoformat(text)
        return clock.in_utc(at)
    except (ValueError, OverflowError):
        raise Problem(
            "invalid",
            errors=[(name, "NOT_A_DATE_OR_TIME")],
            context={"allowed": ["YYYY-MM-DD", "YYYY-MM-DDThh:mm:ss+08:00"]},
        ) from None


def before(at: datetime | None) -> datetime | None:
    """The exclusive end of what counts up to and including `at`."""
    return None if at is None else at + _MICROSECOND


async def caught_up(request: Request, desk: Readable, view: View) -> None:
    """Wait until the view holds what `Min-Position` asks for, as long as `Prefer: wait` allows.

    Raises: Problem `projection-behind`; `malformed-request` for a position that the ledger has not given out.
    """
    wanted = preconditions.min_position(request, await desk.ledger.lane_numbers(desk.tenant))
    if any([await desk.ledger.head(lane) < position for lane, position in wanted.items()]):
        raise Problem("malformed-request", errors=[("Min-Position", "BEYOND_THE_HEAD")])
    await reached(desk, view, wanted, wait_s=preconditions.wait_s(request))


async def reached(desk: Readable, view: View, wanted: Mapping[int, int], *, wait_s: float) -> None:
    """Wait until the view holds these positions. Raises: Problem `projection-behind` after `wait_s` seconds."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + wait_s
    while wanted:
        at = await desk.ask(lambda connection: positions(connection, view))
        if all(at.get(lane, 0) >= position for lane, position in wanted.items()):
            return
        if loop.time() >= ends:
            raise Problem("projection-behind")
        await asyncio.sleep(LOOK_S)


async def stamp(response: Response, desk: Readable, positions: Mapping[int, int]) -> None:
    """Say how far the view was that answered: `Projection-Position`, one number a lane, in lane order, joined by
    dots, and `Projection-Lag`, how many events it does not hold yet.
    """
    lanes = await desk.ledger.lanes(desk.tenant)
    held = [positions.get(lane.lane, 0) for lane in lanes]
    lag = sum(max(0, lane.head - position) for lane, position in zip(lanes, held, strict=True))
    response.headers["Projection-Position"] = ".".join(map(str, held))
    response.headers["Projection-Lag"] = str(lag)
