"""Who works here, on both clocks: the directory by reference, one member of staff, and the teams."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.case.api.clocks import KnownAt
from services.case.api.desk import Office
from services.case.api.staffing.staff import HERE, STAFF, StaffId
from services.case.domain.staffing.directory import StaffUnknown
from services.case.domain.staffing.member import Member, member
from services.case.projections.staffing import directory
from shared.eventstore.projection.health import positions
from shared.http.asked import MinPosition, caught_up, moment, stamp
from shared.http.bodies import Day
from shared.http.operations import reading, routes
from shared.http.problems import Problem
from shared.http.wire import Wire

T = TypeVar("T")
On = Annotated[Day | None, Query(description="As of this day: today unless given.")]
OfTeam = Annotated[
    str | None,
    Query(pattern=r"^[A-Z][A-Z0-9_]{0,39}$", description="Those of one team.", examples=["TEAM_A"]),
]
_PROBLEMS = ("malformed-request", "projection-behind")


class LeaveShown(Wire):
    """Days away: from `on` up to, not including, `until`."""

    id: str
    on: str
    until: str
    kind: str


class StaffShown(Wire):
    """A member of staff as of a day. Empty lists of skills: all."""

    id: str
    staff_ref: str
    role: str
    team: str
    stages: list[str]
    products: list[str]
    languages: list[str]
    cap: int | None = Field(description="Open cases they can hold; null: no bound.")
    registered_on: str
    active: bool = Field(description="False once they have left.")
    away: bool = Field(description="On leave that day.")
    leaves: list[LeaveShown]
    links: dict[str, str]


class StaffList(Wire):
    """Everybody, by reference."""

    as_of: str
    known_at: str | None
    items: list[StaffShown]


class TeamShown(Wire):
    """A team as of a day."""

    team: str
    members: int = Field(description="Who has not left.")
    there: int = Field(description="Of these, not on leave.")
    cap: int | None = Field(description="Open cases those who are there can hold; null: no bound.")


class TeamList(Wire):
    """The teams, by name."""

    as_of: str
    known_at: str | None
    items: list[TeamShown]


_ONE: dict[str, Any] = {
    "id": STAFF,
    "staff_ref": "user:5b0e",
    "role": "COLLECTOR",
    "team": "SHANGHAI_M1",
    "stages": ["M1", "M2"],
    "products": [],
    "languages": ["zh-CN"],
    "cap": 200,
    "registered_on": "2026-03-01",
    "active": True,
    "away": False,
    "leaves": [{"id": "lve_4a1b6c2d3e4f5061", "on": "2026-12-24", "until": "2027-01-02", "kind": "HOLIDAY"}],
    "links": {"self": HERE},
}
_ASKED = {"as_of": "2026-11-22", "known_at": None}
_TEAM = {"team": "SHANGHAI_M1", "members": 12, "there": 11, "cap": 2200}


def shown(one: Member, *, on: date) -> dict[str, Any]:
    """A member of staff as answers have it; nobody's name."""
    return {
        "id": one.staff,
        "staff_ref": one.staff_ref,
        "role": one.role,
        "team": one.team,
        "stages": list(one.skills.stages),
        "products": list(one.skills.products),
        "languages": list(one.skills.languages),
        "cap": one.cap,
        "registered_on": one.registered_on.isoformat(),
        "active": one.active,
        "away": one.away(on),
        "leaves": [
            {"id": leave, "on": days.from_.isoformat(), "until": days.until.isoformat(), "kind": kind}
            for leave, days, kind in one.leaves
        ],
        "links": {"self": f"/v1/staff/{one.staff}"},
    }


def team_rows(found: list[Member], *, on: date) -> list[dict[str, Any]]:
    """The teams of those who have not left, by name."""
    teams: dict[str, list[Member]] = {}
    for one in found:
        if one.active:
            teams.setdefault(one.team, []).append(one)
    rows = []
    for name, members in sorted(teams.items()):
        there = [one for one in members if not one.away(on)]
        caps = [one.cap for one in there]
        cap = None if None in caps else sum(one for one in caps if one is not None)
        rows.append({"team": name, "members": len(members), "there": len(there), "cap": cap})
    return rows


def router(office: Office) -> APIRouter:
    """GET /v1/staff, /v1/staff/{staff_id} and /v1/teams."""
    found = routes("/v1", tag="staff")
    _list(found, office)
    _one(found, office)
    _teams(found, office)
    return found


async def _members(
    office: Office,
    request: Request,
    response: Response,
    ask: Callable[[sa.Connection, date, datetime | None], T],
    *,
    on: date | None,
    known_at: str | None,
) -> tuple[T, date]:
    """The answer of the view, and the day it is for. Raises Problem `projection-behind`."""
    desk = office.open_desk
    day = on or desk.decisions.today
    known = moment(known_at, name="known_at", zone=desk.zone)
    await caught_up(request, desk, directory.VIEW)
    answer, at = await desk.ask(
        lambda connection: (ask(connection, day, known), positions(connection, directory.VIEW))
    )
    await stamp(response, desk, at)
    return answer, day


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "/staff",
        **reading(
            "listStaff",
            "The staff directory as of a day, by what was known at a time",
            scope="staff:read",
            problems=_PROBLEMS,
            example=_ASKED | {"items": [_ONE]},
            links={"showStaff": {"staff_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_staff(
        request: Request,
        response: Response,
        on: On = None,
        known_at: KnownAt = None,
        team: OfTeam = None,
        min_position: MinPosition = None,
    ) -> StaffList:
        rows, day = await _members(
            office,
            request,
            response,
            lambda connection, day, known: directory.members(connection, day, known_at=known, team=team),
            on=on,
            known_at=known_at,
        )
        items = [StaffShown(**shown(one, on=day)) for one in rows]
        return StaffList(as_of=day.isoformat(), known_at=known_at, items=items)


def _one(found: APIRouter, office: Office) -> None:
    @found.get(
        "/staff/{staff_id}",
        **reading(
            "showStaff",
            "One member of staff as of a day, from the ledger itself",
            scope="staff:read",
            problems=("not-found",),
            example=_ONE,
        ),
    )
    async def show_staff(staff_id: StaffId, on: On = None) -> StaffShown:
        desk = office.open_desk
        day = on or desk.decisions.today
        try:
            known = await desk.staffing.staff.load(staff_id)
        except StaffUnknown:
            raise Problem("not-found") from None
        one = member(staff_id, known.history, as_of=day)
        if one is None:
            raise Problem("not-found")
        return StaffShown(**shown(one, on=day))


def _teams(found: APIRouter, office: Office) -> None:
    @found.get(
        "/teams",
        **reading(
            "listTeams",
            "The teams as of a day: how many work in each, and how many cases they can hold",
            scope="staff:read",
            problems=_PROBLEMS,
            example=_ASKED | {"items": [_TEAM]},
        ),
    )
    async def list_teams(
        request: Request,
        response: Response,
        on: On = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> TeamList:
        rows, day = await _members(
            office,
            request,
            response,
            lambda connection, day, known: directory.members(connection, day, known_at=known),
            on=on,
            known_at=known_at,
        )
        items = [TeamShown(**one) for one in team_rows(rows, on=day)]
        return TeamList(as_of=day.isoformat(), known_at=known_at, items=items)
