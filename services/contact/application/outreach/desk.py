"""Outreach streams: the case service is heard once, and events are appended on the version they were decided on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.contact.application.handle import SubjectBusy
from services.contact.application.outreach.strategies import OutreachStrategies
from services.contact.domain.facts.outreach import CaseHeard, OutreachEvent
from services.contact.domain.outreach.follow import hear
from services.contact.domain.outreach.outreach import Outreach, fold
from services.contact.domain.outreach.strategy import StrategyBook
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.eventstore.registry import Erased
from shared.kernel.clock import Clock, day_in
from shared.kernel.refusal import Refused

CATEGORY = "outreach-"
ACTOR = "system:outreach"
ATTEMPTS_MAX = 20


class OutreachUnknown(Refused):
    """The contact service has heard nothing of such a case, or all it knew was forgotten."""

    code = "outreach-unknown"
    title_en = "There is no outreach of that id"
    title_zh = "没有该触达记录"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Outreach about one case as its stream has it; version 0: nothing was heard of it."""

    id: str
    state: Outreach
    version: int
    events: Sequence[tuple[datetime, Any]] = ()
    """What is on record, with when it was recorded; what was erased is left out."""


def outreach_of(about: str) -> str:
    """The outreach stream of a case or an account: the same uuid, so the same lane."""
    return CATEGORY + about.partition("-")[2]


def is_outreach(text: str) -> bool:
    """Is it written as the id of an outreach is?"""
    try:
        return text.startswith(CATEGORY) and str(UUID(text.removeprefix(CATEGORY))) == text.removeprefix(
            CATEGORY
        )
    except ValueError:
        return False


class OutreachDesk:
    """The outreach of one tenant."""

    def __init__(self, *, ledger: Ledger, tenant: str, strategies: OutreachStrategies, clock: Clock) -> None:
        self._ledger, self._tenant, self._clock = ledger, tenant, clock
        self._strategies = strategies

    async def hear(self, fact: CaseHeard, *, cause: UUID | None = None) -> bool:
        """Hear what the case service said, and what follows from it; False if it was heard before.

        Raises SubjectBusy, what the ledger raises.
        """
        book = await self._strategies.book()
        for _ in range(ATTEMPTS_MAX):
            loaded = await self.load(outreach_of(fact.about))
            events = hear(loaded.state, fact, today=today(book, self._clock.now()))
            if not events:
                return False
            try:
                await self.append(
                    loaded, events, subject=fact.subject, key=f"heard|{fact.version}", cause=cause
                )
            except StaleVersion:
                continue
            return True
        raise SubjectBusy

    async def load(self, outreach: str) -> Loaded:
        """The outreach as the ledger has it."""
        history = await self._ledger.whole_stream(outreach, tenant=self._tenant)
        told = [(seen.recorded_at, seen.event) for seen in history if not isinstance(seen.event, Erased)]
        version = history[-1].version if history else 0
        return Loaded(outreach, fold(event for _, event in told), version, told)

    async def append(
        self,
        loaded: Loaded,
        events: Sequence[OutreachEvent],
        *,
        subject: str,
        key: str,
        cause: UUID | None = None,
    ) -> Loaded:
        """Append events to the outreach as it was loaded; `key` tells the command. Raises StaleVersion."""
        names = [subject, f"staff:{ACTOR}"]
        people = await self._ledger.subjects(names, tenant=self._tenant)
        subjects = {"debtor": people[names[0]], "staff": people[names[1]]}
        new = tuple(NewEvent(event, effective_at(event), subjects, None, cause) for event in events)
        await self._ledger.commit(
            Command(
                tenant=self._tenant,
                command_id=self._ledger.command_id(
                    ACTOR, f"{loaded.id}|{loaded.version}", key, tenant=self._tenant
                ),
                fingerprint=key.encode(),
                actor=ACTOR,
                writes=(StreamWrite(loaded.id, loaded.version, new),),
            )
        )
        told = [*loaded.events, *((self._clock.now(), event) for event in events)]
        return Loaded(loaded.id, fold(events, loaded.state), loaded.version + len(new), told)


def effective_at(event: OutreachEvent) -> datetime:
    """When it happened, as far as contact goes: a fact of the case when it was heard."""
    return event.heard_at if isinstance(event, CaseHeard) else event.at


def today(book: StrategyBook, now: datetime) -> date:
    """The day where the strategies read their dates."""
    strategy = book.for_day(now.date())
    return now.date() if strategy is None else day_in(now, strategy.zone)
