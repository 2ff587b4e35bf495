"""From a tenant's reference of a person to the random uuid that stands for them in the ledger, and back.

The map is erasable: with its row gone, nobody can tell whom a uuid meant. References are looked up by HMAC and
kept sealed, never in clear.
"""

from collections.abc import Sequence
from uuid import UUID

from shared.eventstore.custody import Custody
from shared.eventstore.port import Store
from shared.eventstore.recent import Recent
from shared.kernel import ids

PEOPLE_REMEMBERED = 40_000


class People:
    """The subject map of a store."""

    def __init__(self, store: Store, custody: Custody) -> None:
        self._store, self._custody = store, custody
        self._known: Recent[tuple[str, str], UUID] = Recent(PEOPLE_REMEMBERED)

    def _index(self, tenant: str, ref: str) -> bytes:
        return ids.lookup(self._custody.index_key, "subject", tenant, ref)

    async def resolve(self, tenant: str, refs: Sequence[str]) -> dict[str, UUID]:
        """ref -> subject; people not seen before are given one, durable before this returns."""
        found = {ref: known for ref in refs if (known := self._known.get((tenant, ref)))}
        unknown = [ref for ref in dict.fromkeys(refs) if ref not in found]
        if unknown:
            found |= await self._read(tenant, unknown)
            new = [ref for ref in unknown if ref not in found]
            if new:
                await self._store.add_subjects(tenant, [self._row(tenant, ref) for ref in new])
                found |= await self._read(tenant, new)
        return found

    async def find(self, tenant: str, ref: str) -> UUID | None:
        """The subject of a reference, None if the map does not hold it; adds nobody."""
        return (await self._read(tenant, [ref])).get(ref)

    def _row(self, tenant: str, ref: str) -> tuple[bytes, bytes, bytes]:
        index = self._index(tenant, ref)
        sealed = self._custody.wrap(ref.encode(), b"quittance-ref/1|" + index)
        return index, ids.new_subject().bytes, sealed

    async def _read(self, tenant: str, refs: Sequence[str]) -> dict[str, UUID]:
        indexes = {self._index(tenant, ref): ref for ref in refs}
        stored = await self._store.subjects(tenant, list(indexes))
        found = {indexes[index]: UUID(bytes=subject) for index, (subject, _) in stored.items()}
        for ref, subject in found.items():
            self._known.put((tenant, ref), subject)
        return found
