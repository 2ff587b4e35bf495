"""Who looked at whom. Asking it is itself on record, before it is answered."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response

from services.case.api.acting import CASE
from services.case.api.books import OfCase
from services.case.api.desk import Office
from services.case.api.privacy import wire
from services.case.api.privacy.parties import purpose_text
from services.case.api.privacy.recorded import reader_of
from services.case.application.privacy.log import LogBounds, read_log
from services.case.projections.privacy import access_log
from services.case.projections.privacy.access_log import AccessFilter, AccessRow
from shared.eventstore.projection.columns import from_micros, to_micros
from shared.eventstore.projection.pinned import Pin
from shared.http.asked import CursorText, Limit, MinPosition, caught_up, stamp
from shared.http.bodies import Moment
from shared.http.language import chosen
from shared.http.listing import OF_A_LIST
from shared.http.operations import reading
from shared.http.paging import paging
from shared.http.problems import Problem
from shared.http.wire import PageLinks
from shared.kernel.privacy.purposes import PURPOSES, require_purpose
from shared.messaging.published import instant

PATH = "/v1/audit/access-log"
_EXAMPLE: dict[str, Any] = {
    "items": [
        {
            "id": "6f1c0d1e-0000-8000-8000-000000000002", "at": "2026-11-22T04:00:00.000000Z", "what": "REVEALED",
            "staff": "5b0e", "actor": "console/5b0e", "party": wire.PARTY, "case": CASE, "purpose": "CONTACT",
            "purpose_text": PURPOSES["CONTACT"][0], "fields": ["PHONE"], "told": None,
        }
    ],
    "page": {"next": None},
}  # fmt: skip
Staff = Annotated[
    str | None,
    Query(
        pattern=r"^[A-Za-z0-9._:-]{1,64}$",
        description="Who looked: a staff id, or a client's name where it looked for itself.",
        examples=["5b0e"],
    ),
]
Subject = Annotated[
    str | None,
    Query(
        pattern=r"^party-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="At whom: a party's id.",
        examples=[wire.PARTY],
    ),
]
For = Annotated[
    str | None,
    Query(description="What for.", json_schema_extra={"enum": list(PURPOSES)}, examples=["CONTACT"]),
]
From = Annotated[Moment | None, Query(description="Recorded at or after this time.")]
Until = Annotated[Moment | None, Query(description="Recorded before this time.")]


def add(found: APIRouter, office: Office) -> None:
    """GET /v1/audit/access-log."""

    @found.get(
        "/audit/access-log",
        **reading(
            "listAccessLog",
            "Who looked at whose personal data, when and what for, in the order of recording",
            scope="audit:read",
            problems=(*OF_A_LIST, "purpose-unknown"),
            example=_EXAMPLE,
        ),
    )
    async def list_access_log(
        request: Request,
        response: Response,
        staff: Staff = None,
        subject: Subject = None,
        case: OfCase = None,
        purpose: For = None,
        recorded_from: From = None,
        recorded_until: Until = None,
        limit: Limit = None,
        cursor_text: Annotated[CursorText, Query(alias="cursor")] = None,
        min_position: MinPosition = None,
    ) -> wire.LookPage:
        desk = office.open_desk
        if purpose is not None:
            require_purpose(purpose)
        if recorded_from and recorded_until and recorded_until <= recorded_from:
            raise Problem("invalid", errors=[("recorded_until", "NOT_AFTER_THE_BEGINNING")])
        bounds = LogBounds(
            staff=staff, parties=(subject,) if subject else None, case=case, purpose=purpose,
            recorded_from=recorded_from, recorded_until=recorded_until,
        )  # fmt: skip
        await caught_up(request, desk, access_log.VIEW)
        rows, following = await _listed(office, request, response, bounds, limit, cursor_text)
        language = chosen(request.headers.get("accept-language"))
        response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
        response.headers["Cache-Control"] = "no-store"
        items = [
            wire.LookShown(**row.as_json(), purpose_text=purpose_text(row.purpose, language)) for row in rows
        ]
        return wire.LookPage(items=items, page=PageLinks(next=following))


async def _listed(
    office: Office,
    request: Request,
    response: Response,
    bounds: LogBounds,
    limit: int | None,
    cursor_text: str | None,
) -> tuple[list[AccessRow], str | None]:
    """A page's rows and the cursor of the next, once it is on record that it was asked for."""
    desk = office.open_desk
    filters = {
        "staff": bounds.staff, "subject": bounds.parties[0] if bounds.parties else None, "case": bounds.case,
        "purpose": bounds.purpose, "recorded_from": _sent(bounds.recorded_from),
        "recorded_until": _sent(bounds.recorded_until),
    }  # fmt: skip
    asked = await paging(desk, cursor_text=cursor_text, filters=filters, kinds=(int, int, int), limit=limit)
    after = _place(asked.after)
    await read_log(desk.privacy, reader_of(request), bounds)
    which = AccessFilter(
        staff=bounds.staff, parties=bounds.parties, case=bounds.case, purpose=bounds.purpose,
        from_=bounds.recorded_from, until=bounds.recorded_until,
    )  # fmt: skip

    def question(connection: sa.Connection) -> tuple[list[AccessRow], Pin]:
        at = asked.position(connection, access_log.VIEW)
        return access_log.looks(connection, which, after=after, limit=asked.size + 1, pin=at), at

    rows, at = await desk.ask(question)
    await stamp(response, desk, at)
    size = asked.size
    last = rows[size - 1].cursor if len(rows) > size else None
    following = asked.following(None if last is None else (to_micros(last[0]), *last[1:]), at)
    if following:
        kept = {name: value for name, value in filters.items() if value is not None}
        query = urlencode({**kept, "limit": size, "cursor": following})
        response.headers["Link"] = f'<{PATH}?{query}>; rel="next"'
    return rows[:size], following


def _sent(at: datetime | None) -> str | None:
    return None if at is None else instant(at)


def _place(after: tuple[Any, ...] | None) -> tuple[datetime, int, int] | None:
    """The sort key that a cursor carries. Raises Problem `bad-cursor`."""
    if after is None:
        return None
    micros, lane, position = after
    try:
        if 0 <= lane < 2**15 and 0 <= position < 2**63:
            return from_micros(micros), lane, position
    except OverflowError:
        pass
    raise Problem("bad-cursor")
