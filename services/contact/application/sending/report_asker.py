"""Reports that were lost: a provider that has told nothing of a message for a while is asked, at growing gaps.

What it says is recorded as if it had told it by itself, so a report that comes after all is on record already. After
the last gap a message stays as it is: sent, and nobody knows more.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from services.contact.application.channel_port import Receipt
from services.contact.application.sending.inbound import Inbound
from shared.eventstore.port import KeyReused
from shared.kernel.clock import Clock
from shared.kernel.refusal import Refused
from shared.telemetry import logs

ASKED_AFTER = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 240, 720, 1_440, 2_880, 4_320))
"""How long after it was sent a message is asked about, while nothing was told of it."""
PAGE = 200
OWED_MAX = 10_000
"""Messages kept in mind while their provider cannot be asked; the others are asked about after the next gap."""
DEADLINE_S = 10.0
LOOK_S = 0.5
"""How often the clock is looked at; a test clock may jump."""
PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 60.0


class Unreported(Protocol):
    """A message its provider took, of which nothing was told."""

    @property
    def message(self) -> str:
        """Its id, which is its key."""

    @property
    def channel(self) -> str:
        """Its channel."""

    @property
    def sent_at(self) -> datetime:
        """Since when the provider has it."""


class UnreportedMessages(Protocol):
    """What the record has of messages without a report."""

    async def unreported(
        self,
        *,
        providers: Collection[str],
        sent_from: datetime,
        sent_until: datetime,
        after: tuple[datetime, str] | None,
        limit: int,
    ) -> Sequence[Unreported]:
        """Those sent from `sent_from` up to and not including `sent_until`, the oldest first, after the cursor."""


class AskedChannel(Protocol):
    """A channel whose provider can be asked what became of a message."""

    name: str

    async def receipts(self, key: str, *, deadline_s: float) -> tuple[Receipt, ...] | None:
        """Everything it has to report of a key; None where it cannot be asked."""


class ReportAsker:
    """Asks until it is stopped; `channels` by their names."""

    name = "reports"

    def __init__(
        self,
        *,
        messages: UnreportedMessages,
        channels: Mapping[str, AskedChannel],
        inbound: Inbound,
        clock: Clock,
    ) -> None:
        self._messages, self._channels = messages, dict(channels)
        self._inbound, self._clock = inbound, clock
        self._looked_at: datetime | None = None
        self._owed: dict[str, Unreported] = {}
        self._stopping = asyncio.Event()
        self._log = logs.logger("reports")

    def stop(self) -> None:
        """Finish the question at hand and return from `run`; whoever comes next asks again."""
        self._stopping.set()

    async def run(self) -> None:
        """Ask what is due, then again when the next minute has begun."""
        done: datetime | None = None
        pause = PAUSE_FIRST_S
        while not self._stopping.is_set():
            minute = self._clock.now().replace(second=0, microsecond=0)
            if minute == done or not self._channels:
                await self._pause(LOOK_S)
                continue
            try:
                await self.look()
                done, pause = minute, PAUSE_FIRST_S
            except Exception as problem:  # outer loop of the worker: name it, pause, go on
                self._log.warning("fault", error=type(problem).__name__)
                await self._pause(pause)
                pause = min(2 * pause, PAUSE_MAX_S)

    async def look(self) -> int:
        """Ask of every message that has become due for it since the last look: how many reports were recorded.

        The first look asks of all that are within the last gap. A provider that cannot be asked is left alone until
        the next look. Raises what the views and the ledger raise.
        """
        now, told = self._clock.now(), 0
        owed, self._owed = self._owed, {}
        away: set[str] = set()
        for one in owed.values():
            told += await self._ask(one, away)
        for sent_from, sent_until in self._spans(now):
            async for one in self._due(sent_from, sent_until):
                told += await self._ask(one, away)
        if not self._stopping.is_set():
            self._looked_at = now
        return told

    def _spans(self, now: datetime) -> list[tuple[datetime, datetime]]:
        """Between which instants messages were sent that have become due for a question."""
        if self._looked_at is None:
            return [(now - ASKED_AFTER[-1], now - ASKED_AFTER[0])]
        return [(self._looked_at - gap, now - gap) for gap in ASKED_AFTER]

    async def _due(self, sent_from: datetime, sent_until: datetime) -> AsyncIterator[Unreported]:
        providers = {one.name for one in self._channels.values()}
        after: tuple[datetime, str] | None = None
        while not self._stopping.is_set():
            page = await self._messages.unreported(
                providers=providers, sent_from=sent_from, sent_until=sent_until, after=after, limit=PAGE
            )
            for one in page:
                yield one
            if len(page) < PAGE:
                return
            after = page[-1].sent_at, page[-1].message

    async def _ask(self, one: Unreported, away: set[str]) -> int:
        channel = self._channels.get(one.channel)
        if channel is None or self._stopping.is_set():
            return 0
        found = None
        if one.channel not in away:
            found = await channel.receipts(one.message, deadline_s=DEADLINE_S)
        if found is None:
            away.add(one.channel)
            if len(self._owed) < OWED_MAX:
                self._owed[one.message] = one
            return 0
        try:
            for receipt in found:
                await self._inbound.report(channel.name, receipt)
        except (Refused, KeyReused) as problem:  # one message's report holds up no other
            self._log.warning("not_recorded", message=one.message, error=type(problem).__name__)
            return 0
        return len(found)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass
