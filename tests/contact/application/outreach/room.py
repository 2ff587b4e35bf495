"""The contact service's outreach, put together for tests: a real store, the real packs, templates and strategy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from services.contact.adapters.outreach.strategy_file import shipped as shipped_strategies
from services.contact.adapters.outreach.viewed_diary import ViewedOutreach
from services.contact.adapters.pack_files import shipped
from services.contact.adapters.texts.template_files import shipped_templates
from services.contact.adapters.texts.word_file import shipped_words
from services.contact.application.handle import ContactDesk, Meta
from services.contact.application.outreach.desk import outreach_of
from services.contact.application.outreach.room import OutreachRoom, outreach_room
from services.contact.application.sending.messages import MessageDesk
from services.contact.application.sending.ports import ReadyText
from services.contact.application.texts.templates import TemplateDesk
from services.contact.domain import commands as c
from services.contact.domain.facts.outreach import CaseHeard
from services.contact.domain.outreach.strategy import Strategy
from services.contact.projections.outreach import dial_tasks, outreaches
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Store
from shared.eventstore.projection.port import ViewDatabase
from shared.eventstore.projection.projections import Projections
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import FixedClock, in_utc
from shared.kernel.money import Money
from tests.contact.stores import opened

MONDAY = date(2026, 3, 2)
TEN = in_utc(datetime.fromisoformat("2026-03-02T10:00:00+08:00"))
"""Ten in the morning of the first day, in China."""
PHONE = "+8613912345678"
ALWAYS = {
    "zh-CN": {"institution": "示例银行", "hotline": "021-95588"},
    "en": {"institution": "Sample Bank", "hotline": "021-95588"},
}


class TemplatesReady:
    """The templates of the tenant, as sending asks for them."""

    def __init__(self, desk: TemplateDesk) -> None:
        self._desk = desk

    async def ready(
        self, template: str, version: int | None, *, channel: str, language: str, values: Mapping[str, str]
    ) -> ReadyText:
        """The text with these values."""
        number = version or (await self._desk.in_force(template, on=self._desk.today)).number
        text = await self._desk.render(template, number, language, values)
        return ReadyText(
            template=template, version=number, language=language, text=text.text, subject_line=text.subject_line,
            markers=text.markers, hash=text.hash,
        )  # fmt: skip


@dataclass
class Contact:
    """What tests reach for."""

    ledger: Ledger
    acts: ContactDesk
    room: OutreachRoom
    projections: Projections
    clock: FixedClock

    async def debtor(self, ref: str = "D-0001", *, phone: str | None = PHONE) -> str:
        """A debtor in China who is known by the account itself; the subject's id."""
        subject = self.acts.subject_id(ref)
        await self.acts.handle(
            subject,
            c.DescribeSubject(debtor_ref=ref, jurisdictions=("CN",), zones=("Asia/Shanghai",)),
            meta(f"{ref}-described"),
        )
        if phone is not None:
            point = self.acts.point_id("phone", phone)
            await self.acts.handle(
                subject, c.RecordPoint(point=point, medium="phone", value=phone), meta(f"{ref}-{phone}")
            )
        return subject

    def case_of(self, ref: str = "D-0001") -> str:
        """The debtor's first case."""
        return self.ledger.stream_id("case", ref, "1", debtor_ref=ref)

    async def opened_case(self, ref: str = "D-0001", **more: Any) -> str:
        """A case of 1,234.50 yuan in M1, linked and heard of; its outreach's id."""
        subject, case = await self.debtor(ref, **more), self.case_of(ref)
        account = self.ledger.stream_id("account", ref, debtor_ref=ref)
        await self.acts.handle(subject, c.LinkCase(case=case, debts=(account,)), meta(f"{ref}-linked"))
        await self.hear(ref, 1, "OPENED", amount=Money(123_450, "CNY"), until=MONDAY - timedelta(days=1))
        await self.hear(ref, 2, "STAGE", stage="M1")
        return outreach_of(case)

    async def hear(self, ref: str, version: int, kind: str, on: date | None = None, **more: Any) -> bool:
        """Hear a fact of the debtor's case, today unless `on` says otherwise."""
        told: dict[str, Any] = {"thing": None, "until": None, "stage": None, "cause": None} | more
        today = self.clock.now().astimezone(TEN.tzinfo).date()
        fact = CaseHeard(
            about=self.case_of(ref), subject=self.acts.subject_id(ref), version=version, kind=kind,
            on=on or today, event=f"event-{version}", heard_at=self.clock.now(), **told,
        )  # fmt: skip
        return await self.room.desk.hear(fact)

    async def days(self, n: float) -> None:
        """The clock goes on."""
        self.clock.advance(timedelta(days=n))

    async def said(self, outreach: str) -> list[str]:
        """What is on record of it beside what was heard, in short."""
        found = []
        for _, event in (await self.room.desk.load(outreach)).events:
            name = type(event).__name__
            if name in ("StepTaken", "StepSkipped", "StepDeferred"):
                why = getattr(event, "reason", None)
                found.append(" ".join(filter(None, (name, event.of.step, why))))
            elif name != "CaseHeard":
                found.append(name)
        return found

    async def queued(self, ref: str = "D-0001") -> list[str]:
        """The templates of the debtor's messages, each with its status."""
        known = (await self.acts.load(self.acts.subject_id(ref))).state
        return [one.status for one in known.messages.values()]


def meta(key: str) -> Meta:
    return Meta(actor="user:li", client="test", key=key)


@asynccontextmanager
async def contact(
    folder: Path,
    *,
    store: Store | None = None,
    views: ViewDatabase | None = None,
    strategies: tuple[Strategy, ...] | None = None,
    clock: FixedClock | None = None,
) -> AsyncIterator[Contact]:
    """The rooms of outreach over a store in `folder`, unless others are given."""
    clock = clock or FixedClock(TEN)
    async with opened(store or SqliteStore(folder / "contact.db"), folder, clock=clock) as ledger:
        projections = Projections(
            database=views or SqliteViews(folder / "contact.db"),
            source=LedgerSource(ledger, tenants=("default",)), clock=clock,
            views=(outreaches.VIEW, dial_tasks.VIEW),
        )  # fmt: skip
        await projections.open()
        acts = ContactDesk(ledger=ledger, tenant="default", packs=shipped(house=True), clock=clock)
        texts = TemplateDesk(
            ledger=ledger, tenant="default", shipped=shipped_templates, words=shipped_words, clock=clock,
            zone="Asia/Shanghai",
        )  # fmt: skip
        messages = MessageDesk(desk=acts, texts=TemplatesReady(texts), clock=clock)
        room = outreach_room(
            ledger=ledger, tenant="default", clock=clock, acts=acts, messages=messages, texts=texts,
            diary=ViewedOutreach(projections), shipped=strategies or shipped_strategies(), always=ALWAYS,
        )  # fmt: skip
        try:
            yield Contact(ledger, acts, room, projections, clock)
        finally:
            await projections.close()
