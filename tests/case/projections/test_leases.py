"""Leases: nobody gets what another holds, whatever goes on beside; and what becomes of a case that was handed out."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.projections import handing_out, queue_lease, work_queue
from services.case.projections.handing_out import QueueNotWorked
from services.case.projections.queue_lease import EVERYBODY, LEASE_S, LeaseLost
from tests.case.projections.portfolio import desk, lines_of
from tests.case.projections.test_queue import NOW
from tests.case.projections.test_queue import _next as next_case
from tests.case.projections.working import VIEWS, Floor, floor
from tests.kit.ledgers import backends
from tests.kit.life import ACCOUNT, DAY, cny

ASKING = 50
REST = timedelta(hours=12)


async def complete(it: Floor, case: str, who: str, *, lease: str | None = None) -> None:
    """The case was worked."""
    await it.projections.database.write(
        lambda connection: queue_lease.complete(
            connection, case_id=case, collector=who, now=it.now, rest=REST, lease=lease
        )
    )


async def renew(it: Floor, case: str, who: str, lease: str) -> None:
    """A heartbeat."""
    await it.projections.database.write(
        lambda connection: queue_lease.renew(connection, case_id=case, collector=who, lease=lease, now=it.now)
    )


@backends
async def test_fifty_collectors_at_once_get_fifty_cases_while_the_view_is_rebuilt(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines_of(400))
        await it.projections.catch_up()
        sizes = await it.projections.database.read(work_queue.sizes)
        queue = max(work_queue.WORKED, key=lambda name: sizes[name])
        assert sizes[queue] >= ASKING
        rebuilt = asyncio.create_task(it.projections.rebuild(VIEWS))
        handed: dict[str, set[str]] = {}
        for _ in range(3):
            got = await asyncio.gather(*(next_case(it, f"collector-{n}", queue=queue) for n in range(ASKING)))
            for number, case in enumerate(got):
                assert case is not None
                handed.setdefault(case, set()).add(f"collector-{number}")
        await rebuilt
        again = await asyncio.gather(*(next_case(it, f"collector-{n}", queue=queue) for n in range(ASKING)))
        for number, case in enumerate(again):
            assert case is not None
            handed.setdefault(case, set()).add(f"collector-{number}")
        assert (len(handed), Counter(len(who) for who in handed.values())) == (ASKING, {1: ASKING})
        held = await it.projections.database.read(lambda connection: queue_lease.held(connection, now=NOW))
        assert {(one.case_id, one.collector) for one in held} == {
            (case, *who) for case, who in handed.items()
        }


@backends
async def test_a_case_that_closes_while_it_is_held_is_lost_and_the_next_one_given(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor(backend, tmp_path, request) as it:
        case, other = await it.open("D-1", 900_000), await it.open("D-2")
        assert await it.take("mei", lease="l1") == case
        await renew(it, case, "mei", "l1")
        await it.do(
            case, m.RecordPayment(ref="pay_1", account=ACCOUNT, on=DAY, amount=cny(900_000), channel="BANK")
        )
        assert await it.take("tom") == other
        with pytest.raises(LeaseLost):
            await renew(it, case, "mei", "l1")
        assert await it.take("mei", lease="l2") is None
        await complete(it, case, "mei", lease="l1")


@backends
async def test_a_worked_case_rests_for_everybody_and_comes_back(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor(backend, tmp_path, request) as it:
        case = await it.open("D-1")
        assert await it.take("mei", lease="l1") == case
        with pytest.raises(LeaseLost):
            await complete(it, case, "tom")
        with pytest.raises(LeaseLost):
            await complete(it, case, "mei", lease="another")
        await complete(it, case, "mei", lease="l1")
        await complete(it, case, "mei", lease="l1")
        with pytest.raises(LeaseLost):
            await it.take("mei", lease="l1")
        assert (await it.take("mei"), await it.take("tom")) == (None, None)
        it.clock.advance(REST + timedelta(seconds=1))
        assert await it.take("tom") == case


@backends
async def test_a_lease_that_ran_out_is_anothers_and_its_holder_can_do_nothing_with_it(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor(backend, tmp_path, request) as it:
        case = await it.open("D-1")
        assert await it.take("mei", lease="l1") == case
        it.clock.advance(timedelta(seconds=LEASE_S - 1))
        await renew(it, case, "mei", "l1")
        it.clock.advance(timedelta(seconds=LEASE_S))
        with pytest.raises(LeaseLost):
            await renew(it, case, "mei", "l1")
        assert await it.take("tom", lease="l2") == case
        with pytest.raises(LeaseLost):
            await complete(it, case, "mei", lease="l1")
        await renew(it, case, "tom", "l2")


@backends
async def test_a_case_given_to_a_collector_is_handed_to_nobody_else(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor(backend, tmp_path, request) as it:
        case = await it.open("D-1")
        await it.do(case, c.AssignCase(ref="alc_1", on=DAY, collector="mei", reason="SKILL"))
        assert await it.take("tom") is None
        assert await it.take("mei") == case
        await it.do(case, c.AssignCase(ref="alc_2", on=DAY, collector="tom", reason="LEAVE"))
        row = await it.row(case)
        assert row is not None
        assert row.assignee == "tom"


async def test_a_skip_passes_by_the_collector_or_everybody_as_its_event_says(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        for number, (reason, toms) in enumerate((("OTHER_LANGUAGE", case), ("SYSTEM_TROUBLE", None))):
            who = f"mei-{number}"
            assert await it.take(who) == case
            held = await it.projections.database.read(
                lambda connection, who=who: queue_lease.running(  # type: ignore[misc]
                    connection, case_id=case, collector=who, now=it.now
                )
            )
            ask = c.SkipCase(ref=f"skp_{number}", on=DAY, at=it.now, queue="M1", collector=who, reason=reason)
            [skipped] = (await it.do(case, ask)).events
            await it.projections.database.write(
                lambda connection, held=held, skipped=skipped: handing_out.pass_by(  # type: ignore[misc]
                    connection, held, skipped, now=it.now
                )
            )
            assert await it.take(who) is None
            assert await it.take(f"tom-{number}") == toms
            it.clock.advance(timedelta(seconds=LEASE_S + 1))


async def test_a_queue_that_waits_hands_out_nothing(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        await it.do(case, c.RaiseDispute(ref="dsp_1", scope="DEBT", amount=None, on=DAY))
        await it.projections.catch_up()
        with pytest.raises(QueueNotWorked):
            await it.projections.database.write(
                lambda connection: handing_out.hand_out(
                    connection, queue="on-hold", collector="mei", now=it.now, lease="l1", today=it.today
                )
            )


def test_nobody_is_called_everybody() -> None:
    from services.main.commands.queue import WHO

    assert not WHO.fullmatch(EVERYBODY)
