"""The contact service's sending, put together for tests: a real store, the real packs, channels as given."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from services.contact.adapters.pack_files import shipped
from services.contact.adapters.sending.viewed_outbox import ViewedOutbox
from services.contact.application.channel_port import Channel, Found, Outgoing, Sent, Taken
from services.contact.application.handle import ContactDesk, Meta
from services.contact.application.sending.dispatching import Dispatcher
from services.contact.application.sending.guarded import GuardedChannel, Guards
from services.contact.application.sending.messages import MessageDesk, Wanted
from services.contact.application.sending.ports import ReadyText
from services.contact.application.sending.trying import Pace, Trying
from services.contact.domain import commands as c
from services.contact.domain.sending.message import Message
from services.contact.projections.sending import outbox
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Store
from shared.eventstore.projection.port import ViewDatabase
from shared.eventstore.projection.projections import Projections
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import Clock, SystemClock, in_utc
from shared.kernel.refusal import Refused
from tests.contact.stores import opened

TUESDAY = in_utc(datetime.fromisoformat("2026-03-03T10:00:00+08:00"))
"""Ten in the morning in China: nothing stands against a message."""
PACE = Pace(deadline_s=5.0, lease_s=20.0, look_s=0.02, find_again_s=0.1, unready_s=0.2)
ADDRESSES = {"email": "zhang.wei@example.com", "sms": "+8613912345678"}
MEDIA = {"email": "email", "sms": "phone"}


class NoSuchText(Refused):
    """The tests' templates hold no such text."""

    code = "tests-no-such-text"
    title_en = "No such text"
    title_zh = "没有该文本"


class PlainTexts:
    """Texts of one line each. `changed`: as if a template came out differently than it did when it was queued."""

    def __init__(self) -> None:
        self.changed = False
        self.gone = False

    async def ready(
        self, template: str, version: int | None, *, channel: str, language: str, values: Mapping[str, str]
    ) -> ReadyText:
        """The template's name and the values."""
        if self.gone:
            raise NoSuchText
        text = f"{template}: {', '.join(f'{name} {value}' for name, value in sorted(values.items()))}"
        text += " (changed)" if self.changed else ""
        return ReadyText(
            template=template, version=version or 1, language=language, text=text, subject_line="提醒",
            markers=("identifies_institution",), hash=hashlib.sha256(text.encode()).hexdigest(),
        )  # fmt: skip


class RunningClock:
    """A clock that shows `begins` at the real instant `since` and runs as the real one does."""

    def __init__(self, *, begins: datetime = TUESDAY, since: datetime | None = None) -> None:
        self._begins, self.since = begins, since or SystemClock().now()

    def now(self) -> datetime:
        """The present instant."""
        return self._begins + (SystemClock().now() - self.since)


@dataclass
class Scripted:
    """A provider of the tests' own: answers what it is told to, one after the other, and notes what it was asked."""

    answers: list[Sent]
    finds: list[Found]
    channel: str = "email"
    name: str = "scripted"
    keeps_keys: bool = True

    def __post_init__(self) -> None:
        """Nothing was asked yet."""
        self.sent: list[Outgoing] = []
        self.asked: list[str] = []

    async def send(self, message: Outgoing, *, deadline_s: float) -> Sent:
        """The next answer; Taken when there is none left."""
        self.sent.append(message)
        return self.answers.pop(0) if self.answers else Taken(f"ref-{len(self.sent)}")

    async def find(self, key: str, *, deadline_s: float) -> Found:
        """The next answer; CANNOT_TELL when there is none left."""
        self.asked.append(key)
        return self.finds.pop(0) if self.finds else "CANNOT_TELL"

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass
class Room:
    """What tests reach for."""

    ledger: Ledger
    desk: ContactDesk
    messages: MessageDesk
    projections: Projections
    texts: PlainTexts
    clock: Clock
    channels: Mapping[str, GuardedChannel]
    pace: Pace
    faults: list[tuple[str | None, str]]

    def dispatcher(self, **changes: Any) -> Dispatcher:
        """A worker."""
        given: dict[str, Any] = {
            "desk": self.desk, "texts": self.texts, "channels": self.channels, "clock": self.clock, "pace": self.pace,
        }  # fmt: skip
        return Dispatcher(
            queue=ViewedOutbox(self.projections), trying=Trying(**(given | changes)), clock=self.clock,
            on_fault=lambda message, error: self.faults.append((message, error)), pace=self.pace,
        )  # fmt: skip

    async def debtor(self, ref: str, channel: str = "email", address: str | None = None) -> str:
        """A debtor in China with one point; the subject's id."""
        subject = self.desk.subject_id(ref)
        value = address or ADDRESSES[channel]
        point = self.desk.point_id(MEDIA[channel], value)
        for number, command in enumerate(
            (
                c.DescribeSubject(debtor_ref=ref, jurisdictions=("CN",), zones=("Asia/Shanghai",)),
                c.RecordPoint(point=point, medium=MEDIA[channel], value=value),
            )
        ):
            await self.desk.handle(subject, command, meta(f"{ref}-{channel}-{number}"))
        return subject

    async def order(self, ref: str, channel: str = "email", key: str = "1", **changes: Any) -> str:
        """A message to a debtor made for it; the message's id."""
        subject = await self.debtor(ref, channel)
        made = await self.messages.order(subject, wanted(channel, **changes), meta(f"{ref}-{key}"))
        return made.message

    async def message(self, message: str) -> Message:
        """As its stream has it."""
        subject = "subject-" + _uuid(message)
        return (await self.desk.load(subject)).state.messages[message]

    async def events(self, message: str) -> list[str]:
        """The names of the events of its subject's stream that are about messages or permits."""
        history = await self.desk.history("subject-" + _uuid(message))
        names = [type(seen.event).__name__ for seen in history]
        return [name for name in names if name.startswith(("Message", "Delivery", "Contact", "PointEnded"))]


def _uuid(message: str) -> str:
    digits = message.removeprefix("cat_")[:32]
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def meta(key: str, actor: str = "user:li") -> Meta:
    return Meta(actor=actor, client="test", key=key)


def wanted(channel: str = "email", **changes: Any) -> Wanted:
    given: dict[str, Any] = {
        "channel": channel, "template": "reminder", "language": "zh-CN", "values": {"amount": "1,234.50"},
    }  # fmt: skip
    return Wanted(**(given | changes))


def within(**span: float) -> datetime:
    """An instant so long after TUESDAY."""
    return TUESDAY + timedelta(**span)


@asynccontextmanager
async def room(
    folder: Path,
    *channels: Channel,
    clock: Clock | None = None,
    pace: Pace = PACE,
    guards: Guards = Guards(rates="1000/second", failures=1_000),
    store: Store | None = None,
    views: ViewDatabase | None = None,
    desk_of: type[ContactDesk] = ContactDesk,
) -> AsyncIterator[Room]:
    """The rooms of sending over a store in `folder`, unless others are given."""
    clock = clock or RunningClock()
    async with opened(store or SqliteStore(folder / "contact.db"), folder, clock=clock) as ledger:
        projections = Projections(
            database=views or SqliteViews(folder / "contact.db"),
            source=LedgerSource(ledger, tenants=("default",)), clock=clock, views=(outbox.VIEW,),
        )  # fmt: skip
        await projections.open()
        desk = desk_of(ledger=ledger, tenant="default", packs=shipped(house=True), clock=clock)
        texts = PlainTexts()
        guarded = {one.channel: GuardedChannel(one, guards) for one in channels}
        try:
            yield Room(
                ledger, desk, MessageDesk(desk=desk, texts=texts, clock=clock), projections, texts, clock,
                guarded, pace, [],
            )  # fmt: skip
        finally:
            await projections.close()
