"""The outreach strategies of one tenant: proposed by one person, published or rejected by another."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.contact.application.handle import SubjectBusy
from services.contact.domain.facts.outreach import (
    OutreachStrategyEvent,
    OutreachStrategyProposed,
    OutreachStrategyPublished,
    OutreachStrategyRejected,
)
from services.contact.domain.outreach.document import of_document
from services.contact.domain.outreach.strategy import (
    OutreachStrategiesOverlap,
    OutreachStrategyBeginsTooEarly,
    OutreachStrategyChanged,
    Strategy,
    StrategyBook,
)
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.eventstore.registry import Erased
from shared.kernel.clock import Clock, day_in
from shared.kernel.four_eyes import NotAwaitingApproval, second_person
from shared.kernel.refusal import Refused

STREAM = "strategy"
SHIPPED, PROPOSED, PUBLISHED, REJECTED = "SHIPPED", "PROPOSED", "PUBLISHED", "REJECTED"
STATUSES = (SHIPPED, PROPOSED, PUBLISHED, REJECTED)
FRESH = timedelta(seconds=30)
"""How long a worker goes by the versions it read: a new one begins tomorrow at the earliest."""
ATTEMPTS_MAX = 8
_DAY = timedelta(days=1)


class OutreachStrategyUnknown(Refused):
    """The tenant has no outreach strategy of that version. `GET /v1/outreach-strategies` lists those there are."""

    code = "outreach-strategy-unknown"
    title_en = "There is no such outreach strategy version"
    title_zh = "没有这个触达策略版本"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A strategy and how it stands. `maker` is None for what is shipped, or where the name was erased."""

    strategy: Strategy
    status: str
    maker: str | None
    proposed_at: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """All versions, oldest first, and the version of the stream they stand on (0: none was ever proposed)."""

    versions: tuple[Version, ...]
    stream_version: int

    def of(self, version: str) -> Version:
        """The version of that id. Raises OutreachStrategyUnknown."""
        found = next((one for one in self.versions if one.strategy.version.id == version), None)
        if found is None:
            raise OutreachStrategyUnknown
        return found

    @property
    def book(self) -> StrategyBook:
        """Those that decide: what the tenant published, and what is shipped until the first of these begins."""
        own = [one.strategy for one in self.versions if one.status == PUBLISHED]
        first = min((one.version.effective_from for one in own), default=date.max)
        shipped = [one.strategy for one in self.versions if one.status == SHIPPED]
        return StrategyBook((*(one for one in shipped if one.version.effective_from < first), *own))


class OutreachStrategies:
    """The strategies of one tenant; each decision is the write it leads to, none where it is on record."""

    def __init__(self, *, ledger: Ledger, tenant: str, clock: Clock, shipped: tuple[Strategy, ...]) -> None:
        self._ledger, self._tenant, self._clock, self._shipped = ledger, tenant, clock, shipped
        self.stream = ledger.stream_id(STREAM, STREAM, debtor_ref=STREAM, tenant=tenant)
        self._book: tuple[datetime, StrategyBook] | None = None

    async def known(self) -> Known:
        """Every version as the record has it now."""
        history = await self._ledger.whole_stream(self.stream, tenant=self._tenant)
        own = _versions([seen.event for seen in history if not isinstance(seen.event, Erased)])
        shipped = [
            Version(strategy=one, status=SHIPPED, maker=None, proposed_at=None, decided_at=None)
            for one in self._shipped
            if all(one.version.id != other.strategy.version.id for other in own)
        ]
        return Known((*shipped, *own), history[-1].version if history else 0)

    async def book(self) -> StrategyBook:
        """The strategies that decide, read anew after FRESH."""
        now = self._clock.now()
        if self._book is None or not self._book[0] <= now < self._book[0] + FRESH:
            self._book = (now, (await self.known()).book)
        return self._book[1]

    @property
    def today(self) -> date:
        """The day in the zone of the newest strategy that is known."""
        book = self._book[1] if self._book else StrategyBook(self._shipped)
        strategy, now = book.for_day(date.max), self._clock.now()
        return now.date() if strategy is None else day_in(now, strategy.zone)

    async def propose(
        self, strategy: Strategy, *, actor: str, dry_run: bool = False
    ) -> Sequence[StreamWrite]:
        """Propose a strategy; the same again adds nothing.

        Raises OutreachStrategyChanged, OutreachStrategiesOverlap, OutreachStrategyBeginsTooEarly.
        """
        known = await self.known()
        before = next((one for one in known.versions if one.strategy.version.id == strategy.version.id), None)
        if before is not None:
            if before.strategy.content != strategy.content or before.status == REJECTED:
                raise OutreachStrategyChanged(strategy=strategy.version.id)
            return ()
        self._require_follows(known, strategy)
        event = OutreachStrategyProposed(
            strategy=strategy.version.id,
            content=strategy.content,
            effective_from=strategy.version.effective_from,
            at=self._clock.now(),
            document=strategy.document,
            by=actor,
        )
        return await self._writes(known, event, actor=actor, dry_run=dry_run)

    async def publish(self, version: str, *, actor: str, dry_run: bool = False) -> Sequence[StreamWrite]:
        """Publish what another person proposed.

        Raises OutreachStrategyUnknown, NotAwaitingApproval, MakerIsChecker, OutreachStrategiesOverlap,
        OutreachStrategyBeginsTooEarly.
        """
        known = await self.known()
        one = _awaiting(known, version, actor)
        self._require_follows(known, one.strategy)
        event = OutreachStrategyPublished(
            strategy=version,
            content=one.strategy.content,
            effective_from=one.strategy.version.effective_from,
            at=self._clock.now(),
            by=actor,
        )
        return await self._writes(known, event, actor=actor, dry_run=dry_run)

    async def reject(
        self, version: str, *, reason: str, actor: str, dry_run: bool = False
    ) -> Sequence[StreamWrite]:
        """Reject what another person proposed. Raises OutreachStrategyUnknown, NotAwaitingApproval, MakerIsChecker."""
        known = await self.known()
        one = _awaiting(known, version, actor)
        event = OutreachStrategyRejected(
            strategy=version, content=one.strategy.content, at=self._clock.now(), reason=reason, by=actor
        )
        return await self._writes(known, event, actor=actor, dry_run=dry_run)

    async def do(self, decide: Callable[[], Awaitable[Sequence[StreamWrite]]], *, actor: str) -> bool:
        """Carry out one of these decisions for a caller without a key of its own; False: it was on record already.

        Raises what the decision raises, SubjectBusy, what the ledger raises.
        """
        for _ in range(ATTEMPTS_MAX):
            writes = await decide()
            if not writes:
                return False
            key = f"{writes[0].expected}|{writes[0].events[0].event!r}"
            command = Command(
                tenant=self._tenant, fingerprint=b"outreach-strategy", actor=actor, writes=tuple(writes),
                command_id=self._ledger.command_id(actor, STREAM, key, tenant=self._tenant),
            )  # fmt: skip
            try:
                await self._ledger.commit(command)
            except StaleVersion:
                continue
            self._book = None
            return True
        raise SubjectBusy

    def _require_follows(self, known: Known, strategy: Strategy) -> None:
        """A version begins after every other, and on a day that has not begun."""
        begins, now = strategy.version.effective_from, self._clock.now()
        day = day_in(now, strategy.zone)
        if begins <= day:
            raise OutreachStrategyBeginsTooEarly(earliest=(day + _DAY).isoformat())
        for one in known.versions:
            version = one.strategy.version
            same_pack = version.pack == strategy.version.pack and version.number >= strategy.version.number
            if one.status == PUBLISHED and (version.effective_from >= begins or same_pack):
                raise OutreachStrategiesOverlap(
                    newest=version.id, effective_from=version.effective_from.isoformat()
                )

    async def _writes(
        self, known: Known, event: OutreachStrategyEvent, *, actor: str, dry_run: bool
    ) -> Sequence[StreamWrite]:
        refs = [f"system:{STREAM}", f"staff:{actor}"]
        people = {} if dry_run else await self._ledger.subjects(refs, tenant=self._tenant)
        subjects = {"debtor": people[refs[0]], "staff": people[refs[1]]} if people else {}
        new = NewEvent(event, event.at, subjects, None)
        return (StreamWrite(self.stream, known.stream_version, (new,)),)


def _awaiting(known: Known, version: str, actor: str) -> Version:
    """Raises OutreachStrategyUnknown, NotAwaitingApproval, MakerIsChecker."""
    one = known.of(version)
    if one.status != PROPOSED:
        raise NotAwaitingApproval
    second_person(one.maker, actor)
    return one


def _versions(events: Sequence[Any]) -> list[Version]:
    """What was proposed, by the day it begins, each as it stands."""
    found: dict[str, Version] = {}
    for event in events:
        match event:
            case OutreachStrategyProposed():
                maker: object = event.by
                found[event.strategy] = Version(
                    strategy=of_document(event.document), status=PROPOSED,
                    maker=maker if isinstance(maker, str) else None, proposed_at=event.at, decided_at=None,
                )  # fmt: skip
            case OutreachStrategyPublished() | OutreachStrategyRejected() if event.strategy in found:
                was = found[event.strategy]
                found[event.strategy] = Version(
                    strategy=was.strategy, maker=was.maker, proposed_at=was.proposed_at, decided_at=event.at,
                    status=PUBLISHED if isinstance(event, OutreachStrategyPublished) else REJECTED,
                )  # fmt: skip
    return sorted(
        found.values(), key=lambda one: (one.strategy.version.effective_from, one.strategy.version.id)
    )
