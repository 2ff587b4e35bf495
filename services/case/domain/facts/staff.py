"""Who works for the lender, in which team, on what: facts of a member of staff's stream, sealed under their own key.

Every fact names the day `on` from which it holds; of two about one thing and one day the later recorded counts.
`stages` are bucket names, `products` the lender's product codes, `languages` language tags; none of them: all.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import STAFF, InSection

OF_STAFF = InSection("facts", subject="staff")
"""What is said of a member of staff beside the name: forgotten with the person."""


class StaffRegistered(Struct, frozen=True, kw_only=True):
    """A member of staff came into the directory. `cap`: open cases they can hold, None without a bound."""

    on: Annotated[date, OF_STAFF]
    role: Annotated[str, OF_STAFF]
    team: Annotated[str, OF_STAFF]
    stages: Annotated[tuple[str, ...], OF_STAFF]
    products: Annotated[tuple[str, ...], OF_STAFF]
    languages: Annotated[tuple[str, ...], OF_STAFF]
    cap: Annotated[int | None, OF_STAFF]
    staff_ref: Annotated[str, STAFF]
    name: Annotated[str | None, STAFF]


class StaffRenamed(Struct, frozen=True, kw_only=True):
    """The member of staff goes by another name."""

    on: Annotated[date, OF_STAFF]
    name: Annotated[str, STAFF]


class TeamChanged(Struct, frozen=True, kw_only=True):
    """The member of staff is in another team from `on`."""

    on: Annotated[date, OF_STAFF]
    team: Annotated[str, OF_STAFF]
    previous: Annotated[str, OF_STAFF]


class RoleChanged(Struct, frozen=True, kw_only=True):
    """The member of staff has another role from `on`."""

    on: Annotated[date, OF_STAFF]
    role: Annotated[str, OF_STAFF]
    previous: Annotated[str, OF_STAFF]


class SkillsChanged(Struct, frozen=True, kw_only=True):
    """What the member of staff can work on from `on`: all three lists anew."""

    on: Annotated[date, OF_STAFF]
    stages: Annotated[tuple[str, ...], OF_STAFF]
    products: Annotated[tuple[str, ...], OF_STAFF]
    languages: Annotated[tuple[str, ...], OF_STAFF]


class CaseCapChanged(Struct, frozen=True, kw_only=True):
    """How many open cases the member of staff can hold from `on`; None: no bound."""

    on: Annotated[date, OF_STAFF]
    cap: Annotated[int | None, OF_STAFF]


class LeaveTaken(Struct, frozen=True, kw_only=True):
    """The member of staff is away from `on` up to, not including, `until`."""

    leave: Annotated[str, OF_STAFF]
    on: Annotated[date, OF_STAFF]
    until: Annotated[date, OF_STAFF]
    kind: Annotated[str, OF_STAFF]


class LeaveCancelled(Struct, frozen=True, kw_only=True):
    """The leave ends on `on`, its own end or not: whoever is back works that day."""

    leave: Annotated[str, OF_STAFF]
    on: Annotated[date, OF_STAFF]


class StaffLeft(Struct, frozen=True, kw_only=True):
    """The member of staff works no more from `on`. Their open cases are to be allocated anew."""

    on: Annotated[date, OF_STAFF]
    reason: Annotated[str, OF_STAFF]


class StaffReturned(Struct, frozen=True, kw_only=True):
    """Who had left works again from `on`, with the skills and the team they had."""

    on: Annotated[date, OF_STAFF]


StaffEvent: TypeAlias = (
    StaffRegistered
    | StaffRenamed
    | TeamChanged
    | RoleChanged
    | SkillsChanged
    | CaseCapChanged
    | LeaveTaken
    | LeaveCancelled
    | StaffLeft
    | StaffReturned
)

STORED: dict[str, type[Struct]] = {
    "case.StaffRegistered/v1": StaffRegistered,
    "case.StaffRenamed/v1": StaffRenamed,
    "case.TeamChanged/v1": TeamChanged,
    "case.RoleChanged/v1": RoleChanged,
    "case.SkillsChanged/v1": SkillsChanged,
    "case.CaseCapChanged/v1": CaseCapChanged,
    "case.LeaveTaken/v1": LeaveTaken,
    "case.LeaveCancelled/v1": LeaveCancelled,
    "case.StaffLeft/v1": StaffLeft,
    "case.StaffReturned/v1": StaffReturned,
}
"""How they are stored; `events.STORED_AS` has them with all others."""
