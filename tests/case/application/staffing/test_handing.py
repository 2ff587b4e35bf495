"""What `queue next` gives by the directory: one's own, what one helps with, nobody's where one has the skill."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.case.domain.case_commands import AssignCase
from services.case.domain.staffing.directory import CancelLeave, LeaveService, TakeLeave
from services.case.domain.staffing.keeping_commands import (
    DecideAssistance,
    EndAssistance,
    RequestAssistance,
)
from services.case.projections import approvals, dossier, handing_out, queue_lease
from services.case.projections.queue_lease import LEASE_S
from services.case.projections.staffing import assisting, handing
from shared.kernel.ids import new_token
from tests.case.application.staffing.service import TODAY, Staffed, staffed
from tests.kit.ledgers import backends

DAY = timedelta(days=1)


async def take(it: Staffed, who: str, queue: str = "M1") -> str | None:
    """The case somebody is handed."""
    await it.case.projections.catch_up()
    handed = await it.case.change(
        lambda connection: handing_out.hand_out(
            connection, queue=queue, collector=who, now=it.clock.now(), lease=new_token(), today=it.today
        )
    )
    return handed.row.case_id if handed else None


async def give(it: Staffed, case: str, who: str, ref: str = "alc_1") -> None:
    await it.do(case, AssignCase(ref=ref, on=it.today, collector=who, reason="SKILL"))


@backends
async def test_without_a_directory_everything_is_as_it_was(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        first, second = await it.open("D-1", 900_000), await it.open("D-2")
        await give(it, first, "user:mei")
        assert await take(it, "user:tom") == second
        assert await take(it, "user:mei") == first


@backends
async def test_ones_own_and_nobodys_by_rank_and_never_anothers(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:mei", "user:tom")
        await it.hire("user:ann", stages=("M2",))
        big, mid, low = [
            await it.open(f"D-{n}", owed) for n, owed in enumerate((9_000_000, 4_000_000, 100_000))
        ]
        await give(it, big, "user:tom")
        await give(it, low, "user:mei")
        assert await take(it, "user:ann") is None
        assert await take(it, "user:stranger") is None
        assert await take(it, "user:mei") == mid
        assert await take(it, "user:tom") == big
        it.clock.advance(timedelta(seconds=LEASE_S + 1))
        assert await take(it, "user:tom") == big
        await give(it, big, "user:mei", "alc_2")
        it.clock.advance(timedelta(seconds=LEASE_S + 1))
        assert await take(it, "user:mei") == big
        assert await take(it, "user:tom") == mid
        await give(it, mid, "user:ann", "alc_3")
        it.clock.advance(timedelta(seconds=LEASE_S + 1))
        assert (await take(it, "user:tom"), await take(it, "user:ann")) == (None, mid)


@backends
async def test_who_is_away_gets_nothing_until_the_day_they_are_back(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:mei", "user:tom")
        case = await it.open("D-1")
        assert await take(it, "user:mei") == case
        await it.staff("user:mei", TakeLeave(leave="l", on=TODAY, until=TODAY + DAY, kind="SICK"))
        assert await take(it, "user:mei") is None
        assert await take(it, "user:tom") == case
        it.clock.set(it.clock.now().replace(hour=15, minute=59))
        assert (it.today, await take(it, "user:mei")) == (TODAY, None)
        it.clock.advance(timedelta(minutes=1))
        assert it.today == TODAY + DAY
        assert await take(it, "user:mei") == case
        await it.staff("user:mei", TakeLeave(leave="m", on=TODAY + DAY, until=TODAY + 9 * DAY, kind="SICK"))
        assert await take(it, "user:mei") is None
        await it.staff("user:mei", CancelLeave(leave="m", on=TODAY + DAY))
        assert await take(it, "user:mei") == case


@backends
async def test_who_leaves_holds_nothing_any_more(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:mei", "user:tom")
        case = await it.open("D-1")
        assert await take(it, "user:mei") == case
        assert await take(it, "user:tom") is None
        await it.staff("user:mei", LeaveService(on=TODAY, reason="LEFT"))
        assert await take(it, "user:mei") is None
        held = await it.ask(lambda c: queue_lease.held(c, now=it.clock.now()))
        assert held == []
        assert await take(it, "user:tom") == case


@backends
async def test_who_helps_is_handed_the_case_and_it_stays_its_collectors(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:mei")
        await it.hire("user:field", role="FIELD", stages=("M4+",))
        case = await it.open("D-1")
        await give(it, case, "user:mei")
        ask = RequestAssistance(
            ref="ast_1", on=TODAY, until=TODAY + 3 * DAY, kind="FIELD", reason="VISIT", helper="user:field",
            by="bank/user:mei",
        )  # fmt: skip
        await it.do(case, ask)
        assert await take(it, "user:field") is None
        agree = DecideAssistance(
            assistance="ast_1", on=TODAY, declined=None, by="bank/user:chief", person="user:chief"
        )
        await it.do(case, agree)
        assert await take(it, "user:field") == case
        await it.is_rebuilt_as_live(assisting.VIEW, approvals.VIEW, dossier.VIEW)
        it.clock.advance(timedelta(seconds=LEASE_S + 1))
        assert await take(it, "user:mei") == case
        it.clock.advance(3 * DAY)
        assert await take(it, "user:field") is None
        await it.do(
            case, EndAssistance(assistance="ast_1", on=TODAY + DAY, reason="DONE", by="bank/user:mei")
        )
        shown = await it.case.clocks.case(case, as_of=it.today)
        assert shown.picture.assistances["ast_1"].status == "ENDED"


@backends
async def test_a_team_works_each_others_cases_where_the_policy_says_so(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staffed(backend, tmp_path, request) as it:
        await it.hire("user:mei", "user:tom", team="A")
        await it.hire("user:ann", team="B")
        case = await it.open("D-1")
        await give(it, case, "user:mei")
        await it.case.projections.catch_up()
        found = {}
        for who in ("user:tom", "user:ann"):
            asked = await it.ask(
                lambda c, who=who: handing.scope_of(
                    c, collector=who, queue="M1", today=TODAY, hands_out=handing.TEAM
                )
            )
            leased = await it.case.change(
                lambda c, who=who, asked=asked: queue_lease.take_next(
                    c, queue="M1", collector=who, now=it.clock.now(), scope=asked.scope
                )
            )
            found[who] = leased and leased.case_id
            it.clock.advance(timedelta(seconds=LEASE_S + 1))
        assert found == {"user:tom": case, "user:ann": None}
