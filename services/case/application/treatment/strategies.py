"""The treatment strategies of one tenant: proposed by one person, published or rejected by another."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.case.application.deciding import CaseDecisions, Verdict
from services.case.application.statements import Contended
from services.case.domain.events import StrategyProposed, StrategyPublished, StrategyRejected
from services.case.domain.facts.treatment import StrategyEvent
from services.case.domain.treatment.document import of_document
from services.case.domain.treatment.strategy import (
    Strategy,
    StrategyBeginsTooEarly,
    StrategyBook,
    StrategyVersionChanged,
    StrategyVersionsOverlap,
)
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.eventstore.registry import Erased
from shared.kernel.clock import start_of_day
from shared.kernel.four_eyes import NotAwaitingApproval, second_person
from shared.kernel.refusal import Refused

STREAM = "strategy"
SHIPPED, PROPOSED, PUBLISHED, REJECTED = "SHIPPED", "PROPOSED", "PUBLISHED", "REJECTED"
STATUSES = (SHIPPED, PROPOSED, PUBLISHED, REJECTED)
ATTEMPTS_MAX = 8
_DAY = timedelta(days=1)


class StrategyUnknown(Refused):
    """The tenant has no strategy of that version. `GET /v1/strategy-versions` lists those there are."""

    code = "strategy-unknown"
    title_en = "There is no such strategy version"
    title_zh = "没有这个策略版本"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A strategy and how it stands. `maker` is None for what is shipped, or where the name was erased."""

    strategy: Strategy
    status: str
    maker: str | None
    proposed_on: date | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """All versions, oldest first, and the version of the stream they stand on (0: none was ever proposed)."""

    versions: tuple[Version, ...]
    stream_version: int

    def of(self, version: str) -> Version:
        """The version of that id. Raises StrategyUnknown."""
        found = next((one for one in self.versions if one.strategy.version.id == version), None)
        if found is None:
            raise StrategyUnknown
        return found

    @property
    def book(self) -> StrategyBook:
        """Those that decide: what the tenant published, and what is shipped until the first of these begins."""
        own = [one.strategy for one in self.versions if one.status == PUBLISHED]
        first = min((one.version.effective_from for one in own), default=date.max)
        shipped = [
            one.strategy
            for one in self.versions
            if one.status == SHIPPED and one.strategy.version.effective_from < first
        ]
        return StrategyBook((*shipped, *own))


class StrategyDesk:
    """The strategies of one tenant; `last_swept` tells the newest day on record as swept."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        tenant: str,
        decisions: CaseDecisions,
        shipped: tuple[Strategy, ...],
        last_swept: Callable[[], Awaitable[date | None]],
    ) -> None:
        self._ledger, self._tenant, self._decisions = ledger, tenant, decisions
        self._shipped, self._last_swept = shipped, last_swept
        self.stream = ledger.stream_id(STREAM, STREAM, debtor_ref=STREAM, tenant=tenant)

    async def known(self) -> Known:
        """Every version as the record has it now."""
        history = await self._ledger.whole_stream(self.stream, tenant=self._tenant)
        events = [seen.event for seen in history if not isinstance(seen.event, Erased)]
        own = _versions(events)
        shipped = [
            Version(strategy=one, status=SHIPPED, maker=None, proposed_on=None, decided_on=None)
            for one in self._shipped
            if all(one.version.id != other.strategy.version.id for other in own)
        ]
        return Known((*shipped, *own), history[-1].version if history else 0)

    async def book(self) -> StrategyBook:
        """The strategies that decide."""
        return (await self.known()).book

    async def propose(self, strategy: Strategy, *, actor: str, dry_run: bool = False) -> Verdict:
        """Propose a strategy; the same again adds nothing.

        Raises StrategyVersionChanged, StrategyVersionsOverlap, StrategyBeginsTooEarly.
        """
        known = await self.known()
        before = next((one for one in known.versions if one.strategy.version.id == strategy.version.id), None)
        if before is not None:
            if before.strategy.content != strategy.content or before.status == REJECTED:
                raise StrategyVersionChanged(strategy=strategy.version.id)
            return Verdict(writes=(), policy=self._decisions.policy.version.id)
        await self._require_follows(known, strategy)
        event = StrategyProposed(
            strategy=strategy.version.id,
            content=strategy.content,
            effective_from=strategy.version.effective_from,
            on=self._decisions.today,
            document=strategy.document,
            by=actor,
        )
        return await self._verdict(known, event, actor=actor, dry_run=dry_run)

    async def publish(self, version: str, *, actor: str, dry_run: bool = False) -> Verdict:
        """Publish what another person proposed.

        Raises StrategyUnknown, NotAwaitingApproval, MakerIsChecker, StrategyVersionsOverlap, StrategyBeginsTooEarly.
        """
        known = await self.known()
        one = _awaiting(known, version, actor)
        await self._require_follows(known, one.strategy)
        event = StrategyPublished(
            strategy=version,
            content=one.strategy.content,
            effective_from=one.strategy.version.effective_from,
            on=self._decisions.today,
            by=actor,
        )
        return await self._verdict(known, event, actor=actor, dry_run=dry_run)

    async def reject(self, version: str, *, reason: str, actor: str, dry_run: bool = False) -> Verdict:
        """Reject what another person proposed. Raises StrategyUnknown, NotAwaitingApproval, MakerIsChecker."""
        known = await self.known()
        one = _awaiting(known, version, actor)
        event = StrategyRejected(
            strategy=version, content=one.strategy.content, on=self._decisions.today, reason=reason, by=actor
        )
        return await self._verdict(known, event, actor=actor, dry_run=dry_run)

    async def do(self, decide: Callable[[], Awaitable[Verdict]], *, actor: str) -> Sequence[Any]:
        """Carry out one of these decisions for a caller without a key of its own: it is on record already, or is now.

        Raises what the decision raises, Contended, what the ledger raises.
        """
        for _ in range(ATTEMPTS_MAX):
            verdict = await decide()
            if not verdict.writes:
                return ()
            [write] = verdict.writes
            key = f"{write.expected}|{write.events[0].event!r}"
            command_id = self._ledger.command_id(actor, STREAM, key, tenant=self._tenant)
            command = Command(
                tenant=self._tenant, command_id=command_id, fingerprint=b"strategy", actor=actor,
                writes=tuple(verdict.writes), policy=verdict.policy,
            )  # fmt: skip
            try:
                await self._ledger.commit(command)
            except StaleVersion:
                continue
            return tuple(new.event for new in write.events)
        raise Contended

    async def _require_follows(self, known: Known, strategy: Strategy) -> None:
        """A version begins after every other, and on a day that nobody has decided about yet."""
        begins = strategy.version.effective_from
        swept = await self._last_swept()
        if swept is not None and begins <= swept:
            raise StrategyBeginsTooEarly(earliest=(swept + _DAY).isoformat())
        for one in known.versions:
            version = one.strategy.version
            same_pack = version.pack == strategy.version.pack and version.number >= strategy.version.number
            if one.status == PUBLISHED and (version.effective_from >= begins or same_pack):
                raise StrategyVersionsOverlap(
                    newest=version.id, effective_from=version.effective_from.isoformat()
                )

    async def _verdict(self, known: Known, event: StrategyEvent, *, actor: str, dry_run: bool) -> Verdict:
        policy = self._decisions.policy
        refs = [f"system:{STREAM}", f"staff:{actor}"]
        people = {} if dry_run else await self._ledger.subjects(refs, tenant=self._tenant)
        subjects = {"debtor": people[refs[0]], "staff": people[refs[1]]} if people else {}
        new = NewEvent(event, start_of_day(event.on, policy.zone), subjects, policy.zone)
        return Verdict(
            writes=(StreamWrite(self.stream, known.stream_version, (new,)),), policy=policy.version.id
        )


def _awaiting(known: Known, version: str, actor: str) -> Version:
    """Raises StrategyUnknown, NotAwaitingApproval, MakerIsChecker."""
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
            case StrategyProposed():
                maker: object = event.by
                found[event.strategy] = Version(
                    strategy=of_document(event.document),
                    status=PROPOSED,
                    maker=maker if isinstance(maker, str) else None,
                    proposed_on=event.on,
                    decided_on=None,
                )
            case StrategyPublished() | StrategyRejected() if event.strategy in found:
                was = found[event.strategy]
                status = PUBLISHED if isinstance(event, StrategyPublished) else REJECTED
                found[event.strategy] = Version(
                    strategy=was.strategy,
                    status=status,
                    maker=was.maker,
                    proposed_on=was.proposed_on,
                    decided_on=event.on,
                )
    return sorted(
        found.values(), key=lambda one: (one.strategy.version.effective_from, one.strategy.version.id)
    )
