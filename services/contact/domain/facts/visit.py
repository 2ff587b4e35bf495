"""Visits: agreed beforehand, made by two, recorded. A visit is an attempt (AttemptStarted) by the channel `visit`."""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from services.contact.domain.facts.sections import PERSON_CONTACT
from shared.kernel.section import FACTS, STAFF


class VisitAgreed(Struct, frozen=True, kw_only=True):
    """The person agreed to a visit at this time and kind of place (home, office_of_lender, agreed)."""

    visit: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    on: Annotated[datetime, FACTS]
    person: Annotated[str | None, FACTS]
    place: Annotated[str, FACTS]
    address: Annotated[str, PERSON_CONTACT]


class VisitCancelled(Struct, frozen=True, kw_only=True):
    """The appointment is off: DEBTOR_ASKED, STAFF_MISSING, REFUSED."""

    visit: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    reason: Annotated[str, FACTS]


class VisitRecorded(Struct, frozen=True, kw_only=True):
    """The visit that was made is the attempt `attempt`; `staff` how many went, by whom in `visitors`."""

    visit: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    attempt: Annotated[str, FACTS]
    staff: Annotated[int, FACTS]
    visitors: Annotated[tuple[str, ...], STAFF]


VisitEvent: TypeAlias = VisitAgreed | VisitCancelled | VisitRecorded
