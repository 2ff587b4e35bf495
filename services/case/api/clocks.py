"""The two clocks of a question over HTTP, and the case as it stood on them."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.case.api.desk import Office
from services.case.application.asked_as_of import CaseAsOf
from services.case.application.sheet import CaseUnknown, is_case_id
from shared.http.asked import moment
from shared.http.problems import Problem
from shared.kernel.clock import day_in

AsOf = Annotated[
    str | None,
    Query(description="The day asked about, to its end: a date or an RFC 3339 time. Today unless given."),
]
KnownAt = Annotated[
    str | None,
    Query(description="What we knew then: a date (to its end) or an RFC 3339 time. All unless given."),
]


def day_asked(office: Office, as_of: str | None) -> date:
    """The day that is asked about. Raises Problem `invalid`."""
    desk = office.open_desk
    at = moment(as_of, name="as_of", zone=desk.zone)
    return desk.decisions.today if at is None else day_in(at, desk.zone)


async def seen_on(office: Office, case_id: str, as_of: str | None, known_at: str | None) -> CaseAsOf:
    """The case on both clocks. Without `as_of` a day to come counts too, where a fact names one.

    A reference of the lender is no id here. Raises Problem `not-found`, `invalid`.
    """
    desk, day = office.open_desk, day_asked(office, as_of)
    known = moment(known_at, name="known_at", zone=desk.zone)
    if not is_case_id(case_id):
        raise Problem("not-found")
    try:
        return await desk.clocks.case(case_id, as_of=day, known_at=known, or_later=as_of is None)
    except CaseUnknown:
        raise Problem("not-found") from None
