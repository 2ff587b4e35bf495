"""The staff directory: who is registered, in which team, on what, and when they are there."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from starlette.responses import Response

from services.case.api.acting import Word
from services.case.api.desk import Office
from services.case.domain.staffing.directory import (
    CancelLeave,
    ChangeStaff,
    LeaveService,
    RegisterStaff,
    ReturnToService,
    StaffCommand,
    StaffUnknown,
    TakeLeave,
)
from services.case.domain.staffing.member import Skills
from services.case.projections import queue_lease
from shared.http.bodies import Day, Sent, Truth, Whole
from shared.http.commands import Asked, Decided, Envelope
from shared.http.operations import command, routes
from shared.http.problems import Problem

STAFF = "staff-6f1c0d1e-0000-8000-8000-000000000005"
HERE = f"/v1/staff/{STAFF}"
_LEAVE = "lve_4a1b6c2d3e4f5061"
StaffId = Annotated[
    str, Path(description="`staff-…`, as the answer that registered them, or a list, gave it.")
]
LeaveId = Annotated[str, Path(description="`lve_…`, as the answer that recorded the leave gave it.")]
StaffRef = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$"),
    Field(
        description="The id by which cases are given to them, as the `sub` of their tokens has it; no name.",
        examples=["user:5b0e"],
    ),
]
Stage = Literal["M1", "M2", "M3", "M4+"]
Language = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"), Field(examples=["zh-CN"])
]
Role = Literal["COLLECTOR", "TEAM_LEAD", "FIELD", "LEGAL", "SUPERVISOR"]
Stages = Annotated[list[Stage], Field(max_length=4, description="Stages they work on; none: all.")]
Products = Annotated[
    list[Word],
    Field(max_length=50, description="The lender's product codes; none: all.", examples=[["CARD"]]),
]
Languages = Annotated[list[Language], Field(max_length=20, description="Languages they speak; none: any.")]
Cap = Annotated[Whole, Field(ge=0, le=100_000, description="Open cases they can hold.", examples=[200])]
Team = Annotated[Word, Field(description="The team, by your code.", examples=["SHANGHAI_M1"])]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$"),
    Field(description="Kept sealed in the ledger, shown by no list.", examples=["…"]),
]
From = Annotated[
    Day | None,
    Field(description="The day from which it holds: today unless given; it may lie ahead or in the past."),
]


class StaffSent(Sent):
    """Somebody who joins."""

    staff_ref: StaffRef
    name: Name | None = None
    role: Role = "COLLECTOR"
    team: Team
    stages: Stages = Field(default=[])
    products: Products = Field(default=[])
    languages: Languages = Field(default=[])
    cap: Cap | None = None
    on: From = None


class ChangeSent(Sent):
    """What is different; what is left out stays as it was."""

    on: From = None
    name: Name | None = None
    role: Role | None = None
    team: Team | None = None
    stages: Stages | None = None
    products: Products | None = None
    languages: Languages | None = None
    cap: Cap | None = None
    uncapped: Truth = Field(default=False, description="No bound on open cases any more.")


class LeaveSent(Sent):
    """Days away: from `on` up to, not including, `until`."""

    on: Day
    until: Day
    kind: Literal["HOLIDAY", "SICK", "TRAINING", "PARENTAL", "OTHER"] = "HOLIDAY"


class FromSent(Sent):
    """From which day it holds."""

    on: From = None


class DepartureSent(FromSent):
    """The last day is the one before `on`."""

    reason: Word = Field(default="LEFT", examples=["LEFT"])


def router(office: Office) -> APIRouter:
    """The commands under /v1/staff."""
    found = routes("/v1/staff", tag="staff")
    _register(found, office)
    _change(found, office)
    _leaves(found, office)
    _comings(found, office)
    return found


async def _carry_out(
    office: Office,
    asked: Envelope,
    staff: str,
    ask: StaffCommand,
    *,
    named_by_body: bool = False,
    **refs: str,
) -> Response:
    """The command, once. Raises Problem `not-found` for a stream that is nobody's, and the rule's refusals."""
    desk = office.open_desk

    async def decide() -> Decided:
        try:
            verdict = await desk.staffing.staff.decide(staff, ask, dry_run=asked.dry_run)
        except StaffUnknown:
            if isinstance(ask, RegisterStaff):
                raise
            raise Problem("not-found") from None
        links = {"self": f"/v1/staff/{staff}"}
        return Decided(
            writes=verdict.writes,
            policy=verdict.policy,
            refs={"id": staff, **refs, "links": links},
            known={"id": staff, **refs, "links": links},
        )

    return await asked.carry_out(desk.ledger, stream=staff, decide=decide, named_by_body=named_by_body)


def _register(found: APIRouter, office: Office) -> None:
    of_them = {"staff_id": "$response.body#/id"}

    @found.post(
        "",
        **command(
            "registerStaff",
            "Take somebody into the staff directory; the same again adds nothing",
            scope="staff:write",
            problems=("staff-ref-taken",),
            sent={"staff_ref": "user:5b0e", "team": "SHANGHAI_M1", "stages": ["M1", "M2"], "cap": 200},
            gives={"id": STAFF, "links": {"self": HERE}},
            links=dict.fromkeys(
                ("showStaff", "changeStaff", "takeLeave", "recordDeparture", "recordReturn"), of_them
            ),
        ),
    )
    async def register_staff(sent: StaffSent, asked: Asked) -> Response:
        desk = office.open_desk
        ask = RegisterStaff(
            on=sent.on or desk.decisions.today,
            staff_ref=sent.staff_ref,
            name=sent.name,
            role=sent.role,
            team=sent.team,
            skills=Skills(
                tuple(dict.fromkeys(sent.stages)),
                tuple(dict.fromkeys(sent.products)),
                tuple(dict.fromkeys(sent.languages)),
            ),
            cap=sent.cap,
        )
        staff = desk.staffing.staff.staff_id(sent.staff_ref)
        return await _carry_out(office, asked, staff, ask, named_by_body=True)


def _change(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{staff_id}/changes",
        **command(
            "changeStaff",
            "Record another team, role, cap, name or other skills, from a day on",
            scope="staff:write",
            problems=("not-found", "staff-gone"),
            sent={"team": "SHANGHAI_M2", "on": "2026-12-01"},
            gives={"id": STAFF, "links": {"self": HERE}},
        ),
    )
    async def change_staff(staff_id: StaffId, sent: ChangeSent, asked: Asked) -> Response:
        def listed(given: list[Any] | None) -> tuple[str, ...] | None:
            return None if given is None else tuple(dict.fromkeys(given))

        ask = ChangeStaff(
            on=sent.on or office.open_desk.decisions.today,
            name=sent.name,
            role=sent.role,
            team=sent.team,
            stages=listed(sent.stages),
            products=listed(sent.products),
            languages=listed(sent.languages),
            cap=sent.cap,
            uncapped=sent.uncapped,
        )
        return await _carry_out(office, asked, staff_id, ask)


def _leaves(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{staff_id}/leaves",
        **command(
            "takeLeave",
            "Record days away; who is away is given no case",
            scope="staff:write",
            problems=("not-found", "staff-gone", "empty-period"),
            sent={"on": "2026-12-24", "until": "2027-01-02", "kind": "HOLIDAY"},
            gives={"id": STAFF, "leave": _LEAVE, "links": {"self": HERE}},
            links={
                "cancelLeave": {"staff_id": "$response.body#/id", "leave_id": "$response.body#/leave"},
            },
        ),
    )
    async def take_leave(staff_id: StaffId, sent: LeaveSent, asked: Asked) -> Response:
        leave = office.open_desk.staffing.staff.leave_id(staff_id, asked.caller.client, asked.key)
        ask = TakeLeave(leave=leave, on=sent.on, until=sent.until, kind=sent.kind)
        return await _carry_out(office, asked, staff_id, ask, leave=leave)

    @found.post(
        "/{staff_id}/leaves/{leave_id}/cancellations",
        **command(
            "cancelLeave",
            "End a leave before its day, or take it back",
            scope="staff:write",
            problems=("not-found", "leave-unknown"),
            sent={},
            gives={"id": STAFF, "leave": _LEAVE, "links": {"self": HERE}},
        ),
    )
    async def cancel_leave(staff_id: StaffId, leave_id: LeaveId, sent: FromSent, asked: Asked) -> Response:
        ask = CancelLeave(leave=leave_id, on=sent.on or office.open_desk.decisions.today)
        return await _carry_out(office, asked, staff_id, ask, leave=leave_id)


def _comings(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{staff_id}/departures",
        **command(
            "recordDeparture",
            "Record that somebody works no more; their cases are listed to be allocated anew",
            scope="staff:write",
            problems=("not-found",),
            sent={"reason": "LEFT"},
            gives={"id": STAFF, "links": {"self": HERE}},
        ),
    )
    async def record_departure(staff_id: StaffId, sent: DepartureSent, asked: Asked) -> Response:
        desk = office.open_desk
        today = desk.decisions.today
        ask = LeaveService(on=sent.on or today, reason=sent.reason)
        answer = await _carry_out(office, asked, staff_id, ask)
        if not asked.dry_run and ask.on <= today:
            known = await desk.staffing.staff.load(staff_id)
            await desk.change(
                lambda connection: queue_lease.drop_all(connection, collector=known.staff_ref or "")
            )
        return answer

    @found.post(
        "/{staff_id}/returns",
        **command(
            "recordReturn",
            "Record that somebody who had left works again",
            scope="staff:write",
            problems=("not-found",),
            sent={},
            gives={"id": STAFF, "links": {"self": HERE}},
        ),
    )
    async def record_return(staff_id: StaffId, sent: FromSent, asked: Asked) -> Response:
        return await _carry_out(
            office, asked, staff_id, ReturnToService(on=sent.on or office.open_desk.decisions.today)
        )
