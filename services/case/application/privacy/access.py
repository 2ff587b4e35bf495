"""Looking at personal data: the look is on record before anything is shown, or nothing is shown (ADR 0025).

Searches and reveals stand on one stream a person each, so that an hour's limit holds whatever the number of
processes: who decides on an old count loses the race at the ledger and counts again. Masked data has no limit; each
look at it is a stream of its own, and none waits for another.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from services.case.application.privacy.finder import Found, PartyFinder
from services.case.domain.events import (
    PersonalDataRefused,
    PersonalDataRevealed,
    PersonalDataSearched,
    PersonalDataShown,
)
from services.case.domain.policy import CasePolicy
from services.case.domain.privacy.party_sheet import PartySheet, fold
from shared.eventstore import leaf
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.kernel import ids
from shared.kernel.clock import Clock, day_in
from shared.kernel.policy import PolicyBook
from shared.kernel.privacy.limits import ReadLimitReached, wait_s
from shared.kernel.privacy.purposes import require_purpose
from shared.kernel.refusal import Refused

SEARCH, REVEAL = "SEARCH", "REVEAL"
OF_SEARCH, OF_PARTY, OF_CASE = "SEARCH", "PARTY", "CASE"
"""The ways on which masked data is shown."""
PARTIES_MAX = 20
ATTEMPTS_MAX = 10
_PARTY = re.compile(r"party-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class PartyUnknown(LookupError):
    """There is no such party."""


class PartyForgotten(Refused):
    """What was known of this person was erased: there is nothing left to show."""

    code = "party-forgotten"
    title_en = "The person's data was erased"
    title_zh = "该当事人的信息已被清除"


class CaseNotOfParty(Refused):
    """Data is looked at for a case in which the party has a role. Leave the case out where there is none."""

    code = "case-not-of-party"
    title_en = "The party has no role in that case"
    title_zh = "该当事人与此案件无关"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: the actor as the ledger names it, `client/person`, or a client for itself."""

    actor: str

    @property
    def person(self) -> str:
        """Whose looks are counted together, whatever client they use."""
        return self.actor.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look that may be taken as soon as `writes` are on disk; what it shows may be shown until `until`."""

    writes: Sequence[StreamWrite]
    policy: str
    until: datetime
    parties: tuple[str, ...]
    former: tuple[str, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """A party's sheet, and the uuid that stands for the person in the ledger."""

    sheet: PartySheet
    person: UUID


@dataclass(slots=True)
class AccessDesk:
    """Looks at the personal data of one tenant."""

    ledger: Ledger
    tenant: str
    policies: PolicyBook[CasePolicy]
    clock: Clock
    finder: PartyFinder
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @property
    def policy(self) -> CasePolicy:
        """The policy in force now."""
        now = self.clock.now()
        latest = self.policies.in_force(tenant=self.tenant, on=now.date())
        return self.policies.in_force(tenant=self.tenant, on=day_in(now, latest.zone))

    def stream_of(self, reader: Reader, what: str) -> str:
        """The stream on which a person's searches, or reveals, are counted."""
        return self._stream(reader, what, reader.person)

    def _stream(self, reader: Reader, *key: str) -> str:
        return self.ledger.stream_id("access", *key, debtor_ref=f"staff:{reader.person}", tenant=self.tenant)

    def turn(self, stream: str) -> asyncio.Lock:
        """One at a time in this process: who waits need not lose the race for the version."""
        lock = self._turns.get(stream)
        if lock is None:
            lock = self._turns[stream] = asyncio.Lock()
        return lock

    # -- deciding

    async def search(
        self, reader: Reader, *, kind: str, index: bytes, purpose: str, own: UUID, dry_run: bool = False
    ) -> Look:
        """Look for whom a blind index of this kind stands for. Raises PurposeUnknown, ReadLimitReached.

        `own`: the id of the command that will write it. A dry run looks for nobody.
        """
        require_purpose(purpose)
        policy = self.policy
        at = await self._within(reader, SEARCH, policy, purpose=purpose, party=None, dry_run=dry_run)
        # A dry run leaves no record, so it must not tell whether anybody is found.
        found = Found({}, more=False) if dry_run else await self.finder.found(kind, index, limit=PARTIES_MAX)
        seen = await self._seen(list(found.parties))
        known = tuple(party for party in found.parties if party in seen and seen[party].sheet.known)
        said = PersonalDataSearched(
            kind=kind, purpose=purpose, found=len(known), index=index.hex(), by=reader.actor
        )
        staff = None if dry_run else await self.staff_id(reader)
        writes = [self.written(self.stream_of(reader, SEARCH), at, [(said, None)], staff=staff)]
        if known:
            shown = [
                (self._shown(seen[party].sheet, reader, purpose, None, OF_SEARCH), seen[party].person)
                for party in known
            ]
            writes.append(self.written(self._stream(reader, "found", str(own)), 0, shown, staff=staff))
        return Look(
            writes=writes, policy=policy.version.id, until=self._until(policy), parties=known,
            former=tuple(party for party in known if found.parties[party]), more=found.more,
        )  # fmt: skip

    async def reveal(
        self, reader: Reader, *, party: str, fields: Sequence[str], purpose: str, case: str | None,
        dry_run: bool = False,
    ) -> Look:  # fmt: skip
        """Look at fields of a party in clear.

        Raises PartyUnknown, PartyForgotten, PurposeUnknown, CaseNotOfParty, ReadLimitReached.
        """
        require_purpose(purpose)
        seen = (await self._seen([party])).get(party)
        if seen is None:
            raise PartyUnknown
        if not seen.sheet.known:
            raise PartyForgotten
        if case is not None and party not in await self.finder.in_case(case):
            raise CaseNotOfParty
        policy = self.policy
        at = await self._within(reader, REVEAL, policy, purpose=purpose, party=seen, dry_run=dry_run)
        until = self._until(policy)
        said = PersonalDataRevealed(
            party=party, fields=tuple(fields), purpose=purpose, case=case, until=until, by=reader.actor
        )
        staff = None if dry_run else await self.staff_id(reader)
        write = self.written(self.stream_of(reader, REVEAL), at, [(said, seen.person)], staff=staff)
        return Look(writes=(write,), policy=policy.version.id, until=until, parties=(party,))

    async def show(
        self, reader: Reader, parties: Sequence[str], *, purpose: str, case: str | None, way: str
    ) -> list[PartySheet]:
        """The parties with a stream, to be shown masked, once that is on record. Raises what the ledger raises."""
        require_purpose(purpose)
        seen = await self._seen(parties)
        known = [seen[party] for party in parties if party in seen and seen[party].sheet.known]
        if known:
            own = ids.new_token()
            staff = await self.staff_id(reader)
            events = [(self._shown(one.sheet, reader, purpose, case, way), one.person) for one in known]
            write = self.written(self.new_stream(reader, own), 0, events, staff=staff)
            await self.commit(reader, [write], own=own)
        return [seen[party].sheet for party in parties if party in seen]

    async def hand_over(
        self, reader: Reader, parties: Sequence[str], *, purpose: str, case: str
    ) -> list[PartySheet]:
        """The parties of a case in clear, for another service of ours, once that is on record.

        Raises what the ledger raises.
        """
        require_purpose(purpose)
        seen = await self._seen(parties)
        known = [seen[party] for party in parties if party in seen and seen[party].sheet.known]
        if known:
            own, until = ids.new_token(), self._until(self.policy)
            staff = await self.staff_id(reader)
            events = [
                (
                    PersonalDataRevealed(
                        party=one.sheet.party, fields=one.sheet.fields, purpose=purpose, case=case,
                        until=until, by=reader.actor,
                    ),
                    one.person,
                )
                for one in known
            ]  # fmt: skip
            await self.commit(
                reader, [self.written(self.new_stream(reader, own), 0, events, staff=staff)], own=own
            )
        return [one.sheet for one in known]

    async def sheets(self, parties: Sequence[str]) -> dict[str, PartySheet]:
        """The parties as they are now. Whoever calls this has a look on record that covers them."""
        return {party: one.sheet for party, one in (await self._seen(parties)).items()}

    # -- recording

    async def take(self, reader: Reader, what: str, decide: Callable[[], Awaitable[Look]]) -> Look:
        """Decide on a look and put it on record, for who has no Idempotency-Key. Raises what these raise."""
        async with self.turn(self.stream_of(reader, what)):
            for _ in range(ATTEMPTS_MAX - 1):
                with suppress(StaleVersion):
                    return await self._taken(reader, decide)
            return await self._taken(reader, decide)

    async def _taken(self, reader: Reader, decide: Callable[[], Awaitable[Look]]) -> Look:
        look = await decide()
        await self.commit(reader, look.writes, own=ids.new_token())
        return look

    async def commit(self, reader: Reader, writes: Sequence[StreamWrite], *, own: str) -> None:
        """Put a look on record; `own` is drawn for it. Raises what the ledger raises."""
        command_id = self.ledger.command_id(reader.actor, "look", own, tenant=self.tenant)
        await self.ledger.commit(
            Command(
                tenant=self.tenant, command_id=command_id, fingerprint=b"look", actor=reader.actor,
                writes=tuple(writes), policy=self.policy.version.id,
            )
        )  # fmt: skip

    def new_key(self) -> str:
        """A key for a look by somebody who has none of their own."""
        return ids.new_token()

    def new_stream(self, reader: Reader, own: str) -> str:
        """The stream of a look that nothing is counted on; `own` is drawn for it."""
        return self._stream(reader, "look", own)

    # -- parts

    async def _within(
        self, reader: Reader, what: str, policy: CasePolicy, *, purpose: str, party: _Seen | None,
        dry_run: bool,
    ) -> int:  # fmt: skip
        """The version of the stream it is counted on. Raises ReadLimitReached, once the refusal is on record."""
        allowed = policy.privacy
        limit = allowed.searches_per_hour if what == SEARCH else allowed.reveals_per_hour
        stream = self.stream_of(reader, what)
        lane = await self.ledger.lane_of(stream, tenant=self.tenant)
        head = (await self.ledger.store.heads(lane, [stream])).get(stream)
        version = 0 if head is None else head.version
        if version < limit:
            return version
        [oldest] = await self.ledger.store.read_stream(lane, stream, after=version - limit, limit=1)
        wait = wait_s(oldest.recorded_at, now=self.clock.now())
        if not wait:
            return version
        if not dry_run:
            await self._refused(reader, what, limit, purpose, party)
        raise ReadLimitReached(limit=limit, retry_after_s=wait)

    async def _refused(
        self, reader: Reader, what: str, limit: int, purpose: str, party: _Seen | None
    ) -> None:
        """Record it, once for each hour of the clock: who keeps trying must not be able to fill the log."""
        said = PersonalDataRefused(
            what=what,
            limit=limit,
            purpose=purpose,
            party=party.sheet.party if party else None,
            by=reader.actor,
        )
        hour = self.clock.now().strftime("%Y-%m-%dT%H")
        stream = self._stream(reader, "refused", what, reader.person, hour)
        about = party.person if party else None
        write = self.written(stream, 0, [(said, about)], staff=await self.staff_id(reader))
        with suppress(StaleVersion):  # this hour's is on record
            await self.commit(reader, [write], own=ids.new_token())

    async def _seen(self, parties: Sequence[str]) -> dict[str, _Seen]:
        real = [party for party in dict.fromkeys(parties) if _PARTY.fullmatch(party)]
        streams = await self.ledger.read_streams(real, tenant=self.tenant) if real else {}
        return {
            party: _Seen(
                fold(party, [one.event for one in events]),
                UUID(leaf.parse(events[0].row.leaf)["sec"][0]["k"]),
            )
            for party, events in streams.items()
        }

    async def staff_id(self, reader: Reader) -> UUID:
        """The random uuid that stands for who looks."""
        ref = f"staff:{reader.person}"
        return (await self.ledger.subjects([ref], tenant=self.tenant))[ref]

    def _shown(
        self, sheet: PartySheet, reader: Reader, purpose: str, case: str | None, way: str
    ) -> PersonalDataShown:
        return PersonalDataShown(
            party=sheet.party, fields=sheet.fields, purpose=purpose, case=case, way=way, by=reader.actor
        )

    def _until(self, policy: CasePolicy) -> datetime:
        return self.clock.now() + timedelta(seconds=policy.privacy.shown_s)

    def written(
        self, stream: str, expected: int, said: Sequence[tuple[Any, UUID | None]], *, staff: UUID | None
    ) -> StreamWrite:
        """Events, each with the person it is about: who looks, where that is None. Without `staff`: a dry run."""
        now = self.clock.now()
        return StreamWrite(
            stream, expected, tuple(NewEvent(event, now, _subjects(about, staff)) for event, about in said)
        )


def _subjects(about: UUID | None, staff: UUID | None) -> dict[str, UUID]:
    return {} if staff is None else {"debtor": about or staff, "staff": staff}
