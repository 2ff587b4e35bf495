"""Reading parameters that the framework's types do not cover, and the headers that answers share."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from fastapi import Response

from services.case.api.desk import Desk
from shared.http.problems import Problem
from shared.kernel import clock

PAGE_DEFAULT, PAGE_MAX = 50, 200
_MICROSECOND = timedelta(microseconds=1)


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


async def stamp(response: Response, desk: Desk, positions: Mapping[int, int]) -> None:
    """Say how far the view was that answered: `Projection-Position`, one number a lane, in lane order, joined by
    dots, and `Projection-Lag`, how many events it does not hold yet.
    """
    lanes = await desk.ledger.lanes(desk.tenant)
    held = [positions.get(lane.lane, 0) for lane in lanes]
    lag = sum(max(0, lane.head - position) for lane, position in zip(lanes, held, strict=True))
    response.headers["Projection-Position"] = ".".join(map(str, held))
    response.headers["Projection-Lag"] = str(lag)
