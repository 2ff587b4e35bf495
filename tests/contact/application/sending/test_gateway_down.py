"""A gateway that is down loses nothing: what waited is sent once it is back, each message once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from services.contact.adapters.sending.sms_gateway import SmsGateway, SmsSettings
from services.contact.application.sending.guarded import GuardedChannel, Guards
from services.contact.domain.sending import message as m
from services.main.demo import sms_gateway as demo
from shared.http.signing_keys import signing_key
from shared.kernel.clock import FixedClock, SystemClock, in_utc
from tests.contact.application.sending.room import room
from tests.kit.sms_gateway import SECRET

MESSAGES = 25
HALF_AN_HOUR = timedelta(minutes=30)


async def test_a_gateway_that_is_down_loses_nothing_and_gets_each_message_once(tmp_path: Path) -> None:
    clock = FixedClock(in_utc(datetime.fromisoformat("2026-03-03T10:00:00+08:00")))
    first = demo.SmsGateway(signs=SECRET, checks=SECRET, clock=SystemClock())
    async with first.running():
        address = first.address
    port = int(address.rpartition(":")[2])
    channel = SmsGateway(
        SmsSettings(url=address, key=signing_key(SECRET), sender="10690001"), clock=SystemClock()
    )
    guards = Guards(rates="1000/second", failures=3, rest_s=0.05)
    async with room(tmp_path, channel, clock=clock, guards=guards) as here:
        messages = [await here.order(f"D-{number}", "sms") for number in range(MESSAGES)]
        await here.dispatcher().drain()
        guarded = here.channels["sms"]
        assert isinstance(guarded, GuardedChannel)
        assert guarded.health().state in ("DOWN", "PROBING")
        assert {(await here.message(one)).status for one in messages} <= {m.QUEUED, m.RETRY}
        again = demo.SmsGateway(signs=SECRET, checks=SECRET, clock=SystemClock())
        async with again.running(port), asyncio.timeout(60):
            while len(again.desk.messages) < MESSAGES:
                clock.advance(HALF_AN_HOUR)
                await asyncio.sleep(0.06)  # the circuit rests by the machine's clock
                await here.dispatcher().drain()
            assert sorted(one.key for one in again.desk.messages) == sorted(messages)
            assert len(again.desk.posts) == MESSAGES
        assert {(await here.message(one)).status for one in messages} == {m.DISPATCHED}
        assert guarded.health().state == "UP"
        assert here.faults == []
