"""Doing one thing to one subject: load, decide, append; once, however often and by however many it is asked.

All that counts towards a cap is in the subject's stream, so the ledger's check of its version is what makes fifty
parallel asks against a cap of three give exactly three.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from services.contact.application import thing_ids
from services.contact.application.remembered import KnownSubject, RememberedSubjects
from services.contact.domain.act import AnyCommand, act
from services.contact.domain.events import ContactEvent
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused
from services.contact.domain.facts.attempt import RecordingStored
from services.contact.domain.pack import Pack
from services.contact.domain.subject import Subject, evolve, fold_subject, skipped
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel.clock import Clock
from shared.kernel.refusal import Refused

ATTEMPTS_MAX = 50
"""Each lost race means that another process stored something about the subject: a crowd on one debtor ends."""


class SubjectBusy(Refused):
    """So many others record facts about this debtor just now that this command never got its turn. Send it again."""

    code = "subject-busy"
    title_en = "Too many facts about this debtor are being recorded at once"
    title_zh = "当前关于该债务人的记录过多，请稍后重试"


class SubjectUnknown(Refused):
    """That is not the id of a subject of contact."""

    code = "subject-unknown"
    title_en = "There is no such subject of contact"
    title_zh = "没有该联系对象"


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
    """What a command added to the stream; nothing where it was on record. `replayed`: the command was stored before.

    `subject` is the state after it.
    """

    subject_id: str
    subject: Subject
    lane: int
    position: int
    events: tuple[ContactEvent, ...]
    replayed: bool
    status: int
    refs: bytes

    @property
    def version(self) -> int:
        """The version of the stream after it."""
        return self.subject.version


class ContactDesk:
    """Commands about the subjects of one tenant. `packs`: law, house and the tenant's own."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        tenant: str,
        packs: Sequence[Pack],
        clock: Clock,
        places: tuple[str, ...] = ("CN",),
    ) -> None:
        self._ledger, self._tenant, self._clock, self.places = ledger, tenant, clock, places
        self.packs = tuple(packs)
        self.remembered = RememberedSubjects(clock)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # -- ids

    def subject_id(self, debtor_ref: str) -> str:
        """The stream of a debtor; the case service knows it by the same id."""
        return self._ledger.stream_id("subject", debtor_ref, debtor_ref=debtor_ref, tenant=self._tenant)

    def person_id(self, person_ref: str) -> str:
        """The pseudonym of somebody else than the debtor."""
        return "prs_" + self._ledger.blind("person", person_ref, tenant=self._tenant)[:16].hex()

    def point_id(self, medium: str, value: str) -> str:
        """The pseudonym of a number or address, written in its normal form: the same for whoever uses it."""
        return "cpt_" + self._ledger.blind(f"point:{medium}", value, tenant=self._tenant)[:16].hex()

    def text_print(self, digest: str) -> str:
        """The hash of a text under the index key: a plain one would tell whoever tries names and amounts."""
        return self._ledger.blind("text", digest, tenant=self._tenant).hex()

    def attempt_id(self, subject_id: str, source: str, source_ref: str) -> str:
        """The id of what a source reports under its own reference. Raises SubjectUnknown."""
        return self._thing(thing_ids.ATTEMPT, subject_id, source, f"attempt|{subject_id}", source_ref)

    def permit_id(self, subject_id: str, *, client: str, key: str) -> str:
        """The id of the permit that a request asks for, the same when it is repeated. Raises SubjectUnknown."""
        return self._thing(thing_ids.PERMIT, subject_id, client, f"permit|{subject_id}", key)

    def thing_id(self, prefix: str, subject_id: str, *, client: str, operation: str, key: str) -> str:
        """The id of what a request makes, the same when it is repeated. Raises SubjectUnknown."""
        return self._thing(prefix, subject_id, client, f"{operation}|{subject_id}|{prefix}", key)

    def _thing(self, prefix: str, subject_id: str, client: str, operation: str, key: str) -> str:
        if not thing_ids.is_subject(subject_id):
            raise SubjectUnknown
        made = self._ledger.command_id(client, operation, key, tenant=self._tenant)
        return thing_ids.thing_id(prefix, subject_id, made)

    # -- reading

    async def load(self, subject_id: str) -> KnownSubject:
        """The subject as the ledger has it now: of one nobody spoke of, version 0. Raises SubjectUnknown."""
        read_at = self._clock.now()
        history = await self.history(subject_id)
        position = history[-1].position if history else 0
        return KnownSubject(subject_id, folded(history, places=self.places), read_at, position)

    async def history(self, subject_id: str) -> Sequence[Recorded[Any]]:
        """Every event of its stream. Raises SubjectUnknown for what is no subject's id."""
        if not thing_ids.is_subject(subject_id):
            raise SubjectUnknown
        return await self._ledger.whole_stream(subject_id, tenant=self._tenant)

    async def decision(self, permit_id: str) -> ContactPermitted | ContactRefused | None:
        """What was decided under this id, None if nothing was."""
        subject_id = thing_ids.subject_of(thing_ids.PERMIT, permit_id)
        if subject_id is None:
            return None
        for seen in await self.history(subject_id):
            if isinstance(seen.event, ContactPermitted | ContactRefused) and seen.event.permit == permit_id:
                return seen.event
        return None

    # -- acting

    @asynccontextmanager
    async def turn(self, subject_id: str) -> AsyncIterator[None]:
        """One after another about one subject in this process: the ledger would let only one of them through anyway.

        A route holds it around deciding and storing; `handle` takes it itself.
        """
        lock = self._turns.get(subject_id)
        if lock is None:
            self._turns[subject_id] = lock = asyncio.Lock()
        async with lock:
            yield

    async def handle(self, subject_id: str, command: AnyCommand, meta: Meta) -> Handled:
        """Do it, once: a repetition is answered as before.

        Raises: SubjectUnknown, SubjectBusy, the rules' refusals, KeyReused, what the ledger raises.
        """
        if not thing_ids.is_subject(subject_id):
            raise SubjectUnknown
        async with self.turn(subject_id):
            return await self._handled(subject_id, command, meta)

    async def _handled(self, subject_id: str, command: AnyCommand, meta: Meta) -> Handled:
        for _ in range(ATTEMPTS_MAX):
            known, events = await self._decided(subject_id, command, meta)
            if not events and (again := await self._repeated(known, command, meta)) is not None:
                return again
            if not events:
                return await self._nothing(known)
            with suppress(StaleVersion):
                return await self._append(known, command, events, meta)
        raise SubjectBusy

    async def _decided(
        self, subject_id: str, command: AnyCommand, meta: Meta
    ) -> tuple[KnownSubject, tuple[ContactEvent, ...]]:
        """Decided on a memory where that leads to something to write, which the ledger will check; else afresh."""
        hint = self.remembered.take(subject_id)
        if hint is not None:
            with suppress(Refused):
                events = act(hint.state, command, self.packs, now=self._clock.now())
                if events:
                    return hint, events
        known = await self.load(subject_id)
        try:
            return known, act(known.state, command, self.packs, now=self._clock.now())
        except Refused:
            if await self._repeated(known, command, meta) is None:
                raise
            return known, ()

    def _command_id(self, command: AnyCommand, subject_id: str, meta: Meta) -> UUID:
        operation = f"{type(command).__name__}|{subject_id}"
        return self._ledger.command_id(meta.client, operation, meta.key, tenant=self._tenant)

    async def _repeated(self, known: KnownSubject, command: AnyCommand, meta: Meta) -> Handled | None:
        """The answer to a command that is stored already."""
        command_id = self._command_id(command, known.subject_id, meta)
        lane = await self._ledger.lane_of(known.subject_id, tenant=self._tenant)
        if await self._ledger.store.find_command(lane, command_id.bytes) is None:
            return None
        return await self._append(known, command, (), meta)

    async def _nothing(self, known: KnownSubject) -> Handled:
        self.remembered.keep(known)
        lane = await self._ledger.lane_of(known.subject_id, tenant=self._tenant)
        return Handled(
            subject_id=known.subject_id, subject=known.state, lane=lane, position=known.position, events=(),
            replayed=False, status=200, refs=b"",
        )  # fmt: skip

    async def _append(
        self, known: KnownSubject, command: AnyCommand, events: tuple[ContactEvent, ...], meta: Meta
    ) -> Handled:
        written = await self.writes(known, events, actor=meta.actor, cause=meta.cause)
        done = await self._ledger.commit(
            Command(
                tenant=self._tenant,
                command_id=self._command_id(command, known.subject_id, meta),
                fingerprint=meta.fingerprint,
                actor=meta.actor,
                writes=(written,),
                correlation=meta.correlation,
                status=meta.status,
                refs=meta.refs,
            )
        )
        after = known
        if not done.replayed:
            after = replace(known, state=fold_subject(events, begin=known.state), position=done.position)
            self.remembered.keep(after)
        return Handled(
            subject_id=known.subject_id, subject=after.state, lane=done.lane, position=done.position,
            events=() if done.replayed else events, replayed=done.replayed, status=done.status, refs=done.refs,
        )  # fmt: skip

    async def writes(
        self,
        known: KnownSubject,
        events: Sequence[ContactEvent],
        *,
        actor: str,
        cause: UUID | None = None,
        dry_run: bool = False,
    ) -> StreamWrite:
        """The write of these events, each under the keys of those it speaks of; `dry_run` makes nobody known."""
        refs = {"debtor": known.subject_id, "staff": f"staff:{actor}"}
        persons = [person_of(event, known.state) for event in events]
        named = {person for person in persons if person is not None}
        people: dict[str, UUID] = {}
        if not dry_run:
            people = await self._ledger.subjects([*refs.values(), *named], tenant=self._tenant)
        new = []
        for event, person in zip(events, persons, strict=True):
            roles = {**refs, "person": person or known.subject_id}
            subjects = {role: people[ref] for role, ref in roles.items()} if people else {}
            new.append(NewEvent(event, effective_at(event), subjects, None, cause))
        return StreamWrite(known.subject_id, known.version, tuple(new))


def person_of(event: ContactEvent, known: Subject) -> str | None:
    """Under whose keys the event's sections about the person contacted lie; None: the debtor's."""
    if isinstance(event, RecordingStored):
        contact = known.contacts.get(event.attempt)
        return contact.started.person if contact is not None else None
    proposed = getattr(event, "proposed", None)
    found = getattr(event, "person", None) if proposed is None else proposed.person
    return found if isinstance(found, str) else None


def effective_at(event: ContactEvent) -> datetime:
    """When it happened in the world: a decision when it was taken."""
    if isinstance(event, ContactPermitted | ContactRefused):
        return event.proposed.at
    return event.at


def folded(history: Sequence[Recorded[Any]], *, places: tuple[str, ...]) -> Subject:
    """The subject that these events make; those whose facts were erased only count as events."""
    found = Subject(places=places)
    for seen in history:
        found = skipped(found) if isinstance(seen.event, Erased) else evolve(found, seen.event)
    return found
