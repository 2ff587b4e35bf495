"""Costs and targets of one tenant: each on a stream of its own, changed by commands that are carried out once."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from services.case.application.deciding import CaseDecisions, Verdict
from services.case.application.handle import CaseDesk
from services.case.application.statements import Contended
from services.case.domain.figures import cost as rules
from services.case.domain.figures import target as targets
from services.case.domain.figures.cost import BookCost, CostState, CostUnknown, ReverseCost, fold_cost
from services.case.domain.figures.target import SetTarget
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.eventstore.registry import Erased
from shared.kernel.clock import start_of_day

PREFIX = "cost-"
NOBODY = "system:costs"
"""Whom a cost is about that is of no case."""
_ID = re.compile(PREFIX + r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ATTEMPTS_MAX = 8


class FigureDesk:
    """Commands about costs and targets."""

    def __init__(self, *, ledger: Ledger, tenant: str, desk: CaseDesk, decisions: CaseDecisions) -> None:
        self._ledger, self._tenant, self._desk, self._decisions = ledger, tenant, desk, decisions

    def cost_id(self, source: str, source_ref: str) -> str:
        """The stream of the cost that a source calls so."""
        own = f"cost|{source}|{source_ref}"
        return self._ledger.stream_id("cost", source, source_ref, debtor_ref=own, tenant=self._tenant)

    def target_id(self, ask: SetTarget) -> str:
        """The stream of a team's targets for a month and currency."""
        key = (ask.team, ask.month.isoformat(), ask.amount.currency)
        return self._ledger.stream_id("target", *key, debtor_ref=f"target|{ask.team}", tenant=self._tenant)

    async def book(self, ask: BookCost, *, actor: str, dry_run: bool = False) -> Verdict:
        """What booking the cost adds.

        Raises CostTermsRefused, AmountNotPositive, DuplicateCostRef, CaseUnknown for a case that is not there.
        """
        cost_id = self.cost_id(ask.source, ask.source_ref)
        state, version = await self._cost(cost_id)
        whose = NOBODY
        if ask.case is not None:
            whose = (await self._desk.load(ask.case)).debtor_ref or NOBODY
        said = rules.book(state, ask)
        return await self._verdict(cost_id, version, said, whose=whose, actor=actor, dry_run=dry_run)

    async def reverse(self, cost_id: str, ask: ReverseCost, *, actor: str, dry_run: bool = False) -> Verdict:
        """What taking a cost back adds. Raises CostUnknown."""
        if not _ID.fullmatch(cost_id):
            raise CostUnknown
        state, version = await self._cost(cost_id)
        return await self._verdict(
            cost_id, version, rules.reverse(state, ask), whose=NOBODY, actor=actor, dry_run=dry_run
        )

    async def set_target(self, ask: SetTarget, *, actor: str, dry_run: bool = False) -> Verdict:
        """What setting the target adds. Raises NotAMonth, AmountNotPositive."""
        target_id = self.target_id(ask)
        events, version = await self._told(target_id)
        said = targets.set_(events, ask)
        return await self._verdict(target_id, version, said, whose=NOBODY, actor=actor, dry_run=dry_run)

    async def take_in(self, ask: BookCost, *, actor: str) -> bool:
        """Book one cost of a file; False where it is on record already. Its own reference is its key.

        Raises what `book` raises, Contended, and what the ledger raises.
        """
        key = f"{ask.source}|{ask.source_ref}"
        return await self._once(lambda: self.book(ask, actor=actor), "BookCost", key, actor)

    async def take_back(self, source: str, source_ref: str, ask: ReverseCost, *, actor: str) -> bool:
        """Reverse the cost that a source calls so; False where it is not on record, or was reversed already.

        Raises Contended, and what the ledger raises.
        """
        cost_id = self.cost_id(source, source_ref)
        try:
            return await self._once(
                lambda: self.reverse(cost_id, ask, actor=actor),
                "ReverseCost",
                f"{source}|{source_ref}",
                actor,
            )
        except CostUnknown:
            return False

    async def _once(
        self, decide: Callable[[], Awaitable[Verdict]], operation: str, key: str, actor: str
    ) -> bool:
        """Write what a decision adds, whoever else writes; False where that is nothing."""
        for _ in range(ATTEMPTS_MAX):
            verdict = await decide()
            if not verdict.writes:
                return False
            command = Command(
                tenant=self._tenant,
                command_id=self._ledger.command_id("costs", operation, key, tenant=self._tenant),
                fingerprint=operation.encode(),
                actor=actor,
                writes=tuple(verdict.writes),
                policy=verdict.policy,
            )
            try:
                await self._ledger.commit(command)
            except StaleVersion:
                continue  # somebody else was quicker: look again
            return True
        raise Contended

    async def _cost(self, cost_id: str) -> tuple[CostState, int]:
        events, version = await self._told(cost_id)
        return fold_cost(events), version

    async def _told(self, stream: str) -> tuple[list[Any], int]:
        """The events of a stream that were not erased, and its version."""
        history = await self._ledger.whole_stream(stream, tenant=self._tenant)
        told = [seen.event for seen in history if not isinstance(seen.event, Erased)]
        return told, history[-1].version if history else 0

    async def _verdict(
        self, stream: str, version: int, events: Sequence[Any], *, whose: str, actor: str, dry_run: bool
    ) -> Verdict:
        policy = self._decisions.policy
        if not events:
            return Verdict(writes=(), policy=policy.version.id)
        refs = [whose, f"staff:{actor}"]
        people = {} if dry_run else await self._ledger.subjects(refs, tenant=self._tenant)
        subjects = {"debtor": people[refs[0]], "staff": people[refs[1]]} if people else {}
        zone = policy.zone
        new = tuple(NewEvent(event, start_of_day(event.on, zone), subjects, zone) for event in events)
        return Verdict(writes=(StreamWrite(stream, version, new),), policy=policy.version.id)
