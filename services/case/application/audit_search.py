"""Searches of the audit trail: each is an event, so that who looked for whom is itself on record (ADR 0020)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.case.domain.events import AuditSearched
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import NewEvent, StreamWrite
from shared.eventstore.registry import ErasedValue

ANY, ONE, NOBODY = "ANY", "ONE", "NOBODY"
_SEARCH_ID = re.compile(r"search-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class SearchUnknown(LookupError):
    """There is no such search, or what it was for was erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to look for; every bound that is given must hold. Ranges are half-open, in UTC."""

    stream: str | None = None
    debtor_ref: str | None = None
    actor: str | None = None
    type: str | None = None
    recorded_from: datetime | None = None
    recorded_until: datetime | None = None
    effective_from: datetime | None = None
    effective_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it was begun; `pin`: lane -> the last position it reads."""

    said: AuditSearched
    pin: Mapping[int, int]
    searched_at: datetime

    @property
    def subjects(self) -> tuple[UUID, ...] | None:
        """The uuids the debtor's reference stood for; None where no debtor was named."""
        if self.said.debtor == ANY:
            return None
        return () if self.said.subject is None else (UUID(self.said.subject),)


class AuditDesk:
    """Searches of one tenant."""

    def __init__(self, *, ledger: Ledger, tenant: str) -> None:
        self._ledger, self._tenant = ledger, tenant

    def search_id(self, client: str, key: str) -> str:
        """The stream of the search that a client's request begins; the same when the request is repeated."""
        own = str(self._ledger.command_id(client, "search", key, tenant=self._tenant))
        return self._ledger.stream_id("search", own, debtor_ref=own, tenant=self._tenant)

    async def begin(
        self, search_id: str, wanted: Wanted, *, actor: str, dry_run: bool = False
    ) -> Sequence[StreamWrite]:
        """The search over all that is recorded now. The debtor's reference is resolved here and kept nowhere."""
        ref = wanted.debtor_ref
        person = None if ref is None else await self._ledger.people.find(self._tenant, ref)
        lanes = await self._ledger.lanes(self._tenant)
        said = AuditSearched(
            heads=tuple(info.head for info in lanes),
            debtor=ANY if ref is None else ONE if person else NOBODY,
            subject=str(person) if person else None,
            stream=wanted.stream,
            actor=wanted.actor,
            type=wanted.type,
            recorded_from=wanted.recorded_from,
            recorded_until=wanted.recorded_until,
            effective_from=wanted.effective_from,
            effective_until=wanted.effective_until,
        )
        subjects = {}
        if not dry_run:
            staff = f"staff:{actor}"
            searcher = (await self._ledger.subjects([staff], tenant=self._tenant))[staff]
            subjects = {"debtor": person or searcher, "staff": searcher}
        return (StreamWrite(search_id, 0, (NewEvent(said, self._ledger.clock.now(), subjects),)),)

    async def load(self, search_id: str) -> Search:
        """The search. Raises SearchUnknown."""
        if not _SEARCH_ID.fullmatch(search_id):
            raise SearchUnknown
        found = await self._ledger.read_stream(search_id, limit=1, tenant=self._tenant)
        said = found[0].event if found else None
        if not isinstance(said, AuditSearched) or any(
            isinstance(getattr(said, name), ErasedValue) for name in said.__struct_fields__
        ):
            raise SearchUnknown
        lanes = await self._ledger.lane_numbers(self._tenant)
        return Search(said, dict(zip(lanes, said.heads, strict=True)), found[0].recorded_at)
