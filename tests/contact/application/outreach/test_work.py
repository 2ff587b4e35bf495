"""A worker takes the steps that are due, once each, and says of every other why not."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from services.contact.domain import commands as c
from services.contact.domain.facts import outreach as f
from services.contact.domain.outreach import steps
from services.contact.projections.outreach import dial_tasks, outreaches
from shared.eventstore.projection.postgres import PostgresViews
from shared.eventstore.projection.sqlite import SqliteViews
from shared.kernel.money import Money
from tests.contact.application.outreach.room import MONDAY, TEN, contact, meta
from tests.contact.stores import backends, contact_store


@backends
async def test_a_soft_reminder_is_queued_under_a_permit_and_a_call_is_asked_for(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    store = contact_store(backend, tmp_path, request)
    views = (
        SqliteViews(tmp_path / "contact.db")
        if backend == "sqlite"
        else PostgresViews(request.getfixturevalue("pg_dsn"), service="contact")
    )
    async with contact(tmp_path, store=store, views=views) as room:
        outreach = await room.opened_case()
        done = await room.room.work.look()
        assert (done.taken, done.failed) == (1, [])
        assert await room.said(outreach) == ["OutreachStarted", "StepTaken soft-reminder"]
        known = (await room.acts.load(room.acts.subject_id("D-0001"))).state
        [message] = known.messages.values()
        assert message.status == "QUEUED"
        assert message.permit in known.permits
        await room.days(5)
        assert (await room.room.work.look()).taken == 1
        tasks = await room.projections.database.read(
            lambda connection: dial_tasks.open_at(connection, room.clock.now())
        )
        assert tasks == []  # not folded yet: the view catches up by itself in a process
        await room.projections.catch_up(dial_tasks.VIEW)
        [task] = await room.projections.database.read(
            lambda connection: dial_tasks.open_at(connection, room.clock.now())
        )
        assert (task.situation, task.about) == ("soft_reminder", room.case_of())


async def test_a_quiet_case_is_not_looked_at_again_until_something_may_be_due(tmp_path: Path) -> None:
    async with contact(tmp_path) as room:
        await room.opened_case()
        assert (await room.room.work.look()).looked == 1
        assert (await room.room.work.look()).looked == 0
        await room.days(4)
        assert (await room.room.work.look()).looked == 0
        await room.days(1)
        assert (await room.room.work.look()).looked == 1


async def test_a_step_without_a_number_waits_and_is_skipped_for_that(tmp_path: Path) -> None:
    async with contact(tmp_path) as room:
        outreach = await room.opened_case(phone=None)
        await room.room.work.look()
        assert (await room.said(outreach))[-1] == "StepDeferred soft-reminder NO_POINT"
        for _ in range(30):
            await room.days(0.25)
            await room.room.work.look()
        assert "StepSkipped soft-reminder NO_POINT" in await room.said(outreach)


async def test_a_refusal_is_the_reason_with_its_rules_and_permit(tmp_path: Path) -> None:
    async with contact(tmp_path) as room:
        outreach = await room.opened_case()
        await room.acts.handle(
            room.acts.subject_id("D-0001"), c.OptOut(channel="sms", origin="DEBTOR"), meta("optout")
        )
        await room.days(0.01)
        await room.room.work.look()
        skipped = [
            one for _, one in (await room.room.desk.load(outreach)).events if isinstance(one, f.StepSkipped)
        ]
        assert [one.reason for one in skipped] == ["REFUSED"]
        assert "HOUSE-MEDIA" in skipped[0].rules
        assert skipped[0].permit is not None
        assert await room.acts.decision(skipped[0].permit) is not None


async def test_a_promise_withdraws_what_still_waits_and_leaves_its_own_reminder(tmp_path: Path) -> None:
    async with contact(tmp_path) as room:
        outreach = await room.opened_case()
        await room.room.work.look()
        assert await room.queued() == ["QUEUED"]
        await room.hear(
            "D-0001",
            3,
            "PROMISE",
            thing="prm_1",
            until=MONDAY + timedelta(days=3),
            amount=Money(50_000, "CNY"),
        )
        await room.room.work.look()
        assert await room.queued() == ["WITHDRAWN"]
        await room.days(2)
        await room.room.work.look()
        assert (await room.said(outreach))[-1] == "StepTaken promise-reminder"
        await room.room.work.look()
        assert await room.queued() == ["WITHDRAWN", "QUEUED"]


async def test_a_worker_that_was_cut_off_after_the_message_finds_it_again(tmp_path: Path) -> None:
    """What a step sends has an id of its own: the same step again is the same message."""
    async with contact(tmp_path) as room:
        outreach = await room.opened_case()
        work = room.room.work
        loaded = await room.room.desk.load(outreach)
        book = await room.room.strategies.book()
        [due] = steps.next_steps(loaded.state, book, room.clock.now())
        await room.room.taker.take(
            loaded, due.occurrence, room.clock.now()
        )  # and then the process was killed
        assert await room.said(outreach) == ["OutreachStarted"]
        assert (await work.look()).taken == 1
        assert await room.queued() == ["QUEUED"]


async def test_a_worker_cut_off_before_a_pause_leaves_no_message_behind(tmp_path: Path) -> None:
    async with contact(tmp_path) as room:
        outreach = await room.opened_case()
        loaded, book = await room.room.desk.load(outreach), await room.room.strategies.book()
        [due] = steps.next_steps(loaded.state, book, room.clock.now())
        await room.room.taker.take(loaded, due.occurrence, room.clock.now())
        await room.hear("D-0001", 3, "HOLD", thing="hld_1", cause="COMPLAINT")
        await room.room.work.look()
        assert await room.queued() == ["WITHDRAWN"]
        assert "StepTaken soft-reminder" not in await room.said(outreach)


async def test_two_workers_take_every_step_once(tmp_path: Path) -> None:
    async with contact(tmp_path) as room:
        ids = [await room.opened_case(f"D-000{n}") for n in range(6)]
        await asyncio.gather(*(room.room.work.look() for _ in range(4)))
        for n, outreach in enumerate(ids):
            assert (await room.said(outreach)).count("StepTaken soft-reminder") == 1
            assert len(await room.queued(f"D-000{n}")) == 1


async def test_a_fact_heard_twice_adds_nothing(tmp_path: Path) -> None:
    async with contact(tmp_path) as room:
        outreach = await room.opened_case()
        before = (await room.room.desk.load(outreach)).version
        assert not await room.hear("D-0001", 2, "STAGE", stage="M1")
        assert (await room.room.desk.load(outreach)).version == before


async def test_a_case_that_is_closed_ends_it_and_the_list_says_so(tmp_path: Path) -> None:
    async with contact(tmp_path) as room:
        await room.opened_case()
        await room.room.work.look()
        await room.hear("D-0001", 3, "CLOSED", cause="CURED")
        await room.room.work.look()
        [row] = await room.projections.database.read(outreaches.page)
        assert (row.state, row.because, row.taken) == ("ENDED", "CURED", 1)
        assert await room.queued() == ["WITHDRAWN"]
        assert room.clock.now() == TEN
