"""One message, one try: its intent is stored, the provider is asked once, its answer is stored.

Whatever ends this process in between, the intent says that the provider may have been asked. Whoever finds it then asks
the provider what became of the key, where it keeps keys; where it cannot be asked, the message is reported as
unresolved, and nobody sends it again but a person.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from services.contact.application.channel_port import NotTaken, Outgoing, Sent, Taken, Unknown
from services.contact.application.handle import ContactDesk, Handled, Meta
from services.contact.application.sending.ports import Due, GuardedChannel, Texts
from services.contact.domain.facts.message import DocumentEnclosed, MessageQueued, MessageSending
from services.contact.domain.sending import commands as c
from services.contact.domain.sending.document import DocumentErased, whole
from services.contact.domain.sending.message import SENDING
from services.contact.domain.sending.retry import NEVER_SEEN
from shared.eventstore.port import Busy, OutcomeUnknown, StoreUnavailable
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import ERASED
from shared.kernel.clock import Clock
from shared.kernel.ids import new_token
from shared.kernel.refusal import Refused

WHO = "system:dispatcher"
FORGOTTEN, TEXT_CHANGED, TEXT_UNAVAILABLE = "FORGOTTEN", "TEXT_CHANGED", "TEXT_UNAVAILABLE"
WORKER_LOST = "WORKER_LOST"
"""Why it is unresolved: who was sending it is gone, and this provider cannot be asked."""
STORE_AGAIN_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds. `lease_s` must leave room for a whole `deadline_s` after an intent is stored.

    `at_once`: no more than the guards let through (guarded.py): nothing waits between permit and provider.
    `resolve_for_s`: how long a provider that keeps keys is asked again what became of one before a person has to.
    """

    deadline_s: float = 30.0
    lease_s: float = 120.0
    look_s: float = 0.5
    at_once: int = 8
    find_again_s: float = 10.0
    resolve_for_s: float = 900.0
    unready_s: float = 30.0


PACE = Pace()


class Trying:
    """Tries messages that are leased to this worker."""

    def __init__(
        self,
        *,
        desk: ContactDesk,
        texts: Texts,
        channels: Mapping[str, GuardedChannel],
        clock: Clock,
        pace: Pace = PACE,
    ) -> None:
        self._desk, self._texts, self._channels = desk, texts, channels
        self._clock, self._pace = clock, pace
        self._turns = {name: asyncio.Lock() for name in channels}

    async def open_channels(self) -> frozenset[str]:
        """Channels that would take a message now."""
        return frozenset([name for name, channel in self._channels.items() if await channel.room_s() <= 0])

    async def take_on(self, due: Due) -> float | None:
        """Do what can be done now. Returns after how many seconds to look at it again, None: as soon as it is due."""
        begun = monotonic()
        if due.status == SENDING:
            return await self._resolve(due, begun)
        if self._clock.now() >= due.send_by:
            await self._begin(due, "NONE", begun)  # only says that it is too late
            return None
        channel = self._channels.get(due.channel)
        if channel is None:
            return self._pace.unready_s
        outgoing = await self._prepared(due, begun)
        return None if outgoing is None else await self._tried(due, channel, outgoing, begun)

    async def _tried(
        self, due: Due, channel: GuardedChannel, outgoing: Outgoing, begun: float
    ) -> float | None:
        """The intent, the question, the answer. No intent is stored for what the guards would turn away."""
        async with self._turns[due.channel]:
            if (wait_s := await channel.room_s()) > 0:
                return min(wait_s, self._pace.unready_s)
            handled = await self._begin(due, channel.name, begun)
            intent = next((one for one in handled.events if isinstance(one, MessageSending)), None)
            if intent is None:
                return None
            if monotonic() - begun > self._pace.lease_s - self._pace.deadline_s:
                return self._pace.lease_s  # too late under this lease: another may ask the provider already
            asked = asyncio.create_task(channel.send(outgoing, deadline_s=self._pace.deadline_s))
            await asyncio.sleep(0)  # it takes its place in the rate before the next one looks for room
        answer = await asked
        if isinstance(answer, Unknown) and channel.keeps_keys:
            return await self._ask(due, channel, intent.try_no, answer.cause, begun)
        await self._say(due, intent.try_no, answer, begun)
        return None

    async def _begin(self, due: Due, provider: str, begun: float) -> Handled:
        """Judged again, and the intent stored; every begin is a command of its own, of which one can win."""
        key = f"{due.message}|{due.tries + 1}|{new_token()}"
        permit = self._desk.permit_id(due.subject, client=WHO, key=key)
        command = c.BeginSending(
            message=due.message, permit=permit, provider=provider, key=due.message, by=WHO
        )
        return await self._store(due, command, key, begun)

    async def _prepared(self, due: Due, begun: float) -> Outgoing | None:
        """The message with its exact text; None, and it is put aside or withdrawn, where that cannot be had."""
        history = await self._desk.history(due.subject)
        queued, enclosed = _queued(history, due.message), _enclosed(history, due.message)
        if queued is None or enclosed is None:
            await self._store(due, c.WithdrawMessage(message=due.message, reason=FORGOTTEN), FORGOTTEN, begun)
            return None
        try:
            text = await self._texts.ready(
                queued.template, queued.template_version, channel=due.channel, language=queued.language,
                values=dict(queued.values),
            )  # fmt: skip
        except Refused:
            await self._aside(due, TEXT_UNAVAILABLE, begun)
            return None
        if self._desk.text_print(text.hash) != queued.text_hash:
            await self._aside(due, TEXT_CHANGED, begun)
            return None
        return Outgoing(
            key=due.message, address=queued.address, text=text.text, language=queued.language,
            subject_line=text.subject_line, addressee=dict(queued.values).get("name"), attachments=enclosed,
        )  # fmt: skip

    async def _aside(self, due: Due, cause: str, begun: float) -> None:
        key = f"{due.message}|{due.tries}|{cause}|{new_token()}"
        await self._store(due, c.SetMessageAside(message=due.message, cause=cause), key, begun)

    async def _resolve(self, due: Due, begun: float) -> float | None:
        """Somebody stored the intent and is gone: was it sent?"""
        channel = self._channels.get(due.channel)
        if channel is not None and channel.name == due.provider and channel.keeps_keys:
            return await self._ask(due, channel, due.tries, WORKER_LOST, begun)
        if channel is None or channel.name != due.provider:  # it may be configured again soon
            return await self._give_up(due, due.tries, WORKER_LOST, begun)
        await self._say(due, due.tries, Unknown(WORKER_LOST), begun)
        return None

    async def _ask(
        self, due: Due, channel: GuardedChannel, try_no: int, cause: str, begun: float
    ) -> float | None:
        """Ask a provider that keeps keys; while it cannot be asked, the message stays as it is."""
        found = await channel.find(due.message, deadline_s=self._pace.deadline_s)
        if found == "CANNOT_TELL":
            return await self._give_up(due, try_no, cause, begun)
        said = found if isinstance(found, Taken) else NotTaken(NEVER_SEEN, permanent=False)
        await self._say(due, try_no, said, begun)
        return None

    async def _give_up(self, due: Due, try_no: int, cause: str, begun: float) -> float | None:
        """After long enough a person has to look; until then it is looked at again."""
        lost_at = due.said_at if due.status == SENDING else self._clock.now()
        if self._clock.now() - lost_at < timedelta(seconds=self._pace.resolve_for_s):
            return self._pace.find_again_s
        await self._say(due, try_no, Unknown(cause), begun)
        return None

    async def _say(self, due: Due, try_no: int, answer: Sent, begun: float) -> None:
        command: c.MessageCommand
        match answer:
            case Taken(provider_ref):
                command = c.RecordDispatched(message=due.message, try_no=try_no, provider_ref=provider_ref)
            case NotTaken(cause, permanent, wait_s):
                command = c.RecordNotSent(
                    message=due.message, try_no=try_no, cause=cause, permanent=permanent, wait_s=wait_s
                )
            case Unknown(cause):
                command = c.RecordUnknown(message=due.message, try_no=try_no, cause=cause)
        await self._store(due, command, f"{due.message}|{try_no}|{new_token()}", begun)

    async def _store(self, due: Due, command: c.MessageCommand, key: str, begun: float) -> Handled:
        """Store it, again and again while the store is away and the lease lasts. Raises what the ledger raises."""
        meta = Meta(actor=WHO, client=WHO, key=key)
        while True:
            try:
                return await self._desk.handle(due.subject, command, meta)
            except (StoreUnavailable, OutcomeUnknown, Busy):
                if monotonic() - begun > self._pace.lease_s:
                    raise
                await asyncio.sleep(STORE_AGAIN_S)


def _enclosed(history: Sequence[Recorded[Any]], message: str) -> tuple[tuple[str, str, bytes], ...] | None:
    """What goes out with it as it is: none, or one document; None where that was erased."""
    parts = [
        seen.event
        for seen in history
        if isinstance(seen.event, DocumentEnclosed) and seen.event.message == message
    ]
    try:
        found = whole(parts)
    except DocumentErased:
        return None
    return () if found is None else ((found.name, found.media_type, found.content),)


def _queued(history: Sequence[Recorded[Any]], message: str) -> MessageQueued | None:
    """How it was queued; None where that was erased, in whole or in what it takes to send it."""
    for seen in history:
        event = seen.event
        if isinstance(event, MessageQueued) and event.message == message:
            personal: tuple[object, object] = (event.address, event.values)
            return None if ERASED in personal else event
    return None
