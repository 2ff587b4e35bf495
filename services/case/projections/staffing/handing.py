"""Whose cases a collector may be handed, by the directory: their own, those they help with, those nobody has.

While the directory is empty there is no such question: cases are handed out as if nobody were registered.
"""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from services.case.domain.queue import NOTHING_OWED
from services.case.projections.queue_lease import Scope
from services.case.projections.staffing import directory

NOT_IN_DIRECTORY, LEFT, ON_LEAVE = "NOT_IN_DIRECTORY", "LEFT", "ON_LEAVE"
WHY_NOT = (NOT_IN_DIRECTORY, LEFT, ON_LEAVE)
"""Why somebody is handed nothing, whatever waits."""
OWN, TEAM = "OWN", "TEAM"
HANDS_OUT = OWN
"""The policy: OWN hands a collector their own cases and nobody's; TEAM those of whoever is in their team as well."""
MATES_MAX = 50


class Asked(NamedTuple):
    """What the directory says of somebody who asks for a case: `scope`, or `why_not` nothing is theirs.

    Both None: there is no directory.
    """

    scope: Scope | None
    why_not: str | None


def scope_of(
    connection: sa.Connection, *, collector: str, queue: str, today: date, hands_out: str = HANDS_OUT
) -> Asked:
    """Whose cases of a queue somebody may be handed on a day."""
    if directory.is_empty(connection):
        return Asked(None, None)
    one = directory.one(connection, collector, today)
    if one is None:
        return Asked(None, NOT_IN_DIRECTORY)
    if not one.active:
        return Asked(None, LEFT)
    if one.away(today):
        return Asked(None, ON_LEAVE)
    of = [collector]
    if hands_out == TEAM:
        mates = directory.members(connection, today, team=one.team)
        of += [mate.staff_ref for mate in mates if mate.staff_ref != collector][: MATES_MAX - 1]
    stages = one.skills.stages
    pool = queue == NOTHING_OWED or not stages or queue in stages
    return Asked(Scope(tuple(of), pool, today), None)
