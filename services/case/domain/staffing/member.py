"""A member of staff as of a day: team, skills, cap and leave, folded from what is on record.

Facts stand in the order of their days, and those of one day in the order in which they were recorded: so what is told
late about an earlier day changes that day, and nothing that was said of a later one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.case.domain.facts import staff as s
from services.case.domain.facts.staff import StaffEvent
from shared.kernel.period import Period

COLLECTOR, LEAD, FIELD, LEGAL, SUPERVISOR = "COLLECTOR", "TEAM_LEAD", "FIELD", "LEGAL", "SUPERVISOR"
ROLES = (COLLECTOR, LEAD, FIELD, LEGAL, SUPERVISOR)
LEAVES = ("HOLIDAY", "SICK", "TRAINING", "PARENTAL", "OTHER")


@dataclass(frozen=True, slots=True)
class Skills:
    """What a member of staff can work on; an empty list is no bound."""

    stages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def suit(self, *, stage: str, product: str | None = None, language: str | None = None) -> bool:
        """Can they work on such a case? What is not known of a case asks for no skill."""
        return (
            (not self.stages or stage in self.stages)
            and (not self.products or product is None or product in self.products)
            and (not self.languages or language is None or language in self.languages)
        )


ALL_SKILLS = Skills()
"""Of somebody who works on anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of staff as of a day. `staff` is their stream; `leaves` are all that are known, past and to come.

    `cap` None: no bound on open cases. `name` None where none was given, or it was erased.
    """

    staff: str
    staff_ref: str
    name: str | None
    registered_on: date
    role: str
    team: str
    skills: Skills
    cap: int | None
    active: bool = True
    leaves: tuple[tuple[str, Period, str], ...] = ()

    def away(self, day: date) -> bool:
        """Are they on leave that day?"""
        return any(period.contains(day) for _, period, _ in self.leaves)

    def works(self, day: date) -> bool:
        """Are they there: neither gone nor on leave?"""
        return self.active and not self.away(day)


def member(staff: str, history: Iterable[StaffEvent], *, as_of: date) -> Member | None:
    """The member of staff as of a day, None before they were registered. `history` is in the order of recording."""
    told = sorted(history, key=lambda one: one.on)
    found: Member | None = None
    for event in told:
        if isinstance(event, s.LeaveTaken | s.LeaveCancelled) or event.on > as_of:
            continue
        found = _after(staff, found, event)
    return None if found is None else replace(found, leaves=leaves(told))


def _after(staff: str, known: Member | None, event: StaffEvent) -> Member | None:
    if isinstance(event, s.StaffRegistered):
        ref: object = event.staff_ref
        name: object = event.name
        if known is not None or not isinstance(ref, str):
            return known
        return Member(
            staff=staff,
            staff_ref=ref,
            name=name if isinstance(name, str) else None,
            registered_on=event.on,
            role=event.role,
            team=event.team,
            skills=Skills(event.stages, event.products, event.languages),
            cap=event.cap,
        )
    if known is None:
        return None
    match event:
        case s.StaffRenamed():
            renamed: object = event.name
            return replace(known, name=renamed if isinstance(renamed, str) else None)
        case s.TeamChanged():
            return replace(known, team=event.team)
        case s.RoleChanged():
            return replace(known, role=event.role)
        case s.SkillsChanged():
            return replace(known, skills=Skills(event.stages, event.products, event.languages))
        case s.CaseCapChanged():
            return replace(known, cap=event.cap)
        case s.StaffLeft():
            return replace(known, active=False)
        case s.StaffReturned():
            return replace(known, active=True)
        case _:
            return known


def leaves(history: Sequence[StaffEvent]) -> tuple[tuple[str, Period, str], ...]:
    """Every leave (id, days, kind) as it is known to be: one that was cut short is shorter, one taken back is none."""
    ended: dict[str, date] = {}
    for event in history:
        if isinstance(event, s.LeaveCancelled):
            ended[event.leave] = min(event.on, ended.get(event.leave, event.on))
    found = []
    for event in history:
        if isinstance(event, s.LeaveTaken):
            until = min(event.until, ended.get(event.leave, event.until))
            if event.on < until:
                found.append((event.leave, Period(event.on, until), event.kind))
    return tuple(sorted(found, key=lambda one: (one[1].from_, one[0])))
