"""Whose cases a collector may be handed, by the directory: their own, those they help with, those nobody has.

While the directory is empty there is no such question: cases are handed out as if nobody were registered.
"""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from services.case.domain.queue import NOTHING_OWED
from services.case.domain.staffing.directory import StaffUnknown
from services.case.projections.queue_lease import Scope
from services.case.projections.staffing import directory
from services.case.projections.work_queue import ASIDE, QUEUE
from shared.kernel.refusal import Refused

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


class CollectorNotThere(Refused):
    """By the staff directory the collector has left, or is away today. Give the case to somebody who is there."""

    code = "collector-not-there"
    title_en = "The collector is not there"
    title_zh = "该催收员不在岗"


class CollectorFull(Refused):
    """The collector holds as many open cases as the directory allows. Context: cap. Raise it, or name somebody else."""

    code = "collector-cap-reached"
    title_en = "The collector holds as many cases as they can"
    title_zh = "该催收员在手案件已达上限"


def may_take(connection: sa.Connection, *, collector: str, case_id: str, today: date) -> None:
    """May a case be given to somebody by hand? Anybody, while the directory is empty.

    Raises StaffUnknown, CollectorNotThere, CollectorFull. What is given by hand elsewhere at the same moment is not
    seen; runs that share cases out see each other.
    """
    if directory.is_empty(connection):
        return
    one = directory.one(connection, collector, today)
    if one is None:
        raise StaffUnknown
    if not one.works(today):
        raise CollectorNotThere
    if one.cap is None:
        return
    query = sa.select(sa.func.count()).where(
        QUEUE.c.assignee == collector, QUEUE.c.queue != ASIDE, QUEUE.c.case_id != case_id
    )
    if connection.execute(query).scalar_one() >= one.cap:
        raise CollectorFull(cap=one.cap)


def may_help(connection: sa.Connection, *, helper: str, today: date) -> None:
    """May somebody be asked to help with a case? Anybody, while the directory is empty.

    Who is away may be asked, for they may be back before the help ends. Raises StaffUnknown, CollectorNotThere.
    """
    if directory.is_empty(connection):
        return
    one = directory.one(connection, helper, today)
    if one is None:
        raise StaffUnknown
    if not one.active:
        raise CollectorNotThere


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
