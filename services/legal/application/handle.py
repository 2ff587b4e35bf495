"""Doing one thing to a matter, or to the proofs of a case: load, decide, append; once, however often it is asked.

A matter and the proofs it stands on lie in one lane, so one command writes both: a filing and the retraction of a
proof cannot miss each other. What was weighed and not written is checked too: none of it may have moved on.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from services.legal.application import thing_ids
from services.legal.application.known import OnRecord, Shelf
from services.legal.domain import commands as c
from services.legal.domain.act import AnyCommand, act
from services.legal.domain.events import LegalEvent
from services.legal.domain.facts.letter import LetterRequested
from services.legal.domain.ground import Ground
from services.legal.domain.led import Led
from services.legal.domain.limitation.act import written_to
from services.legal.domain.matter import Matter, fold_matter
from services.legal.domain.refusals import MatterUnknown
from services.legal.domain.thing_ids import MATTER, PARTY, is_matter, proofs_of
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StoredCommand, StreamWrite
from shared.kernel.clock import Clock, day_in, start_of_day
from shared.kernel.refusal import Refused, all_refusals

ATTEMPTS_MAX = 50
REFUSED, CONTEXT = "refused", "context"
"""In what a stored command is answered with: the code of the refusal it led to, and what it said beside."""


class MatterBusy(Refused):
    """So many others record facts about this matter just now that this command never got its turn. Send it again."""

    code = "matter-busy"
    title_en = "Too many facts about this matter are being recorded at once"
    title_zh = "当前关于该法务事项的记录过多，请稍后重试"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """Who asks, and under which key: `client` and `key` make the command's id, `fingerprint` tells a repetition.

    `refs` is kept with the command and is what a repetition is answered with. `cause`: the event that led to it.
    """

    actor: str
    client: str
    key: str
    fingerprint: bytes = b""
    correlation: UUID | None = None
    cause: UUID | None = None
    status: int = 201
    refs: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What a command added; nothing where it was on record. `replayed`: the command was stored before.

    `matter` is the state after it, empty for a command about proofs.
    """

    about: str
    matter: Matter
    lane: int
    position: int
    events: tuple[LegalEvent, ...]
    replayed: bool
    status: int
    refs: bytes

    @property
    def version(self) -> int:
        """The version of the matter's stream after it."""
        return self.matter.version


class LegalDesk:
    """Commands about the matters and proofs of one tenant."""

    def __init__(self, *, ledger: Ledger, tenant: str, ground: Ground, clock: Clock) -> None:
        self._ledger, self._tenant, self.ground, self._clock = ledger, tenant, ground, clock
        self.shelf = Shelf(ledger=ledger, tenant=tenant)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def today(self) -> date:
        """The lender's day."""
        return day_in(self._clock.now(), self.ground.zone)

    # -- ids

    def matter_of_referral(self, case: str, referral: str) -> str:
        """The matter that a referral of the case service opens: the same however often it is heard."""
        return self._ledger.stream_beside(MATTER, "referral", referral, beside=case, tenant=self._tenant)

    def matter_by_hand(self, case: str, *, client: str, key: str) -> str:
        """The matter that a request opens, the same when it is repeated."""
        return self._ledger.stream_beside(MATTER, "hand", client, key, beside=case, tenant=self._tenant)

    def thing_id(self, prefix: str, matter_id: str, *, client: str, operation: str, key: str) -> str:
        """The id of what a request makes, the same when it is repeated. Raises MatterUnknown."""
        if not is_matter(matter_id):
            raise MatterUnknown
        made = self._ledger.command_id(client, f"{operation}|{matter_id}|{prefix}", key, tenant=self._tenant)
        return thing_ids.thing_id(prefix, matter_id, made)

    def party_id(self, matter_id: str, role: str, person: str | None) -> str:
        """The id of a party: one for each person and role, so that a later word is about the same."""
        return self.thing_id(PARTY, matter_id, client="party", operation=role, key=person or "")

    # -- acting

    @asynccontextmanager
    async def turn(self, about: str) -> AsyncIterator[None]:
        """One after another about one matter or case in this process: the ledger lets only one through anyway.

        A route holds it around deciding and storing; `handle` takes it itself.
        """
        lock = self._turns.get(about)
        if lock is None:
            self._turns[about] = lock = asyncio.Lock()
        async with lock:
            yield

    async def load(self, about: str, command: AnyCommand | None = None) -> OnRecord:
        """What a command about a matter, a case or an account stands on. Raises MatterUnknown."""
        case = command.opened.case if isinstance(command, c.OpenMatter) else None
        return await self.shelf.on_record(
            about,
            case=case,
            others=isinstance(command, c.OpenMatter | c.ReopenMatter),
            also=() if command is None else written_to(command),
        )

    def decide(self, known: OnRecord, command: AnyCommand) -> Led:
        """What the command leads to. Raises the rules' refusals."""
        return act(
            known.matter, known.claims, command, self.ground, now=self._clock.now(), others=known.others
        )

    async def handle(self, about: str, command: AnyCommand, meta: Meta) -> Handled:
        """Do it, once: a repetition is answered as before. `about`: a matter, or for proofs a case or an account.

        Raises: MatterUnknown, MatterBusy, the rules' refusals (one that is on record as well), KeyReused, what the
        ledger raises.
        """
        async with self.turn(about):
            for _ in range(ATTEMPTS_MAX):
                with suppress(StaleVersion):
                    return await self._handled(about, command, meta)
            raise MatterBusy

    async def _handled(self, about: str, command: AnyCommand, meta: Meta) -> Handled:
        known = await self.load(about, command)
        try:
            led = self.decide(known, command)
        except Refused:
            if (again := await self._stored(known, command, meta)) is None:
                raise
            return self._again(known, again)
        if not led:
            again = await self._stored(known, command, meta)
            return self._nothing(known) if again is None else self._again(known, again)
        return await self._append(known, command, led, meta)

    def _command_id(self, command: AnyCommand, known: OnRecord, meta: Meta) -> UUID:
        operation = f"{type(command).__name__}|{known.matter_id or known.about}"
        return self._ledger.command_id(meta.client, operation, meta.key, tenant=self._tenant)

    async def _stored(self, known: OnRecord, command: AnyCommand, meta: Meta) -> StoredCommand | None:
        lane = await self._ledger.lane_of(proofs_of(known.about), tenant=self._tenant)
        return await self._ledger.store.find_command(lane, self._command_id(command, known, meta).bytes)

    def _nothing(self, known: OnRecord) -> Handled:
        return Handled(
            about=known.matter_id or known.about, matter=known.matter, lane=0, position=known.position, events=(),
            replayed=False, status=200, refs=b"",
        )  # fmt: skip

    def _again(self, known: OnRecord, stored: StoredCommand) -> Handled:
        _raise_refused(stored.refs)
        return Handled(
            about=known.matter_id or known.about, matter=known.matter, lane=0, position=stored.position, events=(),
            replayed=True, status=stored.status, refs=stored.refs,
        )  # fmt: skip

    async def _append(self, known: OnRecord, command: AnyCommand, led: Led, meta: Meta) -> Handled:
        refs = meta.refs if led.refusal is None else json.dumps(as_refs(led.refusal)).encode()
        done = await self._ledger.commit(
            Command(
                tenant=self._tenant,
                command_id=self._command_id(command, known, meta),
                fingerprint=meta.fingerprint,
                actor=meta.actor,
                writes=await self.writes(known, led, actor=meta.actor, cause=meta.cause),
                correlation=meta.correlation,
                policy=self.ground.named,
                status=meta.status if led.refusal is None else 409,
                refs=refs,
            )
        )
        if done.replayed:
            _raise_refused(done.refs)
        elif led.refusal is not None:
            raise led.refusal
        events = (
            () if done.replayed else (*led.matter, *(one for many in led.proofs.values() for one in many))
        )
        return Handled(
            about=known.matter_id or known.about,
            matter=known.matter if done.replayed else fold_matter(led.matter, begin=known.matter),
            lane=done.lane, position=done.position, events=events, replayed=done.replayed, status=done.status,
            refs=done.refs,
        )  # fmt: skip

    async def writes(
        self, known: OnRecord, led: Led, *, actor: str, cause: UUID | None = None, dry_run: bool = False
    ) -> tuple[StreamWrite, ...]:
        """One write for each stream that is added to, or was weighed; `dry_run` makes nobody known."""
        parts: list[tuple[str, str, int, tuple[LegalEvent, ...]]] = []
        if known.matter_id is not None and (led.matter or led.weighed):
            parts.append((known.matter_id, known.about, known.matter.version, led.matter))
        streams = dict.fromkeys((*led.proofs, *(known.claims.streams if led.weighed else ())))
        for about in streams:
            at = known.claims.streams.get(about)
            parts.append(
                (proofs_of(about), about, 0 if at is None else at.version, led.proofs.get(about, ()))
            )
        people = await self._people(known, parts, actor, dry_run=dry_run)
        return tuple(
            StreamWrite(
                stream, version, tuple(self._new(known, one, about, actor, people, cause) for one in events)
            )
            for stream, about, version, events in parts
        )

    async def _people(
        self,
        known: OnRecord,
        parts: list[tuple[str, str, int, tuple[LegalEvent, ...]]],
        actor: str,
        *,
        dry_run: bool,
    ) -> dict[str, UUID]:
        if dry_run:
            return {}
        named = {about for _, about, _, events in parts if events} | {f"staff:{actor}"}
        named |= {
            person
            for *_, events in parts
            for one in events
            if (person := person_of(one, known.matter)) is not None
        }
        return await self._ledger.subjects(sorted(named), tenant=self._tenant)

    def _new(
        self,
        known: OnRecord,
        event: LegalEvent,
        about: str,
        actor: str,
        people: dict[str, UUID],
        cause: UUID | None,
    ) -> NewEvent:
        refs = {
            "debtor": about, "party": person_of(event, known.matter) or about, "staff": f"staff:{actor}",
        }  # fmt: skip
        subjects = {role: people[ref] for role, ref in refs.items()} if people else {}
        return NewEvent(event, self.effective_at(event), subjects, self.ground.zone, cause)

    def effective_at(self, event: Any) -> datetime:
        """When it took effect: the beginning of its day where the lender is."""
        day = getattr(event, "on", None) or getattr(event, "as_of", None)
        return start_of_day(day, self.ground.zone) if isinstance(day, date) else self._clock.now()


def person_of(event: Any, matter: Matter) -> str | None:
    """Under whose keys the sections about a party lie; None: the debtor's. A draft is about whom its letter is to."""
    found = getattr(event, "person", None)
    if found is None and (track := getattr(event, "track", None)) is not None:
        asked = next((one for one in matter.all(LetterRequested) if one.track == track), None)
        found = None if asked is None else asked.person
    return found if isinstance(found, str) else None


def as_refs(refusal: Refused) -> dict[str, Any]:
    """What a command is answered with that led to a refusal: kept with it, so that a repetition is refused alike."""
    said = {name: one.isoformat() if isinstance(one, date) else one for name, one in refusal.context.items()}
    return {REFUSED: refusal.code, CONTEXT: said}


def raise_refused(said: Any) -> None:
    """Raises the refusal that is told by the answer of a stored command, if it tells one."""
    if not isinstance(said, dict) or REFUSED not in said:
        return
    kind = all_refusals()[said[REFUSED]]
    refusal = kind.__new__(kind)
    context = {name: tuple(one) if isinstance(one, list) else one for name, one in said[CONTEXT].items()}
    Refused.__init__(refusal, **context)
    raise refusal


def _raise_refused(refs: bytes) -> None:
    if refs.startswith(b"{"):
        raise_refused(json.loads(refs))
