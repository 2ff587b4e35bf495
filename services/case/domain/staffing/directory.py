"""The rules of the staff directory: who can be registered, changed, sent on leave, and leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from services.case.domain.facts import staff as s
from services.case.domain.facts.staff import StaffEvent
from services.case.domain.staffing.member import ALL_SKILLS, Member, Skills, leaves, member
from shared.kernel.period import Period
from shared.kernel.refusal import Refused


class StaffUnknown(Refused):
    """The directory knows nobody of that id on the day asked about. Register them first."""

    code = "staff-unknown"
    title_en = "The directory does not know this member of staff"
    title_zh = "人员名录中没有此人"


class StaffRefTaken(Refused):
    """Somebody is registered under this reference with other particulars. Change what differs instead."""

    code = "staff-ref-taken"
    title_en = "This reference is registered with other particulars"
    title_zh = "该人员编号已登记且内容不同"


class StaffGone(Refused):
    """The member of staff has left. Record their return first."""

    code = "staff-gone"
    title_en = "The member of staff has left"
    title_zh = "该人员已离职"


class LeaveUnknown(Refused):
    """The member of staff has no such leave."""

    code = "leave-unknown"
    title_en = "There is no such leave"
    title_zh = "没有这项休假"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterStaff:
    """Take somebody into the directory from `on`."""

    on: date
    staff_ref: str
    name: str | None
    role: str
    team: str
    skills: Skills = ALL_SKILLS
    cap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStaff:
    """What is different from `on`; None: as before. `uncapped`: no bound on open cases any more."""

    on: date
    name: str | None = None
    role: str | None = None
    team: str | None = None
    stages: tuple[str, ...] | None = None
    products: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    cap: int | None = None
    uncapped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLeave:
    """Away from `on` up to, not including, `until`; both may lie ahead."""

    leave: str
    on: date
    until: date
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelLeave:
    """A leave ends on `on`, before its day."""

    leave: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveService:
    """The member of staff works no more from `on`."""

    on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnToService:
    """Who had left works again from `on`."""

    on: date


StaffCommand: TypeAlias = (
    RegisterStaff | ChangeStaff | TakeLeave | CancelLeave | LeaveService | ReturnToService
)


def decide(staff: str, history: Sequence[StaffEvent], ask: StaffCommand) -> tuple[StaffEvent, ...]:
    """What a command adds to a member of staff's record; nothing if it is on record already.

    Raises: StaffUnknown, StaffRefTaken, StaffGone, LeaveUnknown, EmptyPeriod.
    """
    if isinstance(ask, RegisterStaff):
        return _register(history, ask)
    known = member(staff, history, as_of=ask.on)
    match ask:
        case TakeLeave():
            return _take_leave(history, ask, known)
        case CancelLeave():
            return _cancel(history, ask)
    if known is None:
        raise StaffUnknown
    match ask:
        case ReturnToService():
            return () if known.active else (s.StaffReturned(on=ask.on),)
        case LeaveService():
            return (s.StaffLeft(on=ask.on, reason=ask.reason),) if known.active else ()
        case ChangeStaff():
            return _change(known, ask)


def _register(history: Sequence[StaffEvent], ask: RegisterStaff) -> tuple[StaffEvent, ...]:
    said = s.StaffRegistered(
        on=ask.on,
        role=ask.role,
        team=ask.team,
        stages=ask.skills.stages,
        products=ask.skills.products,
        languages=ask.skills.languages,
        cap=ask.cap,
        staff_ref=ask.staff_ref,
        name=ask.name,
    )
    before = next((event for event in history if isinstance(event, s.StaffRegistered)), None)
    if before is None:
        return (said,)
    if before != said:
        raise StaffRefTaken
    return ()


def _change(known: Member, ask: ChangeStaff) -> tuple[StaffEvent, ...]:
    if not known.active:
        raise StaffGone
    told: list[StaffEvent] = []
    if ask.name is not None and ask.name != known.name:
        told.append(s.StaffRenamed(on=ask.on, name=ask.name))
    if ask.role is not None and ask.role != known.role:
        told.append(s.RoleChanged(on=ask.on, role=ask.role, previous=known.role))
    if ask.team is not None and ask.team != known.team:
        told.append(s.TeamChanged(on=ask.on, team=ask.team, previous=known.team))
    had = known.skills
    now = Skills(
        had.stages if ask.stages is None else ask.stages,
        had.products if ask.products is None else ask.products,
        had.languages if ask.languages is None else ask.languages,
    )
    if now != had:
        told.append(
            s.SkillsChanged(on=ask.on, stages=now.stages, products=now.products, languages=now.languages)
        )
    cap = None if ask.uncapped else known.cap if ask.cap is None else ask.cap
    if cap != known.cap:
        told.append(s.CaseCapChanged(on=ask.on, cap=cap))
    return tuple(told)


def _take_leave(
    history: Sequence[StaffEvent], ask: TakeLeave, known: Member | None
) -> tuple[StaffEvent, ...]:
    Period(ask.on, ask.until)
    if any(isinstance(event, s.LeaveTaken) and event.leave == ask.leave for event in history):
        return ()
    if known is None:
        raise StaffUnknown
    if not known.active:
        raise StaffGone
    return (s.LeaveTaken(leave=ask.leave, on=ask.on, until=ask.until, kind=ask.kind),)


def _cancel(history: Sequence[StaffEvent], ask: CancelLeave) -> tuple[StaffEvent, ...]:
    if not any(isinstance(event, s.LeaveTaken) and event.leave == ask.leave for event in history):
        raise LeaveUnknown
    running = {leave: period for leave, period, _ in leaves(history)}
    left = running.get(ask.leave)
    if left is None or ask.on >= left.until:
        return ()
    return (s.LeaveCancelled(leave=ask.leave, on=ask.on),)
