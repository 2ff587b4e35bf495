"""The ledger as the engine reads it."""

from collections.abc import Sequence
from typing import Any

from shared.eventstore.ledger import DEFAULT_TENANT, Ledger
from shared.eventstore.port import LaneInfo, Row


class LedgerSource:
    """Reads the lanes of these tenants. See port.Source."""

    def __init__(self, ledger: Ledger, *, tenants: Sequence[str] = (DEFAULT_TENANT,)) -> None:
        self._ledger, self._tenants = ledger, tuple(tenants)

    async def lanes(self) -> list[LaneInfo]:
        """The tenants' lanes by number, with fresh heads."""
        found = [lane for tenant in self._tenants for lane in await self._ledger.store.lanes(tenant)]
        return sorted(found, key=lambda lane: lane.lane)

    async def read_lane(self, lane: int, *, after: int, limit: int) -> list[Row]:
        """Rows with position > after."""
        return await self._ledger.store.read_lane(lane, after=after, limit=limit)

    async def read_stream(self, lane: int, stream: str, *, after: int, limit: int) -> list[Row]:
        """Rows of a stream with version > after."""
        return await self._ledger.store.read_stream(lane, stream, after=after, limit=limit)

    async def wait(self, lane: int, *, after: int, timeout: float) -> int:
        """The lane's head once it is beyond `after`, or after `timeout` seconds."""
        return await self._ledger.store.wait(lane, after=after, timeout=timeout)

    async def opened(self, rows: Sequence[Row]) -> Sequence[Any]:
        """`Recorded`s, in the same order."""
        return await self._ledger.recorded(rows)
