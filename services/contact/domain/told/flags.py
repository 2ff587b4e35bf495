"""What an event of the case service means for whether the debtor may be contacted: cases that are open, and flags.

| the case service says | and here |
|---|---|
| a case is opened or reopened, its debts or its stage change | CaseLinked |
| it is closed | CaseUnlinked; its debts that no other case has: `purpose_ended` (PIPL art. 47) |
| a plan is agreed, runs again, or ends | `plan_in_force` raised, lifted |
| a hold is placed, lifted or expires | the flag of its kind, as below |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.contact.domain import commands as c
from services.contact.domain.facts import subject as f
from services.contact.domain.facts.standing import FlagRaised
from services.contact.domain.subject import Subject
from services.contact.domain.told.said import Said
from shared.kernel.clock import start_of_day

CASE = "CASE"
PLAN_IN_FORCE, PURPOSE_ENDED = "plan_in_force", "purpose_ended"
OF_HOLDS: Mapping[str, str] = {
    "ATTORNEY": "attorney_represented",
    "CEASE": "cease_received",
    "DISPUTE": "written_dispute_open",
    "MORATORIUM": "moratorium",
    "BANKRUPTCY": "moratorium",
    "DECEASED": "debtor_dead",
    "INCAPABLE": "debtor_incapacitated",
}
"""Kind of hold -> the flag that the packs ask about. The other kinds stop outreach and forbid no contact."""
A_DAY = timedelta(days=1)
"""How long after its beginning a day has certainly ended, to the hour."""
HEARD = frozenset(
    {
        "CaseOpened", "CaseReopened", "StageEntered", "DebtAttached", "DebtDetached", "CaseClosed", "PlanAgreed",
        "PlanReopened", "PlanTerminated", "PlanDefaulted", "PlanCompleted", "PlanReplaced", "HoldPlaced", "HoldLifted",
        "HoldExpired",
    }
)  # fmt: skip
"""Only these bear on the subject."""
_PLAN_ENDS = frozenset({"PlanTerminated", "PlanDefaulted", "PlanCompleted", "PlanReplaced"})


@dataclass(frozen=True, slots=True)
class Linked:
    """A case as it was last said to be."""

    case: str
    debts: tuple[str, ...]
    stage: str | None
    open: bool


def cases_of(known: Subject) -> dict[str, Linked]:
    """Every case about the subject by what was recorded last of it."""
    told: list[tuple[int, Any]] = [*known.of(f.CaseLinked), *known.of(f.CaseUnlinked)]
    found: dict[str, Linked] = {}
    for _, event in sorted(told, key=lambda one: one[0]):
        if isinstance(event, f.CaseLinked):
            found[event.case] = Linked(event.case, event.debts, event.stage, open=True)
        elif event.case in found:
            was = found[event.case]
            found[event.case] = Linked(was.case, was.debts, was.stage, open=False)
    return found


def follow(said: Said, known: Subject, *, zone: str, now: datetime) -> tuple[Any, ...]:
    """The commands about the subject that follow, in order. `zone`: in which the case service's days are days.

    The case service knows days, not hours: what it tells takes effect here at the end of its day, or once it was
    learnt, and not before; a message sent in the morning is no breach because the debtor paid in the afternoon. Raises
    KeyError, ValueError for what cannot be read.
    """
    at = min(said.at + A_DAY, max(said.at, said.recorded), now)
    match said.name:
        case "CaseOpened":
            debts = tuple(said.data["debts"])
            return (c.LinkCase(case=said.about, debts=debts, at=at), *_purposed(known, debts, at))
        case "CaseReopened" | "StageEntered" | "DebtAttached" | "DebtDetached" if said.of_case:
            return _linked(said, known, at)
        case "CaseClosed":
            return _closed(said, known, at)
        case "PlanAgreed" | "PlanReopened":
            return (_raise(PLAN_IN_FORCE, _debts(known, said), said.data["plan"], at),)
        case name if name in _PLAN_ENDS:
            return (_lift(PLAN_IN_FORCE, (), said.data["plan"], at),)
        case "HoldPlaced":
            return _held(said, known, zone=zone, at=at)
        case "HoldLifted" | "HoldExpired":
            return _released(said, known, at)
    return ()


def _linked(said: Said, known: Subject, at: datetime) -> tuple[Any, ...]:
    was = cases_of(known).get(said.about)
    if was is None:  # its beginning was erased, or is still to be heard
        return ()
    debts, stage = was.debts, was.stage
    if said.name == "DebtAttached":
        debts = tuple(dict.fromkeys((*debts, said.data["account"])))
    elif said.name == "DebtDetached":
        debts = tuple(one for one in debts if one != said.data["account"])
    elif said.name == "StageEntered":
        stage = said.data["stage"]
    linked = c.LinkCase(case=said.about, debts=debts, stage=stage, at=at)
    if said.name != "CaseReopened":
        return (linked,)
    return linked, *_purposed(known, debts, at)


def _purposed(known: Subject, debts: tuple[str, ...], at: datetime) -> tuple[Any, ...]:
    """There is a purpose again, where it had ended."""
    ended = any(one.flag == PURPOSE_ENDED for _, one in known.of(FlagRaised))
    return (_lift(PURPOSE_ENDED, debts, None, at),) if ended else ()


def _closed(said: Said, known: Subject, at: datetime) -> tuple[Any, ...]:
    cases = cases_of(known)
    was = cases.get(said.about)
    if was is None:
        return ()
    elsewhere = {debt for one in cases.values() if one.open and one.case != said.about for debt in one.debts}
    left = tuple(debt for debt in was.debts if debt not in elsewhere)
    unlinked = c.UnlinkCase(case=said.about, reason=said.data["reason"], at=at)
    return (unlinked, _raise(PURPOSE_ENDED, left, said.about, at)) if left else (unlinked,)


def _held(said: Said, known: Subject, *, zone: str, at: datetime) -> tuple[Any, ...]:
    flag = OF_HOLDS.get(said.data["kind"])
    if flag is None:
        return ()
    until = said.day("until")
    raised = _raise(flag, _debts(known, said), said.data["hold"], at, until=_begins(until, zone))
    return (raised,)


def _released(said: Said, known: Subject, at: datetime) -> tuple[Any, ...]:
    """The flag that the hold raised, whatever it is: the event names the hold and not its kind."""
    from_ = {one.flag for _, one in known.of(FlagRaised) if one.cause == said.data["hold"]}
    return tuple(_lift(flag, (), said.data["hold"], at) for flag in sorted(from_))


def _debts(known: Subject, said: Said) -> tuple[str, ...]:
    linked = cases_of(known).get(said.about)
    return () if linked is None else linked.debts


def _begins(day: date | None, zone: str) -> datetime | None:
    return None if day is None else start_of_day(day, zone)


def _raise(
    flag: str, debts: tuple[str, ...], cause: str, at: datetime, *, until: datetime | None = None
) -> c.RaiseFlag:
    return c.RaiseFlag(flag=flag, debts=debts, until=until, origin=CASE, cause=cause, at=at)


def _lift(flag: str, debts: tuple[str, ...], cause: str | None, at: datetime) -> c.LiftFlag:
    return c.LiftFlag(flag=flag, debts=debts, origin=CASE, cause=cause, at=at)
