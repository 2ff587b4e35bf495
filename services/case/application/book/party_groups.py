"""A wave of parties: read, compared, and what is new of them stored."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec

from services.case.application.book.committing import Decided, commit_all
from services.case.application.book.names import BookNames
from services.case.application.book.on_record import KnownParty, OnRecord
from services.case.application.book.result import BookRejects, BookResult, put_refused
from services.case.application.book_source import BookReject, Group
from services.case.domain.book.party_record import PartyChange, party_change
from services.case.domain.book.rows import BookTerms, PartyRow, PointRow
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StreamWrite
from shared.kernel.clock import start_of_day

SAME = hashlib.sha256(b"quittance-book/1").digest()
"""The fingerprint of every command of a book: all that makes one differ is in its id, where a key protects it."""


class PartyGroup(Decided):
    """The rows of one party, and what was decided about them."""

    def __init__(self, group: Group, result: BookResult) -> None:
        self.ref, self.placed = group
        self.rows = [one.row for one in self.placed if isinstance(one.row, PartyRow | PointRow)]
        self.broken = {one.entity for one in self.placed if isinstance(one.row, BookReject)}
        self.command: Command | None = None
        self.change = PartyChange()
        self._result, self._changed = result, 0

    def written(self) -> bool:
        """Counted; a party's rows are one command."""
        self._result.add(len(self.change.events), ())
        self._changed += self.change.changed
        return False

    def count(self, rejects: BookRejects) -> None:
        """What became of the rows."""
        result, refused = self._result, self.change.refused
        for one in self.placed:
            if not isinstance(one.row, BookReject):
                result.rows[one.entity] += 1
        put_refused(rejects, self.placed, refused)
        result.rejected += len(refused)
        result.imported += self._changed
        result.unchanged += len(self.rows) - len(refused) - self._changed


class PartyWaves:
    """Parties of one delivery, for one tenant."""

    def __init__(
        self,
        ledger: Ledger,
        tenant: str,
        actor: str,
        terms: BookTerms,
        names: BookNames,
        known: OnRecord,
        result: BookResult,
    ) -> None:
        self._ledger, self._tenant, self._actor, self._terms = ledger, tenant, actor, terms
        self._names, self._known, self._result = names, known, result

    async def take(self, groups: Sequence[Group]) -> list[PartyGroup]:
        """Store what is new of these parties."""
        parties = [PartyGroup(group, self._result) for group in groups]
        await self._decide(parties)
        await commit_all(self._ledger, parties, self._again)
        return parties

    async def _again(self, one: Decided) -> Decided:
        assert isinstance(one, PartyGroup)
        await self._decide([one])
        return one

    async def _decide(self, parties: Sequence[PartyGroup]) -> None:
        known = await self._known.parties([one.ref for one in parties])
        for one in parties:
            one.change = party_change(
                known[one.ref].record, one.rows, self._terms, broken=one.broken, name=self._names.point
            )
        new = [one.ref for one in parties if one.change.events]
        people = await self._ledger.subjects(new, tenant=self._tenant)
        for one in parties:
            subject = people.get(one.ref)
            one.command = None if subject is None else self._command(one, known[one.ref], {"party": subject})

    def _command(self, one: PartyGroup, known: KnownParty, subjects: dict[str, UUID]) -> Command:
        zone = self._terms.zone
        at = start_of_day(self._terms.as_of, zone)
        new = tuple(NewEvent(event, at, subjects, zone) for event in one.change.events)
        digest = hashlib.sha256(msgspec.json.encode(one.change.events)).hexdigest()
        return Command(
            tenant=self._tenant,
            command_id=self._names.command("book-party", f"{known.stream}|{known.version}|{digest}"),
            fingerprint=SAME,
            actor=self._actor,
            writes=(StreamWrite(known.stream, known.version, new),),
        )
