"""What a step orders is sent through a real gateway, with the shipped text and the facts of the case in it."""

from __future__ import annotations

from pathlib import Path

from services.contact.wiring import ContactSettings, open_contact
from services.main.offset_clock import OffsetClock
from shared.kernel.clock import FixedClock
from tests.contact.application.outreach.room import ALWAYS, PHONE, TEN, Contact
from tests.kit.sms_gateway import sms_gateway


async def test_a_soft_reminder_reaches_the_gateway_once_with_what_is_owed(tmp_path: Path) -> None:
    shown = OffsetClock(tmp_path / "clock")
    shown.set(TEN)
    clock = FixedClock(TEN)
    with sms_gateway(clock=tmp_path / "clock") as gateway:
        settings = ContactSettings(
            place=tmp_path / "contact.db", key_file=tmp_path / "keys.json", deployment="quittance.test",
            tenant="default", shards=1, always=ALWAYS,
            channels={
                "QUITTANCE_SMS_URL": gateway.address, "QUITTANCE_SMS_SECRET": gateway.secret,
                "QUITTANCE_SMS_SENDER": "10690001",
            },
        )  # fmt: skip
        async with open_contact(settings, clock=clock, provision=True) as service:
            room = Contact(service.ledger, service.acts, service.outreach, service.projections, clock)
            outreach = await room.opened_case()
            await service.outreach.work.look()
            await service.sending.dispatcher.drain()
            await service.outreach.work.look()
            await service.sending.dispatcher.drain()
            [sent] = gateway.messages()
            assert sent["to"] == PHONE
            assert sent["text"].startswith("【示例银行】客户您好，您")
            for part in ("0001", "人民币1,234.50元", "2026年3月1日", "021-95588", "回复T退订"):
                assert part in sent["text"]
            assert await room.queued() == ["DISPATCHED"]
            assert await room.said(outreach) == ["OutreachStarted", "StepTaken soft-reminder"]
            await room.hear("D-0001", 3, "CLOSED", cause="CURED")
            await service.outreach.work.look()
            assert await room.queued() == ["DISPATCHED"], "what was sent was sent"
