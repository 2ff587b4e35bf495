"""Where each view stands: position, lag in events and in seconds, parked streams, who works on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from shared.eventstore.projection.port import Source, ViewDatabase, names_of
from shared.eventstore.projection.view import View
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class LaneStatus:
    """A view in one lane. `lag_s`: age of the oldest event it does not hold yet, 0 at the head."""

    lane: int
    position: int
    head: int
    lag_s: float
    parked: int
    worker: str | None

    @property
    def lag(self) -> int:
        """Events recorded and not yet in the view."""
        return max(0, self.head - self.position)


@dataclass(frozen=True, slots=True)
class ViewStatus:
    """A view over all its lanes. `schema`: a hash of its tables' definition, to tell builds apart."""

    name: str
    version: int
    schema: str
    lanes: tuple[LaneStatus, ...]

    @property
    def position(self) -> int:
        """Events held, over all lanes."""
        return sum(lane.position for lane in self.lanes)

    @property
    def lag(self) -> int:
        """Events not yet held, over all lanes."""
        return sum(lane.lag for lane in self.lanes)

    @property
    def lag_s(self) -> float:
        """Age of the oldest event not yet held, in seconds."""
        return max((lane.lag_s for lane in self.lanes), default=0.0)

    @property
    def parked(self) -> int:
        """Streams that wait."""
        return sum(lane.parked for lane in self.lanes)


async def status(
    database: ViewDatabase, source: Source, clock: Clock, views: Sequence[View]
) -> list[ViewStatus]:
    """The state of these views now, in the order given."""
    lanes = await source.lanes()
    async with database.transaction(writes=False) as tx:
        standing = {(c.name, c.version, c.lane): c for c in await tx.checkpoints(names_of(views), lock=False)}
        waiting = [(row.name, row.version, row.lane) for row in await tx.parked(names_of(views))]
    now = clock.now()
    ages: dict[tuple[int, int], float] = {}
    answer = []
    for view in views:
        states = []
        for lane in lanes:
            key = (*view.key, lane.lane)
            found = standing.get(key)
            position = found.position if found else 0
            if position < lane.head and (lane.lane, position) not in ages:
                ages[lane.lane, position] = await _age(source, lane.lane, position, now)
            live = found is not None and found.lease_until is not None and found.lease_until > now
            worker = found.lease_owner if found is not None and live else None
            lag_s = ages.get((lane.lane, position), 0.0) if position < lane.head else 0.0
            states.append(LaneStatus(lane.lane, position, lane.head, lag_s, waiting.count(key), worker))
        answer.append(ViewStatus(view.name, view.version, schema_hash(view), tuple(states)))
    return answer


async def _age(source: Source, lane: int, position: int, now: datetime) -> float:
    rows = await source.read_lane(lane, after=position, limit=1)
    return max(0.0, (now - rows[0].recorded_at).total_seconds()) if rows else 0.0


def schema_hash(view: View) -> str:
    """Twelve hex digits over the names and types of the view's columns."""
    text = repr([(t.name, [(c.name, repr(c.type), c.primary_key) for c in t.columns]) for t in view.tables])
    return sha256(text.encode()).hexdigest()[:12]


async def digest(database: ViewDatabase, view: View) -> str:
    """SHA-256 over every row of the view's tables in key order: equal digests, equal views."""
    return await database.read(lambda connection: _digest(connection, view))


def _digest(connection: sa.Connection, view: View) -> str:
    total = sha256()
    for table in view.tables:
        total.update(f"{table.name}\n".encode())
        query = sa.select(table).order_by(*table.primary_key.columns)
        result: Any = connection.execution_options(yield_per=1000).execute(query)
        for row in result:
            total.update(repr(tuple(row)).encode() + b"\n")
    return total.hexdigest()
