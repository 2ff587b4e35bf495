"""The worker of outreach: it looks at every case of which something may be due, and answers every step that is.

Looks are noted, so a quiet case costs nothing; a note that is lost costs one look. Several workers share: what each
does is idempotent, and the stream's version decides who says it.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from services.contact.application.outreach.desk import Loaded, OutreachDesk, today
from services.contact.application.outreach.strategies import OutreachStrategies
from services.contact.application.outreach.taking import StepTaker
from services.contact.domain.facts import outreach as f
from services.contact.domain.outreach import steps
from services.contact.domain.outreach.follow import follow
from services.contact.domain.outreach.standing import ENDED, PAUSED, SOFTENED
from services.contact.domain.outreach.steps import Next
from services.contact.domain.outreach.strategy import StrategyBook
from shared.eventstore.port import StaleVersion
from shared.kernel.clock import Clock

PAGE = 200
AT_ONCE = 16
"""Looked at together, so that their commands share a flush to disk."""
ATTEMPTS_MAX = 20
NEVER = timedelta(days=3_660)
"""When to look again at what time alone will not change: its stream's next event makes the note out of date."""


@dataclass(frozen=True, slots=True)
class Looked:
    """An outreach that was looked at: nothing is to be done at this version before `look_at`."""

    id: str
    version: int
    look_at: datetime


@dataclass(slots=True)
class Worked:
    """What one look at all that was due came to; `failed`: outreach id and the class of the fault."""

    looked: int = 0
    taken: int = 0
    skipped: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


class OutreachDiary(Protocol):
    """At which outreach something may be due: a view, and what workers noted in it."""

    async def catch_up(self) -> None:
        """Bring it up to the head."""

    async def due(self, *, now: datetime, book: str, after: str, limit: int) -> Sequence[str]:
        """Outreach to look at, by id, after the cursor."""

    async def note(self, looked: Sequence[Looked], *, book: str) -> None:
        """Write down when to look at these again."""


class OutreachWork:
    """The work of one tenant."""

    def __init__(
        self,
        *,
        desk: OutreachDesk,
        strategies: OutreachStrategies,
        taker: StepTaker,
        diary: OutreachDiary,
        clock: Clock,
    ) -> None:
        self._desk, self._strategies, self._taker = desk, strategies, taker
        self._diary, self._clock = diary, clock

    @property
    def minute(self) -> datetime:
        """The minute that it is: once in each is looked at what is due."""
        return self._clock.now().replace(second=0, microsecond=0)

    async def look(self, *, stopping: Callable[[], bool] = lambda: False) -> Worked:
        """Look at all that is due. Raises what store and views raise; a fault of one outreach is told, not raised."""
        await self._diary.catch_up()
        book, now, after, done = await self._strategies.book(), self._clock.now(), "", Worked()
        while page := await self._diary.due(now=now, book=book.fingerprint, after=after, limit=PAGE):
            looked: list[Looked] = []
            for first in range(0, len(page), AT_ONCE):
                if stopping():
                    break
                some = page[first : first + AT_ONCE]
                found = await asyncio.gather(*(self._safely(one, book, done) for one in some))
                looked += [one for one in found if one is not None]
            await self._diary.note(looked, book=book.fingerprint)
            done.looked += len(looked)
            if stopping() or len(page) < PAGE:
                break
            after = page[-1]
        return done

    async def _safely(self, outreach: str, book: StrategyBook, done: Worked) -> Looked | None:
        try:
            return await self._one(outreach, book, done)
        except Exception as fault:  # one outreach: name it, go on; it is looked at again
            done.failed.append((outreach, type(fault).__name__))
            return None

    async def _one(self, outreach: str, book: StrategyBook, done: Worked) -> Looked:
        """Answer all that is due of one outreach."""
        loaded, now = await self._followed(outreach, book)
        for one in steps.next_steps(loaded.state, book, now):
            if one.act == steps.TAKE:
                events = await self._taker.take(loaded, one.occurrence, now)
                loaded = await self._said(loaded, one, events, done)
            elif one.act == steps.SKIP:
                loaded = await self._said(loaded, one, (_skipped(one, now),), done)
        await self._call_off(loaded, book, now)
        due = steps.look_at(loaded.state, book, now)
        return Looked(outreach, loaded.version, now + NEVER if due is None else due)

    async def _followed(self, outreach: str, book: StrategyBook) -> tuple[Loaded, datetime]:
        """The outreach, with its standing as of now on record."""
        for _ in range(ATTEMPTS_MAX):
            loaded, now = await self._desk.load(outreach), self._clock.now()
            events = follow(loaded.state, today=today(book, now), at=now)
            if not events or loaded.state.subject is None:
                return loaded, now
            with suppress(StaleVersion):
                key = f"follow|{now.isoformat()}"
                return await self._desk.append(loaded, events, subject=loaded.state.subject, key=key), now
        raise StaleVersion(outreach, 0, 0)

    async def _said(
        self, loaded: Loaded, one: Next, events: Sequence[f.OutreachEvent], done: Worked
    ) -> Loaded:
        """Put what became of a step on record, unless another worker has: done is done, whatever came between."""
        of = one.occurrence.of
        for _ in range(ATTEMPTS_MAX):
            with suppress(StaleVersion):
                subject = loaded.state.subject or ""
                key = f"step|{of.scope}|{of.anchor}|{of.step}|{of.time}|{type(events[-1]).__name__}"
                after = await self._desk.append(loaded, events, subject=subject, key=key)
                done.taken += any(isinstance(event, f.StepTaken) for event in events)
                done.skipped += any(isinstance(event, f.StepSkipped) for event in events)
                return after
            loaded = await self._desk.load(loaded.id)
            if any(known.of == of for known in loaded.state.done):
                return loaded
        raise StaleVersion(loaded.id, 0, 0)

    async def _call_off(self, loaded: Loaded, book: StrategyBook, now: datetime) -> None:
        """While outreach is paused, softened or over, messages of its steps that still wait are withdrawn.

        Also those of steps of which nobody could yet say that they were taken: a worker was cut off in between.
        """
        standing = loaded.state.heard.standing(today(book, now))
        if standing.state not in (PAUSED, SOFTENED, ENDED) or loaded.state.subject is None:
            return
        sent = [one.of for one in loaded.state.done if isinstance(one, f.StepTaken) and one.message]
        soft = {of.scope for of in sent} & set(standing.because) if standing.state == SOFTENED else set()
        waiting = [
            one.occurrence.of
            for one in steps.next_steps(loaded.state, book, now)
            if one.act == steps.WAIT and one.occurrence.step.template is not None and not one.occurrence.soft
        ]
        for of in (*sent, *waiting):
            if of.scope not in soft:
                await self._taker.call_off(loaded, of)


def _skipped(one: Next, now: datetime) -> f.StepSkipped:
    assert one.reason is not None, "a step is skipped for a reason"
    return f.StepSkipped(of=one.occurrence.of, at=now, reason=one.reason, rules=(), permit=None)
