"""Seeing a number or address in clear: the look is on record before anything is shown (ADR 0025).

It stands on the subject's stream; in the same write it is counted on a stream of the person who looks, so that an
hour's limit holds over all subjects and whatever the number of processes: who decides on an old count loses the race
at the ledger and counts again.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID
from weakref import WeakValueDictionary

from services.contact.application.handle import ContactDesk
from services.contact.domain.act import act
from services.contact.domain.facts.looking import PointRevealRefused, RevealCounted
from services.contact.domain.looking.points import Point, RevealPoint, points, readable
from services.contact.domain.subject import fold_subject
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.kernel import ids
from shared.kernel.clock import Clock
from shared.kernel.privacy.limits import RETAIL_PRIVACY, PrivacyLimits, ReadLimitReached, wait_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who wants to see which number of whom, and what for. `command_id`: under which the look will be stored."""

    subject_id: str
    point: str
    purpose: str
    actor: str
    command_id: UUID
    dry_run: bool = False

    @property
    def person(self) -> str:
        """Whose looks are counted together, whatever client they use: the actor is `client/person`."""
        return self.actor.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look that may be taken once `writes` are on disk; what it shows may be shown until `until` (exclusive)."""

    writes: Sequence[StreamWrite]
    until: datetime
    taken: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveals:
    """Looks at the numbers and addresses of one tenant."""

    ledger: Ledger
    tenant: str
    desk: ContactDesk
    clock: Clock
    limits: PrivacyLimits = RETAIL_PRIVACY
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def masked(self, subject_id: str) -> tuple[int, tuple[Point, ...]]:
        """The version of the subject, and every way to reach the debtor and others. Raises SubjectUnknown."""
        known = await self.desk.load(subject_id)
        return known.version, points(known.state, now=self.clock.now())

    async def shown(self, subject_id: str, point: str) -> Point:
        """The point as it is now. Whoever calls this has a look on record that covers it.

        Raises SubjectUnknown, PointUnknown, PointForgotten.
        """
        known = await self.desk.load(subject_id)
        return readable(known.state, point, now=self.clock.now())

    def turn(self, asked: Asked) -> asyncio.Lock:
        """One look of a person at a time in this process: who waits need not lose the race for the version."""
        stream = self._stream(asked)
        lock = self._turns.get(stream)
        if lock is None:
            lock = self._turns[stream] = asyncio.Lock()
        return lock

    async def reveal(self, asked: Asked) -> Look:
        """Decide on a look. A dry run counts nothing and leaves no refusal on record.

        Raises SubjectUnknown, PurposeUnknown, PointUnknown, PointForgotten, ReadLimitReached.
        """
        now = self.clock.now()
        until = now + timedelta(seconds=self.limits.shown_s)
        wanted = RevealPoint(point=asked.point, purpose=asked.purpose, until=until, by=asked.actor)
        known = await self.desk.load(asked.subject_id)
        events = act(known.state, wanted, self.desk.packs, now=now)
        version = await self._within(asked, now)
        counted = RevealCounted(at=now, subject=asked.subject_id, point=asked.point, by=asked.actor)
        after = replace(known, state=fold_subject(events, begin=known.state))
        return Look(
            writes=(
                await self.desk.writes(known, events, actor=asked.actor, dry_run=asked.dry_run),
                await self._written(asked, self._stream(asked), version, counted, now),
            ),
            until=until,
            taken=partial(self.desk.remembered.keep, after),
        )

    def _stream(self, asked: Asked, *key: str) -> str:
        staff = f"staff:{asked.person}"
        return self.ledger.stream_id(
            "access", "POINT", asked.person, *key, debtor_ref=staff, tenant=self.tenant
        )

    async def _within(self, asked: Asked, now: datetime) -> int:
        """The version of the stream it is counted on. Raises ReadLimitReached, once the refusal is on record."""
        limit, stream = self.limits.reveals_per_hour, self._stream(asked)
        lane = await self.ledger.lane_of(stream, tenant=self.tenant)
        head = (await self.ledger.store.heads(lane, [stream])).get(stream)
        version = 0 if head is None else head.version
        if version < limit:
            return version
        [oldest] = await self.ledger.store.read_stream(lane, stream, after=version - limit, limit=1)
        wait = wait_s(oldest.recorded_at, now=now)
        if not wait:
            return version
        if not asked.dry_run and not await self._stored(asked):
            await self._refused(asked, limit, now)
        raise ReadLimitReached(limit=limit, retry_after_s=wait)

    async def _stored(self, asked: Asked) -> bool:
        """Was this look taken before? Its repetition is answered, so it is no refusal."""
        lane = await self.ledger.lane_of(asked.subject_id, tenant=self.tenant)
        return await self.ledger.store.find_command(lane, asked.command_id.bytes) is not None

    async def _refused(self, asked: Asked, limit: int, now: datetime) -> None:
        """Record it, once for each hour of the clock: who keeps trying must not be able to fill the log."""
        said = PointRevealRefused(
            at=now, subject=asked.subject_id, point=asked.point, purpose=asked.purpose, limit=limit, by=asked.actor
        )  # fmt: skip
        stream = self._stream(asked, "refused", now.strftime("%Y-%m-%dT%H"))
        command = Command(
            tenant=self.tenant,
            command_id=self.ledger.command_id(asked.actor, "look", ids.new_token(), tenant=self.tenant),
            fingerprint=b"look",
            actor=asked.actor,
            writes=(await self._written(asked, stream, 0, said, now),),
        )
        with suppress(StaleVersion):  # this hour's is on record
            await self.ledger.commit(command)

    async def _written(
        self,
        asked: Asked,
        stream: str,
        expected: int,
        said: RevealCounted | PointRevealRefused,
        now: datetime,
    ) -> StreamWrite:
        """The write of what was said of a subject, under the debtor's keys and those of who looks."""
        if asked.dry_run:
            return StreamWrite(stream, expected, (NewEvent(said, now, {}),))
        refs = {"debtor": asked.subject_id, "staff": f"staff:{asked.actor}"}
        found = await self.ledger.subjects([*refs.values()], tenant=self.tenant)
        subjects = {role: found[ref] for role, ref in refs.items()}
        return StreamWrite(stream, expected, (NewEvent(said, now, subjects),))
