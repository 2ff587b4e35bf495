"""Doing one thing to one case: load, decide, decide again what follows, append; all in one command of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.case.application import thing_ids
from services.case.application.one_open import Seen, neighbour
from services.case.application.sheet import CASE_PREFIX, CaseUnknown
from services.case.application.statements import Contended
from services.case.domain.case_facts import day_of
from services.case.domain.commands import LifeCommand
from services.case.domain.decide import act
from services.case.domain.events import (
    CaseEvent,
    CaseOpened,
    ContactAttempted,
    ContactRefused,
    ContactRevised,
)
from services.case.domain.money_commands import OpenCase
from services.case.domain.policy import CasePolicy
from services.case.domain.state import NO_CASE, CaseState, ClosedCase, NoCase, fold_case
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import ERASED, Erased
from shared.kernel.clock import start_of_day
from shared.kernel.policy import PolicyBook
from shared.kernel.refusal import Refused

ATTEMPTS_MAX = 8


class CaseForgotten(Refused):
    """The debtor's facts were erased: nothing can be decided about this case any more."""

    code = "case-forgotten"
    title_en = "The case's facts were erased"
    title_zh = "该案件的内容已被清除"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """Who asks, and under which key: `client` and `key` make the command's id, `fingerprint` tells a repetition.

    `today` is the tenant's day; judgements are made as of it. `refs` is kept with the command for the answer; `cause`:
    the event, of this service or another, that it answers.
    """

    actor: str
    client: str
    key: str
    fingerprint: bytes
    today: date
    correlation: UUID | None = None
    cause: UUID | None = None
    status: int = 201
    refs: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What a command added to the case's stream; `replayed`: it had been stored before, and `refs` is its answer."""

    case_id: str
    version: int
    lane: int
    position: int
    events: tuple[CaseEvent, ...]
    replayed: bool
    status: int
    refs: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case as its stream has it now."""

    case_id: str
    state: CaseState
    version: int
    position: int
    debtor_ref: str | None
    erased: bool
    history: Sequence[Recorded[Any]]


class CaseDesk:
    """Commands about the cases of one tenant."""

    def __init__(self, *, ledger: Ledger, tenant: str, policies: PolicyBook[CasePolicy]) -> None:
        self._ledger, self._tenant, self._policies = ledger, tenant, policies

    def thing_id(self, prefix: str, *, case_id: str, client: str, operation: str, key: str) -> str:
        """The id of what a request makes (`prm_…`), the same for the same request. Raises CaseUnknown."""
        made = self._ledger.command_id(client, f"{operation}|{case_id}|{prefix}", key, tenant=self._tenant)
        try:
            return thing_ids.thing_id(prefix, case_id, made)
        except ValueError:
            raise CaseUnknown from None

    def case_id(self, debtor_ref: str, episode: int) -> str:
        """The stream of a debtor's `episode`-th case."""
        return self._ledger.stream_id(
            "case", debtor_ref, str(episode), debtor_ref=debtor_ref, tenant=self._tenant
        )

    async def load(self, case_id: str) -> Loaded:
        """The case now. Raises CaseUnknown."""
        history = await self._read(case_id)
        if not history:
            raise CaseUnknown
        return _loaded(case_id, history)

    async def handle(
        self, case_id: str, command: LifeCommand, meta: Meta, *, expected: int | None = None
    ) -> Handled:
        """Do it, once: a repetition is answered as before. `expected`: the version the caller saw.

        Raises: CaseUnknown, CaseForgotten, the rule's refusals, Contended; StaleVersion only for `expected`, KeyReused.
        """
        for _ in range(ATTEMPTS_MAX):
            loaded = await self._known(case_id, command)
            known = await self._repeated(loaded, command, meta)
            if known is not None:
                return known
            if expected is not None and expected != loaded.version:
                raise StaleVersion(case_id, expected, loaded.version)
            policy = self._policies.in_force(tenant=self._tenant, on=meta.today)
            may_reopen = await self.may_reopen(loaded)
            events = act(loaded.state, command, policy, today=meta.today, may_reopen=may_reopen)
            beside = await self.beside(loaded, command, events)
            try:
                return await self._append(loaded, command, events, meta, policy, beside)
            except StaleVersion as stale:
                if expected is not None and stale.stream == case_id:
                    raise
        raise Contended

    async def _known(self, case_id: str, command: LifeCommand) -> Loaded:
        history = await self._read(case_id)
        if history:
            loaded = _loaded(case_id, history)
            if loaded.erased:
                raise CaseForgotten
            return loaded
        if isinstance(command, OpenCase):
            return Loaded(case_id, NO_CASE, 0, 0, command.debtor_ref, False, ())
        raise CaseUnknown

    async def _read(self, case_id: str) -> Sequence[Recorded[Any]]:
        digits = case_id.removeprefix(CASE_PREFIX).replace("-", "")
        if len(case_id) != len(CASE_PREFIX) + 36 or any(c not in "0123456789abcdef" for c in digits):
            return ()
        return await self._ledger.whole_stream(case_id, tenant=self._tenant)

    async def may_reopen(self, loaded: Seen) -> bool:
        """A closed case stays closed once the debtor's next one is there, or nobody can tell whose it is."""
        if not isinstance(loaded.state, ClosedCase):
            return True
        if loaded.debtor_ref is None:
            return False
        return not await self._read(self.case_id(loaded.debtor_ref, loaded.state.episode + 1))

    async def beside(
        self, loaded: Seen, command: LifeCommand, events: Sequence[CaseEvent]
    ) -> tuple[StreamWrite, ...]:
        """What else must stand as it was seen (one_open.py). Raises CaseAlreadyOpen, CaseUnknown."""
        return await neighbour(loaded, command, events, case_id=self.case_id, load=self.load)

    def _command_id(self, command: LifeCommand, case_id: str, meta: Meta) -> UUID:
        operation = f"{type(command).__name__}|{case_id}"
        return self._ledger.command_id(meta.client, operation, meta.key, tenant=self._tenant)

    async def _repeated(self, loaded: Loaded, command: LifeCommand, meta: Meta) -> Handled | None:
        """The answer to a command that is stored already, before its rule could refuse what it did itself."""
        command_id = self._command_id(command, loaded.case_id, meta)
        lane = await self._ledger.lane_of(loaded.case_id, tenant=self._tenant)
        if await self._ledger.store.find_command(lane, command_id.bytes) is None:
            return None
        return await self._append(loaded, command, (), meta, None)

    async def _append(
        self,
        loaded: Loaded,
        command: LifeCommand,
        events: tuple[CaseEvent, ...],
        meta: Meta,
        policy: CasePolicy | None,
        beside: tuple[StreamWrite, ...] = (),
    ) -> Handled:
        refs = [loaded.debtor_ref or loaded.case_id, f"staff:{meta.actor}"]
        people = await self._ledger.subjects(refs, tenant=self._tenant)
        subjects = {"debtor": people[refs[0]], "staff": people[refs[1]]}
        new = tuple(
            NewEvent(event, instant_of(event, policy.zone), subjects, policy.zone, meta.cause)
            for event in events
            if policy
        )
        done = await self._ledger.commit(
            Command(
                tenant=self._tenant,
                command_id=self._command_id(command, loaded.case_id, meta),
                fingerprint=meta.fingerprint,
                actor=meta.actor,
                writes=(StreamWrite(loaded.case_id, loaded.version, new), *beside),
                policy=policy.version.id if policy else None,
                correlation=meta.correlation,
                status=meta.status,
                refs=meta.refs,
            )
        )
        return Handled(
            case_id=loaded.case_id,
            version=done.versions.get(loaded.case_id, loaded.version),
            lane=done.lane,
            position=done.position,
            events=() if done.replayed else events,
            replayed=done.replayed,
            status=done.status,
            refs=done.refs,
        )


def instant_of(event: CaseEvent, zone: str) -> datetime:
    """When it happened in the world: an attempt to the second, everything else on its day."""
    if isinstance(event, ContactAttempted | ContactRevised | ContactRefused):
        return event.at
    return start_of_day(day_of(event), zone)


def folded_until(history: Sequence[Recorded[Any]]) -> CaseState:
    """The case that these events make, those left out whose facts were erased."""
    return fold_case(seen.event for seen in history if not isinstance(seen.event, Erased))


def _loaded(case_id: str, history: Sequence[Recorded[Any]]) -> Loaded:
    events = [seen.event for seen in history if not isinstance(seen.event, Erased)]
    state = folded_until(history)
    opened = next((event for event in events if isinstance(event, CaseOpened)), None)
    debtor: object = opened.debtor_ref if opened else None
    return Loaded(
        case_id=case_id,
        state=state,
        version=history[-1].version,
        position=history[-1].position,
        debtor_ref=None if debtor is ERASED or not isinstance(debtor, str) else debtor,
        erased=isinstance(state, NoCase),
        history=history,
    )
