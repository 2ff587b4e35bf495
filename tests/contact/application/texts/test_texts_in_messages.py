"""From template to refusal: what a text says is what the rules decide on, and both are on record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from services.contact.adapters.pack_files import shipped
from services.contact.adapters.texts.template_files import shipped_templates
from services.contact.adapters.texts.word_file import shipped_words
from services.contact.application.handle import ContactDesk, Meta
from services.contact.application.sending.messages import MessageDesk, Wanted
from services.contact.application.texts.templates import TemplateDesk, TemplateOfAnotherChannel
from services.contact.domain import commands as c
from services.contact.domain.facts.asking import ContactRefused
from services.contact.domain.facts.message import MessageQueued
from services.contact.domain.texts.values import TemplateValueUnfit
from shared.kernel.clock import FixedClock, in_utc
from tests.contact.stores import contact_store, opened
from tests.contact.texts import VALUES

TUESDAY = in_utc(datetime.fromisoformat("2026-03-03T10:00:00+08:00"))
REMIND = Wanted(
    channel="sms", template="m1-remind", version=None, language="zh-CN", values=VALUES, debts=("D",),
)  # fmt: skip


class Ordering:
    """A debtor in Shanghai with a number, and messages to them."""

    def __init__(self, desk: ContactDesk, messages: MessageDesk, texts: TemplateDesk) -> None:
        self.desk, self.messages, self.texts = desk, messages, texts
        self.subject = desk.subject_id("D-1")

    async def begin(self) -> None:
        """The debtor is known."""
        described = c.DescribeSubject(debtor_ref="D-1", jurisdictions=("CN",), zones=("Asia/Shanghai",))
        point = self.desk.point_id("phone", "+8613912345678")
        number = c.RecordPoint(point=point, medium="phone", value="+8613912345678")
        for key, command in (("described", described), ("number", number)):
            await self.desk.handle(self.subject, command, meta(key))


def meta(key: str) -> Meta:
    return Meta(actor="user:anna", client="tests", key=key)


@asynccontextmanager
async def ordering(folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Ordering]:
    clock = FixedClock(TUESDAY)
    async with opened(contact_store("sqlite", folder, request), folder, clock=clock) as ledger:
        desk = ContactDesk(ledger=ledger, tenant="default", packs=shipped(house=True), clock=clock)
        texts = TemplateDesk(
            ledger=ledger, tenant="default", shipped=shipped_templates, words=shipped_words, clock=clock,
            zone="Asia/Shanghai",
        )  # fmt: skip
        found = Ordering(desk, MessageDesk(desk=desk, texts=texts, clock=clock), texts)
        await found.begin()
        yield found


async def test_a_lawful_text_is_queued_and_can_be_made_again_from_what_is_on_record(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with ordering(tmp_path, request) as there:
        ordered = await there.messages.order(there.subject, REMIND, meta("1"))
        assert ordered.queued
        [queued] = [
            seen.event
            for seen in await there.desk.history(there.subject)
            if isinstance(seen.event, MessageQueued)
        ]
        again = await there.texts.render(
            queued.template, queued.template_version, queued.language, dict(queued.values)
        )
        assert there.desk.text_print(again.hash) == queued.text_hash
        assert queued.proposed.purpose == "collect"
        assert set(again.markers) <= set(queued.proposed.content)


async def test_a_value_that_threatens_is_refused_by_the_rule_on_content_and_that_is_on_record(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with ordering(tmp_path, request) as there:
        stern = replace(REMIND, values=VALUES | {"name": "老赖王小明"})
        ordered = await there.messages.order(there.subject, stern, meta("1"))
        assert not ordered.queued
        assert isinstance(ordered.decision, ContactRefused)
        assert [one.rule for one in ordered.decision.failed] == ["HOUSE-CONTENT"]
        with pytest.raises(TemplateValueUnfit):
            await there.messages.order(
                there.subject, replace(REMIND, values=VALUES | {"name": "{amount}"}), meta("2")
            )
        with pytest.raises(TemplateOfAnotherChannel):
            await there.messages.order(there.subject, replace(REMIND, template="m3-formal"), meta("3"))


async def test_a_reminder_is_not_passed_off_as_something_else(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with ordering(tmp_path, request) as there:
        stop = c.OptOut(channel="sms")
        await there.desk.handle(there.subject, stop, meta("stop"))
        passed_off = replace(REMIND, purpose="optout_confirmation")
        ordered = await there.messages.order(there.subject, passed_off, meta("1"))
        assert isinstance(ordered.decision, ContactRefused)
        assert "HOUSE-MEDIA" in [one.rule for one in ordered.decision.failed]
        told = replace(
            REMIND, template="optout-confirmation-sms",
            values={name: VALUES[name] for name in ("institution", "hotline")},
        )  # fmt: skip
        assert (await there.messages.order(there.subject, told, meta("2"))).queued
