"""Taking a staff list in: who is new is registered, who is known is changed to what the list says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeAlias

from services.case.application.ports import Reject, RejectSink
from services.case.application.staffing.staff_desk import StaffDesk
from services.case.domain.staffing.directory import (
    ChangeStaff,
    LeaveService,
    RegisterStaff,
    StaffCommand,
    TakeLeave,
)
from services.case.domain.staffing.member import Skills
from shared.kernel.refusal import Refused

ACTOR = "system:import"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """One line of a staff list. `on` None: from today; `cap` None: no bound. A leave has both its days, or neither."""

    staff_ref: str
    name: str | None
    team: str
    role: str
    skills: Skills
    cap: int | None
    on: date | None = None
    left_on: date | None = None
    leave_from: date | None = None
    leave_until: date | None = None
    leave_kind: str = "HOLIDAY"


Numbered: TypeAlias = tuple[int, StaffRow | Reject]
"""A line's number (the header is line 1) and what it says, or why that cannot be read."""


class StaffSource(Protocol):
    """A staff list, read once and forward."""

    def __iter__(self) -> Iterator[Numbered]:
        """Its lines; blank ones are left out."""


@dataclass(slots=True)
class StaffImported:
    """What one run added. `registered` + `changed` + `unchanged` + `rejected` = `lines`."""

    lines: int = 0
    registered: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    events: int = 0

    def to_json(self) -> dict[str, Any]:
        """The document of `staff import --json`."""
        return {
            "lines": self.lines,
            "registered": self.registered,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "events": self.events,
        }


async def import_staff(
    source: StaffSource, *, desk: StaffDesk, today: date, rejects: RejectSink
) -> StaffImported:
    """Take in every line; a line that a rule refuses goes to `rejects` with the refusal's code.

    Raises what the source and the ledger raise; what was acknowledged stays, and a second run adds the rest.
    """
    done = StaffImported()
    for number, row in source:
        done.lines += 1
        if isinstance(row, Reject):
            rejects.put(number, row)
            done.rejected += 1
            continue
        try:
            events, new = await _take(row, desk=desk, today=today)
        except Refused as refusal:
            rejects.put(number, Reject(refusal.code, "line"))
            done.rejected += 1
            continue
        done.events += events
        if new:
            done.registered += 1
        elif events:
            done.changed += 1
        else:
            done.unchanged += 1
    return done


async def _take(row: StaffRow, *, desk: StaffDesk, today: date) -> tuple[int, bool]:
    """How many events a line adds, and whether the person is new."""
    staff = desk.staff_id(row.staff_ref)
    known = await desk.load(staff)
    new, count = known.staff_ref is None, 0
    for ask in _asked(row, staff, desk, on=row.on or today, new=new, left=row.left_on):
        count += len(await desk.do(staff, ask, actor=ACTOR))
    return count, new


def _asked(
    row: StaffRow, staff: str, desk: StaffDesk, *, on: date, new: bool, left: date | None
) -> Iterator[StaffCommand]:
    if new:
        yield RegisterStaff(
            on=on,
            staff_ref=row.staff_ref,
            name=row.name,
            role=row.role,
            team=row.team,
            skills=row.skills,
            cap=row.cap,
        )
    elif left is None or on < left:
        yield ChangeStaff(
            on=on,
            name=row.name,
            role=row.role,
            team=row.team,
            stages=row.skills.stages,
            products=row.skills.products,
            languages=row.skills.languages,
            cap=row.cap,
            uncapped=row.cap is None,
        )
    if row.leave_from and row.leave_until:
        leave = desk.leave_id(staff, ACTOR, f"{row.leave_from}|{row.leave_until}")
        yield TakeLeave(leave=leave, on=row.leave_from, until=row.leave_until, kind=row.leave_kind)
    if left is not None:
        yield LeaveService(on=left, reason="LEFT")
