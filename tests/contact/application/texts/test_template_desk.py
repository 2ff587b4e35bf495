"""Templates on a real ledger: two people, one winner of a race, the same bytes for good, names that can be erased."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.contact.adapters.texts.template_files import shipped_templates
from services.contact.adapters.texts.word_file import shipped_words
from services.contact.application.texts.templates import (
    TemplateDesk,
    TemplateExists,
    TemplateOfAnotherChannel,
)
from services.contact.domain.texts.template import (
    APPROVED,
    TemplateNotInForce,
    TemplateUnknown,
)
from shared.eventstore.ledger import Ledger
from shared.eventstore.registry import ERASED
from shared.kernel.clock import FixedClock
from shared.kernel.four_eyes import MakerIsChecker, NotAwaitingApproval
from tests.contact.stores import backends, contact_store, opened
from tests.contact.texts import VALUES, a_text
from tests.kit.tokens import NOON

CODE = "spring"


def desk_of(ledger: Ledger, clock: FixedClock) -> TemplateDesk:
    return TemplateDesk(
        ledger=ledger, tenant="default", shipped=shipped_templates, words=shipped_words, clock=clock,
        zone="Asia/Shanghai",
    )  # fmt: skip


async def approved(desk: TemplateDesk, code: str = CODE, **changes: object) -> int:
    text = a_text(**changes)
    verdict, _ = await desk.do(lambda: desk.draft(code, text, actor="user:anna"), actor="user:anna")
    await desk.do(lambda: desk.approve(code, verdict.version, actor="user:ben"), actor="user:ben")
    return verdict.version


@backends
async def test_a_text_is_the_same_to_the_byte_whatever_came_after(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with opened(contact_store(backend, tmp_path, request), tmp_path, clock=clock) as ledger:
        desk = desk_of(ledger, clock)
        assert await approved(desk) == 1
        version, before = await desk.for_use(CODE, "zh-CN", VALUES, on=desk.today)
        assert version.status == APPROVED
        await approved(desk, stages=["M2"])
        await desk.do(lambda: desk.retire(CODE, 1, reason="REPLACED", actor="user:ben"), actor="user:ben")
        clock.advance(timedelta(days=400))
        again = desk_of(ledger, clock)
        assert await again.render(CODE, 1, "zh-CN", VALUES) == before
        assert (await again.in_force(CODE, on=again.today)).number == 2
        ready = await again.ready(CODE, 1, channel="sms", language="zh-CN", values=VALUES)
        assert (ready.text, ready.hash, ready.version) == (before.text, before.hash, 1)
        assert (await again.ready(CODE, None, channel="sms", language="zh-CN", values=VALUES)).version == 2
        with pytest.raises(TemplateOfAnotherChannel):
            await again.ready(CODE, None, channel="email", language="zh-CN", values=VALUES)


@backends
async def test_of_many_who_write_or_decide_at_once_each_version_has_one(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with opened(contact_store(backend, tmp_path, request), tmp_path, clock=clock) as ledger:
        desk = desk_of(ledger, clock)

        async def write(who: int) -> int:
            text, actor = a_text(stages=[f"M{who % 4}"]), f"user:w{who}"
            verdict, _ = await desk.do(lambda: desk.draft(CODE, text, actor=actor), actor=actor)
            return verdict.version

        numbers = await asyncio.gather(*(write(who) for who in range(4)))
        assert sorted(numbers) == [1, 2, 3, 4]

        async def decide(who: int) -> bool:
            try:
                await desk.do(lambda: desk.approve(CODE, 1, actor=f"user:b{who}"), actor=f"user:b{who}")
            except NotAwaitingApproval:
                return False
            return True

        assert sum(await asyncio.gather(*(decide(who) for who in range(5)))) == 1


async def test_writing_twice_adds_nothing_and_names_the_version(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with opened(contact_store("sqlite", tmp_path, request), tmp_path, clock=clock) as ledger:
        desk = desk_of(ledger, clock)
        for _ in range(2):
            verdict, events = await desk.do(
                lambda: desk.draft(CODE, a_text(), actor="user:anna"), actor="user:anna"
            )
        assert (verdict.version, events) == (1, ())
        with pytest.raises(TemplateExists):
            await desk.draft(CODE, a_text(stages=["M2"]), actor="user:anna", new=True)
        with pytest.raises(TemplateUnknown):
            await desk.draft("other", a_text(), actor="user:anna", new=False)
        with pytest.raises(MakerIsChecker):
            await desk.approve(CODE, 1, actor="user:anna")
        with pytest.raises(TemplateNotInForce):
            await desk.in_force(CODE, on=desk.today)


async def test_who_wrote_it_is_sealed_and_a_text_survives_that_they_are_forgotten(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with opened(contact_store("sqlite", tmp_path, request), tmp_path, clock=clock) as ledger:
        desk = desk_of(ledger, clock)
        await desk.do(lambda: desk.draft(CODE, a_text(), actor="user:anna"), actor="user:anna")
        lane = await ledger.lane_of(desk.stream(CODE))
        rows = await ledger.store.read_stream(lane, desk.stream(CODE), after=0, limit=10)
        assert b"user:anna" not in b"".join(row.body for row in rows)

        def forget(connection: Any) -> None:
            connection.execute("DELETE FROM data_key WHERE class='staff'")

        await ledger.store._write(forget)  # type: ignore[attr-defined]
    async with opened(contact_store("sqlite", tmp_path, request), tmp_path, clock=clock) as ledger:
        desk = desk_of(ledger, clock)
        assert (await desk.known(CODE)).of(1).maker is ERASED
        await desk.do(lambda: desk.approve(CODE, 1, actor="user:ben"), actor="user:ben")
        assert (await desk.for_use(CODE, "en", VALUES, on=desk.today))[1].language == "en"


async def test_shipped_texts_are_in_force_until_a_tenants_own_begins(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with opened(contact_store("sqlite", tmp_path, request), tmp_path, clock=clock) as ledger:
        desk = desk_of(ledger, clock)
        assert (await desk.in_force("m1-remind", on=desk.today)).number == 1
        later = desk.today + timedelta(days=3)
        verdict, _ = await desk.do(
            lambda: desk.draft("m1-remind", a_text(), actor="user:anna", effective_from=later),
            actor="user:anna",
        )
        await desk.do(lambda: desk.approve("m1-remind", verdict.version, actor="user:ben"), actor="user:ben")
        assert (await desk.in_force("m1-remind", on=desk.today)).number == 1
        assert (await desk.in_force("m1-remind", on=later)).number == 2
        assert len(await desk.all_known([CODE, "m1-remind"])) == len(shipped_templates())
