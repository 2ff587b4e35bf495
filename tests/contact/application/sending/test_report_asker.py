"""Reports that come late, twice, in any order or never: in the end every message is known for what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from services.contact.adapters.sending.viewed_outbox import ViewedOutbox
from services.contact.adapters.sending.viewed_unreported import ViewedUnreported
from services.contact.application.sending.dispatching import Dispatcher
from services.contact.application.sending.report_asker import ASKED_AFTER, ReportAsker
from services.contact.application.sending.trying import Trying
from services.main.demo import sms_gateway as demo
from services.main.demo.gateway_desk import Behaviour, GatewayDesk
from shared.kernel.clock import FixedClock
from tests.contact.api.sending.called import Called, called
from tests.contact.application.sending.room import PACE, TUESDAY, PlainTexts
from tests.contact.stores import backends
from tests.kit.sms_gateway import SECRET

MINUTE = timedelta(minutes=1)


@dataclass
class Asked:
    """The service, the gateway it sends through, and the worker that asks."""

    it: Called
    gateway: demo.SmsGateway
    asker: ReportAsker
    dispatcher: Dispatcher

    @property
    def desk(self) -> GatewayDesk:
        """The gateway's memory."""
        return self.gateway.desk

    async def sent(self, number: int) -> str:
        """A message to a debtor of its own, taken by the gateway; its id."""
        message = await self.it.queued(f"D-{number}", f"+86139{number:08d}")
        await self.dispatcher.drain()
        return message

    async def later(self, span: timedelta) -> int:
        """Let time pass, and ask what is due."""
        self.it.clock.advance(span)
        return await self.asker.look()


@asynccontextmanager
async def asked(backend: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Asked]:
    clock = FixedClock(TUESDAY)
    gateway = demo.SmsGateway(signs=SECRET, checks=SECRET, clock=clock, callback="http://127.0.0.1")
    async with (
        gateway.running(),
        called(backend, folder, request, clock=clock, gateway=gateway.address) as it,
    ):
        gateway.transport = it.transport
        service = it.service
        asker = ReportAsker(
            messages=ViewedUnreported(service.projections), channels=service.channels.asked_later,
            inbound=service.inbound, clock=clock,
        )  # fmt: skip
        trying = Trying(
            desk=service.acts,
            texts=PlainTexts(),
            channels=service.channels.by_channel,
            clock=clock,
            pace=PACE,
        )
        dispatcher = Dispatcher(
            queue=ViewedOutbox(service.projections), trying=trying, clock=clock, on_fault=_no_fault, pace=PACE
        )
        yield Asked(it, gateway, asker, dispatcher)


def _no_fault(message: str | None, error: str) -> None:
    raise AssertionError((message, error))


@backends
async def test_a_provider_that_says_nothing_is_asked_and_its_answer_recorded_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asked(backend, tmp_path, request) as here:
        message = await here.sent(1)
        here.gateway.report(message, "DELIVERED", lost=True)
        assert await here.later(10 * MINUTE) == 0
        assert here.desk.finds == []
        assert await here.later(6 * MINUTE) == 1
        assert (await here.it.state("D-1", message)).status == "DELIVERED"
        assert await here.later(60 * MINUTE) == 0
        assert here.desk.finds == [message]
        late = await here.it.report(message, "DELIVERED", here.desk.messages[0].reports[0]["report"],
                                    at=here.desk.messages[0].reports[0]["at"])  # fmt: skip
        assert (late.status_code, late.json()["events"]) == (200, [])


async def test_it_is_asked_at_growing_gaps_and_then_no_more(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asked("sqlite", tmp_path, request) as here:
        await here.sent(1)
        begun = here.it.clock.now()
        for gap in ASKED_AFTER:
            here.it.clock.set(begun + gap + MINUTE)
            await here.asker.look()
            await here.asker.look()
        assert len(here.desk.finds) == len(ASKED_AFTER)
        await here.later(timedelta(days=30))
        assert len(here.desk.finds) == len(ASKED_AFTER)


async def test_a_provider_that_is_away_is_left_alone_and_asked_again(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asked("sqlite", tmp_path, request) as here:
        for number in range(3):
            here.gateway.report(await here.sent(number), "FAILED", cause="NO_COVERAGE", lost=True)
        here.desk.behave(Behaviour(on="find", do="FAIL_BEFORE"))
        assert await here.later(16 * MINUTE) == 0
        assert len(here.desk.finds) == 1
        assert await here.later(MINUTE) == 3


async def test_reports_late_twice_reversed_and_lost_end_in_what_the_provider_knows(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asked("sqlite", tmp_path, request) as here:
        messages = [await here.sent(number) for number in range(9)]
        assert [one.key for one in here.desk.messages] == messages
        for number, message in enumerate(messages):
            here.it.clock.advance(MINUTE)
            if number % 3 == 1:
                here.gateway.report(message, "FAILED", cause="NO_COVERAGE")
                here.it.clock.advance(MINUTE)
            here.gateway.report(message, "BOUNCED" if number % 3 == 2 else "DELIVERED")
        answers = await here.gateway.tell(times=2, reverse=True, lose=4)
        assert set(answers) == {200}
        states = [(await here.it.state(f"D-{n}", message)).status for n, message in enumerate(messages)]
        assert states.count("DISPATCHED") == 3
        await here.later(ASKED_AFTER[0])
        states = [(await here.it.state(f"D-{n}", message)).status for n, message in enumerate(messages)]
        assert states == ["DELIVERED", "DELIVERED", "BOUNCED"] * 3
        for number in range(9):
            names = await here.it.names(f"D-{number}")
            assert names.count("DeliveryConfirmed") + names.count("DeliveryFailed") == (
                2 if number % 3 == 1 else 1
            )


async def test_a_reply_over_the_gateway_ends_messages_to_that_number(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asked("sqlite", tmp_path, request) as here:
        await here.sent(1)
        here.it.clock.advance(MINUTE)
        here.gateway.answer("+8613900000001", "退订")
        assert await here.gateway.tell(times=3) == [200, 200, 200]
        names = await here.it.names("D-1")
        assert (names.count("MediumOptedOut"), names.count("ReplyReceived")) == (1, 1)


async def test_the_worker_ends_when_it_is_told_to(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with asked("sqlite", tmp_path, request) as here:
        task = asyncio.create_task(here.asker.run())
        await asyncio.sleep(0)
        here.asker.stop()
        async with asyncio.timeout(5):
            await task


async def test_meters_show_how_a_channel_stands_and_name_nobody(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asked("sqlite", tmp_path, request) as here:
        await here.sent(1)
        here.desk.behave(Behaviour(on="send", do="THROTTLE", retry_after=600))
        await here.sent(2)
        [health] = here.it.service.channel_health()
        assert (health.taken, health.not_taken, health.state) == (1, 1, "THROTTLED")
        text = (await here.it.http.get("/metrics")).text
        of = 'channel="sms",provider="sms-gateway"'
        assert f"quittance_channel_up{{{of}}} 0.0" in text
        assert f'quittance_channel_calls{{came="taken",{of}}} 1.0' in text
        assert "13900000001" not in text
        assert "cat_" not in text
