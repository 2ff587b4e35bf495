"""The directory's view: who was in which team on which day by what was known when; rebuilt as live; nobody's name."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.case.domain.staffing.directory import ChangeStaff, LeaveService, TakeLeave
from services.case.projections.staffing import directory
from shared.eventstore.projection.status import digest
from tests.case.application.staffing.service import TODAY, Staffed, staffed
from tests.kit.ledgers import backends

DAY = timedelta(days=1)


async def _teams(it: Staffed, **asked: object) -> dict[str, str]:
    said = {"on": TODAY} | asked
    return dict(await it.ask(lambda c: directory.teams(c, **said)))  # type: ignore[arg-type]


@backends
async def test_who_was_in_which_team_when_and_by_what_we_knew(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request, shards=2) as it:
        assert await it.ask(directory.is_empty)
        await it.hire("user:mei", "user:tom", team="A")
        await it.hire("user:ann", team="B", on=TODAY + 5 * DAY)
        before = it.clock.now()
        it.clock.advance(timedelta(hours=1))
        await it.staff("user:mei", ChangeStaff(on=TODAY, team="C"))
        await it.staff("user:tom", LeaveService(on=TODAY + 3 * DAY, reason="LEFT"))
        assert not await it.ask(directory.is_empty)
        assert await _teams(it) == {"user:mei": "C", "user:tom": "A"}
        assert await _teams(it, known_at=before) == {"user:mei": "A", "user:tom": "A"}
        assert await _teams(it, on=TODAY + 3 * DAY) == {"user:mei": "C"}
        assert await _teams(it, on=TODAY + 5 * DAY) == {"user:mei": "C", "user:ann": "B"}
        assert await _teams(it, on=TODAY - DAY) == {}
        of_a = await it.ask(lambda c: directory.members(c, TODAY, team="A"))
        assert [one.staff_ref for one in of_a] == ["user:tom"]


@backends
async def test_leave_begins_and_ends_with_the_tenants_day(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Shanghai's midnight is 16:00 UTC: the last minute of a leave and the first after it are one day in UTC."""
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:mei")
        away = TakeLeave(leave="l", on=TODAY + DAY, until=TODAY + 2 * DAY, kind="SICK")
        await it.staff("user:mei", away)
        found = {}
        for hours in (6, 14, 16, 38, 40):
            it.clock.set(it.clock.now().replace(day=1, hour=1, minute=30) + timedelta(hours=hours))
            mei = await it.ask(lambda c: directory.one(c, "user:mei", it.today))
            found[hours] = mei.works(it.today)
        assert found == {6: True, 14: True, 16: False, 38: False, 40: True}


@backends
async def test_rebuilt_is_live_and_no_name_is_in_it(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:mei", "user:tom")
        await it.staff("user:mei", ChangeStaff(on=TODAY, name="canary-4711", team="B", cap=7))
        await it.case.projections.catch_up()
        live = await digest(it.case.projections.database, directory.VIEW)
        await it.case.projections.rebuild((directory.VIEW,))
        assert await digest(it.case.projections.database, directory.VIEW) == live
        rows = await it.ask(lambda c: [str(row) for row in c.execute(sa.select(directory.SAID))])
        assert rows
        assert "canary-4711" not in "".join(rows)
        mei = await it.case.staffing.staff.member(it.case.staffing.staff.staff_id("user:mei"))
        assert (mei.name, mei.team, mei.cap) == ("canary-4711", "B", 7)
